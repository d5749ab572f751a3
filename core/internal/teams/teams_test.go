package teams_test

import (
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/teams"
	"github.com/quay/quay/sdk/errs"
)

func text(s string) *string { return &s }

// TestPut proves how a team is made and changed, and that the same again changes
// nothing.
func TestPut(t *testing.T) {
	o := open(t, teams.Policy{})
	for _, tc := range []struct {
		what   string
		wanted teams.Wanted
		done   teams.Change
		team   domain.Team
	}{
		{"made", teams.Wanted{}, teams.Change{Created: true}, domain.Team{Role: domain.TeamMember}},
		{"the same", teams.Wanted{Role: domain.TeamMember, Description: text("")}, teams.Change{}, domain.Team{Role: domain.TeamMember}},
		{"described", teams.Wanted{Description: text("us")}, teams.Change{Described: true}, domain.Team{Role: domain.TeamMember, Description: "us"}},
		{"raised", teams.Wanted{Role: domain.TeamAdmin}, teams.Change{Role: true}, domain.Team{Role: domain.TeamAdmin, Description: "us"}},
		{
			"both",
			teams.Wanted{Role: domain.TeamCreator, Description: text("")},
			teams.Change{Role: true, Described: true},
			domain.Team{Role: domain.TeamCreator},
		},
	} {
		team, done, err := o.Put(o.ctx, o.name, "team", tc.wanted, o.owner.ID)
		o.must(err)
		kept, err := o.Get(o.ctx, o.name, "team")
		o.must(err)
		if done != tc.done || team.Role != tc.team.Role || team.Description != tc.team.Description || *kept != *team {
			t.Errorf("%s: did %+v: %+v, kept %+v", tc.what, done, team, kept)
		}
	}
	made, _, err := o.Put(o.ctx, o.name, "other", teams.Wanted{Role: domain.TeamCreator, Description: text("them")}, o.owner.ID)
	o.must(err)
	if made.Role != domain.TeamCreator || made.Description != "them" || made.OrganizationName != o.name {
		t.Errorf("got %+v", made)
	}
}

// TestNames proves which names a team can have, and what is said of others.
func TestNames(t *testing.T) {
	o := open(t, teams.Policy{})
	for _, name := range []string{"ab", "a1", "a-b", "a.b_c", strings.Repeat("a", 255)} {
		o.put(name, domain.TeamMember)
	}
	const form = "Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$"
	const length = "Team must be between 2 and 255 characters in length"
	for name, issue := range map[string]string{
		"": form, "A": form, "Ab": form, "a--b": form, "-a": form, "a-": form, "a/b": form, "a b": form, "ä": form, "ab\n": form,
		"a": length, strings.Repeat("a", 256): length,
	} {
		_, _, err := o.Put(o.ctx, o.name, name, teams.Wanted{}, o.owner.ID)
		refused(t, "a name", err, errs.Invalid, "Invalid team name "+name+": "+issue)
	}
	for _, org := range []string{"nobody", o.owner.Name} {
		_, _, err := o.Put(o.ctx, org, "team", teams.Wanted{}, o.owner.ID)
		refused(t, "a team of "+org, err, errs.Invalid, "Organization does not exist: "+org)
	}
	_, err := o.Get(o.ctx, o.name, "none")
	refused(t, "no team", err, errs.NotFound, "Team does not exist: "+o.name+"/none")
}

// TestLockOut proves that nobody can take the administrators' role from, leave or
// delete the only team that makes him one.
func TestLockOut(t *testing.T) {
	o := open(t, teams.Policy{})
	owners, err := o.Get(o.ctx, o.name, "owners")
	o.must(err)
	lower := func(by *domain.User) error {
		_, _, err := o.Put(o.ctx, o.name, "owners", teams.Wanted{Role: domain.TeamMember}, by.ID)
		return err
	}
	leave := func(who *domain.User) error { _, err := o.Remove(o.ctx, owners, who.Name, who.ID); return err }
	remove := func(by *domain.User) error { return o.Delete(o.ctx, o.name, "owners", by) }
	deletes := func(who *domain.User) string {
		return "Deleting team 'owners' would remove admin ability for user '" + who.Name + "' in organization '" + o.name + "'"
	}

	refused(t, "lower it", lower(o.owner), errs.Conflict,
		"Cannot remove admin from team 'owners' because calling user would no longer have admin on org '"+o.name+"'")
	refused(t, "leave it", leave(o.owner), errs.Conflict, "User cannot remove themselves from their only admin team.")
	refused(t, "delete it", remove(o.owner), errs.Conflict, deletes(o.owner))

	super := o.person("super")
	refused(t, "a superuser deletes the last one", remove(super), errs.Conflict, deletes(super))
	second := o.put("second", domain.TeamAdmin)
	refused(t, "with a second one, of others", remove(o.owner), errs.Conflict, deletes(o.owner))
	refused(t, "lower it, with a second one", lower(o.owner), errs.Conflict,
		"Cannot remove admin from team 'owners' because calling user would no longer have admin on org '"+o.name+"'")

	o.add(second, o.owner)
	o.must(leave(o.owner))
	o.must(lower(o.owner))
	o.must(remove(o.owner))
	if _, err := o.Get(o.ctx, o.name, "owners"); !errs.Is(err, errs.NotFound) {
		t.Errorf("it is there: %v", err)
	}
	refused(t, "delete it again", remove(o.owner), errs.Invalid, "Team 'owners' is not a team in org '"+o.name+"'")
	third := o.put("third", domain.TeamAdmin)
	o.must(o.Delete(o.ctx, o.name, third.Name, super))
	refused(t, "the last one once more", o.Delete(o.ctx, o.name, "second", super), errs.Conflict,
		"Deleting team 'second' would remove admin ability for user '"+super.Name+"' in organization '"+o.name+"'")
}

// TestRemoveOthers proves that an administrator can take another one out, however
// many there are.
func TestRemoveOthers(t *testing.T) {
	o := open(t, teams.Policy{})
	owners, err := o.Get(o.ctx, o.name, "owners")
	o.must(err)
	other := o.person("other")
	o.add(owners, other)
	what, err := o.Remove(o.ctx, owners, o.owner.Name, other.ID)
	o.must(err)
	if got := o.members(owners); what != teams.RemovedMember || len(got) != 1 || got[0] != other.Name {
		t.Errorf("%v: left are %v", what, got)
	}
	_, err = o.Remove(o.ctx, owners, o.owner.Name, other.ID)
	refused(t, "again", err, errs.Invalid, "User "+o.owner.Name+" does not belong to team owners")
	for _, name := range []string{"nobody", o.name} {
		if _, err = o.Remove(o.ctx, owners, name, other.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestList proves what an organisation's list of teams counts.
func TestList(t *testing.T) {
	o := open(t, teams.Policy{Service: "ldap"})
	team := o.put("team", domain.TeamCreator)
	o.add(team, o.owner)
	o.add(team, o.person("other"))
	repo, err := db.Repository(o.ctx, domain.Name{Namespace: o.name, Repository: "web"})
	o.must(err)
	o.must(db.SetTeamRepositoryRole(o.ctx, team.ID, repo.ID, domain.PermissionRead))
	o.must(o.Sync(o.ctx, team, []byte(`{}`)))
	org, err := db.User(o.ctx, o.name)
	o.must(err)
	list, err := o.List(o.ctx, org)
	o.must(err)
	want := domain.TeamSummary{Team: *team, Repositories: 1, Members: 2, Synced: true}
	if len(list) != 2 || list[0].Name != "owners" || list[0].Members != 1 || list[0].Repositories != 0 || list[0].Synced || list[1] != want {
		t.Errorf("got %+v, want %+v", list, want)
	}
	// Without a login service that has groups, nothing is synchronised.
	list, err = teams.New(db, teams.Policy{}, nil).List(o.ctx, org)
	o.must(err)
	if list[1].Synced {
		t.Error("synchronised with nothing")
	}
}
