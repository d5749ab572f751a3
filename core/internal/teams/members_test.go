package teams_test

import (
	"slices"
	"testing"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/teams"
	"github.com/quay/quay/sdk/errs"
)

// TestAdd proves who is put into a team at once, who is invited, and who is refused.
func TestAdd(t *testing.T) {
	for _, policy := range []teams.Policy{{}, {Invites: true}} {
		o := open(t, policy)
		team := o.put("team", domain.TeamMember)
		stranger := o.person("stranger")
		own, foreign := o.person(o.name+"+bot"), o.person("foreign"+o.name+"+bot")

		_, invite, err := o.Add(o.ctx, team, o.owner.Name, o.owner)
		if err != nil || invite != nil {
			t.Errorf("%+v: a member of the organisation: %v, %v", policy, invite, err)
		}
		_, _, err = o.Add(o.ctx, team, o.owner.Name, o.owner)
		refused(t, "again", err, errs.Exists, "User "+o.owner.Name+" is already a member of team team")
		_, invite, err = o.Add(o.ctx, team, stranger.Name, o.owner)
		if err != nil || (invite != nil) != policy.Invites {
			t.Errorf("%+v: a stranger: %v, %v", policy, invite, err)
		}
		if _, invite, err = o.Add(o.ctx, team, own.Name, o.owner); err != nil || invite != nil {
			t.Errorf("%+v: an own robot: %v, %v", policy, invite, err)
		}
		_, _, err = o.Add(o.ctx, team, foreign.Name, o.owner)
		want := []string{o.owner.Name, stranger.Name, own.Name, foreign.Name}
		if policy.Invites {
			refused(t, "a foreign robot", err, errs.Invalid, "Cannot add the specified robot to this team, as it is not a member of the organization")
			want = []string{o.owner.Name, own.Name}
		} else if err != nil {
			t.Errorf("a foreign robot: %v", err)
		}
		if got := o.members(team); !slices.Equal(got, want) {
			t.Errorf("%+v: members %v, want %v", policy, got, want)
		}
		for _, name := range []string{"nobody", o.name} {
			_, _, err = o.Add(o.ctx, team, name, o.owner)
			refused(t, name, err, errs.Invalid, "Unknown user")
		}
	}
}

// TestAccept proves that whoever accepts one invite gets into all teams of the
// organisation that he was invited to, and into none of others.
func TestAccept(t *testing.T) {
	o, other := open(t, teams.Policy{Invites: true}), open(t, teams.Policy{Invites: true})
	red, blue, green := o.put("red", domain.TeamMember), o.put("blue", domain.TeamMember), o.put("green", domain.TeamMember)
	foreign := other.put("red", domain.TeamMember)
	guest, stranger := o.person("guest"), o.person("stranger")

	_, invite, err := o.Add(o.ctx, red, guest.Name, o.owner)
	o.must(err)
	byMail, err := o.InviteEmail(o.ctx, blue, guest.Email, o.owner)
	o.must(err)
	_, err = o.InviteEmail(o.ctx, green, stranger.Email, o.owner)
	o.must(err)
	_, _, err = other.Add(o.ctx, foreign, guest.Name, other.owner)
	o.must(err)

	_, err = o.Accept(o.ctx, invite.Code, stranger)
	refused(t, "somebody else's", err, errs.Invalid,
		"This invite is intended for user \""+guest.Name+"\".\n                 Please login to that account and try again.")
	_, err = o.Accept(o.ctx, byMail.Code, o.owner)
	refused(t, "somebody else's address", err, errs.Invalid,
		"This invite is intended for email \""+guest.Email+"\".\n                   Please login to that account and try again.")
	_, err = o.Accept(o.ctx, "urn:teaminvite:none", guest)
	refused(t, "no invite", err, errs.Invalid, "Invalid confirmation code.")

	accepted, err := o.Accept(o.ctx, byMail.Code, guest)
	o.must(err)
	if accepted.Team.Name != "blue" || accepted.Inviter != o.owner.Name || accepted.Email != guest.Email {
		t.Errorf("accepted %+v", accepted)
	}
	for _, tc := range []struct {
		team    *domain.Team
		members []string
		invites int
	}{{red, []string{guest.Name}, 0}, {blue, []string{guest.Name}, 0}, {green, nil, 1}, {foreign, nil, 1}} {
		invites, err := o.Invites(o.ctx, tc.team)
		o.must(err)
		if got := o.members(tc.team); !slices.Equal(got, tc.members) || len(invites) != tc.invites {
			t.Errorf("%s of %s: members %v, %d invites", tc.team.Name, tc.team.OrganizationName, got, len(invites))
		}
	}
	_, err = o.Accept(o.ctx, invite.Code, guest)
	refused(t, "again", err, errs.Invalid, "Invalid confirmation code.")
}

// TestUnverifiedAddress proves that an address counts only when it is known to be
// the account's.
func TestUnverifiedAddress(t *testing.T) {
	o := open(t, teams.Policy{Invites: true})
	team, guest := o.put("team", domain.TeamMember), o.person("guest")
	invite, err := o.InviteEmail(o.ctx, team, guest.Email, o.owner)
	o.must(err)
	guest.Verified = false
	if _, err := o.Accept(o.ctx, invite.Code, guest); !errs.Is(err, errs.Invalid) || len(o.members(team)) != 0 {
		t.Errorf("got %v, members %v", err, o.members(team))
	}
	guest.Verified = true
	_, err = o.Accept(o.ctx, invite.Code, guest)
	o.must(err)
}

// TestDecline proves that only the invited account can decline, and nobody an
// address's invite.
func TestDecline(t *testing.T) {
	o := open(t, teams.Policy{Invites: true})
	team, guest := o.put("team", domain.TeamMember), o.person("guest")
	_, invite, err := o.Add(o.ctx, team, guest.Name, o.owner)
	o.must(err)
	byMail, err := o.InviteEmail(o.ctx, team, guest.Email, o.owner)
	o.must(err)
	_, err = o.Decline(o.ctx, invite.Code, o.owner)
	refused(t, "somebody else", err, errs.Invalid, "Invalid confirmation code.")
	_, err = o.Decline(o.ctx, byMail.Code, guest)
	refused(t, "an address's", err, errs.Invalid, "Invalid confirmation code.")
	declined, err := o.Decline(o.ctx, invite.Code, guest)
	o.must(err)
	left, err := o.Invites(o.ctx, team)
	o.must(err)
	if declined.Team.ID != team.ID || len(left) != 1 || left[0].Code != byMail.Code {
		t.Errorf("declined %+v, left %+v", declined, left)
	}
}

// TestEndInvites proves that removing an invited account ends its invite, one after
// the other, before its membership.
func TestEndInvites(t *testing.T) {
	o := open(t, teams.Policy{Invites: true})
	team, guest := o.put("team", domain.TeamMember), o.person("guest")
	for range 2 {
		_, _, err := o.Add(o.ctx, team, guest.Name, o.owner)
		o.must(err)
	}
	o.add(team, guest)
	for i, want := range []teams.Removed{teams.RemovedInvite, teams.RemovedInvite, teams.RemovedMember} {
		if got, err := o.Remove(o.ctx, team, guest.Name, o.owner.ID); err != nil || got != want {
			t.Errorf("removal %d: %v, %v", i, got, err)
		}
	}
	_, err := o.InviteEmail(o.ctx, team, "a@example.com", o.owner)
	o.must(err)
	o.must(o.RemoveEmail(o.ctx, team, "a@example.com"))
	if err := o.RemoveEmail(o.ctx, team, "a@example.com"); !errs.Is(err, errs.NotFound) {
		t.Errorf("again: %v", err)
	}
}

// TestSync proves that the people of a team that follows a group cannot be changed
// here, but its robots can.
func TestSync(t *testing.T) {
	o := open(t, teams.Policy{Service: "oidc", ServicePushes: true})
	team := o.put("team", domain.TeamMember)
	bot, stranger := o.person(o.name+"+bot"), o.person("stranger")
	o.add(team, o.owner)
	o.must(o.Sync(o.ctx, team, []byte(`{"group_name": "g"}`)))
	if got := o.members(team); len(got) != 0 {
		t.Errorf("people stay: %v", got)
	}
	if s, err := o.Synced(o.ctx, team); err != nil || s == nil || string(s.Config) != `{"group_name": "g"}` || s.Service != "oidc" {
		t.Errorf("got %+v, %v", s, err)
	}
	const fixed = "Cannot call this method on an auth-synced team"
	_, _, err := o.Add(o.ctx, team, stranger.Name, o.owner)
	refused(t, "add", err, errs.Invalid, fixed)
	_, err = o.Remove(o.ctx, team, stranger.Name, o.owner.ID)
	refused(t, "remove", err, errs.Invalid, fixed)
	_, err = o.InviteEmail(o.ctx, team, "a@example.com", o.owner)
	refused(t, "invite", err, errs.Invalid, fixed)
	_, _, err = o.Add(o.ctx, team, bot.Name, o.owner)
	o.must(err)
	if err := o.Sync(o.ctx, team, []byte(`{}`)); !errs.Is(err, errs.Exists) {
		t.Errorf("a second group: %v", err)
	}
	o.must(o.Unsync(o.ctx, team))
	o.must(o.Unsync(o.ctx, team))
	if s, err := o.Synced(o.ctx, team); err != nil || s != nil {
		t.Errorf("got %+v, %v", s, err)
	}
	_, _, err = o.Add(o.ctx, team, stranger.Name, o.owner)
	o.must(err)
	none := teams.New(db, teams.Policy{}, nil)
	if err := none.Sync(o.ctx, team, nil); !errs.Is(err, errs.Unsupported) {
		t.Errorf("without a service: %v", err)
	}
}
