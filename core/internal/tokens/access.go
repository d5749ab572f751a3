package tokens

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/columns"
	"github.com/quay/quay/core/internal/credential"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Kinds of access tokens (table accesstokenkind).
const (
	KindBuildWorker = "build-worker"
	KindPushPull    = "pushpull-token"
)

// AccessStore is what the rules about access tokens need of the database.
type AccessStore interface {
	CreateAccessToken(ctx context.Context, t domain.AccessToken) (domain.AccessTokenID, error)
	AccessTokenByName(ctx context.Context, name string) (*domain.AccessToken, error)
}

// Access applies the rules about access tokens.
type Access struct {
	store  AccessStore
	cipher Cipher
	now    func() time.Time
}

// NewAccess makes the rules. A nil clock is time.Now.
func NewAccess(s AccessStore, c Cipher, now func() time.Time) *Access {
	if now == nil {
		now = time.Now
	}
	return &Access{store: s, cipher: c, now: now}
}

// CreateDelegate makes a lasting token with a role in a repository, and returns its text,
// too (create_delegate_token).
func (a *Access) CreateDelegate(ctx context.Context, repo domain.RepositoryID, role domain.Permission, label string) (*domain.AccessToken, secret.Text, error) {
	return a.create(ctx, domain.AccessToken{Repository: repo, Role: role, Label: &label})
}

// CreateTemporary makes a token that belongs to one piece of work, a build for instance,
// and returns its text, too. Kind and label may be empty (create_access_token).
func (a *Access) CreateTemporary(ctx context.Context, repo domain.RepositoryID, role domain.Permission, kind, label string) (*domain.AccessToken, secret.Text, error) {
	t := domain.AccessToken{Repository: repo, Role: role, Kind: kind, Temporary: true}
	if label != "" {
		t.Label = &label
	}
	return a.create(ctx, t)
}

func (a *Access) create(ctx context.Context, t domain.AccessToken) (*domain.AccessToken, secret.Text, error) {
	token := credential.AccessToken.New()
	sealed, err := a.cipher.Encrypt(columns.AccessTokenCode, token.Secret)
	if err != nil {
		return nil, secret.Text{}, err
	}
	t.Name, t.SealedCode, t.Created = token.Name, *sealed, a.now()
	if t.ID, err = a.store.CreateAccessToken(ctx, t); err != nil {
		return nil, secret.Text{}, err
	}
	return &t, token.Text(), nil
}

// ErrAccessToken is the error about a token that nobody issued. The product repeats the
// token in its message.
var ErrAccessToken = &errs.Error{Kind: errs.Unauthenticated, Reason: "invalid_token", Message: "Invalid delegate token code"}

// Authenticate returns the token that a client presented. ErrAccessToken when nobody
// issued it.
func (a *Access) Authenticate(ctx context.Context, presented string) (*domain.AccessToken, error) {
	token, err := credential.AccessToken.Parse(presented)
	if err != nil {
		return nil, ErrAccessToken
	}
	t, err := a.store.AccessTokenByName(ctx, token.Name)
	if errs.Is(err, errs.NotFound) {
		return nil, ErrAccessToken
	}
	if err != nil {
		return nil, err
	}
	want, err := a.cipher.Decrypt(&t.SealedCode)
	if err != nil {
		return nil, err
	}
	if !want.Equal(token.Secret.Reveal()) {
		return nil, ErrAccessToken
	}
	return t, nil
}

// Text returns a token as the client presents it.
func (a *Access) Text(t *domain.AccessToken) (secret.Text, error) {
	code, err := a.cipher.Decrypt(&t.SealedCode)
	if err != nil {
		return secret.Text{}, err
	}
	return credential.Token{Name: t.Name, Secret: code}.Text(), nil
}
