package oauthapps

import (
	"context"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/credential"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lastaccess"
	"github.com/quay/quay/core/internal/oauth"
	"github.com/quay/quay/core/internal/password"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// TokenStore is what the rules about tokens need of the database.
type TokenStore interface {
	CreateOAuthToken(ctx context.Context, t domain.OAuthToken, limit int) (domain.OAuthTokenID, error)
	OAuthTokenByName(ctx context.Context, name string) (*domain.OAuthToken, error)
	OAuthToken(ctx context.Context, uuid string) (*domain.OAuthToken, error)
	OAuthTokensOf(ctx context.Context, user domain.UserID) ([]domain.OAuthToken, error)
	LiveOAuthTokens(ctx context.Context, app domain.ApplicationID, now time.Time, before domain.OAuthTokenID, limit int) ([]domain.OAuthToken, error)
	GrantedScopes(ctx context.Context, clientID string, user domain.UserID, now time.Time) ([]string, error)
	DeleteOAuthToken(ctx context.Context, app domain.ApplicationID, uuid string) error
	DeleteOAuthTokenOf(ctx context.Context, user domain.UserID, uuid string) error
	TouchOAuthToken(ctx context.Context, id domain.OAuthTokenID, now, since time.Time) error

	CreateOAuthCode(ctx context.Context, c domain.OAuthCode) error
	OAuthCode(ctx context.Context, clientID, name string) (*domain.OAuthCode, error)
	DeleteOAuthCode(ctx context.Context, id int64) error
}

// TokenOptions of NewTokens. The zero value of each field has a meaning.
type TokenOptions struct {
	// MaxPerApplication bounds the tokens of an application that have not ended; zero is
	// no bound (OAUTH_APPLICATION_MAXIMUM_TOKEN_COUNT).
	MaxPerApplication int
	// LastAccess has the threshold of OAuth tokens
	// (OAUTH_TOKEN_LAST_ACCESSED_UPDATE_THRESHOLD_S). The product writes their use down
	// whatever FEATURE_USER_LAST_ACCESSED says.
	LastAccess lastaccess.Policy
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Tokens applies the rules about tokens and codes.
type Tokens struct {
	store TokenStore
	opts  TokenOptions
}

// NewTokens makes the rules.
func NewTokens(s TokenStore, opts TokenOptions) *Tokens {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Tokens{store: s, opts: opts}
}

// Reasons and limits of what a client asks for.
const (
	tokenType      = "Bearer"
	maxTokenLabel  = 255
	minTokenExpiry = time.Second
)

var (
	errLabelEmpty = &errs.Error{Kind: errs.Invalid, Message: "'name' must not be empty"}
	errLabelLong  = &errs.Error{Kind: errs.Invalid, Message: "'name' must be at most 255 characters"}
	errExpiry     = &errs.Error{Kind: errs.Invalid, Message: "'expiration' must be a positive number of seconds"}
	errFinite     = &errs.Error{Kind: errs.Invalid, Message: "'expiration' must be a finite number of seconds"}
)

// Label checks the name that a person gives a token, and trims it.
func Label(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", errLabelEmpty
	case utf8.RuneCountInString(s) > maxTokenLabel:
		return "", errLabelLong
	}
	return s, nil
}

// Lifetime makes a lifetime of a number of seconds: at least one, at most ten years.
func Lifetime(seconds float64) (time.Duration, error) {
	switch {
	case math.IsNaN(seconds) || math.IsInf(seconds, 0):
		return 0, errFinite
	case seconds <= 0:
		return 0, errExpiry
	case seconds >= credential.OAuthTokenLifetime.Seconds():
		return credential.OAuthTokenLifetime, nil
	}
	return max(minTokenExpiry, time.Duration(seconds)*time.Second), nil
}

// Grant makes a token for somebody who authorised an application in the browser, and
// returns its text, too.
func (t *Tokens) Grant(ctx context.Context, app domain.ApplicationID, user *domain.Account, scope string) (*domain.OAuthToken, secret.Text, error) {
	return t.create(ctx, domain.OAuthToken{
		Application: app, User: user.ID, Scope: scope, Data: oauth.Data{Username: user.Name}.Column(),
	}, credential.OAuthTokenLifetime, 0)
}

// Create makes a token of an application through the API, and returns its text, too.
// Label and scope are as Label and oauth.NormalizeScopes make them. errs.Conflict when the
// application has as many as it may.
func (t *Tokens) Create(ctx context.Context, app domain.ApplicationID, user domain.UserID, scope, label string, lifetime time.Duration) (*domain.OAuthToken, secret.Text, error) {
	return t.create(ctx, domain.OAuthToken{
		Application: app, User: user, Scope: scope, Label: &label,
	}, lifetime, t.opts.MaxPerApplication)
}

func (t *Tokens) create(ctx context.Context, row domain.OAuthToken, lifetime time.Duration, limit int) (*domain.OAuthToken, secret.Text, error) {
	token := credential.OAuthToken.New()
	hash, err := password.Hash(token.Secret.Reveal())
	if err != nil {
		return nil, secret.Text{}, err
	}
	now := t.opts.Now()
	row.UUID, row.Type, row.Name, row.Hash = uuid.NewString(), tokenType, token.Name, hash
	row.Created, row.Expires = now, now.Add(lifetime)
	if row.ID, err = t.store.CreateOAuthToken(ctx, row, limit); err != nil {
		return nil, secret.Text{}, err
	}
	return &row, token.Text(), nil
}

// Errors of a token that a client presents.
var (
	ErrToken = &errs.Error{
		Kind: errs.Unauthenticated, Reason: "invalid_oauth_token", Message: "OAuth access token could not be validated",
	}
	ErrTokenExpired = &errs.Error{
		Kind: errs.Unauthenticated, Reason: "expired_oauth_token", Message: "OAuth access token has expired",
	}
)

// Authenticate returns the token that a client presented and writes down that it was
// used. ErrToken when nobody issued it; ErrTokenExpired, with the token, when it has ended.
// Whether who authorised it is enabled is for the caller to see.
func (t *Tokens) Authenticate(ctx context.Context, presented string) (*domain.OAuthToken, error) {
	token, err := credential.OAuthToken.Parse(presented)
	if err != nil {
		return nil, ErrToken
	}
	row, err := t.store.OAuthTokenByName(ctx, token.Name)
	if errs.Is(err, errs.NotFound) {
		return nil, ErrToken
	}
	if err != nil {
		return nil, err
	}
	if !password.Matches(row.Hash, token.Secret.Reveal()) {
		return nil, ErrToken
	}
	now := t.opts.Now()
	if !credential.OAuthTokenAlive(row.Expires, now) {
		return row, ErrTokenExpired
	}
	row.LastAccessed, err = t.opts.LastAccess.Note(row.LastAccessed, now, func(now, since time.Time) error {
		return t.store.TouchOAuthToken(ctx, row.ID, now, since)
	})
	return row, err
}

// ByUUID returns a token, ended or not; errs.NotFound when there is none.
func (t *Tokens) ByUUID(ctx context.Context, uuid string) (*domain.OAuthToken, error) {
	return t.store.OAuthToken(ctx, uuid)
}

// Authorized returns what an account has authorised, by uuid; errs.NotFound when that is
// nothing or somebody else's.
func (t *Tokens) Authorized(ctx context.Context, user domain.UserID, uuid string) (*domain.OAuthToken, error) {
	row, err := t.store.OAuthToken(ctx, uuid)
	if err == nil && row.User != user {
		return nil, errs.New(errs.NotFound, "no such authorization")
	}
	return row, err
}

// Authorizations lists what an account has authorised, ended or not, the oldest first.
func (t *Tokens) Authorizations(ctx context.Context, user domain.UserID) ([]domain.OAuthToken, error) {
	return t.store.OAuthTokensOf(ctx, user)
}

// List lists at most limit tokens of an application that have not ended, the newest
// first, behind the one with an id; zero begins with the newest.
func (t *Tokens) List(ctx context.Context, app domain.ApplicationID, before domain.OAuthTokenID, limit int) ([]domain.OAuthToken, error) {
	if before == 0 {
		before = math.MaxInt32 // ids are int4
	}
	return t.store.LiveOAuthTokens(ctx, app, t.opts.Now(), before, limit)
}

// Granted returns the scopes that an account has granted to a client, as one list.
func (t *Tokens) Granted(ctx context.Context, clientID string, user domain.UserID) (string, error) {
	scopes, err := t.store.GrantedScopes(ctx, clientID, user, t.opts.Now())
	return strings.Join(scopes, ","), err
}

// Revoke deletes a token of an application; errs.NotFound when it has none of the uuid.
func (t *Tokens) Revoke(ctx context.Context, app domain.ApplicationID, uuid string) error {
	return t.store.DeleteOAuthToken(ctx, app, uuid)
}

// Withdraw deletes what an account has authorised; errs.NotFound when that is nothing or
// somebody else's.
func (t *Tokens) Withdraw(ctx context.Context, user domain.UserID, uuid string) error {
	return t.store.DeleteOAuthTokenOf(ctx, user, uuid)
}

// NewCode makes an authorisation code for somebody.
func (t *Tokens) NewCode(ctx context.Context, app domain.ApplicationID, user *domain.Account, scope string) (secret.Text, error) {
	code := credential.OAuthCode.New()
	hash, err := password.Hash(code.Secret.Reveal())
	if err != nil {
		return secret.Text{}, err
	}
	err = t.store.CreateOAuthCode(ctx, domain.OAuthCode{
		Application: app, Scope: scope, Name: code.Name, Hash: hash, Data: oauth.Data{Username: user.Name}.Column(),
	})
	return code.Text(), err
}

// Redeem uses an authorisation code of a client up, for exactly the scope that it was
// made for, and returns who it stands for. A code is good once; errs.NotFound otherwise.
func (t *Tokens) Redeem(ctx context.Context, clientID, presented, scope string) (oauth.Data, error) {
	code, err := credential.OAuthCode.Parse(presented)
	if err != nil {
		return oauth.Data{}, errNoCode
	}
	row, err := t.store.OAuthCode(ctx, clientID, code.Name)
	if err != nil {
		return oauth.Data{}, err
	}
	if row.Scope != scope || !password.Matches(row.Hash, code.Secret.Reveal()) {
		return oauth.Data{}, errNoCode
	}
	if err := t.store.DeleteOAuthCode(ctx, row.ID); err != nil {
		return oauth.Data{}, err
	}
	return oauth.ParseData(row.Data)
}

var errNoCode = errs.New(errs.NotFound, "no such code")
