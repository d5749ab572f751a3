// Package tokens holds the rules about tokens that stand for a person or for a
// permission in one repository: app-specific tokens and access tokens
// (data/model/appspecifictoken.py, data/model/token.py).
//
// All times are in UTC. The product takes local ones for some columns; on a server in
// UTC, as in its own image, they are the same.
package tokens

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/credential"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lastaccess"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Cipher encrypts and decrypts columns.
type Cipher interface {
	Encrypt(col columns.Column, value secret.Text) (*string, error)
	Decrypt(stored *string) (secret.Text, error)
}

// AppStore is what the rules about app-specific tokens need of the database.
type AppStore interface {
	CreateAppToken(ctx context.Context, t domain.AppToken) (domain.AppTokenID, error)
	AppToken(ctx context.Context, uuid string) (*domain.AppToken, error)
	AppTokenByName(ctx context.Context, name string) (*domain.AppToken, error)
	AppTokens(ctx context.Context, user domain.UserID) ([]domain.AppToken, error)
	AllAppTokens(ctx context.Context, after domain.AppTokenID, limit int) ([]domain.AppToken, error)
	ExpiringAppTokens(ctx context.Context, user domain.UserID, from, to time.Time) ([]domain.AppToken, error)
	AllExpiringAppTokens(ctx context.Context, from, to time.Time, after domain.AppTokenID, limit int) ([]domain.AppToken, error)
	DeleteAppToken(ctx context.Context, owner domain.UserID, uuid string) error
	DeleteExpiredAppTokens(ctx context.Context, before time.Time) (int64, error)
	TouchAppToken(ctx context.Context, id domain.AppTokenID, now, since time.Time) error
}

// AppOptions of NewApps. The zero value of each field has a meaning.
type AppOptions struct {
	// Lifetime of new tokens; zero is without an end (APP_SPECIFIC_TOKEN_EXPIRATION).
	Lifetime   time.Duration
	LastAccess lastaccess.Policy
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Apps applies the rules about app-specific tokens.
type Apps struct {
	store  AppStore
	cipher Cipher
	opts   AppOptions
}

// NewApps makes the rules.
func NewApps(s AppStore, c Cipher, opts AppOptions) *Apps {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Apps{store: s, cipher: c, opts: opts}
}

// Create makes a token of a person that ends when the configuration says, and returns
// its text, too.
func (a *Apps) Create(ctx context.Context, user domain.UserID, title string) (*domain.AppToken, secret.Text, error) {
	var expires time.Time
	if a.opts.Lifetime > 0 {
		expires = a.opts.Now().Add(a.opts.Lifetime)
	}
	return a.CreateUntil(ctx, user, title, expires)
}

// CreateUntil is Create for a token that ends at an instant, or never (zero).
func (a *Apps) CreateUntil(ctx context.Context, user domain.UserID, title string, expires time.Time) (*domain.AppToken, secret.Text, error) {
	token := credential.AppToken.New()
	sealed, err := a.cipher.Encrypt(columns.AppTokenSecret, token.Secret)
	if err != nil {
		return nil, secret.Text{}, err
	}
	t := domain.AppToken{
		UUID: uuid.NewString(), User: user, Title: title, Name: token.Name, SealedSecret: *sealed,
		Created: a.opts.Now(), Expires: expires,
	}
	if t.ID, err = a.store.CreateAppToken(ctx, t); err != nil {
		return nil, secret.Text{}, err
	}
	return &t, token.Text(), nil
}

// Text returns a token as the client presents it.
func (a *Apps) Text(t *domain.AppToken) (secret.Text, error) {
	code, err := a.cipher.Decrypt(&t.SealedSecret)
	if err != nil {
		return secret.Text{}, err
	}
	return credential.Token{Name: t.Name, Secret: code}.Text(), nil
}

var errNoToken = errs.New(errs.NotFound, "no such token")

// alive passes on a token that has not ended.
func (a *Apps) alive(t *domain.AppToken, err error) (*domain.AppToken, error) {
	if err == nil && !t.Expires.IsZero() && !t.Expires.After(a.opts.Now()) {
		return nil, errNoToken
	}
	return t, err
}

// ByUUID returns a token that has not ended; errs.NotFound when there is none. Who asks
// for his own passes his id, anybody else zero.
func (a *Apps) ByUUID(ctx context.Context, id string, owner domain.UserID) (*domain.AppToken, error) {
	t, err := a.alive(a.store.AppToken(ctx, id))
	if err == nil && owner != 0 && t.User != owner {
		return nil, errNoToken
	}
	return t, err
}

// Authenticate returns the token that a client presented, unless it has ended, and writes
// down that it was used; errs.NotFound when there is none. Whether its owner is enabled
// is for the caller to see.
func (a *Apps) Authenticate(ctx context.Context, presented string) (*domain.AppToken, error) {
	token, err := credential.AppToken.Parse(presented)
	if err != nil {
		return nil, errNoToken
	}
	t, err := a.alive(a.store.AppTokenByName(ctx, token.Name))
	if err != nil {
		return nil, err
	}
	want, err := a.cipher.Decrypt(&t.SealedSecret)
	if err != nil {
		return nil, err
	}
	if !want.Equal(token.Secret.Reveal()) {
		return nil, errNoToken
	}
	t.LastAccessed, err = a.opts.LastAccess.Note(t.LastAccessed, a.opts.Now(), func(now, since time.Time) error {
		return a.store.TouchAppToken(ctx, t.ID, now, since)
	})
	return t, err
}

// List lists a person's tokens, ended or not, in the order in which they were made.
func (a *Apps) List(ctx context.Context, user domain.UserID) ([]domain.AppToken, error) {
	return a.store.AppTokens(ctx, user)
}

// ListAll lists at most limit tokens of everybody behind the one with an id. It is for
// superusers.
func (a *Apps) ListAll(ctx context.Context, after domain.AppTokenID, limit int) ([]domain.AppToken, error) {
	return a.store.AllAppTokens(ctx, after, limit)
}

// Expiring lists a person's tokens that end within a time from now.
func (a *Apps) Expiring(ctx context.Context, user domain.UserID, soon time.Duration) ([]domain.AppToken, error) {
	now := a.opts.Now()
	return a.store.ExpiringAppTokens(ctx, user, now, now.Add(soon))
}

// ExpiringAll is Expiring for everybody, a page at a time as in ListAll.
func (a *Apps) ExpiringAll(ctx context.Context, soon time.Duration, after domain.AppTokenID, limit int) ([]domain.AppToken, error) {
	now := a.opts.Now()
	return a.store.AllExpiringAppTokens(ctx, now, now.Add(soon), after, limit)
}

// Revoke deletes a person's token; errs.NotFound when he has none of the uuid.
func (a *Apps) Revoke(ctx context.Context, owner domain.UserID, id string) error {
	return a.store.DeleteAppToken(ctx, owner, id)
}

// Collect deletes the tokens that ended longer than a time ago, and returns how many
// there were (EXPIRED_APP_SPECIFIC_TOKEN_GC).
func (a *Apps) Collect(ctx context.Context, window time.Duration) (int64, error) {
	return a.store.DeleteExpiredAppTokens(ctx, a.opts.Now().Add(-window))
}
