package store

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/python"
)

const (
	insertTeamSync statement = `
INSERT INTO teamsync (team_id, transaction_id, last_updated, service_id, config)
VALUES ($1, '', NULL, (SELECT id FROM loginservice WHERE name = $2), $3) RETURNING id`

	teamSync statement = `
SELECT s.id, s.transaction_id, s.last_updated, l.name, s.config, t.id, t.name, o.id, o.username, tr.name, t.description
FROM teamsync s JOIN loginservice l ON l.id = s.service_id JOIN team t ON t.id = s.team_id
JOIN "user" o ON o.id = t.organization_id JOIN teamrole tr ON tr.id = t.role_id
WHERE s.team_id = $1`

	// The services whose groups are asked for their members; those of OIDC come with
	// each login.
	staleTeamSyncs statement = `
SELECT s.team_id FROM teamsync s JOIN loginservice l ON l.id = s.service_id
WHERE l.name IN ('ldap', 'keystone') AND (s.last_updated <= $1 OR s.last_updated IS NULL) LIMIT 500`

	claimTeamSync statement = `
UPDATE teamsync SET transaction_id = $3, last_updated = $4 WHERE id = $1 AND transaction_id = $2`

	serviceTeamSyncs statement = `
SELECT s.id, s.transaction_id, s.last_updated, l.name, s.config, t.id, t.name, o.id, o.username, tr.name, t.description
FROM teamsync s JOIN loginservice l ON l.id = s.service_id JOIN team t ON t.id = s.team_id
JOIN "user" o ON o.id = t.organization_id JOIN teamrole tr ON tr.id = t.role_id
WHERE l.name = $1 ORDER BY s.id`

	// The same for the teams that an account is in.
	userTeamSyncs statement = `
SELECT s.id, s.transaction_id, s.last_updated, l.name, s.config, t.id, t.name, o.id, o.username, tr.name, t.description
FROM teammember m JOIN teamsync s ON s.team_id = m.team_id JOIN loginservice l ON l.id = s.service_id JOIN team t ON t.id = s.team_id
JOIN "user" o ON o.id = t.organization_id JOIN teamrole tr ON tr.id = t.role_id
WHERE m.user_id = $1 AND l.name = $2 ORDER BY s.id`

	federatedMembers statement = `
SELECT f.service_ident, m.user_id
FROM teammember m JOIN "user" u ON u.id = m.user_id JOIN federatedlogin f ON f.user_id = u.id JOIN loginservice l ON l.id = f.service_id
WHERE m.team_id = $1 AND NOT u.robot AND l.name = $2`

	teamPeople statement = `
SELECT m.user_id FROM teammember m JOIN "user" u ON u.id = m.user_id WHERE m.team_id = $1 AND NOT u.robot`
)

// SetTeamSync makes a team follow a group of a login service; errs.Exists when it
// follows one already. config is a JSON object.
func (s *Store) SetTeamSync(ctx context.Context, team domain.TeamID, service string, config []byte) error {
	return s.change(ctx, true, func(tx *Tx) error {
		// The product encodes what is JSON already once more (data/model/team.py).
		_, err := tx.insert(insertTeamSync, team, service, python.JSONString(string(config)))
		return err
	})
}

// RemoveTeamSync ends it; it reports whether the team followed a group.
func (s *Store) RemoveTeamSync(ctx context.Context, team domain.TeamID) (bool, error) {
	return s.changed(ctx, deleteTeamSync, team)
}

// TeamSync returns which group a team follows; errs.NotFound when it follows none.
func (s *Store) TeamSync(ctx context.Context, team domain.TeamID) (*domain.TeamSync, error) {
	t, err := scanTeamSync(s.row(ctx, teamSync, team))
	if err != nil {
		return nil, classify(err)
	}
	return &t, nil
}

// StaleTeamSync returns one team, drawn by lot, that was synchronised before an
// instant or never, so that several workers choose different ones; errs.NotFound
// when there is none.
func (s *Store) StaleTeamSync(ctx context.Context, before time.Time) (*domain.TeamSync, error) {
	var teams []domain.TeamID
	err := s.rows(ctx, staleTeamSyncs, into(&teams), before)
	if err != nil {
		return nil, err
	}
	if len(teams) == 0 {
		return nil, errNoRow
	}
	return s.TeamSync(ctx, teams[rand.IntN(len(teams))])
}

// ClaimTeamSync records that a team was synchronised; it reports false when somebody
// else did that first.
func (s *Store) ClaimTeamSync(ctx context.Context, t *domain.TeamSync, now time.Time) (bool, error) {
	return s.changed(ctx, claimTeamSync, t.ID, t.Transaction, uuid.NewString(), now)
}

// ServiceTeamSyncs returns all teams that follow groups of a login service.
func (s *Store) ServiceTeamSyncs(ctx context.Context, service string) ([]domain.TeamSync, error) {
	return s.teamSyncs(ctx, serviceTeamSyncs, service)
}

// UserTeamSyncs returns those of them that an account is in.
func (s *Store) UserTeamSyncs(ctx context.Context, user domain.UserID, service string) ([]domain.TeamSync, error) {
	return s.teamSyncs(ctx, userTeamSyncs, user, service)
}

func (s *Store) teamSyncs(ctx context.Context, q statement, args ...any) ([]domain.TeamSync, error) {
	var list []domain.TeamSync
	err := s.rows(ctx, q, func(r scanner) error {
		t, err := scanTeamSync(r)
		list = append(list, t)
		return err
	}, args...)
	return list, err
}

func scanTeamSync(r scanner) (domain.TeamSync, error) {
	var t domain.TeamSync
	var role, config string
	var updated *time.Time
	err := r.Scan(&t.ID, &t.Transaction, &updated, &t.Service, &config,
		&t.Team.ID, &t.Team.Name, &t.Team.Organization, &t.Team.OrganizationName, &role, &t.Team.Description)
	if err != nil {
		return t, err
	}
	if updated != nil {
		t.Updated = *updated
	}
	t.Team.Role = domain.ParseTeamRole(role)
	var once string
	if json.Unmarshal([]byte(config), &once) != nil {
		once = config // encoded once only
	}
	t.Config = []byte(once)
	return t, nil
}

// FederatedMembers returns the people of a team by the names that a login service
// knows them by.
func (s *Store) FederatedMembers(ctx context.Context, team domain.TeamID, service string) (map[string]domain.UserID, error) {
	members := make(map[string]domain.UserID)
	err := s.rows(ctx, federatedMembers, func(r scanner) error {
		var ident string
		var id domain.UserID
		err := r.Scan(&ident, &id)
		members[ident] = id
		return err
	}, team, service)
	return members, err
}

// RemovePeopleExcept takes all people but some out of a team, and no robots. It
// returns how many.
func (s *Store) RemovePeopleExcept(ctx context.Context, team domain.TeamID, keep []domain.UserID) (int, error) {
	var removed int
	err := s.change(ctx, true, func(tx *Tx) error {
		var leave []domain.UserID
		err := tx.rows(teamPeople, func(r scanner) error {
			var id domain.UserID
			err := r.Scan(&id)
			if !slices.Contains(keep, id) {
				leave = append(leave, id)
			}
			return err
		}, team)
		for _, id := range leave {
			if err == nil {
				_, err = tx.exec(removeTeamMember, team, id)
			}
		}
		removed = len(leave)
		return err
	})
	return removed, err
}
