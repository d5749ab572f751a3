// Package authn finds out who calls: it turns the credentials of basic authentication,
// and what a registry token says, into a Caller (auth/credentials.py, auth/oauth.py,
// auth/context_entity.py). What the caller may do is up to package perms.
package authn

import (
	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/core/internal/secret"
)

// Caller is who sent a request and what he proved it with. The zero value is nobody.
type Caller struct {
	// Kind says with what. Empty is nobody.
	Kind keys.Kind
	// Account is whose the credential is: of a person, a robot, or who made the OAuth or
	// the app-specific token. It is nil for nobody and for an access token, and may be
	// disabled: see User.
	Account *domain.User
	// OAuth is set for keys.OAuthToken, with its application.
	OAuth       *domain.OAuthToken
	Application *domain.Application
	// App is set for keys.AppToken.
	App *domain.AppToken
	// Access is set for keys.AccessToken.
	Access *domain.AccessToken
	// code is the whole access token, as it was presented.
	code secret.Text
}

// Person is an account that proved to be itself: a person, or a robot. It is nobody
// without one.
func Person(u *domain.User) Caller {
	switch {
	case u == nil:
		return Caller{}
	case u.Robot:
		return Caller{Kind: keys.Robot, Account: u}
	}
	return Caller{Kind: keys.Person, Account: u}
}

// User is the account that acts; nil when there is none or it is disabled
// (auth/auth_context_type.py, authed_user).
func (c Caller) User() *domain.User {
	if c.Account == nil || !c.Account.Enabled {
		return nil
	}
	return c.Account
}

// Known reports whether the caller is anybody: a token of a disabled account is nobody's
// (auth/auth_context_type.py, is_anonymous).
func (c Caller) Known() bool { return c.User() != nil || c.Access != nil }

// Performer is who did it, for the action log; zero is nobody.
func (c Caller) Performer() domain.UserID {
	if u := c.User(); u != nil {
		return u.ID
	}
	return 0
}

// Logged is the caller as entries of the registry describe him.
func (c Caller) Logged() actionlog.Caller {
	switch c.Kind {
	case keys.Person:
		return actionlog.User(c.Account.Name)
	case keys.Robot:
		return actionlog.Robot(c.Account.Name)
	case keys.AccessToken:
		return actionlog.AccessToken(c.Access.Label)
	case keys.OAuthToken:
		return actionlog.OAuth(*c.LoggedToken(), c.Account.Name)
	case keys.AppToken:
		return actionlog.AppToken(c.App.UUID, c.App.Title, c.Account.Name)
	}
	return actionlog.Caller{}
}

// LoggedToken is what entries say of the caller's OAuth token, nil for other callers:
// see actionlog.Event.With.
func (c Caller) LoggedToken() *actionlog.OAuthToken {
	if c.OAuth == nil {
		return nil
	}
	return &actionlog.OAuthToken{ID: int64(c.OAuth.ID), ClientID: c.Application.ClientID, Application: c.Application.Name}
}

// Identity is the caller as package perms knows him.
func (c Caller) Identity() perms.Identity {
	switch c.Kind {
	case keys.OAuthToken:
		return perms.OAuthToken(c.Account, perms.ParseScopes(c.OAuth.Scope))
	case keys.AppToken:
		return perms.AppToken(c.Account)
	case keys.AccessToken:
		return perms.AccessToken(perms.Grant{Repository: c.Access.RepositoryName, Role: c.Access.Role})
	}
	return perms.User(c.Account)
}

// Entity is the caller as the context of a registry token knows him.
func (c Caller) Entity() keys.Entity {
	switch c.Kind {
	case keys.OAuthToken:
		return keys.Entity{Kind: c.Kind, Reference: c.OAuth.UUID, Username: c.Account.Name}
	case keys.AppToken:
		return keys.Entity{Kind: c.Kind, Reference: c.App.UUID, Username: c.Account.Name}
	case keys.AccessToken:
		return keys.Entity{Kind: c.Kind, Reference: c.code.Reveal()}
	}
	return keys.PersonEntity(c.Account)
}
