package store

import (
	"slices"
	"testing"

	"github.com/quay/quay/core/internal/domain"
)

// TestOrganizationRows proves on both engines who administers and is in an
// organisation, who has a way to a repository, and what goes when somebody leaves.
// The rules are tested with package teams.
func TestOrganizationRows(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice, bob, bot := f.person("alice"), f.person("bob"), f.person("acme+bot")
		f.exec(`UPDATE "user" SET robot = TRUE WHERE id = $1`, bot)
		acme, other := f.orgOf("acme", alice), f.orgOf("other", bob)
		red := f.teamOf(acme, "red", domain.TeamAdmin, alice, bot)
		f.teamOf(acme, "blue", domain.TeamMember, bob)
		repo := f.create(domain.NewRepository{Name: parseName("acme/web")})
		foreign := f.create(domain.NewRepository{Name: parseName("other/web")})
		f.give(repo, "team_id", red, domain.PermissionRead)
		for _, r := range []domain.RepositoryID{repo, foreign} {
			f.give(r, "user_id", bob, domain.PermissionRead)
		}
		names := func(list []domain.Member, err error) (l []string) {
			t.Helper()
			f.must(err)
			for _, m := range list {
				l = append(l, m.Name)
			}
			return l
		}
		expect := func(what string, got, want []string) {
			t.Helper()
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		expect("administrators", names(f.OrganizationAdmins(f.ctx, acme)), []string{"alice"})
		expect("bob's organisations", names(f.OrganizationsOf(f.ctx, bob)), []string{"acme", "other"})
		expect("ways to the repository", names(f.RepositoryPeople(f.ctx, repo)), []string{"alice", "bob", "acme+bot"})
		for user, want := range map[domain.UserID]int{0: 4, alice: 2, bob: 1} {
			if got, err := f.Memberships(f.ctx, acme, user); err != nil || len(got) != want {
				t.Errorf("memberships of %d: %+v, %v", user, got, err)
			}
		}
		if got, err := f.RolesOfUserIn(f.ctx, bob, acme); err != nil || len(got) != 1 || got[0].Repository != repo {
			t.Errorf("bob's roles: %+v, %v", got, err)
		}
		f.must(f.RemoveOrganizationMember(f.ctx, acme, bob))
		expect("bob's organisations afterwards", names(f.OrganizationsOf(f.ctx, bob)), []string{"other"})
		expect("ways to the repository afterwards", names(f.RepositoryPeople(f.ctx, repo)), []string{"alice", "acme+bot"})
		expect("ways to another organisation's", names(f.RepositoryPeople(f.ctx, foreign)), []string{"bob"})
		if got, err := f.Memberships(f.ctx, other, 0); err != nil || len(got) != 1 {
			t.Errorf("memberships of the other one: %+v, %v", got, err)
		}
	})
}
