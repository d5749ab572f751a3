package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/perms"
)

// registry is a small random registry. Its rows are kept a second time as plain lists,
// for the reference.
type registry struct {
	users   map[string]*domain.User
	orgs    []string
	repos   map[domain.Name]repoRow
	teams   []teamRow
	members [][2]string // user, "organisation/team"
	roles   []roleRow
	policy  perms.Policy
}

type repoRow struct {
	id                    domain.RepositoryID
	public, dying, images bool
}

type teamRow struct {
	org, name string
	role      domain.TeamRole
	id        domain.TeamID
}

// roleRow is a role of an account or of a team, by "organisation/team".
type roleRow struct {
	who  string
	repo domain.Name
	role domain.Permission
}

var (
	worldUsers = []string{"alice", "bob", "alice+bot", "acme+bot"}
	worldOrgs  = []string{"acme", "blue"}
	worldRepos = []string{"acme/a", "acme/b", "blue/a", "alice/a", "bob/b"}
)

// newRegistry fills a database at random.
func newRegistry(f *fixture, random *rand.Rand) *registry {
	some := func(names ...string) map[string]bool {
		m := map[string]bool{}
		for _, n := range names {
			if random.IntN(3) == 0 {
				m[n] = true
			}
		}
		return m
	}
	w := &registry{users: map[string]*domain.User{}, orgs: worldOrgs, repos: map[domain.Name]repoRow{}, policy: perms.Policy{
		AnonymousRead: random.IntN(3) > 0, SuperUsersFullAccess: random.IntN(2) > 0, RestrictedUsers: random.IntN(2) > 0,
		SuperUsers: some("alice", "bob"), ReadOnlySuperUsers: some("alice", "bob"), Unrestricted: some("alice", "bob"),
		SuperUsersMakeOrganizations: random.IntN(2) > 0,
	}}
	for _, name := range worldUsers {
		robot := strings.Contains(name, "+")
		id := f.person(name)
		f.exec(`UPDATE "user" SET robot = $2 WHERE id = $1`, id, robot)
		w.users[name] = &domain.User{ID: id, Name: name, Robot: robot, Enabled: random.IntN(8) > 0}
	}
	for _, org := range w.orgs {
		id := f.orgOf(org, 0)
		for i := range random.IntN(4) {
			t := teamRow{org: org, name: fmt.Sprintf("team%d", i), role: domain.TeamRole(1 + random.IntN(3))}
			t.id = f.teamOf(id, t.name, t.role)
			w.teams = append(w.teams, t)
		}
	}
	for _, name := range worldRepos {
		r := repoRow{public: random.IntN(2) > 0, dying: random.IntN(6) == 0, images: random.IntN(4) > 0}
		r.id = f.create(domain.NewRepository{Name: parseName(name), Public: r.public})
		if r.dying {
			f.exec(`UPDATE repository SET state = 3 WHERE id = $1`, r.id)
		}
		if !r.images {
			f.exec(`UPDATE repository SET kind_id = (SELECT id FROM repositorykind WHERE name = 'application') WHERE id = $1`, r.id)
		}
		w.repos[parseName(name)] = r
	}
	w.connect(f, random)
	return w
}

// connect puts accounts into teams and gives roles.
func (w *registry) connect(f *fixture, random *rand.Rand) {
	for _, t := range w.teams {
		for _, name := range worldUsers {
			if random.IntN(4) == 0 {
				f.exec(`INSERT INTO teammember (user_id, team_id) VALUES ($1, $2)`, w.users[name].ID, t.id)
				w.members = append(w.members, [2]string{name, t.org + "/" + t.name})
			}
		}
	}
	for _, repo := range worldRepos {
		name := parseName(repo)
		for _, user := range worldUsers {
			if role := domain.Permission(random.IntN(7)); role != 0 && role <= domain.PermissionAdmin {
				f.give(w.repos[name].id, "user_id", w.users[user].ID, role)
				w.roles = append(w.roles, roleRow{user, name, role})
			}
		}
		for _, t := range w.teams {
			if role := domain.Permission(random.IntN(7)); role != 0 && role <= domain.PermissionAdmin {
				f.give(w.repos[name].id, "team_id", t.id, role)
				w.roles = append(w.roles, roleRow{t.org + "/" + t.name, name, role})
			}
		}
	}
}

// credential is how somebody asks, described twice: as the rules know it, and for
// the reference.
type credential struct {
	perms.Identity
	text   string
	user   *domain.User // nil for nobody or a disabled account
	scopes []string     // of accounts
	live   bool
	grants []perms.Grant
}

// credentials are all kinds of them for all accounts.
func (w *registry) credentials(random *rand.Rand) (list []credential) {
	grants := []perms.Grant{
		{Repository: parseName(worldRepos[random.IntN(len(worldRepos))]), Role: domain.Permission(1 + random.IntN(3))},
		{Repository: parseName(worldRepos[random.IntN(len(worldRepos))]), Role: domain.Permission(1 + random.IntN(3))},
	}
	list = append(list,
		credential{Identity: perms.Anonymous(), text: "nobody"},
		credential{Identity: perms.AccessToken(grants[0]), text: "access token", grants: grants[:1]},
		credential{Identity: perms.SignedGrant(nil, grants), text: "signed grant", grants: grants},
		credential{Identity: perms.RegistryToken(nil, grants), text: "nobody's registry token", grants: grants})
	direct := []string{"direct_user_login"}
	for _, name := range worldUsers {
		u := w.users[name]
		acting := u
		if !u.Enabled {
			acting = nil
		}
		live := acting != nil
		var scopes []string
		for _, s := range perms.Offered(true) {
			if random.IntN(3) == 0 {
				scopes = append(scopes, s.Name)
			}
		}
		list = append(list,
			credential{perms.User(u), name, acting, direct, live, nil},
			credential{perms.AppToken(u), name + "'s app token", acting, direct, live, nil},
			credential{perms.SignedGrant(u, grants), name + "'s signed grant", acting, direct, live, nil},
			credential{perms.OAuthToken(u, perms.ParseScopes(strings.Join(scopes, " "))), name + "'s token of " + fmt.Sprint(scopes), acting, scopes, live, nil},
			credential{perms.RegistryToken(u, grants), name + "'s registry token", acting, nil, false, grants})
	}
	return list
}

// reference evaluates the product's model slowly: everything that a credential
// provides is written down, and a permission needs one of several things.
type reference struct {
	w        *registry
	c        credential
	provides map[string]bool
}

var roleOrder = map[string][]string{"repo": {"", "read", "write", "admin"}, "team": {"", "member", "creator", "admin"}, "user": {"", "read", "admin"}}

var scopeLimits = map[string]map[string]string{
	"repo": {"repo:read": "read", "repo:write": "write", "repo:admin": "admin", "direct_user_login": "admin"},
	"team": {"repo:create": "creator", "org:admin": "admin", "direct_user_login": "admin"},
	"user": {"user:read": "read", "user:admin": "admin", "direct_user_login": "admin"},
}

// limited is what scopes leave of a role.
func (r *reference) limited(kind, role string) string {
	strongest := 0
	for _, s := range r.c.scopes {
		strongest = max(strongest, slices.Index(roleOrder[kind], scopeLimits[kind][s]))
	}
	return roleOrder[kind][min(strongest, slices.Index(roleOrder[kind], role))]
}

func evaluate(w *registry, c credential) *reference {
	r := &reference{w, c, map[string]bool{}}
	for _, g := range c.grants {
		r.provides["repo "+g.Repository.String()+" "+g.Role.String()] = true
	}
	if !c.live {
		return r
	}
	name := c.user.Name
	r.provides["user "+name+" "+r.limited("user", "admin")] = true
	r.provides["org "+name+" "+r.limited("team", "admin")] = true
	r.provides["orgrepo "+name+" "+r.limited("repo", "admin")] = true
	teams := []string{name}
	for _, m := range w.members {
		for _, t := range w.teams {
			if m[0] != name || m[1] != t.org+"/"+t.name {
				continue
			}
			teams = append(teams, m[1])
			r.provides["org "+t.org+" "+r.limited("team", t.role.String())] = true
			r.provides["team "+m[1]+" "+r.limited("team", t.role.String())] = true
			if t.role == domain.TeamAdmin {
				r.provides["orgrepo "+t.org+" "+r.limited("repo", "admin")] = true
			}
		}
	}
	for _, row := range w.roles {
		if slices.Contains(teams, row.who) {
			r.provides["repo "+row.repo.String()+" "+r.limited("repo", row.role.String())] = true
		}
	}
	scoped := slices.Contains(c.scopes, "direct_user_login") || slices.Contains(c.scopes, "super:user")
	if w.policy.ReadOnlySuperUsers[name] {
		r.provides["readonly"] = true
	} else if scoped && w.policy.SuperUsers[name] {
		r.provides["superuser"] = true
	}
	return r
}

// can reports whether any of what is needed is provided; for something in a
// namespace, a superuser with full access needs nothing.
func (r *reference) can(namespaced bool, needs ...string) bool {
	return namespaced && r.provides["superuser"] && r.w.policy.SuperUsersFullAccess ||
		slices.ContainsFunc(needs, func(n string) bool { return r.provides[n] })
}

func (r *reference) repository(name domain.Name, roles ...string) bool {
	var needs []string
	for _, role := range roles {
		needs = append(needs, "repo "+name.String()+" "+role, "orgrepo "+name.Namespace+" "+role)
	}
	return r.can(true, needs...)
}

func (r *reference) org(name string, roles ...string) bool {
	var needs []string
	for _, role := range roles {
		needs = append(needs, "org "+name+" "+role)
	}
	return r.can(true, needs...)
}

func (r *reference) restricted() bool {
	if r.c.user == nil || !r.w.policy.RestrictedUsers {
		return false
	}
	return !r.w.policy.Unrestricted[strings.Split(r.c.user.Name, "+")[0]]
}

func (r *reference) inOwn(namespace string) bool {
	return r.c.user != nil && r.c.user.Name == namespace
}

// public reports whether the caller sees a repository because everybody does.
func (r *reference) public(name domain.Name) bool {
	row, there := r.w.repos[name]
	open := r.w.policy.AnonymousRead || r.c.live || len(r.c.grants) > 0 && r.c.Kind() != perms.KindRegistryToken
	return there && row.public && !row.dying && open
}

// TestPermissionModel proves, in random small registries, that the decisions, of one
// statement each, are those of the slow reference.
func TestPermissionModel(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { permissionModel(t, open, 12) })
	t.Run("postgres", func(t *testing.T) { permissionModel(t, openServer, 3) })
}

func permissionModel(t *testing.T, open func(testing.TB) *fixture, worlds uint64) {
	decided := map[bool]int{}
	for seed := range worlds {
		random := rand.New(rand.NewPCG(seed, 7))
		f := open(t)
		w := newRegistry(f, random)
		rules := perms.New(f.Store, w.policy)
		for _, c := range w.credentials(random) {
			caller, ref := rules.Of(c.Identity), evaluate(w, c)
			check := func(what string, d perms.Decision, err error, want bool) {
				t.Helper()
				f.must(err)
				decided[want]++
				if d.Allowed != want {
					t.Errorf("seed %d: %s, %s: got %+v, want %v\npolicy %+v\nprovides %v", seed, c.text, what, d, want, w.policy, ref.provides)
				}
			}
			for _, name := range append(slices.Clone(worldRepos), "acme/none", "none/none") {
				compareRepository(t.Context(), check, caller, ref, parseName(name))
			}
			for _, name := range append(slices.Clone(worldUsers), "acme", "blue", "none") {
				compareNamespace(t.Context(), check, caller, ref, name)
			}
			compareAccount(check, caller, ref)
			if c.live && c.text == c.user.Name {
				compareLists(f, c.user, ref)
			}
		}
	}
	if n := int(worlds) * 500; decided[true] < n || decided[false] < n {
		t.Errorf("the registries were not varied enough: %v", decided)
	}
}
