package perms

import (
	"strings"

	"github.com/quay/quay/core/internal/domain"
)

// Scopes is a set of OAuth scopes (auth/scopes.py). The zero value allows nothing.
type Scopes uint16

// The product's scopes.
const (
	ReadRepositories Scopes = 1 << iota
	WriteRepositories
	AdministerRepositories
	CreateRepositories
	ReadAccount
	AdministerAccount
	AdministerOrganizations
	SuperuserAccess
	// DirectLogin is everything that the account may do. It is what a caller has who
	// proved to be the account; no token has it, and no text is read as it.
	DirectLogin
)

// Scope is a scope as people see it.
type Scope struct {
	ID Scopes
	// Name is what tokens and requests call it.
	Name string
	// Icon is a name of Font Awesome.
	Icon string
	// Dangerous scopes are shown with a warning.
	Dangerous          bool
	Title, Description string
	// hidden scopes are no client's to ask for.
	hidden bool
	// repository, team and account are the strongest roles that the scope lets the
	// caller use.
	repository, account domain.Permission
	team                domain.TeamRole
	// implies are the scopes that a token with this one is as good as.
	implies Scopes
}

const trust = "You should have absolute trust in the requesting application before granting this permission."

var scopes = [...]Scope{
	{
		ID: ReadRepositories, Name: "repo:read", Icon: "fa-hdd-o", Title: "View all visible repositories",
		Description: "This application will be able to view and pull all repositories visible to the granting user",
		repository:  domain.PermissionRead,
	},
	{
		ID: WriteRepositories, Name: "repo:write", Icon: "fa-hdd-o", Title: "Read/Write to any accessible repositories",
		Description: "This application will be able to view, push and pull to all repositories to which the granting user has write access",
		repository:  domain.PermissionWrite, implies: ReadRepositories,
	},
	{
		ID: AdministerRepositories, Name: "repo:admin", Icon: "fa-hdd-o", Title: "Administer Repositories",
		Description: "This application will have administrator access to all repositories to which the granting user has access",
		repository:  domain.PermissionAdmin, implies: WriteRepositories | ReadRepositories,
	},
	{
		ID: CreateRepositories, Name: "repo:create", Icon: "fa-plus", Title: "Create Repositories",
		Description: "This application will be able to create repositories in all namespaces that the granting user is allowed to create repositories",
		team:        domain.TeamCreator,
	},
	{
		ID: ReadAccount, Name: "user:read", Icon: "fa-user", Title: "Read User Information",
		Description: "This application will be able to read user information such as username and email address.",
		account:     domain.PermissionRead,
	},
	{
		ID: AdministerOrganizations, Name: "org:admin", Icon: "fa-gear", Dangerous: true, Title: "Administer Organization",
		Description: "This application will be able to administer your organizations including creating robots, creating teams, " +
			"adjusting team membership, and changing billing settings. " + trust,
		team: domain.TeamAdmin,
	},
	{
		ID: SuperuserAccess, Name: "super:user", Icon: "fa-street-view", Dangerous: true, Title: "Super User Access",
		Description: "This application will be able to administer your installation including managing users, managing organizations " +
			"and other features found in the superuser panel. " + trust,
	},
	{
		ID: AdministerAccount, Name: "user:admin", Icon: "fa-gear", Dangerous: true, Title: "Administer User",
		Description: "This application will be able to administer your account including creating robots and granting them permissions " +
			"to your repositories. " + trust,
		account: domain.PermissionAdmin,
	},
	{
		ID: DirectLogin, Name: "direct_user_login", Icon: "fa-exclamation-triangle", Dangerous: true, Title: "Full Access",
		Description: "This scope should not be available to OAuth applications. Never approve a request for this scope!",
		hidden:      true, repository: domain.PermissionAdmin, account: domain.PermissionAdmin, team: domain.TeamAdmin,
	},
}

// Offered returns the scopes that clients may ask for, in the product's order.
// super:user is only among them when there are superusers (FEATURE_SUPER_USERS).
func Offered(superusers bool) []Scope { return list(^Scopes(0), superusers) }

// List returns the scopes of a set, in the product's order.
func (s Scopes) List() []Scope { return list(s, true) }

func list(set Scopes, superusers bool) []Scope {
	var l []Scope
	for _, s := range scopes {
		if set&s.ID != 0 && !s.hidden && (superusers || s.ID != SuperuserAccess) {
			l = append(l, s)
		}
	}
	return l
}

// ParseScopes reads a token's or a request's scopes, which blanks or commas
// separate. Where any of them is not known, none is left, as in the product.
func ParseScopes(text string) (set Scopes) {
	for {
		name, rest, more := cutAny(text)
		id := scopeNamed(name)
		if id == 0 {
			return 0
		}
		set |= id
		if !more {
			return set
		}
		text = rest
	}
}

func cutAny(s string) (before, after string, found bool) {
	if i := strings.IndexAny(s, " ,"); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

func scopeNamed(name string) Scopes {
	for i := range scopes {
		if scopes[i].Name == name && !scopes[i].hidden {
			return scopes[i].ID
		}
	}
	return 0
}

// Implied returns the set with everything that its scopes are as good as.
func (s Scopes) Implied() Scopes {
	all := s
	for i := range scopes {
		if s&scopes[i].ID != 0 {
			all |= scopes[i].implies
		}
	}
	return all
}

// Covers reports whether a token with these scopes serves a request for others. An
// empty request, which a misspelt one is, too, is not served.
func (s Scopes) Covers(wanted Scopes) bool { return wanted != 0 && s.Implied()&wanted == wanted }

// caps are the strongest roles that scopes let a caller use.
type caps struct {
	repository, account domain.Permission
	team                domain.TeamRole
}

func (s Scopes) caps() (c caps) {
	if s&DirectLogin != 0 {
		return caps{domain.PermissionAdmin, domain.PermissionAdmin, domain.TeamAdmin}
	}
	for i := range scopes {
		if s&scopes[i].ID != 0 {
			c.repository = max(c.repository, scopes[i].repository)
			c.account = max(c.account, scopes[i].account)
			c.team = max(c.team, scopes[i].team)
		}
	}
	return c
}
