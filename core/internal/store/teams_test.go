package store

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestDeleteTeam proves that everything that refers to a team goes with it, and
// nothing else: the rows of the recorded deletion of the team readers.
func TestDeleteTeam(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		owner, guest := f.person("owner"), f.person("guest")
		acme := f.orgOf("acme", owner)
		repo := f.create(domain.NewRepository{Name: parseName("acme/web")})
		teams := []domain.TeamID{f.teamOf(acme, "readers", domain.TeamMember, owner, guest), f.teamOf(acme, "others", domain.TeamMember, guest)}
		for _, team := range teams {
			f.give(repo, "team_id", team, domain.PermissionRead)
			_, err := f.CreatePrototype(f.ctx, acme, owner, 0, team, domain.PermissionRead)
			f.must(err)
			f.must(f.CreateInvite(f.ctx, &domain.Invite{Team: domain.Team{ID: team}, Email: "a@example.com"}, owner, noon))
			f.must(f.SetTeamSync(f.ctx, team, "ldap", []byte(`{}`)))
		}
		f.must(f.DeleteTeam(f.ctx, teams[0]))
		f.must(f.DeleteTeam(f.ctx, teams[0]))
		for table, want := range map[string]int{
			"team": 2, "teammember": 2, "repositorypermission": 1, "permissionprototype": 1, "teammemberinvite": 1, "teamsync": 1,
		} {
			if got := value[int](f, statement(`SELECT COUNT(*) FROM `+table)); got != want {
				t.Errorf("%s has %d rows, want %d", table, got, want)
			}
		}
	})
}

// TestTeamRows proves what is kept of a team and its members.
func TestTeamRows(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		owner, guest := f.person("owner"), f.person("guest")
		acme, other := f.orgOf("acme", owner), f.orgOf("other", guest)
		id, err := f.CreateTeam(f.ctx, domain.Team{Name: "makers", Organization: acme, Role: domain.TeamCreator, Description: "us"})
		f.must(err)
		_, err = f.CreateTeam(f.ctx, domain.Team{Name: "makers", Organization: acme, Role: domain.TeamMember})
		wantKind(t, "the name again", err, errs.Exists)
		want := domain.Team{ID: id, Name: "makers", Organization: acme, OrganizationName: "acme", Role: domain.TeamCreator, Description: "us"}
		expect := func() {
			t.Helper()
			if got, err := f.Team(f.ctx, "acme", "makers"); err != nil || *got != want {
				t.Errorf("got %+v, %v, want %+v", got, err, want)
			}
		}
		expect()
		f.must(f.SetTeamRole(f.ctx, id, domain.TeamAdmin))
		f.must(f.SetTeamDescription(f.ctx, id, ""))
		want.Role, want.Description = domain.TeamAdmin, ""
		expect()
		for _, name := range [][2]string{{"acme", "none"}, {"other", "makers"}, {"owner", "makers"}} {
			_, err := f.Team(f.ctx, name[0], name[1])
			wantKind(t, name[0]+"/"+name[1], err, errs.NotFound)
		}
		if got, err := f.AdminTeams(f.ctx, acme, owner); err != nil || !maps.Equal(got, map[string]bool{"owners": true, "makers": false}) {
			t.Errorf("administrators: %v, %v", got, err)
		}
		for i, want := range []bool{true, false} {
			if added, err := f.AddTeamMember(f.ctx, id, guest); err != nil || added != want {
				t.Errorf("join %d: %v, %v", i, added, err)
			}
		}
		members, err := f.TeamMembers(f.ctx, id)
		f.must(err)
		if !slices.Equal(members, []domain.Member{{ID: guest, Name: "guest", Email: "guest@example.com"}}) {
			t.Errorf("members %+v", members)
		}
		for org, want := range map[domain.UserID]bool{acme: false, other: true} {
			if _, err := f.RemoveTeamMember(f.ctx, id, guest); err != nil {
				t.Error(err)
			}
			if in, err := f.InOrganization(f.ctx, org, guest); err != nil || in != want {
				t.Errorf("in %d: %v, %v", org, in, err)
			}
		}
	})
}

// TestInvites proves what an invite leaves in the database, and what of it goes when
// it is answered.
func TestInvites(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		owner, guest := f.person("owner"), f.person("guest")
		acme := f.orgOf("acme", owner)
		invite := func(team string, user *domain.Member, email string) *domain.Invite {
			i := &domain.Invite{User: user, Email: email, Inviter: "owner", Team: domain.Team{
				ID: f.teamOf(acme, team, domain.TeamMember), Name: team, Organization: acme, OrganizationName: "acme", Role: domain.TeamMember,
			}}
			f.must(f.CreateInvite(f.ctx, i, owner, noon))
			return i
		}
		person := &domain.Member{ID: guest, Name: "guest", Email: "guest@example.com"}
		red, blue, mail := invite("red", person, ""), invite("blue", person, ""), invite("mail", nil, "g@example.com")

		metadata := value[string](f, `SELECT metadata_json FROM notification WHERE target_id = $1 ORDER BY id LIMIT 1`, guest)
		if want := `{"code": "` + red.Code + `", "inviter": "owner", "org": "acme", "team": "red"}`; metadata != want {
			t.Errorf("notification %s, want %s", metadata, want)
		}
		for _, i := range []*domain.Invite{red, mail} {
			got, err := f.Invite(f.ctx, i.Code)
			f.must(err)
			if got.ID != i.ID || got.Team != i.Team || got.Email != i.Email || got.Inviter != "owner" || (got.User == nil) != (i.User == nil) ||
				got.User != nil && *got.User != *person {
				t.Errorf("got %+v, want %+v", got, i)
			}
			list, err := f.TeamInvites(f.ctx, i.Team.ID)
			f.must(err)
			if len(list) != 1 || list[0].Code != i.Code {
				t.Errorf("of the team: %+v", list)
			}
		}
		for email, want := range map[string]bool{"g@example.com": true, "guest@example.com": false, "": false} {
			if got, err := f.InvitedEmail(f.ctx, email); err != nil || got != want {
				t.Errorf("%q is invited: %v, %v", email, got, err)
			}
		}
		count := func(table string, want int) {
			t.Helper()
			if got := value[int](f, statement(`SELECT COUNT(*) FROM `+table)); got != want {
				t.Errorf("%s has %d rows, want %d", table, got, want)
			}
		}
		f.must(f.DeclineInvite(f.ctx, blue))
		count("teammemberinvite", 2)
		count("notification", 1)
		if n, err := f.AcceptInvites(f.ctx, &red.Team, guest, "g@example.com"); err != nil || n != 2 {
			t.Errorf("accepted %d, %v", n, err)
		}
		count("teammemberinvite", 0)
		count("notification", 0)
		count("teammember", 3)
		if n, err := f.AcceptInvites(f.ctx, &red.Team, guest, ""); err != nil || n != 0 {
			t.Errorf("accepted again %d, %v", n, err)
		}
	})
}

// TestTeamSyncs proves which teams are due, that one of two who synchronise a team
// wins, and what the product reads of a row of ours, and the other way round.
func TestTeamSyncs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		owner, guest := f.person("owner"), f.person("guest")
		acme := f.orgOf("acme", owner)
		team := f.teamOf(acme, "synced", domain.TeamMember, owner, guest)
		if _, err := f.StaleTeamSync(f.ctx, noon); !errs.Is(err, errs.NotFound) {
			t.Errorf("none is due: %v", err)
		}
		f.must(f.SetTeamSync(f.ctx, team, "ldap", []byte(`{"group_dn": "cn=Test-Group,ou=Users"}`)))
		wantKind(t, "a second one", f.SetTeamSync(f.ctx, team, "ldap", nil), errs.Exists)
		if got := value[string](f, `SELECT config FROM teamsync`); got != `"{\"group_dn\": \"cn=Test-Group,ou=Users\"}"` {
			t.Errorf("kept as %s", got)
		}
		due, err := f.StaleTeamSync(f.ctx, noon)
		f.must(err)
		if due.Team.ID != team || due.Team.OrganizationName != "acme" || due.Service != "ldap" || !due.Updated.IsZero() || due.Transaction != "" ||
			string(due.Config) != `{"group_dn": "cn=Test-Group,ou=Users"}` {
			t.Errorf("got %+v", due)
		}
		for i, want := range []bool{true, false} {
			if won, err := f.ClaimTeamSync(f.ctx, due, noon); err != nil || won != want {
				t.Errorf("claim %d: %v, %v", i, won, err)
			}
		}
		for at, want := range map[time.Time]bool{noon.Add(-time.Second): false, noon: true, noon.Add(time.Second): true} {
			if _, err := f.StaleTeamSync(f.ctx, at); (err == nil) != want {
				t.Errorf("due before %v: %v", at, err)
			}
		}
		for service, want := range map[string]int{"ldap": 1, "oidc": 0} {
			all, err := f.ServiceTeamSyncs(f.ctx, service)
			f.must(err)
			mine, err := f.UserTeamSyncs(f.ctx, guest, service)
			f.must(err)
			if len(all) != want || len(mine) != want {
				t.Errorf("%s: %+v and %+v", service, all, mine)
			}
		}
		f.exec(`UPDATE teamsync SET service_id = (SELECT id FROM loginservice WHERE name = 'oidc')`)
		if _, err := f.StaleTeamSync(f.ctx, noon.Add(time.Hour)); !errs.Is(err, errs.NotFound) {
			t.Errorf("a group of OIDC is due: %v", err)
		}
		if gone, err := f.RemoveTeamSync(f.ctx, team); err != nil || !gone {
			t.Errorf("removed: %v, %v", gone, err)
		}
		_, err = f.TeamSync(f.ctx, team)
		wantKind(t, "removed", err, errs.NotFound)
	})
}

// TestFederatedMembers proves whom a login service knows, and that robots stay when
// people leave.
func TestFederatedMembers(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		a, b, robot := f.person("a1"), f.person("b1"), f.person("acme+bot")
		f.exec(`UPDATE "user" SET robot = TRUE WHERE id = $1`, robot)
		team := f.teamOf(f.orgOf("acme", 0), "synced", domain.TeamMember, a, b, robot)
		f.exec(`INSERT INTO federatedlogin (user_id, service_id, service_ident, metadata_json)
			SELECT u.id, l.id, 'cn=' || u.username, '{}' FROM "user" u, loginservice l WHERE l.name = 'ldap' AND u.username IN ('a1', 'acme+bot')`)
		got, err := f.FederatedMembers(f.ctx, team, "ldap")
		f.must(err)
		if !maps.Equal(got, map[string]domain.UserID{"cn=a1": a}) {
			t.Errorf("got %v", got)
		}
		if n, err := f.RemovePeopleExcept(f.ctx, team, []domain.UserID{b}); err != nil || n != 1 {
			t.Errorf("%d left, %v", n, err)
		}
		if n, err := f.RemovePeopleExcept(f.ctx, team, nil); err != nil || n != 1 {
			t.Errorf("%d left, %v", n, err)
		}
		members, err := f.TeamMembers(f.ctx, team)
		f.must(err)
		if len(members) != 1 || members[0].Name != "acme+bot" || !members[0].Robot {
			t.Errorf("members %+v", members)
		}
	})
}
