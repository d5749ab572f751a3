package store

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// give gives a role to an account (user_id) or a team (team_id).
func (f *fixture) give(repo domain.RepositoryID, column string, who any, role domain.Permission) {
	f.t.Helper()
	f.exec(statement(`INSERT INTO repositorypermission (`+column+`, repository_id, role_id)
		SELECT $1, $2, id FROM role WHERE name = $3`), who, repo, role.String())
}

// TestRepositoryAccess proves that the strongest of an account's roles counts,
// given directly or through teams, and what is said of the repository itself.
func TestRepositoryAccess(t *testing.T) { each(t, testRepositoryAccess) }

func testRepositoryAccess(t *testing.T, f *fixture) {
	alice, bob := f.person("alice"), f.person("bob")
	acme, other := f.orgOf("acme", 0), f.orgOf("other", 0)
	web := f.create(domain.NewRepository{Name: parseName("acme/web"), Public: true})
	f.give(f.create(domain.NewRepository{Name: parseName("acme/api")}), "user_id", alice, domain.PermissionAdmin)
	f.give(f.create(domain.NewRepository{Name: parseName("other/web")}), "user_id", alice, domain.PermissionAdmin)
	f.teamOf(other, "owner", domain.TeamAdmin, alice)

	expect := func(when string, user domain.UserID, name string, want domain.Access) {
		t.Helper()
		got, err := f.RepositoryAccess(f.ctx, user, parseName(name))
		f.must(err)
		if got != want {
			t.Errorf("%s: got %+v, want %+v", when, got, want)
		}
	}
	want := domain.Access{Repository: web, Public: true, Kind: "image"}
	expect("no role", alice, "acme/web", want)
	f.give(web, "user_id", alice, domain.PermissionRead)
	want.Role = domain.PermissionRead
	expect("direct", alice, "acme/web", want)
	f.give(web, "team_id", f.teamOf(acme, "writers", domain.TeamMember, alice), domain.PermissionWrite)
	want.Role, want.TeamRole = domain.PermissionWrite, domain.TeamMember
	expect("through a team", alice, "acme/web", want)
	f.give(web, "team_id", f.teamOf(acme, "readers", domain.TeamCreator, alice), domain.PermissionRead)
	want.TeamRole = domain.TeamCreator
	expect("second team", alice, "acme/web", want)
	f.give(web, "team_id", f.teamOf(acme, "others", domain.TeamAdmin, bob), domain.PermissionAdmin)
	expect("somebody else's team", alice, "acme/web", want)
	f.teamOf(acme, "admins", domain.TeamAdmin, alice)
	want.TeamRole = domain.TeamAdmin
	expect("administrators", alice, "acme/web", want)

	expect("nobody", 0, "acme/web", domain.Access{Repository: web, Public: true, Kind: "image"})
	expect("a repository that is not there", alice, "acme/none", domain.Access{TeamRole: domain.TeamAdmin})
	expect("a namespace that is not there", alice, "none/web", domain.Access{})
	f.exec(`UPDATE repository SET state = 3, kind_id = (SELECT id FROM repositorykind WHERE name = 'application'),
		visibility_id = (SELECT id FROM visibility WHERE name = 'private') WHERE id = $1`, web)
	want.State, want.Kind, want.Public = domain.StateMarkedForDeletion, "application", false
	expect("private, of applications, being deleted", alice, "acme/web", want)
	f.exec(`UPDATE "user" SET organization = FALSE WHERE id = $1`, acme)
	want.TeamRole = domain.TeamNone
	expect("no organisation", alice, "acme/web", want)
}

// TestOrganizationAccess proves which teams and roles an account has in one and in
// all organisations.
func TestOrganizationAccess(t *testing.T) { each(t, testOrganizationAccess) }

func testOrganizationAccess(t *testing.T, f *fixture) {
	alice, bob := f.person("alice"), f.person("bob")
	acme, other := f.orgOf("acme", bob), f.orgOf("other", alice)
	f.teamOf(acme, "readers", domain.TeamMember, alice, bob)
	f.teamOf(acme, "makers", domain.TeamCreator, alice)
	f.teamOf(other, "empty", domain.TeamMember)
	for _, tc := range []struct {
		user domain.UserID
		org  string
		role domain.TeamRole
		want []string
	}{
		{alice, "acme", domain.TeamCreator, []string{"makers", "readers"}},
		{alice, "other", domain.TeamAdmin, []string{"owners"}},
		{bob, "acme", domain.TeamAdmin, []string{"owners", "readers"}},
		{bob, "other", domain.TeamNone, nil},
		{bob, "none", domain.TeamNone, nil},
	} {
		got, err := f.OrganizationAccess(f.ctx, tc.user, tc.org)
		f.must(err)
		if got.TeamRole != tc.role || !slices.Equal(slices.Sorted(maps.Keys(got.Teams)), tc.want) {
			t.Errorf("%d in %s: got %+v", tc.user, tc.org, got)
		}
		all, err := f.OrganizationsAccess(f.ctx, tc.user)
		f.must(err)
		if all[tc.org].TeamRole != got.TeamRole || !maps.Equal(all[tc.org].Teams, got.Teams) {
			t.Errorf("%d in all: got %+v, want %+v", tc.user, all[tc.org], got)
		}
	}
}

// TestMirrorRobot proves which robot fills a mirror, of its own or of its
// organisation's configuration.
func TestMirrorRobot(t *testing.T) { each(t, testMirrorRobot) }

func testMirrorRobot(t *testing.T, f *fixture) {
	robot := f.person("robot")
	org := f.orgOf("acme", 0)
	own := f.create(domain.NewRepository{Name: parseName("acme/own")})
	found := f.create(domain.NewRepository{Name: parseName("acme/found")})
	for _, state := range []domain.RepositoryState{domain.StateNormal, domain.StateMirror, domain.StateOrgMirror} {
		_, err := f.MirrorRobot(f.ctx, &domain.Repository{ID: own, State: state})
		wantKind(t, "no mirror", err, errs.NotFound)
	}
	f.exec(`INSERT INTO repomirrorrule (uuid, repository_id, creation_date, rule_type, rule_value)
		VALUES ('u', $1, '2026-01-01 00:00:00', 1, '[]')`, own)
	f.exec(`INSERT INTO repomirrorconfig (repository_id, creation_date, is_enabled, mirror_type, internal_robot_id,
			external_registry_config, sync_status, external_reference, root_rule_id)
		SELECT $1, '2026-01-01 00:00:00', TRUE, 1, $2, '{}', 0, 'r', id FROM repomirrorrule`, own, robot)
	f.exec(`INSERT INTO orgmirrorconfig (organization_id, creation_date, external_registry_type, external_registry_url,
			external_namespace, external_registry_config, internal_robot_id, repository_filters, visibility_id, sync_interval, sync_start_date)
		SELECT $1, '2026-01-01 00:00:00', 1, 'u', 'n', '{}', $2, '{}', id, 60, '2026-01-01 00:00:00' FROM visibility WHERE name = 'private'`, org, robot)
	f.exec(`INSERT INTO orgmirrorrepository (org_mirror_config_id, repository_name, repository_id, discovery_date, creation_date)
		SELECT id, 'found', $1, '2026-01-01 00:00:00', '2026-01-01 00:00:00' FROM orgmirrorconfig`, found)
	for repo, state := range map[domain.RepositoryID]domain.RepositoryState{own: domain.StateMirror, found: domain.StateOrgMirror} {
		if got, err := f.MirrorRobot(f.ctx, &domain.Repository{ID: repo, State: state}); err != nil || got != robot {
			t.Errorf("got %d, %v, want %d", got, err, robot)
		}
	}
}

// BenchmarkRepositoryAccess is the permission check of the pull path: of a user of ten
// teams, of which one may read the repository, among a hundred of others.
func BenchmarkRepositoryAccess(b *testing.B) {
	eachEngine(b, func(b *testing.B, f *fixture) {
		user, acme, name := f.person("alice"), f.orgOf("acme", 0), parseName("acme/web")
		repo := f.create(domain.NewRepository{Name: name})
		for i := range 110 {
			if team := fmt.Sprintf("team%d", i); i >= 10 {
				f.give(repo, "team_id", f.teamOf(acme, team, domain.TeamMember), domain.PermissionWrite)
			} else if id := f.teamOf(acme, team, domain.TeamMember, user); i == 5 {
				f.give(repo, "team_id", id, domain.PermissionRead)
			}
		}
		b.ReportAllocs()
		for b.Loop() {
			if a, err := f.RepositoryAccess(f.ctx, user, name); err != nil || a.Role != domain.PermissionRead {
				b.Fatal(a, err)
			}
		}
	})
}
