package teams

import (
	"context"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Members returns a team's people and robots.
func (t *Teams) Members(ctx context.Context, team *domain.Team) ([]domain.Member, error) {
	return t.store.TeamMembers(ctx, team.ID)
}

// Invites returns a team's open invites.
func (t *Teams) Invites(ctx context.Context, team *domain.Team) ([]domain.Invite, error) {
	return t.store.TeamInvites(ctx, team.ID)
}

// Add puts an account into a team (org_add_team_member), or invites it
// (org_invite_team_member) when it is from outside of the organisation and the
// policy wants that: then it returns the invite, whose code goes by mail.
// errs.Exists when the account is in the team.
func (t *Teams) Add(ctx context.Context, team *domain.Team, name string, by *domain.User) (*domain.User, *domain.Invite, error) {
	if err := t.changeable(ctx, team, name); err != nil {
		return nil, nil, err
	}
	user, err := t.account(ctx, name)
	if errs.Is(err, errs.NotFound) {
		return nil, nil, errs.New(errs.Invalid, "Unknown user")
	}
	if err != nil {
		return nil, nil, err
	}
	invite, err := t.invites(ctx, team, user)
	if err != nil {
		return nil, nil, err
	}
	if invite {
		i := &domain.Invite{Team: *team, User: &domain.Member{ID: user.ID, Name: user.Name, Email: user.Email}, Inviter: by.Name}
		return user, i, t.store.CreateInvite(ctx, i, by.ID, t.now())
	}
	added, err := t.store.AddTeamMember(ctx, team.ID, user.ID)
	if err == nil && !added {
		err = errs.New(errs.Exists, "User %s is already a member of team %s", user.Name, team.Name)
	}
	return user, nil, err
}

// invites reports whether an account is to be invited. With invites, a robot has to
// be the organisation's own.
func (t *Teams) invites(ctx context.Context, team *domain.Team, user *domain.User) (bool, error) {
	switch {
	case !t.policy.Invites:
		return false, nil
	case !user.Robot:
		inside, err := t.store.InOrganization(ctx, team.Organization, user.ID)
		return !inside, err
	case !strings.HasPrefix(user.Name, team.OrganizationName+"+"):
		return false, errs.New(errs.Invalid, "Cannot add the specified robot to this team, as it is not a member of the organization")
	}
	return false, nil
}

// account returns a person or robot; errs.NotFound for others.
func (t *Teams) account(ctx context.Context, name string) (*domain.User, error) {
	user, err := t.store.User(ctx, name)
	if err == nil && user.Organization {
		return nil, errs.New(errs.NotFound, "Unknown user")
	}
	return user, err
}

// Removed says what Remove did.
type Removed int

// What Remove did, and what the log calls it.
const (
	RemovedMember Removed = iota // org_remove_team_member
	RemovedInvite                // org_delete_team_member_invite
)

// Remove ends an account's invite to a team, or else takes it out. Nobody can take
// himself out of the only team that makes him an administrator. errs.NotFound when
// there is no such account.
func (t *Teams) Remove(ctx context.Context, team *domain.Team, name string, by domain.UserID) (Removed, error) {
	if err := t.changeable(ctx, team, name); err != nil {
		return 0, err
	}
	user, err := t.account(ctx, name)
	if err != nil {
		return 0, err
	}
	if ended, err := t.store.DeleteUserInvite(ctx, team.ID, user.ID); err != nil || ended {
		return RemovedInvite, err
	}
	if user.ID == by {
		_, only, err := t.administers(ctx, team, by)
		if err != nil {
			return 0, err
		}
		if only {
			return 0, errs.New(errs.Conflict, "User cannot remove themselves from their only admin team.")
		}
	}
	removed, err := t.store.RemoveTeamMember(ctx, team.ID, user.ID)
	if err == nil && !removed {
		err = errs.New(errs.Invalid, "User %s does not belong to team %s", name, team.Name)
	}
	return RemovedMember, err
}

// InviteEmail invites whoever owns an e-mail address (org_invite_team_member).
func (t *Teams) InviteEmail(ctx context.Context, team *domain.Team, email string, by *domain.User) (*domain.Invite, error) {
	if err := t.changeable(ctx, team, ""); err != nil {
		return nil, err
	}
	i := &domain.Invite{Team: *team, Email: email, Inviter: by.Name}
	return i, t.store.CreateInvite(ctx, i, by.ID, t.now())
}

// RemoveEmail ends an address's invite (org_delete_team_member_invite); errs.NotFound
// when there is none.
func (t *Teams) RemoveEmail(ctx context.Context, team *domain.Team, email string) error {
	ended, err := t.store.DeleteEmailInvite(ctx, team.ID, email)
	if err == nil && !ended {
		err = errs.New(errs.NotFound, "%s is not invited to team %s", email, team.Name)
	}
	return err
}

var errCode = errs.New(errs.Invalid, "Invalid confirmation code.")

// Accept puts an account into the team that an invite is for, and into all others
// of the organisation that it is invited to; an address counts when it is a verified
// one. It ends these invites and the account's notifications of them
// (org_team_member_invite_accepted).
func (t *Teams) Accept(ctx context.Context, code string, user *domain.User) (*domain.Invite, error) {
	i, err := t.invite(ctx, code)
	if err != nil {
		return nil, err
	}
	if i.User != nil && i.User.ID != user.ID {
		return nil, intended("user", i.User.Name, 17)
	}
	email := ""
	if user.Verified {
		email = user.Email
	}
	accepted, err := t.store.AcceptInvites(ctx, &i.Team, user.ID, email)
	if err == nil && accepted == 0 {
		err = intended("email", i.Email, 19)
	}
	return i, err
}

// intended is the product's text, with the indentation of its source.
func intended(kind, whom string, indent int) error {
	return errs.New(errs.Invalid, "This invite is intended for %s \"%s\".\n%sPlease login to that account and try again.",
		kind, whom, strings.Repeat(" ", indent))
}

// Decline ends an invite and the account's notification of it
// (org_team_member_invite_declined). The invite of an address is nobody's to decline.
func (t *Teams) Decline(ctx context.Context, code string, user *domain.User) (*domain.Invite, error) {
	i, err := t.invite(ctx, code)
	if err != nil {
		return nil, err
	}
	if i.User == nil || i.User.ID != user.ID {
		return nil, errCode
	}
	return i, t.store.DeclineInvite(ctx, i)
}

func (t *Teams) invite(ctx context.Context, code string) (*domain.Invite, error) {
	i, err := t.store.Invite(ctx, code)
	if errs.Is(err, errs.NotFound) {
		return nil, errCode
	}
	return i, err
}
