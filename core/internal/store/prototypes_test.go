package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
)

// given lists the roles in a repository in the order in which they were given, as
// "team readers read" and "user bob read".
func (f *fixture) given(repo domain.RepositoryID) (list []string) {
	f.t.Helper()
	f.must(f.rows(f.ctx, `
SELECT CASE WHEN p.team_id IS NULL THEN 'user ' || u.username ELSE 'team ' || t.name END || ' ' || r.name
FROM repositorypermission p JOIN role r ON r.id = p.role_id
LEFT JOIN team t ON t.id = p.team_id LEFT JOIN "user" u ON u.id = p.user_id
WHERE p.repository_id = $1 ORDER BY p.id`, func(r scanner) error {
		var s string
		err := r.Scan(&s)
		list = append(list, s)
		return err
	}, repo))
	return list
}

// orgOf makes an organisation and returns its id.
func (f *fixture) orgOf(name string, owner domain.UserID) domain.UserID {
	f.t.Helper()
	var id int64
	f.must(f.change(f.ctx, true, func(tx *Tx) (err error) {
		id, err = tx.createOrganization(name, owner)
		return err
	}))
	return domain.UserID(id)
}

// teamOf makes a team with members and returns its id.
func (f *fixture) teamOf(organization domain.UserID, name string, role domain.TeamRole, members ...domain.UserID) domain.TeamID {
	f.t.Helper()
	var id int64
	f.must(f.change(f.ctx, true, func(tx *Tx) error {
		var roleID int64
		err := tx.row(teamRoleByName, role.String()).Scan(&roleID)
		if err == nil {
			id, err = tx.insert(insertTeam, name, organization, roleID, "")
		}
		for _, m := range members {
			if err == nil {
				_, err = tx.insert(insertTeamMember, m, id)
			}
		}
		return err
	}))
	return domain.TeamID(id)
}

// applyDefaults is what the making of a repository does.
func (f *fixture) applyDefaults(repo domain.RepositoryID, organization, creator domain.UserID) {
	f.t.Helper()
	f.must(f.change(f.ctx, true, func(tx *Tx) error { return tx.applyDefaultPermissions(repo, organization, creator) }))
}

// TestDefaultPermissions proves which roles a new repository gets: those of the
// recorded making of a repository by devtable and by public in an organisation with
// three prototypes.
func TestDefaultPermissions(t *testing.T) { each(t, testDefaultPermissions) }

func testDefaultPermissions(t *testing.T, f *fixture) {
	devtable, public := f.person("devtable"), f.person("public")
	org := f.orgOf("buynlarge", devtable)
	readers := f.teamOf(org, "readers", domain.TeamMember)
	for _, p := range []struct {
		activator, user domain.UserID
		team            domain.TeamID
		role            domain.Permission
	}{
		{activator: devtable, user: public, role: domain.PermissionRead},
		{activator: devtable, team: readers, role: domain.PermissionRead},
		{activator: public, user: devtable, role: domain.PermissionWrite},
	} {
		_, err := f.CreatePrototype(f.ctx, org, p.activator, p.user, p.team, p.role)
		f.must(err)
	}
	for creator, want := range map[domain.UserID][]string{
		devtable: {"team readers read", "user public read"},
		public:   {"user devtable write"},
	} {
		repo := f.create(domain.NewRepository{Name: parseName(fmt.Sprintf("buynlarge/by%d", creator))})
		f.applyDefaults(repo, org, creator)
		if got := f.given(repo); !slices.Equal(got, want) {
			t.Errorf("made by %d: got %q, want %q", creator, got, want)
		}
	}
	// The team goes; its prototype stays without a delegate, as after the product's
	// deletion of an organisation.
	f.exec(`UPDATE permissionprototype SET delegate_team_id = NULL`)
	repo := f.create(domain.NewRepository{Name: parseName("buynlarge/later")})
	f.applyDefaults(repo, org, devtable)
	if got, want := f.given(repo), []string{"user public read"}; !slices.Equal(got, want) {
		t.Errorf("with a prototype for nobody: got %q, want %q", got, want)
	}
}

// TestPrecedenceOfPrototypes proves, for random prototypes, that the statements
// choose what the product's loop chooses.
func TestPrecedenceOfPrototypes(t *testing.T) { each(t, testPrecedenceOfPrototypes) }

func testPrecedenceOfPrototypes(t *testing.T, f *fixture) {
	creator, other := f.person("creator"), f.person("other")
	org := f.orgOf("acme", creator)
	users := map[string]domain.UserID{"creator": creator, "other": other, "bob": f.person("bob")}
	teams := map[string]domain.TeamID{"red": f.teamOf(org, "red", domain.TeamMember), "blue": f.teamOf(org, "blue", domain.TeamMember)}
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 60 {
		f.exec(`DELETE FROM permissionprototype`)
		var rules []rule
		for range random.IntN(8) {
			r := rule{
				activator: []domain.UserID{0, creator, other}[random.IntN(3)], role: domain.Permission(1 + random.IntN(3)),
				delegate: []string{"user creator", "user other", "user bob", "team red", "team blue"}[random.IntN(5)],
			}
			kind, name, _ := strings.Cut(r.delegate, " ")
			var user domain.UserID
			var team domain.TeamID
			if kind == "team" {
				team = teams[name]
			} else {
				user = users[name]
			}
			_, err := f.CreatePrototype(f.ctx, org, r.activator, user, team, r.role)
			f.must(err)
			rules = append(rules, r)
		}
		repo := f.create(domain.NewRepository{Name: parseName(fmt.Sprintf("acme/r%d", round))})
		f.applyDefaults(repo, org, creator)
		got := f.given(repo)
		want := append(chosen(rules, "team ", creator), chosen(rules, "user ", creator)...)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: got %q, want %q", rules, got, want)
		}
	}
}

// rule is a prototype of a test.
type rule struct {
	activator domain.UserID
	delegate  string
	role      domain.Permission
}

// chosen walks over the rules as the product does: a rule for anybody does not
// replace what is there.
func chosen(rules []rule, kind string, creator domain.UserID) (list []string) {
	final := map[string]domain.Permission{}
	for _, r := range rules {
		if !strings.HasPrefix(r.delegate, kind) || r.activator != 0 && r.activator != creator {
			continue
		}
		if _, there := final[r.delegate]; there && r.activator == 0 {
			continue
		}
		final[r.delegate] = r.role
	}
	for delegate, role := range final {
		if delegate != "user creator" {
			list = append(list, delegate+" "+role.String())
		}
	}
	return list
}

// TestPrototypes proves how an organisation's default permissions are listed,
// changed and deleted, and that those of another organisation are out of reach.
func TestPrototypes(t *testing.T) { each(t, testPrototypes) }

func testPrototypes(t *testing.T, f *fixture) {
	owner, bob := f.person("owner"), f.person("bob")
	acme, other := f.orgOf("acme", owner), f.orgOf("other", owner)
	readers := f.teamOf(acme, "readers", domain.TeamMember)
	first, err := f.CreatePrototype(f.ctx, acme, owner, bob, 0, domain.PermissionRead)
	f.must(err)
	second, err := f.CreatePrototype(f.ctx, acme, 0, 0, readers, domain.PermissionAdmin)
	f.must(err)

	list, err := f.Prototypes(f.ctx, acme, "")
	f.must(err)
	if len(list) != 2 || list[0].UUID != first || list[1].UUID != second {
		t.Fatalf("got %+v", list)
	}
	if p := list[0]; p.Role != domain.PermissionRead || p.Team != "" || p.Activator == nil || p.Activator.Name != "owner" ||
		!p.Activator.OrganizationMember || p.User == nil || p.User.ID != bob || p.User.Email != "bob@example.com" || p.User.OrganizationMember {
		t.Errorf("got %+v, activator %+v, user %+v", p, p.Activator, p.User)
	}
	if p := list[1]; p.Role != domain.PermissionAdmin || p.Team != "readers" || p.Activator != nil || p.User != nil {
		t.Errorf("got %+v", p)
	}

	for _, tc := range []struct {
		org domain.UserID
		id  string
		ok  bool
	}{{other, first, false}, {acme, "", false}, {acme, first, true}} {
		if ok, err := f.SetPrototypeRole(f.ctx, tc.org, tc.id, domain.PermissionWrite); err != nil || ok != tc.ok {
			t.Errorf("change of %q: %v, %v", tc.id, ok, err)
		}
	}
	one, err := f.Prototypes(f.ctx, acme, first)
	f.must(err)
	if len(one) != 1 || one[0].Role != domain.PermissionWrite {
		t.Errorf("got %+v", one)
	}
	if none, err := f.Prototypes(f.ctx, other, first); err != nil || len(none) != 0 {
		t.Errorf("of another organisation: %+v, %v", none, err)
	}
	for _, tc := range []struct {
		org domain.UserID
		ok  bool
	}{{other, false}, {acme, true}, {acme, false}} {
		if ok, err := f.DeletePrototype(f.ctx, tc.org, first); err != nil || ok != tc.ok {
			t.Errorf("deletion: %v, %v", ok, err)
		}
	}
}
