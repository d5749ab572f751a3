package store

import (
	"testing"

	"github.com/quay/quay/core/internal/domain"
)

// TestGrants proves that roles are given, replaced, listed and taken away on both
// engines. What the rules say of them is tested with package grants.
func TestGrants(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice, bob, robot := f.person("alice"), f.person("bob"), f.person("acme+bot")
		f.exec(`UPDATE "user" SET robot = TRUE WHERE id = $1`, robot)
		acme := f.orgOf("acme", 0)
		team := f.teamOf(acme, "readers", domain.TeamMember, alice)
		name := parseName("acme/web")
		repo := f.create(domain.NewRepository{Name: name, Public: true})
		f.give(f.create(domain.NewRepository{Name: parseName("acme/other")}), "user_id", bob, domain.PermissionAdmin)
		for _, role := range []domain.Permission{domain.PermissionAdmin, domain.PermissionRead} {
			for _, user := range []domain.UserID{alice, bob, robot} {
				f.must(f.SetUserRole(f.ctx, user, repo, role))
			}
			f.must(f.SetTeamRepositoryRole(f.ctx, team, repo, role))
		}
		list, err := f.UserRoles(f.ctx, name, "")
		f.must(err)
		for i, want := range []struct {
			name   string
			member bool
		}{{"alice", true}, {"bob", false}, {"acme+bot", true}} {
			if len(list) != 3 || list[i].User.Name != want.name || list[i].OrganizationMember != want.member ||
				list[i].Role != domain.PermissionRead || !list[i].Public || list[i].Repository != repo || list[i].Name != name {
				t.Fatalf("want %+v, got %+v", want, list)
			}
		}
		for what, roles := range map[string]func() ([]domain.RepositoryRole, error){
			"of one account":     func() ([]domain.RepositoryRole, error) { return f.UserRoles(f.ctx, name, "acme+bot") },
			"of teams":           func() ([]domain.RepositoryRole, error) { return f.TeamRepositoryRoles(f.ctx, name, "") },
			"of one team":        func() ([]domain.RepositoryRole, error) { return f.TeamRepositoryRoles(f.ctx, name, "readers") },
			"of a team anywhere": func() ([]domain.RepositoryRole, error) { return f.RolesOfTeam(f.ctx, team) },
			"of a robot":         func() ([]domain.RepositoryRole, error) { return f.RolesOfUser(f.ctx, "acme+bot") },
		} {
			if got, err := roles(); err != nil || len(got) != 1 || got[0].Repository != repo {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
		}
		if got, err := f.RolesInOrganization(f.ctx, acme); err != nil || len(got) != 3 {
			t.Errorf("people in the organisation: %+v, %v", got, err)
		}
		if got, err := f.TransitiveRoles(f.ctx, repo, alice); err != nil || len(got) != 2 {
			t.Errorf("alice's ways: %v, %v", got, err)
		}
		for _, want := range []bool{true, false} {
			user, err := f.DeleteUserRole(f.ctx, alice, repo)
			f.must(err)
			group, err := f.DeleteTeamRepositoryRole(f.ctx, team, repo)
			f.must(err)
			if user != want || group != want {
				t.Errorf("taken away: %v and %v, want %v", user, group, want)
			}
		}
		if got, err := f.TransitiveRoles(f.ctx, repo, alice); err != nil || len(got) != 0 {
			t.Errorf("alice's ways: %v, %v", got, err)
		}
	})
}
