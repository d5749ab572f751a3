// Package perms decides who may do what: the product's permission model
// (auth/permissions.py) for every front end. A credential becomes an Identity, an
// Identity a Caller that lives for one request, and each question to a Caller a
// Decision with its reason. What handlers ask beyond that, they combine from Rule.
package perms

import (
	"context"
	"strings"

	"github.com/quay/quay/core/internal/domain"
)

// Store is what the rules need of the database. Each method is one statement.
type Store interface {
	// RepositoryAccess returns what rows say about an account and a repository, or
	// nothing without them.
	RepositoryAccess(ctx context.Context, user domain.UserID, name domain.Name) (domain.Access, error)
	// OrganizationAccess returns the account's teams and roles in an organisation.
	OrganizationAccess(ctx context.Context, user domain.UserID, organization string) (domain.OrganizationAccess, error)
	// OrganizationsAccess returns them for all its organisations.
	OrganizationsAccess(ctx context.Context, user domain.UserID) (map[string]domain.OrganizationAccess, error)
	// MirrorRobot returns who fills a mirrored repository; errs.NotFound for nobody.
	MirrorRobot(ctx context.Context, repo *domain.Repository) (domain.UserID, error)
}

// Policy is what the configuration decides.
type Policy struct {
	// AnonymousRead lets anybody read public repositories (FEATURE_ANONYMOUS_ACCESS).
	AnonymousRead bool
	// AnonymousWrite lets anybody do everything. It is for a mirror that only this
	// machine can reach, or whose administrator asked for it.
	AnonymousWrite bool
	// SuperUsers are the names of SUPER_USERS, none without FEATURE_SUPER_USERS. They
	// may do everything when SuperUsersFullAccess is set.
	SuperUsers           map[string]bool
	SuperUsersFullAccess bool
	// ReadOnlySuperUsers may read everything (GLOBAL_READONLY_SUPER_USERS). Who is in
	// both lists is one of these.
	ReadOnlySuperUsers map[string]bool
	// RestrictedUsers keeps people from having repositories, robots and organisations
	// of their own (FEATURE_RESTRICTED_USERS), but for those of Unrestricted
	// (RESTRICTED_USERS_WHITELIST) and their robots.
	RestrictedUsers bool
	Unrestricted    map[string]bool
	// SuperUsersMakeOrganizations keeps others from making organisations
	// (FEATURE_SUPERUSERS_ORG_CREATION_ONLY).
	SuperUsersMakeOrganizations bool
}

// Perms applies the rules.
type Perms struct {
	store  Store
	policy Policy
}

// New makes the rules.
func New(s Store, p Policy) *Perms { return &Perms{s, p} }

// Anonymous returns what a caller without credentials may do in a repository.
func (p *Perms) Anonymous(repo *domain.Repository) domain.Permission {
	switch {
	case p.policy.AnonymousWrite:
		return domain.PermissionAdmin
	case repo != nil && repo.Public && p.policy.AnonymousRead:
		return domain.PermissionRead
	}
	return domain.PermissionNone
}

// AnonymousWrite reports whether callers need no credentials at all.
func (p *Perms) AnonymousWrite() bool { return p.policy.AnonymousWrite }

// AnonymousRead reports whether anybody may look at what is public.
func (p *Perms) AnonymousRead() bool { return p.policy.AnonymousRead || p.policy.AnonymousWrite }

// RestrictsUsers reports whether there are restricted users: only then does it matter
// who pushes with a registry token.
func (p *Perms) RestrictsUsers() bool { return p.policy.RestrictedUsers }

// KeptFrom reports whether a user, nil is nobody, may not push to a namespace since it is
// his own and he is a restricted user.
func (p *Perms) KeptFrom(u *domain.User, namespace string) bool {
	return p.ownAndRestricted(u, namespace)
}

// CanMakeNamespace reports whether a user may make an organisation by pushing to it,
// where pushes make them: restricted users may not.
func (p *Perms) CanMakeNamespace(user *domain.User) bool {
	return user != nil && user.Enabled && !p.restricted(user)
}

// restricted reports whether an account, or the one that its robot belongs to, is a
// restricted one.
func (p *Perms) restricted(u *domain.User) bool {
	if u == nil || !p.policy.RestrictedUsers {
		return false
	}
	owner, _, _ := strings.Cut(u.Name, "+")
	return !p.policy.Unrestricted[owner]
}

// ownAndRestricted reports whether a namespace is the own one of a restricted user.
// A robot's name is nobody's namespace.
func (p *Perms) ownAndRestricted(u *domain.User, namespace string) bool {
	return u != nil && u.Name == namespace && p.restricted(u)
}
