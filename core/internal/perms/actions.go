package perms

import (
	"context"
	"slices"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Actions returns those of the wanted actions that the caller gets in a token for a
// repository, in the product's order (endpoints/v2/v2auth.py); repo is nil where there
// is none of the name, which its future owner may pull from all the same. Only
// repositories in their normal state are written to, but a mirror by its robot. A
// restricted user gets nothing to write to his own repositories with; the product gives
// it to him and refuses each use. errs.Unsupported for what the caller may do with a
// repository of an application.
func (c *Caller) Actions(ctx context.Context, name domain.Name, repo *domain.Repository, wanted []string) ([]string, error) {
	held, err := c.held(ctx, name, repo)
	if err != nil {
		return nil, err
	}
	push := slices.Contains(wanted, "push") && held >= domain.PermissionWrite
	pull := slices.Contains(wanted, "pull") && held >= domain.PermissionRead
	all := slices.Contains(wanted, "*") && held == domain.PermissionAdmin
	switch {
	case repo == nil:
		push, all = false, false
	case repo.Kind == domain.KindApplication && (push || pull || all):
		return nil, Decision{Reason: ReasonApplication, kind: repo.Kind}.Err()
	}
	actions := make([]string, 0, len(wanted))
	if push {
		if push, err = c.perms.Pushable(ctx, repo, c.robot()); err != nil {
			return nil, err
		}
	}
	if push {
		actions = append(actions, "push")
	}
	if pull {
		actions = append(actions, "pull")
	}
	if all && repo.State == domain.StateNormal {
		actions = append(actions, "*")
	}
	return actions, nil
}

// held is the caller's role in a repository for a token: that of everybody counts, too.
func (c *Caller) held(ctx context.Context, name domain.Name, repo *domain.Repository) (domain.Permission, error) {
	h, err := c.repository(ctx, name)
	if err != nil {
		return domain.PermissionNone, err
	}
	switch {
	case h.role > domain.PermissionRead && c.perms.ownAndRestricted(c.id.user, name.Namespace):
		return domain.PermissionRead, nil
	case h.role == domain.PermissionNone && (c.readOnlySuperuser() || repo != nil && repo.Public && c.seesPublic()):
		return domain.PermissionRead, nil
	}
	return h.role, nil
}

// robot is the caller's id if he is a robot: a person fills no mirror, whatever its
// settings say.
func (c *Caller) robot() domain.UserID {
	if u := c.id.user; u != nil && u.Robot {
		return u.ID
	}
	return 0
}

// Pushable reports whether a repository's state lets a user push, zero is nobody, who
// has the role: into a mirror only the mirror's robot may (endpoints/v2/v2auth.py).
func (p *Perms) Pushable(ctx context.Context, repo *domain.Repository, user domain.UserID) (bool, error) {
	switch repo.State {
	case domain.StateNormal:
		return true, nil
	case domain.StateMirror, domain.StateOrgMirror:
		if user == 0 {
			return false, nil
		}
		robot, err := p.store.MirrorRobot(ctx, repo)
		if errs.Is(err, errs.NotFound) { // a mirror without its settings takes nothing
			return false, nil
		}
		return err == nil && robot == user, err
	}
	return false, nil
}
