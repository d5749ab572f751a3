package perms

import (
	"context"
	"slices"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

var web = domain.Name{Namespace: "acme", Repository: "web"}

func off(name string) *domain.User { return &domain.User{ID: 1, Name: name} }

func robot(name string) *domain.User {
	return &domain.User{ID: 1, Name: name, Robot: true, Enabled: true}
}

var full = Policy{
	AnonymousRead: true, SuperUsers: map[string]bool{"root": true, "both": true}, SuperUsersFullAccess: true,
	ReadOnlySuperUsers: map[string]bool{"auditor": true, "both": true},
}

// TestReasons proves for each kind of identity what it may do in the private
// repository acme/web, why, and what it is told.
func TestReasons(t *testing.T) {
	writer, owner := fakeStore{role: write}, fakeStore{team: domain.TeamAdmin}
	grant := []Grant{{web, write}, {domain.Name{Namespace: "acme", Repository: "api"}, admin}}
	for _, tc := range []struct {
		name   string
		id     Identity
		store  fakeStore
		need   domain.Permission
		reason Reason
		told   errs.Kind
	}{
		{"nobody", Anonymous(), writer, read, ReasonNobody, errs.Unauthenticated},
		{"a user without a role", User(user("bob")), fakeStore{}, read, ReasonNoRole, errs.Denied},
		{"a writer reads", User(user("bob")), writer, read, ReasonRole, 0},
		{"a writer writes", User(user("bob")), writer, write, ReasonRole, 0},
		{"a writer administers", User(user("bob")), writer, admin, ReasonNoRole, errs.Denied},
		{"an administrator of the organisation", User(user("bob")), owner, admin, ReasonOrganizationAdmin, 0},
		{"who created the organisation's repositories", User(user("bob")), fakeStore{team: domain.TeamCreator}, read, ReasonNoRole, errs.Denied},
		{"the owner of the namespace", User(user("acme")), fakeStore{}, admin, ReasonOwner, 0},
		{"the owner, disabled", User(off("acme")), owner, read, ReasonNobody, errs.Unauthenticated},
		{"an own robot without a role", User(robot("acme+bot")), fakeStore{}, read, ReasonNoRole, errs.Denied},
		{"a robot with a role", User(robot("acme+bot")), writer, write, ReasonRole, 0},
		{"a superuser's robot", User(robot("root+bot")), fakeStore{}, read, ReasonNoRole, errs.Denied},
		{"an app token", AppToken(user("bob")), writer, write, ReasonRole, 0},
		{"an app token of a disabled user", AppToken(off("bob")), writer, read, ReasonNobody, errs.Unauthenticated},
		{"a token to read, of a writer", OAuthToken(user("bob"), ReadRepositories), writer, read, ReasonRole, 0},
		{"the same to write", OAuthToken(user("bob"), ReadRepositories), writer, write, ReasonScope, errs.Denied},
		{"a token to administer, of a writer", OAuthToken(user("bob"), AdministerRepositories), writer, write, ReasonRole, 0},
		{"the same to administer", OAuthToken(user("bob"), AdministerRepositories), writer, admin, ReasonNoRole, errs.Denied},
		{"a token for organisations", OAuthToken(user("bob"), AdministerOrganizations), owner, read, ReasonScope, errs.Denied},
		{"a token to write, of an organisation's administrator", OAuthToken(user("bob"), WriteRepositories), owner, write, ReasonOrganizationAdmin, 0},
		{"an owner's token to read", OAuthToken(user("acme"), ReadRepositories), fakeStore{}, write, ReasonScope, errs.Denied},
		{"a token of no scope", OAuthToken(user("acme"), 0), fakeStore{}, read, ReasonScope, errs.Denied},
		{"a superuser", User(user("root")), fakeStore{}, admin, ReasonSuperuser, 0},
		{"a superuser's token", OAuthToken(user("root"), SuperuserAccess), fakeStore{}, admin, ReasonSuperuser, 0},
		{"a superuser's token for something else", OAuthToken(user("root"), AdministerRepositories), fakeStore{}, read, ReasonNoRole, errs.Denied},
		{"in both lists", User(user("both")), fakeStore{}, read, ReasonNoRole, errs.Denied},
		{"an access token", AccessToken(grant[0]), fakeStore{}, write, ReasonGrant, 0},
		{"an access token for more", AccessToken(grant[0]), owner, admin, ReasonNoRole, errs.Unauthenticated},
		{"an access token for another one", AccessToken(grant[1]), owner, read, ReasonNoRole, errs.Unauthenticated},
		{"a signed grant", SignedGrant(nil, grant), fakeStore{}, write, ReasonGrant, 0},
		{"a signed grant of a user", SignedGrant(user("bob"), grant), fakeStore{role: read}, write, ReasonNoRole, errs.Denied},
		{"a signed grant of a disabled user", SignedGrant(off("bob"), grant), writer, read, ReasonNobody, errs.Unauthenticated},
		{"a registry token", RegistryToken(user("bob"), grant), fakeStore{}, write, ReasonGrant, 0},
		{"a registry token of an owner, for another one", RegistryToken(user("acme"), grant[1:]), owner, read, ReasonNoRole, errs.Denied},
		{"a superuser's registry token", RegistryToken(user("root"), nil), owner, read, ReasonNoRole, errs.Denied},
	} {
		d, err := New(tc.store, full).Of(tc.id).Repository(t.Context(), web, Rule{Need: tc.need})
		if err != nil || d.Reason != tc.reason || d.Allowed != (tc.told == 0) || !d.Allowed && errs.KindOf(d.Err()) != tc.told || d.Allowed && d.Err() != nil {
			t.Errorf("%s: got %+v, %v, %v, want %s", tc.name, d, d.Err(), err, tc.reason)
		}
	}
}

// TestRules proves what the rules of handlers add to the plain permissions.
func TestRules(t *testing.T) {
	public, apps := fakeStore{public: true, kind: "image"}, fakeStore{public: true, kind: "application", role: write}
	dying := fakeStore{public: true, kind: "image", state: domain.StateMarkedForDeletion}
	shut, restricted := full, full
	shut.AnonymousRead = false
	restricted.RestrictedUsers, restricted.Unrestricted = true, map[string]bool{"free": true}
	but := restricted
	but.Unrestricted = map[string]bool{"acme": true}
	registryToken := func(name string) Identity { return RegistryToken(user(name), []Grant{{Repository: web, Role: write}}) }
	for _, tc := range []struct {
		name   string
		policy Policy
		id     Identity
		store  fakeStore
		rule   Rule
		reason Reason
		ok     bool
	}{
		{"nobody reads a public one", full, Anonymous(), public, APIRead, ReasonPublic, true},
		{"nobody administers it", full, Anonymous(), public, APIAdmin, ReasonNobody, false},
		{"nobody reads it in a closed registry", shut, Anonymous(), public, APIRead, ReasonNobody, false},
		{"a user reads it in a closed registry", shut, User(user("bob")), public, APIRead, ReasonPublic, true},
		{"a robot reads it in a closed registry", shut, User(robot("acme+bot")), public, Pull, ReasonPublic, true},
		{"an access token for another one, there", shut, AccessToken(Grant{Role: read}), public, Pull, ReasonPublic, true},
		{"a registry token for another one, there", shut, RegistryToken(user("bob"), nil), public, Pull, ReasonNoRole, false},
		{"a disabled user, there", shut, User(off("bob")), public, Pull, ReasonNobody, false},
		{"one that is being deleted", full, User(user("bob")), dying, APIRead, ReasonNoRole, false},
		{"a private one", full, User(user("bob")), fakeStore{kind: "image"}, APIRead, ReasonNoRole, false},
		{"a scope is not needed for what is public", full, OAuthToken(user("bob"), ReadAccount), public, APIRead, ReasonPublic, true},
		{"a read-only superuser reads", full, User(user("auditor")), fakeStore{}, APIRead, ReasonReadOnlySuperuser, true},
		{"a read-only superuser sees administrators' things", full, User(user("auditor")), fakeStore{}, APIShowAdmin, ReasonReadOnlySuperuser, true},
		{"a read-only superuser administers", full, User(user("auditor")), fakeStore{}, APIAdmin, ReasonNoRole, false},
		{"a read-only superuser writes with a role", full, User(user("auditor")), fakeStore{role: write}, APIWrite, ReasonRole, true},
		{"in both lists", full, User(user("both")), fakeStore{}, APIAdmin, ReasonNoRole, false},
		{"a read-only superuser's registry token", full, RegistryToken(user("auditor"), nil), fakeStore{}, Pull, ReasonNoRole, false},
		{"images of an application", full, User(user("bob")), apps, Pull, ReasonApplication, false},
		{"pushing to one", full, User(user("bob")), apps, Push, ReasonApplication, false},
		{"an application itself", full, User(user("bob")), apps, APIWrite, ReasonRole, true},
		{"a restricted user pushes to his own", restricted, registryToken("acme"), public, Push, ReasonRestricted, false},
		{"a restricted user pushes to another's", restricted, registryToken("bob"), public, Push, ReasonGrant, true},
		{"one of the whitelist pushes to his own", but, registryToken("acme"), public, Push, ReasonGrant, true},
		{"a restricted user pulls his own", restricted, User(user("acme")), public, Pull, ReasonOwner, true},
	} {
		d, err := New(tc.store, tc.policy).Of(tc.id).Repository(t.Context(), web, tc.rule)
		if err != nil || d.Allowed != tc.ok || d.Reason != tc.reason {
			t.Errorf("%s: got %+v, %v, want %v %s", tc.name, d, err, tc.ok, tc.reason)
		}
	}
	d, _ := New(apps, full).Of(Anonymous()).Repository(t.Context(), web, Pull)
	if err := d.Err(); !errs.Is(err, errs.Unsupported) || err.Error() != "This repository is for managing application and not container images." {
		t.Errorf("got %v", err)
	}
}

// TestNamespaces proves who administers the organisation acme, is a member of it,
// sees its team readers and makes repositories in it.
func TestNamespaces(t *testing.T) {
	restricted := full
	restricted.RestrictedUsers, restricted.Unrestricted = true, map[string]bool{"free": true}
	reader := map[string]bool{"readers": true}
	for _, tc := range []struct {
		name   string
		policy Policy
		id     Identity
		store  fakeStore
		// admin, member, view, create and push are a letter each.
		want string
	}{
		{"nobody", full, Anonymous(), fakeStore{}, ""},
		{"a stranger", full, User(user("bob")), fakeStore{}, ""},
		{"a member of the team", full, User(user("bob")), fakeStore{team: domain.TeamMember, teams: reader}, "mv"},
		{"a member of another team", full, User(user("bob")), fakeStore{team: domain.TeamMember}, "m"},
		{"a creator", full, User(user("bob")), fakeStore{team: domain.TeamCreator}, "mcp"},
		{"an administrator", full, User(user("bob")), fakeStore{team: domain.TeamAdmin}, "amvcp"},
		{"the owner of the name", full, User(user("acme")), fakeStore{}, "amvcp"},
		{"a superuser", full, User(user("root")), fakeStore{}, "amvcp"},
		{"a superuser without full access", powerless, User(user("root")), fakeStore{}, ""},
		{"a read-only superuser", full, User(user("auditor")), fakeStore{}, ""},
		{"a token to create, of an administrator", full, OAuthToken(user("bob"), CreateRepositories), fakeStore{team: domain.TeamAdmin}, "mcp"},
		{"a token to create, of a member", full, OAuthToken(user("bob"), CreateRepositories), fakeStore{team: domain.TeamMember, teams: reader}, "mv"},
		{"a token for organisations", full, OAuthToken(user("bob"), AdministerOrganizations), fakeStore{team: domain.TeamAdmin}, "amvcp"},
		{"a token for repositories", full, OAuthToken(user("bob"), AdministerRepositories), fakeStore{team: domain.TeamAdmin, teams: reader}, ""},
		{"a registry token", full, RegistryToken(user("bob"), []Grant{{web, admin}}), fakeStore{team: domain.TeamAdmin}, ""},
		{"an access token", full, AccessToken(Grant{web, admin}), fakeStore{team: domain.TeamAdmin}, ""},
		{"a restricted owner", restricted, User(user("acme")), fakeStore{}, "amv"},
		{"a restricted creator in an organisation", restricted, User(user("bob")), fakeStore{team: domain.TeamCreator}, "mcp"},
		{"a mirror that is open", mirror, Anonymous(), fakeStore{}, "amvcp"},
	} {
		c := New(tc.store, tc.policy).Of(tc.id)
		got := ""
		for _, q := range []struct {
			letter string
			ask    func() (Decision, error)
		}{
			{"a", func() (Decision, error) { return c.AdministerOrganization(t.Context(), "acme") }},
			{"m", func() (Decision, error) { return c.MemberOfOrganization(t.Context(), "acme") }},
			{"v", func() (Decision, error) { return c.ViewTeam(t.Context(), "acme", "readers") }},
			{"c", func() (Decision, error) { return c.CreateRepository(t.Context(), "acme") }},
			{"p", func() (Decision, error) { return c.CreateByPush(t.Context(), "acme") }},
		} {
			d, err := q.ask()
			if err != nil {
				t.Error(err)
			}
			if d.Allowed {
				got += q.letter
			}
		}
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

// TestRestrictedUsers proves what restricted users, their robots and superusers
// among them may make.
func TestRestrictedUsers(t *testing.T) {
	everyone := Policy{SuperUsers: map[string]bool{"root": true}, RestrictedUsers: true}
	but := everyone
	but.Unrestricted = map[string]bool{"free": true}
	orgs := but
	orgs.SuperUsersMakeOrganizations = true
	for _, tc := range []struct {
		name   string
		policy Policy
		id     Identity
		// own repositories by API and by push, robots and organisations.
		create, push, robots, orgs bool
	}{
		{"bob", everyone, User(user("bob")), false, false, false, false},
		{"without the switch", Policy{Unrestricted: map[string]bool{"free": true}}, User(user("bob")), true, true, true, true},
		{"one of the whitelist", but, User(user("free")), true, true, true, true},
		{"not one of it", but, User(user("bob")), false, false, false, false},
		{"a robot of one of the whitelist", but, User(robot("free+bot")), true, true, true, true},
		{"another robot", but, User(robot("bob+bot")), false, false, false, false},
		{"a superuser", everyone, User(user("root")), true, false, true, true},
		{"a superuser's token without the scope", everyone, OAuthToken(user("root"), AdministerAccount|CreateRepositories), true, false, false, false},
		{"only superusers make organisations", orgs, User(user("free")), true, true, true, false},
		{"and they do", orgs, User(user("root")), true, false, true, true},
		{"a token of one's own account", but, OAuthToken(user("free"), AdministerAccount), false, false, true, true},
		{"a token to read it", but, OAuthToken(user("free"), ReadAccount), false, false, false, false},
		{"nobody", but, Anonymous(), false, false, false, false},
	} {
		c := New(fakeStore{}, tc.policy).Of(tc.id)
		name := "nobody"
		if u := tc.id.Account(); u != nil {
			name = u.Name
		}
		create, err1 := c.CreateRepository(t.Context(), name)
		push, err2 := c.CreateByPush(t.Context(), name)
		got := []bool{create.Allowed, push.Allowed, c.ManageOwnRobots().Allowed, c.CreateOrganization().Allowed}
		if want := []bool{tc.create, tc.push, tc.robots, tc.orgs}; err1 != nil || err2 != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", tc.name, got, want)
		}
	}
}

// TestSuperusers proves who counts as a superuser with which credential.
func TestSuperusers(t *testing.T) {
	for _, tc := range []struct {
		name   string
		policy Policy
		id     Identity
		// superuser, full access, read-only, any: a letter each.
		want string
	}{
		{"root", full, User(user("root")), "sfa"},
		{"root without full access", powerless, User(user("root")), "sa"},
		{"root's app token", full, AppToken(user("root")), "sfa"},
		{"root's token for it", full, OAuthToken(user("root"), SuperuserAccess), "sfa"},
		{"root's token for something else", full, OAuthToken(user("root"), AdministerRepositories), ""},
		{"root's registry token", full, RegistryToken(user("root"), nil), ""},
		{"root, disabled", full, User(off("root")), ""},
		{"auditor", full, User(user("auditor")), "ra"},
		{"auditor's token for anything", full, OAuthToken(user("auditor"), ReadAccount), "ra"},
		{"auditor's registry token", full, RegistryToken(user("auditor"), nil), "ra"},
		{"auditor's registry token, when he is disabled", full, RegistryToken(off("auditor"), nil), ""},
		{"in both lists", full, User(user("both")), "ra"},
		{"bob", full, User(user("bob")), ""},
		{"nobody", full, Anonymous(), ""},
	} {
		c := New(fakeStore{}, tc.policy).Of(tc.id)
		got := ""
		for i, d := range []Decision{c.Superuser(), c.SuperuserFullAccess(), c.ReadOnlySuperuser(), c.AnySuperuser()} {
			if d.Allowed {
				got += "sfra"[i : i+1]
			}
		}
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
	if d := New(fakeStore{}, full).Of(OAuthToken(user("root"), ReadRepositories)).Superuser(); d.Reason != ReasonScope {
		t.Errorf("got %+v", d)
	}
}

// TestStatements proves what questions cost: one statement for a repository, one for
// an organisation, one for all organisations, and none where nothing depends on rows.
func TestStatements(t *testing.T) {
	asked := 0
	s := fakeStore{role: write, team: domain.TeamMember, public: true, kind: "image", asked: &asked}
	ctx := t.Context()
	repository := func(c *Caller) {
		for _, r := range []Rule{APIRead, APIWrite, APIAdmin, APIShowAdmin, Pull, Push} {
			_, _ = c.Repository(ctx, web, r)
		}
	}
	for _, tc := range []struct {
		name string
		id   Identity
		ask  func(c *Caller)
		want int
	}{
		{"one repository", User(user("bob")), repository, 1},
		{"one repository of an anonymous caller", Anonymous(), repository, 1},
		{"two repositories", User(user("bob")), func(c *Caller) {
			repository(c)
			_, _ = c.ReadRepository(ctx, domain.Name{Namespace: "acme", Repository: "api"})
		}, 2},
		{"an own one", User(user("acme")), func(c *Caller) { _, _ = c.AdministerRepository(ctx, web) }, 0},
		{"a superuser", User(user("root")), func(c *Caller) { _, _ = c.AdministerRepository(ctx, web) }, 0},
		{"a grant", AccessToken(Grant{web, write}), func(c *Caller) { _, _ = c.ModifyRepository(ctx, web) }, 0},
		{"one organisation", User(user("bob")), func(c *Caller) {
			for _, team := range []string{"a", "b", "c"} {
				_, _ = c.ViewTeam(ctx, "acme", team)
				_, _ = c.AdministerOrganization(ctx, "acme")
			}
		}, 1},
		{"a list of organisations", User(user("bob")), func(c *Caller) {
			_ = c.LoadOrganizations(ctx)
			_ = c.LoadOrganizations(ctx)
			for _, org := range []string{"acme", "other", "third"} {
				_, _ = c.MemberOfOrganization(ctx, org)
			}
		}, 1},
		{"the account itself", User(user("bob")), func(c *Caller) {
			c.AdministerAccount("bob")
			c.CreateOrganization()
			c.AnySuperuser()
		}, 0},
	} {
		asked = 0
		tc.ask(New(s, full).Of(tc.id))
		if asked != tc.want {
			t.Errorf("%s: %d statements, want %d", tc.name, asked, tc.want)
		}
	}
}

// TestFailure proves that a database which does not answer allows nothing.
func TestFailure(t *testing.T) {
	c := New(fakeStore{role: admin, team: domain.TeamAdmin, public: true, fail: errs.New(errs.Unavailable, "away")}, full).Of(User(user("bob")))
	for what, ask := range map[string]func(context.Context) (Decision, error){
		"repository":   func(ctx context.Context) (Decision, error) { return c.Repository(ctx, web, APIRead) },
		"organisation": func(ctx context.Context) (Decision, error) { return c.AdministerOrganization(ctx, "acme") },
		"creating":     func(ctx context.Context) (Decision, error) { return c.CreateRepository(ctx, "acme") },
		"team":         func(ctx context.Context) (Decision, error) { return c.ShowTeam(ctx, "acme", "readers") },
	} {
		if d, err := ask(t.Context()); d.Allowed || !errs.Is(err, errs.Unavailable) {
			t.Errorf("%s: %+v, %v", what, d, err)
		}
	}
	if err := c.LoadOrganizations(t.Context()); !errs.Is(err, errs.Unavailable) {
		t.Errorf("got %v", err)
	}
}

// BenchmarkPull is the rules' own share of the pull path's check.
func BenchmarkPull(b *testing.B) {
	p, bob, ctx := New(fakeStore{role: read, kind: "image"}, full), user("bob"), b.Context()
	repo := &domain.Repository{ID: 1, Name: web}
	wanted := []string{"pull"}
	b.ReportAllocs()
	for b.Loop() {
		if got, err := p.Of(User(bob)).Actions(ctx, web, repo, wanted); err != nil || len(got) != 1 {
			b.Fatal(got, err)
		}
	}
}
