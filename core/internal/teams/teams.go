// Package teams keeps an organisation's teams: their roles, members, invites and
// groups of the identity provider that they follow (data/model/team.py). Who may
// call what is package perms' business.
//
// Errors carry the product's texts; /api/v1 answers 404 to errs.NotFound and 400 to
// the other kinds.
package teams

import (
	"context"
	"regexp"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	User(ctx context.Context, name string) (*domain.User, error)

	Team(ctx context.Context, organization, name string) (*domain.Team, error)
	Teams(ctx context.Context, organization domain.UserID) ([]domain.TeamSummary, error)
	CreateTeam(ctx context.Context, t domain.Team) (domain.TeamID, error)
	SetTeamRole(ctx context.Context, id domain.TeamID, role domain.TeamRole) error
	SetTeamDescription(ctx context.Context, id domain.TeamID, text string) error
	DeleteTeam(ctx context.Context, id domain.TeamID) error
	AdminTeams(ctx context.Context, organization, user domain.UserID) (map[string]bool, error)

	TeamMembers(ctx context.Context, id domain.TeamID) ([]domain.Member, error)
	AddTeamMember(ctx context.Context, id domain.TeamID, user domain.UserID) (bool, error)
	RemoveTeamMember(ctx context.Context, id domain.TeamID, user domain.UserID) (bool, error)
	InOrganization(ctx context.Context, organization, user domain.UserID) (bool, error)

	Memberships(ctx context.Context, organization, user domain.UserID) ([]domain.Membership, error)
	RolesInOrganization(ctx context.Context, organization domain.UserID) ([]domain.RepositoryRole, error)
	RolesOfUserIn(ctx context.Context, user, namespace domain.UserID) ([]domain.RepositoryRole, error)
	OrganizationAdmins(ctx context.Context, organization domain.UserID) ([]domain.Member, error)
	RemoveOrganizationMember(ctx context.Context, organization, user domain.UserID) error

	CreateInvite(ctx context.Context, i *domain.Invite, inviter domain.UserID, now time.Time) error
	Invite(ctx context.Context, code string) (*domain.Invite, error)
	TeamInvites(ctx context.Context, team domain.TeamID) ([]domain.Invite, error)
	AcceptInvites(ctx context.Context, t *domain.Team, user domain.UserID, email string) (int, error)
	DeclineInvite(ctx context.Context, i *domain.Invite) error
	DeleteUserInvite(ctx context.Context, team domain.TeamID, user domain.UserID) (bool, error)
	DeleteEmailInvite(ctx context.Context, team domain.TeamID, email string) (bool, error)

	SetTeamSync(ctx context.Context, team domain.TeamID, service string, config []byte) error
	RemoveTeamSync(ctx context.Context, team domain.TeamID) (bool, error)
	TeamSync(ctx context.Context, team domain.TeamID) (*domain.TeamSync, error)
	RemovePeopleExcept(ctx context.Context, team domain.TeamID, keep []domain.UserID) (int, error)
}

// Policy is what the configuration decides.
type Policy struct {
	// Invites says that people from outside an organisation are invited and not just
	// put into a team (FEATURE_MAILING and FEATURE_REQUIRE_TEAM_INVITE).
	Invites bool
	// Service is the login service whose groups teams can follow; empty when they
	// cannot (FEATURE_TEAM_SYNCING, AUTHENTICATION_TYPE).
	Service string
	// ServicePushes says that the service names a person's groups when he logs in
	// (OIDC), so that a team begins empty.
	ServicePushes bool
}

// Teams applies the rules.
type Teams struct {
	store  Store
	policy Policy
	now    func() time.Time
}

// New makes the rules. now is the clock; nil is time.Now.
func New(s Store, p Policy, now func() time.Time) *Teams {
	if now == nil {
		now = time.Now
	}
	return &Teams{s, p, now}
}

// Limits of a team's name, and its form.
const (
	minName = 2
	maxName = 255
)

var validName = regexp.MustCompile(`^([a-z0-9]+(?:[._-][a-z0-9]+)*)$`)

// checkName refuses what cannot be a team's name, in the product's words.
func checkName(name string) error {
	var issue string
	switch {
	case !validName.MatchString(name):
		issue = "Namespace must match expression " + validName.String()
	case len(name) < minName || len(name) > maxName:
		issue = "Team must be between 2 and 255 characters in length"
	default:
		return nil
	}
	return errs.New(errs.Invalid, "Invalid team name %s: %s", name, issue)
}

// Get returns a team; errs.NotFound when there is none.
func (t *Teams) Get(ctx context.Context, organization, name string) (*domain.Team, error) {
	team, err := t.store.Team(ctx, organization, name)
	if errs.Is(err, errs.NotFound) {
		return nil, errs.New(errs.NotFound, "Team does not exist: %s/%s", organization, name)
	}
	return team, err
}

// List returns an organisation's teams with their counts.
func (t *Teams) List(ctx context.Context, organization *domain.User) ([]domain.TeamSummary, error) {
	list, err := t.store.Teams(ctx, organization.ID)
	for i := range list {
		list[i].OrganizationName = organization.Name
		list[i].Synced = list[i].Synced && t.policy.Service != ""
	}
	return list, err
}

// Wanted is how a team is to be.
type Wanted struct {
	// Role is TeamNone where it is not to change; a new team is one of members then.
	Role domain.TeamRole
	// Description is nil where it is not to change.
	Description *string
}

// Change says what Put did: each of these is a line in the log.
type Change struct {
	// Created is org_create_team, Described org_set_team_description and Role
	// org_set_team_role.
	Created, Described, Role bool
}

// Put makes a team, or changes the one that is there, for a person who administers
// the organisation. He cannot take the role of administrators from the only team
// that makes him one. Doing it again changes nothing.
func (t *Teams) Put(ctx context.Context, organization, name string, w Wanted, by domain.UserID) (*domain.Team, Change, error) {
	team, err := t.store.Team(ctx, organization, name)
	if errs.Is(err, errs.NotFound) {
		team, err = t.create(ctx, organization, name, w)
		return team, Change{Created: err == nil}, err
	}
	if err != nil {
		return nil, Change{}, err
	}
	var done Change
	if w.Description != nil && *w.Description != team.Description {
		if err := t.store.SetTeamDescription(ctx, team.ID, *w.Description); err != nil {
			return nil, done, err
		}
		team.Description, done.Described = *w.Description, true
	}
	if w.Role != domain.TeamNone && w.Role != team.Role {
		if err := t.setRole(ctx, team, w.Role, by); err != nil {
			return nil, done, err
		}
		team.Role, done.Role = w.Role, true
	}
	return team, done, nil
}

func (t *Teams) create(ctx context.Context, organization, name string, w Wanted) (*domain.Team, error) {
	org, err := t.store.User(ctx, organization)
	if errs.Is(err, errs.NotFound) || err == nil && !org.Organization {
		return nil, errs.New(errs.Invalid, "Organization does not exist: %s", organization)
	}
	if err != nil {
		return nil, err
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	team := &domain.Team{Name: name, Organization: org.ID, OrganizationName: org.Name, Role: max(w.Role, domain.TeamMember)}
	if w.Description != nil {
		team.Description = *w.Description
	}
	team.ID, err = t.store.CreateTeam(ctx, *team)
	return team, err
}

// setRole changes a role unless the person who does it would lock himself out.
func (t *Teams) setRole(ctx context.Context, team *domain.Team, role domain.TeamRole, by domain.UserID) error {
	if team.Role == domain.TeamAdmin {
		_, only, err := t.administers(ctx, team, by)
		if err != nil {
			return err
		}
		if only {
			return errs.New(errs.Conflict, "Cannot remove admin from team '%s' because calling user would no longer have admin on org '%s'",
				team.Name, team.OrganizationName)
		}
	}
	return t.store.SetTeamRole(ctx, team.ID, role)
}

// administers reports whether a team is the last one that administers its
// organisation, and whether it is the only one that a person is in.
func (t *Teams) administers(ctx context.Context, team *domain.Team, by domain.UserID) (last, only bool, err error) {
	admins, err := t.store.AdminTeams(ctx, team.Organization, by)
	if err != nil {
		return false, false, err
	}
	mine := 0
	for _, member := range admins {
		if member {
			mine++
		}
	}
	member, admin := admins[team.Name]
	return admin && len(admins) == 1, member && mine == 1, nil
}

// Delete deletes a team with its roles, prototypes, invites and memberships
// (org_delete_team), for a person who does not become locked out by that. A
// superuser who is in none of the administrators' teams may delete all but the last
// of them; the product fails on any.
func (t *Teams) Delete(ctx context.Context, organization, name string, by *domain.User) error {
	team, err := t.store.Team(ctx, organization, name)
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.Invalid, "Team '%s' is not a team in org '%s'", name, organization)
	}
	if err != nil {
		return err
	}
	if team.Role == domain.TeamAdmin {
		last, only, err := t.administers(ctx, team, by.ID)
		if err != nil {
			return err
		}
		if last || only {
			return errs.New(errs.Conflict, "Deleting team '%s' would remove admin ability for user '%s' in organization '%s'",
				name, by.Name, organization)
		}
	}
	return t.store.DeleteTeam(ctx, team.ID)
}
