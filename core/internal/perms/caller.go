package perms

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

// Caller answers questions about one identity. It keeps what it read: all questions
// about one repository or organisation cost one statement. It is for one request
// and one goroutine.
type Caller struct {
	perms *Perms
	id    Identity
	caps  caps

	// last is what was read of the repository that was asked about last.
	last struct {
		read bool
		name domain.Name
		domain.Access
	}
	organizations map[string]domain.OrganizationAccess
	// whole says that organizations has all of them.
	whole bool
}

// Of returns who answers for an identity.
func (p *Perms) Of(id Identity) *Caller {
	return &Caller{perms: p, id: id, caps: id.scopes.caps()}
}

// Identity returns whom the caller answers for.
func (c *Caller) Identity() Identity { return c.id }

func (c *Caller) allow(r Reason) Decision { return Decision{Allowed: true, Reason: r} }

func (c *Caller) deny(r Reason) Decision {
	if !c.id.known() {
		r = ReasonNobody
	}
	return Decision{Reason: r, known: c.id.user != nil}
}

// compare decides by what the caller holds and what it takes. without is what he
// would hold if his token had all scopes.
func compare[T ~int](c *Caller, held, without, need T, why Reason) Decision {
	switch {
	case held >= need:
		return c.allow(why)
	case without >= need:
		return c.deny(ReasonScope)
	}
	return c.deny(ReasonNoRole)
}

// holding is the role that a caller has in a repository.
type holding struct {
	role domain.Permission
	// unscoped is the same with all scopes.
	unscoped domain.Permission
	why      Reason
}

// repository returns what the caller holds in a repository: as a superuser with full
// access, as its owner, by what his credential grants, by roles given directly or
// through teams, or as an administrator of its organisation. That it is public is
// not considered.
func (c *Caller) repository(ctx context.Context, name domain.Name) (holding, error) {
	h := holding{role: domain.PermissionAdmin, unscoped: domain.PermissionAdmin}
	switch {
	case c.perms.policy.AnonymousWrite:
		h.why = ReasonOpenRegistry
	case !c.id.live:
		granted := c.id.granted(name)
		h = holding{granted, granted, ReasonGrant}
	case c.fullAccess():
		h.why = ReasonSuperuser
	case c.id.user.Name == name.Namespace:
		h.role, h.why = c.caps.repository, ReasonOwner
	default:
		a, err := c.access(ctx, name)
		if err != nil {
			return holding{}, err
		}
		h.unscoped, h.why = a.Role, ReasonRole
		if a.Role < domain.PermissionAdmin && a.TeamRole == domain.TeamAdmin {
			h.unscoped, h.why = domain.PermissionAdmin, ReasonOrganizationAdmin
		}
		h.role = min(h.unscoped, c.caps.repository)
	}
	return h, nil
}

// access reads the rows of a repository, once for all questions about it.
func (c *Caller) access(ctx context.Context, name domain.Name) (domain.Access, error) {
	if c.last.read && c.last.name == name {
		return c.last.Access, nil
	}
	var user domain.UserID
	if c.id.user != nil {
		user = c.id.user.ID
	}
	a, err := c.perms.store.RepositoryAccess(ctx, user, name)
	if err != nil {
		return domain.Access{}, err
	}
	c.last.read, c.last.name, c.last.Access = true, name, a
	return a, nil
}

// organization returns the caller's role in a namespace, and the names of his teams
// in it when they had to be read.
func (c *Caller) organization(ctx context.Context, name string) (role, unscoped domain.TeamRole, why Reason, err error) {
	switch {
	case c.perms.policy.AnonymousWrite:
		return domain.TeamAdmin, domain.TeamAdmin, ReasonOpenRegistry, nil
	case !c.id.live:
		return domain.TeamNone, domain.TeamNone, ReasonNoRole, nil
	case c.fullAccess():
		return domain.TeamAdmin, domain.TeamAdmin, ReasonSuperuser, nil
	case c.id.user.Name == name:
		return c.caps.team, domain.TeamAdmin, ReasonOwner, nil
	}
	a, err := c.teams(ctx, name)
	return min(a.TeamRole, c.caps.team), a.TeamRole, ReasonTeamRole, err
}

// teams reads the rows of an organisation once.
func (c *Caller) teams(ctx context.Context, organization string) (domain.OrganizationAccess, error) {
	if a, read := c.organizations[organization]; read || c.whole {
		return a, nil
	}
	a, err := c.perms.store.OrganizationAccess(ctx, c.id.user.ID, organization)
	if err != nil {
		return domain.OrganizationAccess{}, err
	}
	if c.organizations == nil {
		c.organizations = make(map[string]domain.OrganizationAccess, 1)
	}
	c.organizations[organization] = a
	return a, nil
}

// LoadOrganizations reads the rows of all the caller's organisations at once. Who
// asks about each row of a list of organisations calls it first.
func (c *Caller) LoadOrganizations(ctx context.Context) error {
	if c.whole || !c.id.live {
		return nil
	}
	all, err := c.perms.store.OrganizationsAccess(ctx, c.id.user.ID)
	if err == nil {
		c.organizations, c.whole = all, true
	}
	return err
}

// superuser reports whether the caller acts as a superuser. Who is a read-only one,
// too, does not.
func (c *Caller) superuser() bool {
	return c.id.live && c.id.scopes&(DirectLogin|SuperuserAccess) != 0 &&
		c.perms.policy.SuperUsers[c.id.user.Name] && !c.perms.policy.ReadOnlySuperUsers[c.id.user.Name]
}

func (c *Caller) fullAccess() bool { return c.perms.policy.SuperUsersFullAccess && c.superuser() }

// readOnlySuperuser reports whether the caller acts as a read-only superuser. The
// product does not narrow that by scopes.
func (c *Caller) readOnlySuperuser() bool {
	return c.id.live && c.perms.policy.ReadOnlySuperUsers[c.id.user.Name]
}

// seesPublic reports whether the caller may read public repositories. Where nobody
// may without credentials, a registry's token is none: it names what it opens.
func (c *Caller) seesPublic() bool {
	return c.perms.policy.AnonymousRead || c.id.kind != KindRegistryToken && c.id.known()
}

// restricted reports whether the caller is a restricted user, whom being a superuser
// does not help out.
func (c *Caller) restricted() bool { return c.perms.restricted(c.id.user) && !c.superuser() }
