// Package perms decides who may do what. It covers what /v2 asks: reading and
// writing a repository, making one in a namespace.
package perms

import (
	"context"
	"slices"

	"github.com/quay/quay/core/internal/domain"
)

// Store is what the rules need of the database.
type Store interface {
	RepositoryRole(ctx context.Context, repo domain.RepositoryID, user domain.UserID) (domain.Permission, error)
	TeamRole(ctx context.Context, namespace string, user domain.UserID) (domain.TeamRole, error)
}

// Policy is what the configuration decides.
type Policy struct {
	// AnonymousRead lets anybody read public repositories (FEATURE_ANONYMOUS_ACCESS).
	AnonymousRead bool
	// AnonymousWrite lets anybody do everything. It is for a mirror that only this
	// machine can reach, or whose administrator asked for it.
	AnonymousWrite bool
	// SuperUsers may do everything when SuperUsersFullAccess is set.
	SuperUsers           map[string]bool
	SuperUsersFullAccess bool
	// ReadOnlySuperUsers may read everything (GLOBAL_READONLY_SUPER_USERS).
	ReadOnlySuperUsers map[string]bool
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

// Repository returns what a user may do in a repository: as its owner, as a
// superuser, as an administrator of its organisation, by roles given directly or
// through teams, and by what anybody may.
func (p *Perms) Repository(ctx context.Context, user *domain.User, repo *domain.Repository) (domain.Permission, error) {
	if user == nil {
		return p.Anonymous(repo), nil
	}
	if user.Name == repo.Name.Namespace || p.policy.AnonymousWrite || p.superuser(user) {
		return domain.PermissionAdmin, nil
	}
	held, err := p.store.RepositoryRole(ctx, repo.ID, user.ID)
	if err != nil || held == domain.PermissionAdmin {
		return held, err
	}
	team, err := p.store.TeamRole(ctx, repo.Name.Namespace, user.ID)
	if err != nil {
		return domain.PermissionNone, err
	}
	if team == domain.TeamAdmin {
		return domain.PermissionAdmin, nil
	}
	if held == domain.PermissionNone && (p.policy.ReadOnlySuperUsers[user.Name] || p.Anonymous(repo) >= domain.PermissionRead) {
		held = domain.PermissionRead
	}
	return held, nil
}

// Actions returns those of the wanted actions that a user may do in a repository,
// in the product's order. Only repositories in their normal state are written to.
func (p *Perms) Actions(ctx context.Context, user *domain.User, repo *domain.Repository, wanted []string) ([]string, error) {
	held, err := p.Repository(ctx, user, repo)
	if err != nil {
		return nil, err
	}
	actions := []string{}
	for _, level := range []struct {
		action string
		need   domain.Permission
		writes bool
	}{{"push", domain.PermissionWrite, true}, {"pull", domain.PermissionRead, false}, {"*", domain.PermissionAdmin, true}} {
		if slices.Contains(wanted, level.action) && held >= level.need && (!level.writes || repo.State == domain.StateNormal) {
			actions = append(actions, level.action)
		}
	}
	return actions, nil
}

// CanCreate reports whether a user may make repositories in a namespace that is
// there.
func (p *Perms) CanCreate(ctx context.Context, user *domain.User, namespace string) (bool, error) {
	if user == nil {
		return p.policy.AnonymousWrite, nil
	}
	if user.Name == namespace || p.policy.AnonymousWrite {
		return true, nil
	}
	team, err := p.store.TeamRole(ctx, namespace, user.ID)
	return team >= domain.TeamCreator, err
}

func (p *Perms) superuser(u *domain.User) bool {
	return p.policy.SuperUsersFullAccess && p.policy.SuperUsers[u.Name]
}
