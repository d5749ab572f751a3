package perms

import "github.com/quay/quay/core/internal/domain"

// Kind is how a caller proved who he is (auth/context_entity.py); the values are
// the product's.
type Kind string

// The kinds of identities.
const (
	KindAnonymous   Kind = "anonymous"
	KindUser        Kind = "user"
	KindRobot       Kind = "robot"
	KindAccessToken Kind = "token"
	KindOAuthToken  Kind = "oauthtoken"
	KindAppToken    Kind = "appspecifictoken"
	KindSignedGrant Kind = "signed_data"
	// KindRegistryToken is the product's signed_jwt: whatever it was made for, it
	// opens what it names and nothing else.
	KindRegistryToken Kind = "signed_jwt"
)

// Grant is a role in one repository that a credential carries with it.
type Grant struct {
	Repository domain.Name
	Role       domain.Permission
}

// Identity is who asks, with what the credential allows. The zero value is nobody.
type Identity struct {
	kind Kind
	// user is the account that acts; nil when there is none.
	user *domain.User
	// live says that the account's own permissions count, as far as scopes let
	// them; otherwise only grants do.
	live   bool
	scopes Scopes
	grants []Grant
}

// Anonymous is a caller without credentials.
func Anonymous() Identity { return Identity{} }

// User is an account that logged in: with a password or a session, or a robot with
// its token. Without an account it is Anonymous.
func User(u *domain.User) Identity {
	switch {
	case u == nil:
		return Identity{}
	case u.Robot:
		return account(KindRobot, u, DirectLogin)
	}
	return account(KindUser, u, DirectLogin)
}

// AppToken is an application-specific token: it does what its account does.
func AppToken(u *domain.User) Identity { return account(KindAppToken, u, DirectLogin) }

// OAuthToken is a token that an account gave to an application.
func OAuthToken(u *domain.User, s Scopes) Identity { return account(KindOAuthToken, u, s) }

// AccessToken is a token of one repository ($token).
func AccessToken(g Grant) Identity {
	return Identity{kind: KindAccessToken, grants: []Grant{g}}
}

// SignedGrant is what /v1 hands out after a first request. With an account, the
// account's present permissions count, as in the product, and not the grants.
func SignedGrant(u *domain.User, grants []Grant) Identity {
	if u == nil {
		return Identity{kind: KindSignedGrant, grants: grants}
	}
	return account(KindSignedGrant, u, DirectLogin)
}

// RegistryToken is a token of /v2/auth. The account, nil for none, is who it was
// made for.
func RegistryToken(u *domain.User, grants []Grant) Identity {
	return Identity{kind: KindRegistryToken, user: enabled(u), grants: grants}
}

// account is an identity of an account. A disabled account has no permissions
// (auth/auth_context_type.py, authed_user).
func account(kind Kind, u *domain.User, s Scopes) Identity {
	if enabled(u) == nil {
		return Identity{kind: kind}
	}
	return Identity{kind: kind, user: u, live: true, scopes: s}
}

func enabled(u *domain.User) *domain.User {
	if u == nil || !u.Enabled {
		return nil
	}
	return u
}

// Kind returns how the caller proved who he is.
func (id Identity) Kind() Kind {
	if id.kind == "" {
		return KindAnonymous
	}
	return id.kind
}

// Account returns the account that acts, nil when there is none or it is disabled.
func (id Identity) Account() *domain.User { return id.user }

// Scopes returns what an account's permissions are narrowed to; DirectLogin when
// they are not.
func (id Identity) Scopes() Scopes { return id.scopes }

// known reports whether the caller proved to be anybody whom this registry knows.
func (id Identity) known() bool { return id.user != nil || len(id.grants) > 0 }

// granted returns the strongest role that the credential itself gives in a
// repository.
func (id Identity) granted(name domain.Name) (held domain.Permission) {
	for _, g := range id.grants {
		if g.Repository == name {
			held = max(held, g.Role)
		}
	}
	return held
}
