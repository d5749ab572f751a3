// Package orgs holds the rules about organisations: how one is made, of nothing or of a
// person's account, and its address (data/model/organization.py).
package orgs

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/users"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	Account(ctx context.Context, name string) (*domain.Account, error)
	AccountByID(ctx context.Context, id domain.UserID) (*domain.Account, error)
	CreateOrganization(ctx context.Context, n domain.NewOrganization) (*domain.Account, error)
	ConvertToOrganization(ctx context.Context, id, owner domain.UserID) error
	SetContactEmail(ctx context.Context, id domain.UserID, email string) error
}

// Options of New. The zero value of each field has a meaning.
type Options struct {
	Defaults users.Defaults
	// SharedEmail lets an organisation have the address of a person's account
	// (FEATURE_ORG_SHARED_EMAIL). Organisations may share one anyway.
	SharedEmail bool
	// CheckEmail refuses what is no address (FEATURE_MAILING).
	CheckEmail bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Organizations applies the rules.
type Organizations struct {
	store Store
	opts  Options
}

// New makes the rules.
func New(s Store, opts Options) *Organizations {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Organizations{store: s, opts: opts}
}

// NewOrganization is an organisation to be made.
type NewOrganization struct {
	Name string
	// Email is empty for an organisation without an address.
	Email string
	// Owner becomes the member of the team of owners.
	Owner domain.UserID
	// Suspect says that the request comes from an address known for abuse.
	Suspect bool
}

// Create makes an organisation: rows in user, team and teammember, in this order.
// errs.Invalid says what is wrong with a value, errs.Exists what is taken; the messages
// are the product's.
func (o *Organizations) Create(ctx context.Context, n NewOrganization) (*domain.Account, error) {
	if n.Email != "" && o.opts.CheckEmail {
		if err := users.CheckEmail(n.Email); err != nil {
			return nil, err
		}
	}
	if err := users.CheckName(n.Name); err != nil {
		return nil, err
	}
	expiration, builds := o.opts.Defaults.For(n.Suspect)
	return o.store.CreateOrganization(ctx, domain.NewOrganization{
		Name: n.Name, Email: n.Email, SharedEmail: o.opts.SharedEmail, Owner: n.Owner,
		TagExpiration: expiration, MaxQueuedBuilds: builds, Now: o.opts.Now(),
	})
}

// Errors of a conversion, with the product's messages.
var (
	ErrConvertRobot = &errs.Error{Kind: errs.Conflict, Message: "Cannot convert a robot into an organization"}
	ErrOwner        = &errs.Error{Kind: errs.Invalid, Reason: "invaliduser", Message: "The admin user is not valid"}
)

// Convert makes an organisation of a person's account, with another person as owner. The
// account loses its password, its external logins and its permissions in repositories;
// what it owns stays. ErrOwner when the owner is the account itself or no person.
func (o *Organizations) Convert(ctx context.Context, id, owner domain.UserID) error {
	u, err := o.store.AccountByID(ctx, id)
	if err != nil {
		return err
	}
	if u.Robot {
		return ErrConvertRobot
	}
	if owner == id {
		return ErrOwner
	}
	admin, err := o.store.AccountByID(ctx, owner)
	if errs.Is(err, errs.NotFound) || err == nil && (admin.Robot || admin.Organization) {
		return ErrOwner
	}
	if err != nil {
		return err
	}
	return o.store.ConvertToOrganization(ctx, id, owner)
}

// ByName returns an organisation; errs.NotFound for anything else.
func (o *Organizations) ByName(ctx context.Context, name string) (*domain.Account, error) {
	return organization(name)(o.store.Account(ctx, name))
}

// ByID returns an organisation; errs.NotFound for anything else.
func (o *Organizations) ByID(ctx context.Context, id domain.UserID) (*domain.Account, error) {
	return organization(id)(o.store.AccountByID(ctx, id))
}

func organization(what any) func(*domain.Account, error) (*domain.Account, error) {
	return func(u *domain.Account, err error) (*domain.Account, error) {
		if errs.Is(err, errs.NotFound) || err == nil && !u.Organization {
			return nil, errs.New(errs.NotFound, "Organization does not exist: %v", what)
		}
		return u, err
	}
}

// Email returns an organisation's address, empty when it has none: then the column has a
// random text.
func Email(org *domain.Account) string {
	if users.ValidEmail(org.Email) {
		return org.Email
	}
	return ""
}

// ErrEmail is the error about an address that is none.
var ErrEmail = &errs.Error{Kind: errs.Invalid, Reason: users.ReasonInvalidEmail, Message: "Invalid email address"}

// ChangeEmail gives an organisation another address, or none, and reports whether that
// changed anything. Others may have the address (endpoints/api/organization.py).
func (o *Organizations) ChangeEmail(ctx context.Context, org *domain.Account, email string) (changed bool, err error) {
	if email == Email(org) {
		return false, nil
	}
	if email != "" && !users.ValidEmail(email) {
		return false, ErrEmail
	}
	if email == "" {
		email = uuid.NewString()
	}
	return true, o.store.SetContactEmail(ctx, org.ID, email)
}
