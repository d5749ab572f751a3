package perms

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

// Rule is what a handler demands of who works with a repository. The zero value
// demands nothing: Need is to be set.
type Rule struct {
	// Need is the role that it takes.
	Need domain.Permission
	// Public lets everybody who sees public repositories, and read-only superusers,
	// into what only needs reading.
	Public bool
	// ReadOnlySuperuser lets read-only superusers in whatever the need is: for
	// handlers that only show something.
	ReadOnlySuperuser bool
	// NotRestricted keeps restricted users out of their own namespaces.
	NotRestricted bool
	// Images keeps everybody out of repositories of applications.
	Images bool
}

// The product's rules (endpoints/api/__init__.py and endpoints/v2/__init__.py).
var (
	// APIRead, APIWrite and APIAdmin are require_repo_read, require_repo_write and
	// require_repo_admin of /api/v1; APIShowAdmin is the last with
	// allow_for_global_readonly_superuser.
	APIRead      = Rule{Need: domain.PermissionRead, Public: true}
	APIWrite     = Rule{Need: domain.PermissionWrite}
	APIAdmin     = Rule{Need: domain.PermissionAdmin}
	APIShowAdmin = Rule{Need: domain.PermissionAdmin, ReadOnlySuperuser: true}
	// Pull and Push are those of /v1 and /v2.
	Pull = Rule{Need: domain.PermissionRead, Public: true, Images: true}
	Push = Rule{Need: domain.PermissionWrite, NotRestricted: true, Images: true}
)

// Repository decides by a rule about a repository, which need not be there: who
// would be allowed is told so, and finds nothing.
func (c *Caller) Repository(ctx context.Context, name domain.Name, r Rule) (Decision, error) {
	if r.NotRestricted && c.perms.ownAndRestricted(c.id.user, name.Namespace) && !c.superuser() {
		return c.deny(ReasonRestricted), nil
	}
	held, err := c.repository(ctx, name)
	if err != nil {
		return Decision{}, err
	}
	d := compare(c, held.role, held.unscoped, r.Need, held.why)
	if !d.Allowed && c.readOnlySuperuser() && (r.Public || r.ReadOnlySuperuser) {
		d = c.allow(ReasonReadOnlySuperuser)
	}
	if d.Allowed && !r.Images || !d.Allowed && !(r.Public && c.seesPublic()) {
		return d, nil
	}
	a, err := c.access(ctx, name)
	if err != nil {
		return Decision{}, err
	}
	if !d.Allowed && a.Public && a.State != domain.StateMarkedForDeletion {
		d = c.allow(ReasonPublic)
	}
	if d.Allowed && r.Images && a.Repository != 0 && a.Kind != "image" {
		d = Decision{Reason: ReasonApplication, kind: a.Kind}
	}
	return d, nil
}

// ReadRepository decides whether the caller himself may read a repository, public or
// not: this and the next two are the product's plain permissions.
func (c *Caller) ReadRepository(ctx context.Context, name domain.Name) (Decision, error) {
	return c.Repository(ctx, name, Rule{Need: domain.PermissionRead})
}

// ModifyRepository decides whether the caller himself may write to a repository.
func (c *Caller) ModifyRepository(ctx context.Context, name domain.Name) (Decision, error) {
	return c.Repository(ctx, name, Rule{Need: domain.PermissionWrite})
}

// AdministerRepository decides whether the caller himself administers a repository.
func (c *Caller) AdministerRepository(ctx context.Context, name domain.Name) (Decision, error) {
	return c.Repository(ctx, name, Rule{Need: domain.PermissionAdmin})
}

// CreateRepository decides whether the caller may make repositories in a namespace
// with /api/v1. Superusers are not restricted there.
func (c *Caller) CreateRepository(ctx context.Context, namespace string) (Decision, error) {
	if u := c.id.user; c.perms.ownAndRestricted(u, namespace) && !c.perms.policy.SuperUsers[u.Name] {
		return c.deny(ReasonRestricted), nil
	}
	return c.needs(ctx, namespace, domain.TeamCreator)
}

// CreateByPush decides the same for /v1 and /v2, where superusers are restricted,
// too.
func (c *Caller) CreateByPush(ctx context.Context, namespace string) (Decision, error) {
	if c.perms.ownAndRestricted(c.id.user, namespace) {
		return c.deny(ReasonRestricted), nil
	}
	return c.needs(ctx, namespace, domain.TeamCreator)
}

// AdministerOrganization decides whether the caller administers a namespace; his own
// one, everybody does.
func (c *Caller) AdministerOrganization(ctx context.Context, name string) (Decision, error) {
	return c.needs(ctx, name, domain.TeamAdmin)
}

// ShowOrganization decides whether the caller may see what an organisation's
// administrators see.
func (c *Caller) ShowOrganization(ctx context.Context, name string) (Decision, error) {
	return c.orReadOnly(c.AdministerOrganization(ctx, name))
}

// MemberOfOrganization decides whether the caller is in any team of an organisation.
func (c *Caller) MemberOfOrganization(ctx context.Context, name string) (Decision, error) {
	return c.needs(ctx, name, domain.TeamMember)
}

func (c *Caller) needs(ctx context.Context, namespace string, need domain.TeamRole) (Decision, error) {
	role, unscoped, why, err := c.organization(ctx, namespace)
	if err != nil {
		return Decision{}, err
	}
	return compare(c, role, unscoped, need, why), nil
}

// ViewTeam decides whether the caller may see a team: its members and the
// organisation's administrators may.
func (c *Caller) ViewTeam(ctx context.Context, organization, team string) (Decision, error) {
	role, unscoped, why, err := c.organization(ctx, organization)
	if err != nil {
		return Decision{}, err
	}
	d := compare(c, role, unscoped, domain.TeamAdmin, why)
	if d.Allowed || !c.id.live {
		return d, nil
	}
	a, err := c.teams(ctx, organization)
	if err != nil || !a.Teams[team] {
		return d, err
	}
	return compare(c, c.caps.team, domain.TeamMember, domain.TeamMember, ReasonTeamMember), nil
}

// ShowTeam is ViewTeam for read-only superusers, too.
func (c *Caller) ShowTeam(ctx context.Context, organization, team string) (Decision, error) {
	return c.orReadOnly(c.ViewTeam(ctx, organization, team))
}

func (c *Caller) orReadOnly(d Decision, err error) (Decision, error) {
	if err == nil && !d.Allowed && c.readOnlySuperuser() {
		d = c.allow(ReasonReadOnlySuperuser)
	}
	return d, err
}

// SyncTeams decides whether the caller may have teams of an organisation follow a
// group. anyAdmin is FEATURE_NONSUPERUSER_TEAM_SYNCING_SETUP: otherwise it takes a
// superuser, who administers the organisation.
func (c *Caller) SyncTeams(ctx context.Context, organization string, anyAdmin bool) (Decision, error) {
	if d := c.Superuser(); !anyAdmin && !d.Allowed {
		return d, nil
	}
	return c.AdministerOrganization(ctx, organization)
}

// ReadAccount decides whether the caller may see an account's private side: nobody
// but itself may.
func (c *Caller) ReadAccount(name string) Decision { return c.account(name, domain.PermissionRead) }

// AdministerAccount decides whether the caller may change an account as its owner.
func (c *Caller) AdministerAccount(name string) Decision {
	return c.account(name, domain.PermissionAdmin)
}

func (c *Caller) account(name string, need domain.Permission) Decision {
	if !c.id.live || c.id.user.Name != name {
		return c.deny(ReasonNoRole)
	}
	return compare(c, c.caps.account, domain.PermissionAdmin, need, ReasonOwner)
}

// ManageOwnRobots decides whether the caller may make and change robots of his own.
func (c *Caller) ManageOwnRobots() Decision { return c.unrestricted() }

// CreateOrganization decides whether the caller may make organisations.
func (c *Caller) CreateOrganization() Decision {
	d := c.unrestricted()
	if d.Allowed && c.perms.policy.SuperUsersMakeOrganizations && !c.superuser() {
		return c.deny(ReasonSuperusersOnly)
	}
	return d
}

// unrestricted allows who administers his own account and is no restricted user.
func (c *Caller) unrestricted() Decision {
	switch {
	case !c.id.live:
		return c.deny(ReasonNoRole)
	case c.restricted():
		return c.deny(ReasonRestricted)
	}
	return c.AdministerAccount(c.id.user.Name)
}

// Superuser decides whether the caller may use what is for superusers.
func (c *Caller) Superuser() Decision {
	if c.superuser() {
		return c.allow(ReasonSuperuser)
	}
	if c.id.live && !c.perms.policy.ReadOnlySuperUsers[c.id.user.Name] && c.perms.policy.SuperUsers[c.id.user.Name] {
		return c.deny(ReasonScope)
	}
	return c.deny(ReasonNoRole)
}

// SuperuserFullAccess decides whether the caller may pass by all permissions
// (FEATURE_SUPERUSERS_FULL_ACCESS).
func (c *Caller) SuperuserFullAccess() Decision {
	d := c.Superuser()
	if d.Allowed && !c.perms.policy.SuperUsersFullAccess {
		return c.deny(ReasonNoRole)
	}
	return d
}

// ReadOnlySuperuser decides whether the caller is a read-only superuser, with
// whatever credential.
func (c *Caller) ReadOnlySuperuser() Decision {
	if u := c.id.user; u != nil && c.perms.policy.ReadOnlySuperUsers[u.Name] {
		return c.allow(ReasonReadOnlySuperuser)
	}
	return c.deny(ReasonNoRole)
}

// AnySuperuser decides whether the caller may see what superusers see.
func (c *Caller) AnySuperuser() Decision {
	if d := c.Superuser(); d.Allowed {
		return d
	}
	return c.ReadOnlySuperuser()
}
