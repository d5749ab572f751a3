package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	teamByName statement = `
SELECT t.id, t.name, o.id, o.username, tr.name, t.description
FROM team t JOIN "user" o ON o.id = t.organization_id JOIN teamrole tr ON tr.id = t.role_id
WHERE o.username = $1 AND o.organization AND t.name = $2`

	createTeam statement = `
INSERT INTO team (name, organization_id, role_id, description)
VALUES ($1, $2, (SELECT id FROM teamrole WHERE name = $3), $4) RETURNING id`

	setTeamRole statement = `UPDATE team SET role_id = (SELECT id FROM teamrole WHERE name = $2) WHERE id = $1`

	setTeamDescription statement = `UPDATE team SET description = $2 WHERE id = $1`

	// The teams that administer an organisation, and whether an account is in them.
	adminTeams statement = `
SELECT t.name, EXISTS (SELECT 1 FROM teammember m WHERE m.team_id = t.id AND m.user_id = $2)
FROM team t JOIN teamrole tr ON tr.id = t.role_id
WHERE t.organization_id = $1 AND tr.name = 'admin'`

	teamsOf statement = `
SELECT t.id, t.name, tr.name, t.description,
       (SELECT COUNT(*) FROM repositorypermission p WHERE p.team_id = t.id),
       (SELECT COUNT(*) FROM teammember m WHERE m.team_id = t.id),
       EXISTS (SELECT 1 FROM teamsync s WHERE s.team_id = t.id)
FROM team t JOIN teamrole tr ON tr.id = t.role_id
WHERE t.organization_id = $1 ORDER BY t.id`

	teamMembers statement = `
SELECT u.id, u.username, u.email, u.robot
FROM teammember m JOIN "user" u ON u.id = m.user_id WHERE m.team_id = $1 ORDER BY m.id`

	addTeamMember statement = `INSERT INTO teammember (user_id, team_id) VALUES ($2, $1) ON CONFLICT DO NOTHING`

	removeTeamMember statement = `DELETE FROM teammember WHERE team_id = $1 AND user_id = $2`

	inOrganization statement = `
SELECT 1 FROM teammember m JOIN team t ON t.id = m.team_id WHERE m.user_id = $2 AND t.organization_id = $1 LIMIT 1`

	lockTeam statement = `SELECT id FROM team WHERE id = $1`

	deleteTeamPrototypes  statement = `DELETE FROM permissionprototype WHERE delegate_team_id = $1`
	deleteTeamPermissions statement = `DELETE FROM repositorypermission WHERE team_id = $1`
	deleteTeamMembers     statement = `DELETE FROM teammember WHERE team_id = $1`
	deleteTeamInvites     statement = `DELETE FROM teammemberinvite WHERE team_id = $1`
	deleteTeamSync        statement = `DELETE FROM teamsync WHERE team_id = $1`
	deleteTeam            statement = `DELETE FROM team WHERE id = $1`
)

// Team returns a team of an organisation; errs.NotFound when there is none.
func (s *Store) Team(ctx context.Context, organization, name string) (*domain.Team, error) {
	var t domain.Team
	var role string
	err := s.row(ctx, teamByName, organization, name).Scan(&t.ID, &t.Name, &t.Organization, &t.OrganizationName, &role, &t.Description)
	if err != nil {
		return nil, classify(err)
	}
	t.Role = domain.ParseTeamRole(role)
	return &t, nil
}

// CreateTeam makes a team and returns its id; errs.Exists when the organisation has
// one of this name.
func (s *Store) CreateTeam(ctx context.Context, t domain.Team) (domain.TeamID, error) {
	var id int64
	err := s.change(ctx, true, func(tx *Tx) (err error) {
		id, err = tx.insert(createTeam, t.Name, t.Organization, t.Role.String(), t.Description)
		return err
	})
	return domain.TeamID(id), err
}

// SetTeamRole changes a team's role in its organisation.
func (s *Store) SetTeamRole(ctx context.Context, id domain.TeamID, role domain.TeamRole) error {
	_, err := s.changed(ctx, setTeamRole, id, role.String())
	return err
}

// SetTeamDescription changes a team's description.
func (s *Store) SetTeamDescription(ctx context.Context, id domain.TeamID, text string) error {
	_, err := s.changed(ctx, setTeamDescription, id, text)
	return err
}

// AdminTeams returns the names of the teams that administer an organisation, each
// with whether the account is in it.
func (s *Store) AdminTeams(ctx context.Context, organization, user domain.UserID) (map[string]bool, error) {
	teams := make(map[string]bool)
	err := s.rows(ctx, adminTeams, func(r scanner) error {
		var name string
		var member bool
		if err := r.Scan(&name, &member); err != nil {
			return err
		}
		teams[name] = member
		return nil
	}, organization, user)
	return teams, err
}

// Teams returns an organisation's teams, in the order in which they were made, with
// their counts: one statement however many there are.
func (s *Store) Teams(ctx context.Context, organization domain.UserID) ([]domain.TeamSummary, error) {
	var list []domain.TeamSummary
	err := s.rows(ctx, teamsOf, func(r scanner) error {
		t := domain.TeamSummary{Team: domain.Team{Organization: organization}}
		var role string
		if err := r.Scan(&t.ID, &t.Name, &role, &t.Description, &t.Repositories, &t.Members, &t.Synced); err != nil {
			return err
		}
		t.Role = domain.ParseTeamRole(role)
		list = append(list, t)
		return nil
	}, organization)
	return list, err
}

// TeamMembers returns the people and robots of a team in the order in which they
// came.
func (s *Store) TeamMembers(ctx context.Context, id domain.TeamID) ([]domain.Member, error) {
	var list []domain.Member
	err := s.rows(ctx, teamMembers, func(r scanner) error {
		var m domain.Member
		if err := r.Scan(&m.ID, &m.Name, &m.Email, &m.Robot); err != nil {
			return err
		}
		list = append(list, m)
		return nil
	}, id)
	return list, err
}

// AddTeamMember puts an account into a team; it reports whether it was not in it
// before.
func (s *Store) AddTeamMember(ctx context.Context, id domain.TeamID, user domain.UserID) (bool, error) {
	return s.changed(ctx, addTeamMember, id, user)
}

// RemoveTeamMember takes an account out of a team; it reports whether it was in it.
func (s *Store) RemoveTeamMember(ctx context.Context, id domain.TeamID, user domain.UserID) (bool, error) {
	return s.changed(ctx, removeTeamMember, id, user)
}

// InOrganization reports whether an account is in any team of an organisation.
func (s *Store) InOrganization(ctx context.Context, organization, user domain.UserID) (bool, error) {
	return s.exists(ctx, inOrganization, organization, user)
}

// DeleteTeam deletes a team with everything that refers to it: prototypes, roles,
// members, invites and its synchronisation (data/model/team.py, remove_team). It
// does nothing when the team is gone.
func (s *Store) DeleteTeam(ctx context.Context, id domain.TeamID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		// Nobody may join it meanwhile.
		if there, err := found(tx.rowForUpdate(lockTeam, id)); err != nil || !there {
			return err
		}
		for _, q := range []statement{
			deleteTeamPrototypes, deleteTeamPermissions, deleteTeamMembers, deleteTeamInvites, deleteTeamSync, deleteTeam,
		} {
			if _, err := tx.exec(q, id); err != nil {
				return err
			}
		}
		return nil
	})
}
