package authn

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Resolve finds whom a registry token was made for. It is nobody when the account, or
// the token that it was made with, is gone since.
func (a *Authenticator) Resolve(ctx context.Context, e keys.Entity) (Caller, error) {
	c, err := a.resolve(ctx, e)
	switch errs.KindOf(err) {
	case errs.NotFound, errs.Unauthenticated:
		if err != nil {
			return Caller{}, nil
		}
	}
	return c, err
}

func (a *Authenticator) resolve(ctx context.Context, e keys.Entity) (Caller, error) {
	switch e.Kind {
	case keys.Person:
		u, err := a.opts.Accounts.ByUUID(ctx, e.Reference)
		return person(u, err)
	case keys.Robot:
		robot, err := a.opts.Robots.ByName(ctx, e.Reference)
		if err != nil {
			return Caller{}, err
		}
		return Person(&robot.User), nil
	case keys.AccessToken:
		return a.accessToken(ctx, e.Reference)
	case keys.OAuthToken:
		t, err := a.opts.OAuthTokens.ByUUID(ctx, e.Reference)
		if err != nil {
			return Caller{}, err
		}
		return a.ofOAuthToken(ctx, t)
	case keys.AppToken:
		t, err := a.opts.AppTokens.ByUUID(ctx, e.Reference, 0)
		if err != nil {
			return Caller{}, err
		}
		return a.ofAppToken(ctx, t)
	}
	return Caller{}, nil
}

func person(u *domain.Account, err error) (Caller, error) {
	if err != nil {
		return Caller{}, err
	}
	return Person(&u.User), nil
}

// ofOAuthToken is the caller that an OAuth token makes.
func (a *Authenticator) ofOAuthToken(ctx context.Context, t *domain.OAuthToken) (Caller, error) {
	u, err := a.opts.Accounts.ByID(ctx, t.User)
	if err != nil {
		return Caller{}, err
	}
	app, err := a.opts.Store.ApplicationByID(ctx, t.Application)
	if err != nil {
		return Caller{}, err
	}
	return Caller{Kind: keys.OAuthToken, Account: &u.User, OAuth: t, Application: app}, nil
}

// ofAppToken is the caller that an app-specific token makes.
func (a *Authenticator) ofAppToken(ctx context.Context, t *domain.AppToken) (Caller, error) {
	u, err := a.opts.Accounts.ByID(ctx, t.User)
	if err != nil {
		return Caller{}, err
	}
	return Caller{Kind: keys.AppToken, Account: &u.User, App: t}, nil
}

// accessToken is the caller with an access token; tokens.ErrAccessToken when nobody
// issued it.
func (a *Authenticator) accessToken(ctx context.Context, text string) (Caller, error) {
	t, err := a.opts.AccessTokens.Authenticate(ctx, text)
	if err != nil {
		return Caller{}, err
	}
	return Caller{Kind: keys.AccessToken, Access: t, code: secret.New(text)}, nil
}
