// Package oauthapps holds the rules about OAuth applications of organisations: the
// applications themselves, the tokens and codes that stand for somebody who authorised
// one, and offers of such authorisations (data/model/oauth.py). Redirects, scopes and
// the forms of tokens are in packages oauth and credential.
package oauthapps

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/credential"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/python"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	CreateApplication(ctx context.Context, a domain.Application) (domain.ApplicationID, error)
	Application(ctx context.Context, clientID string) (*domain.Application, error)
	ApplicationOf(ctx context.Context, org domain.UserID, clientID string) (*domain.Application, error)
	ApplicationByID(ctx context.Context, id domain.ApplicationID) (*domain.Application, error)
	Applications(ctx context.Context, org domain.UserID) ([]domain.Application, error)
	UpdateApplication(ctx context.Context, a domain.Application) error
	SetApplicationSecret(ctx context.Context, id domain.ApplicationID, sealed string) error
	DeleteApplication(ctx context.Context, id domain.ApplicationID) error

	CreateAssignment(ctx context.Context, a domain.Assignment, metadata string, now time.Time) (int64, error)
	Assignment(ctx context.Context, uuid string) (*domain.Assignment, error)
	Assignments(ctx context.Context, user domain.UserID) ([]domain.Assignment, error)
	DeleteAssignment(ctx context.Context, id int64) error
}

// Cipher encrypts and decrypts columns.
type Cipher interface {
	Encrypt(col columns.Column, value secret.Text) (*string, error)
	Decrypt(stored *string) (secret.Text, error)
}

// Applications applies the rules about applications and assignments.
type Applications struct {
	store  Store
	cipher Cipher
	now    func() time.Time
}

// New makes the rules. A nil clock is time.Now.
func New(s Store, c Cipher, now func() time.Time) *Applications {
	if now == nil {
		now = time.Now
	}
	return &Applications{store: s, cipher: c, now: now}
}

// clientIDLength is the number of characters of a client's id, A to Z and 0 to 9.
const clientIDLength = 20

// Description is what an organisation says about an application.
type Description struct {
	Name        string
	Text        string
	HomeURI     string
	RedirectURI string
	// AvatarEmail is nil when the application has no picture.
	AvatarEmail *string
}

// bootstrapName is that of the application for which the token is made that an
// installation begins with; the registry looks for it by name.
const bootstrapName = "__quay_bootstrap_app"

// ErrReserved says that no organisation may call an application so, with the product's
// message (endpoints/api/organization.py).
var ErrReserved = &errs.Error{
	Kind: errs.Invalid, Reason: "reserved_name", Message: "Application name is reserved for bootstrap token provisioning",
}

// check refuses what an organisation may not say.
func (d Description) check() error {
	if d.Name == bootstrapName {
		return ErrReserved
	}
	return nil
}

func (d Description) on(a domain.Application) domain.Application {
	a.Name, a.Description, a.HomeURI, a.RedirectURI, a.AvatarEmail = d.Name, d.Text, d.HomeURI, d.RedirectURI, d.AvatarEmail
	return a
}

// Create makes an application of an organisation, with a random client id and secret:
// one row in oauthapplication. ErrReserved for the name that the registry keeps to itself.
func (a *Applications) Create(ctx context.Context, org domain.UserID, d Description) (*domain.Application, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	id := credential.Random(clientIDLength)
	sealed, err := a.newSecret()
	if err != nil {
		return nil, err
	}
	app := d.on(domain.Application{ClientID: id.Reveal(), SealedSecret: sealed, Organization: org})
	if app.ID, err = a.store.CreateApplication(ctx, app); err != nil {
		return nil, err
	}
	return &app, nil
}

func (a *Applications) newSecret() (string, error) {
	sealed, err := a.cipher.Encrypt(columns.ApplicationSecret, credential.Random(columns.ApplicationSecret.Default))
	if err != nil {
		return "", err
	}
	return *sealed, nil
}

// Secret returns a client's secret; it is not set when the application has none.
func (a *Applications) Secret(app *domain.Application) (secret.Text, error) {
	if app.SealedSecret == "" {
		return secret.Text{}, nil
	}
	return a.cipher.Decrypt(&app.SealedSecret)
}

// ResetSecret gives a client another secret. Tokens that were made stay good.
func (a *Applications) ResetSecret(ctx context.Context, app *domain.Application) error {
	sealed, err := a.newSecret()
	if err != nil {
		return err
	}
	if err := a.store.SetApplicationSecret(ctx, app.ID, sealed); err != nil {
		return err
	}
	app.SealedSecret = sealed
	return nil
}

// Authenticate returns the application of a client id and secret; errs.NotFound when they
// are not right.
func (a *Applications) Authenticate(ctx context.Context, clientID, text string) (*domain.Application, error) {
	app, err := a.ByClient(ctx, clientID)
	if err != nil {
		return nil, err
	}
	want, err := a.Secret(app)
	if err != nil {
		return nil, err
	}
	if !want.Equal(text) {
		return nil, errs.New(errs.NotFound, "no such client")
	}
	return app, nil
}

// ByClient returns an application by its client id; errs.NotFound when there is none.
func (a *Applications) ByClient(ctx context.Context, clientID string) (*domain.Application, error) {
	return a.store.Application(ctx, clientID)
}

// Of returns an organisation's application by its client id; errs.NotFound when the
// organisation has none of it.
func (a *Applications) Of(ctx context.Context, org domain.UserID, clientID string) (*domain.Application, error) {
	return a.store.ApplicationOf(ctx, org, clientID)
}

// List lists the applications of an organisation, the oldest first.
func (a *Applications) List(ctx context.Context, org domain.UserID) ([]domain.Application, error) {
	return a.store.Applications(ctx, org)
}

// Update changes what an organisation says about an application. ErrReserved as in Create.
func (a *Applications) Update(ctx context.Context, app *domain.Application, d Description) error {
	if err := d.check(); err != nil {
		return err
	}
	changed := d.on(*app)
	if err := a.store.UpdateApplication(ctx, changed); err != nil {
		return err
	}
	*app = changed
	return nil
}

// Delete deletes an organisation's application with its assignments, tokens and codes,
// and returns what it was; errs.NotFound when the organisation has none of it.
func (a *Applications) Delete(ctx context.Context, org domain.UserID, clientID string) (*domain.Application, error) {
	app, err := a.Of(ctx, org, clientID)
	if err != nil {
		return nil, err
	}
	return app, a.store.DeleteApplication(ctx, app.ID)
}

// Assign offers an authorisation to an account: rows in oauthassignedtoken and
// notification.
func (a *Applications) Assign(ctx context.Context, to *domain.Account, offer domain.Assignment) (*domain.Assignment, error) {
	offer.UUID, offer.User = uuid.NewString(), to.ID
	id, err := a.store.CreateAssignment(ctx, offer, `{"username": `+python.JSONString(to.Name)+`}`, a.now())
	if err != nil {
		return nil, err
	}
	offer.ID = id
	return &offer, nil
}

// Assignments lists what is offered to an account, the oldest first.
func (a *Applications) Assignments(ctx context.Context, user domain.UserID) ([]domain.Assignment, error) {
	return a.store.Assignments(ctx, user)
}

// Assigned returns what is offered to an account, by uuid; errs.NotFound when that is
// nothing or somebody else's.
func (a *Applications) Assigned(ctx context.Context, user domain.UserID, uuid string) (*domain.Assignment, error) {
	offer, err := a.store.Assignment(ctx, uuid)
	if err == nil && offer.User != user {
		return nil, errs.New(errs.NotFound, "no such assignment")
	}
	return offer, err
}

// AssignedBy is Assigned for an offer of an application of the organisation.
func (a *Applications) AssignedBy(ctx context.Context, user, org domain.UserID, uuid string) (*domain.Assignment, error) {
	return a.assigned(ctx, user, uuid, func(app *domain.Application) bool { return app.Organization == org })
}

// AssignedFor is Assigned for an offer of the client.
func (a *Applications) AssignedFor(ctx context.Context, user domain.UserID, clientID, uuid string) (*domain.Assignment, error) {
	return a.assigned(ctx, user, uuid, func(app *domain.Application) bool { return app.ClientID == clientID })
}

func (a *Applications) assigned(ctx context.Context, user domain.UserID, uuid string, by func(*domain.Application) bool) (*domain.Assignment, error) {
	offer, err := a.Assigned(ctx, user, uuid)
	if err != nil {
		return nil, err
	}
	app, err := a.store.ApplicationByID(ctx, offer.Application)
	if err == nil && !by(app) {
		err = errs.New(errs.NotFound, "no such assignment")
	}
	if err != nil {
		return nil, err
	}
	return offer, nil
}

// Unassign takes an offer back, or uses it up; errs.NotFound when somebody did.
func (a *Applications) Unassign(ctx context.Context, offer *domain.Assignment) error {
	return a.store.DeleteAssignment(ctx, offer.ID)
}
