package store

import (
	"context"
	"slices"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/perms"
)

// checker compares a decision with what the reference says.
type checker func(what string, d perms.Decision, err error, want bool)

// compareRepository asks everything about one repository.
func compareRepository(ctx context.Context, check checker, c *perms.Caller, ref *reference, name domain.Name) {
	read := ref.repository(name, "read", "write", "admin")
	write := ref.repository(name, "write", "admin")
	admin := ref.repository(name, "admin")
	readOnly := ref.can(false, "readonly")
	restricted := ref.inOwn(name.Namespace) && ref.restricted() && !ref.can(false, "superuser")
	row, there := ref.w.repos[name]
	images := !there || row.images

	ask := func(what string, rule perms.Rule, want bool) {
		d, err := c.Repository(ctx, name, rule)
		check(what+" "+name.String(), d, err, want)
	}
	ask("read", perms.APIRead, read || ref.public(name) || readOnly)
	ask("write", perms.APIWrite, write)
	ask("administer", perms.APIAdmin, admin)
	ask("show administrators", perms.APIShowAdmin, admin || readOnly)
	ask("pull", perms.Pull, (read || ref.public(name) || readOnly) && images)
	ask("push", perms.Push, write && !restricted && images)
	for what, question := range map[string]struct {
		ask  func(context.Context, domain.Name) (perms.Decision, error)
		want bool
	}{
		"hold read": {c.ReadRepository, read}, "hold write": {c.ModifyRepository, write}, "hold admin": {c.AdministerRepository, admin},
	} {
		d, err := question.ask(ctx, name)
		check(what+" "+name.String(), d, err, question.want)
	}
}

// compareNamespace asks everything about one organisation or account.
func compareNamespace(ctx context.Context, check checker, c *perms.Caller, ref *reference, name string) {
	admin := ref.org(name, "admin")
	readOnly := ref.can(false, "readonly")
	creator := ref.org(name, "creator", "admin")
	restricted := ref.inOwn(name) && ref.restricted()
	for what, question := range map[string]struct {
		ask  func(context.Context, string) (perms.Decision, error)
		want bool
	}{
		"administer": {c.AdministerOrganization, admin},
		"show":       {c.ShowOrganization, admin || readOnly},
		"member of":  {c.MemberOfOrganization, ref.org(name, "member", "creator", "admin")},
		"create in":  {c.CreateRepository, creator && !(restricted && !ref.w.policy.SuperUsers[name])},
		"push to":    {c.CreateByPush, creator && !restricted},
	} {
		d, err := question.ask(ctx, name)
		check(what+" "+name, d, err, question.want)
	}
	for _, anyAdmin := range []bool{true, false} {
		d, err := c.SyncTeams(ctx, name, anyAdmin)
		check("sync teams of "+name, d, err, admin && (anyAdmin || ref.can(false, "superuser")))
	}
	for _, team := range []string{"team0", "team2", "none"} {
		full := name + "/" + team
		view := ref.can(true, "team "+full+" admin", "team "+full+" creator", "team "+full+" member", "org "+name+" admin")
		d, err := c.ViewTeam(ctx, name, team)
		check("view "+full, d, err, view)
		d, err = c.ShowTeam(ctx, name, team)
		check("show "+full, d, err, view || readOnly)
	}
	check("read account "+name, c.ReadAccount(name), nil, ref.can(false, "user "+name+" read", "user "+name+" admin"))
	check("administer account "+name, c.AdministerAccount(name), nil, ref.can(false, "user "+name+" admin"))
}

// compareAccount asks everything about the caller himself.
func compareAccount(check checker, c *perms.Caller, ref *reference) {
	super, policy := ref.can(false, "superuser"), ref.w.policy
	own, listed := false, false
	if u := ref.c.user; u != nil {
		own = ref.can(false, "user "+u.Name+" admin") && !(ref.restricted() && !super)
		listed = policy.ReadOnlySuperUsers[u.Name]
	}
	check("own robots", c.ManageOwnRobots(), nil, own)
	check("create organisations", c.CreateOrganization(), nil, own && (super || !policy.SuperUsersMakeOrganizations))
	check("superuser", c.Superuser(), nil, super)
	check("full access", c.SuperuserFullAccess(), nil, super && policy.SuperUsersFullAccess)
	check("read-only superuser", c.ReadOnlySuperuser(), nil, listed)
	check("any superuser", c.AnySuperuser(), nil, super || listed)
}

// compareLists compares what the filter of lists lets through with what the rows say
// of each repository, and pages with the whole.
func compareLists(f *fixture, u *domain.User, ref *reference) {
	f.t.Helper()
	for _, filter := range []domain.RepositoryFilter{
		{}, {Public: true}, {All: true}, {Namespace: "acme"}, {Namespace: "alice", Public: true}, {Namespace: "blue", All: true}, {Kind: "application"},
	} {
		filter.Viewer, filter.Limit = u.ID, 100
		if filter.Kind == "" {
			filter.Kind = "image"
		}
		whole, err := f.VisibleRepositories(f.ctx, filter)
		f.must(err)
		var want []string
		for _, name := range worldRepos {
			row, n := ref.w.repos[parseName(name)], parseName(name)
			held := slices.ContainsFunc([]string{"read", "write", "admin"}, func(role string) bool {
				return ref.provides["repo "+name+" "+role] || ref.provides["orgrepo "+n.Namespace+" "+role]
			})
			if !row.dying && row.images == (filter.Kind == "image") && (filter.Namespace == "" || filter.Namespace == n.Namespace) &&
				(held || filter.All || filter.Public && row.public) {
				want = append(want, name)
			}
		}
		var got []string
		for i, r := range whole {
			got = append(got, r.Name.String())
			filter.From, filter.Limit = r.ID, 1
			if page, err := f.VisibleRepositories(f.ctx, filter); err != nil || len(page) != 1 || page[0] != whole[i] {
				f.t.Errorf("a page from %d: %+v, %v", r.ID, page, err)
			}
		}
		if !slices.Equal(got, want) {
			f.t.Errorf("%s with %+v: got %v, want %v", u.Name, filter, got, want)
		}
	}
}
