package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	// Who is in which team of an organisation; of one account only when $2 is not zero.
	memberships statement = `
SELECT u.id, u.username, u.email, u.robot, t.name
FROM team t JOIN teammember m ON m.team_id = t.id JOIN "user" u ON u.id = m.user_id
WHERE t.organization_id = $1 AND (m.user_id = $2 OR CAST($2 AS integer) = 0) ORDER BY m.id`

	rolesOfUserIn statement = `
SELECT p.repository_id, n.username, r.name, r.visibility_id, ro.name, u.id, u.username, u.email, u.robot, '', FALSE
FROM repositorypermission p JOIN repository r ON r.id = p.repository_id JOIN "user" n ON n.id = r.namespace_user_id
JOIN "user" u ON u.id = p.user_id JOIN role ro ON ro.id = p.role_id
WHERE p.user_id = $1 AND r.namespace_user_id = $2 ORDER BY p.id`

	organizationAdmins statement = `
SELECT DISTINCT u.id, u.username, u.email, u.robot
FROM team t JOIN teamrole tr ON tr.id = t.role_id JOIN teammember m ON m.team_id = t.id JOIN "user" u ON u.id = m.user_id
WHERE t.organization_id = $1 AND tr.name = 'admin' AND NOT u.robot ORDER BY u.id`

	organizationsOf statement = `
SELECT DISTINCT o.id, o.username, o.email, o.robot
FROM teammember m JOIN team t ON t.id = m.team_id JOIN "user" o ON o.id = t.organization_id
WHERE m.user_id = $1 AND o.organization ORDER BY o.id`

	repositoryPeople statement = `
SELECT u.id, u.username, u.email, u.robot FROM repositorypermission p JOIN "user" u ON u.id = p.user_id WHERE p.repository_id = $1
UNION
SELECT u.id, u.username, u.email, u.robot
FROM repositorypermission p JOIN teammember m ON m.team_id = p.team_id JOIN "user" u ON u.id = m.user_id WHERE p.repository_id = $1
ORDER BY 1`

	deleteRolesIn statement = `
DELETE FROM repositorypermission WHERE user_id = $1 AND repository_id IN (SELECT id FROM repository WHERE namespace_user_id = $2)`

	deleteMembershipsIn statement = `
DELETE FROM teammember WHERE user_id = $1 AND team_id IN (SELECT id FROM team WHERE organization_id = $2)`
)

// Memberships returns the people and robots of an organisation's teams, one row for
// each team; of an account that is not zero, only its own.
func (s *Store) Memberships(ctx context.Context, organization, user domain.UserID) ([]domain.Membership, error) {
	var list []domain.Membership
	err := s.rows(ctx, memberships, func(r scanner) error {
		var m domain.Membership
		err := r.Scan(&m.ID, &m.Name, &m.Email, &m.Robot, &m.Team)
		list = append(list, m)
		return err
	}, organization, user)
	return list, err
}

// RolesOfUserIn returns the roles that an account was given in the repositories of a
// namespace.
func (s *Store) RolesOfUserIn(ctx context.Context, user, namespace domain.UserID) ([]domain.RepositoryRole, error) {
	return s.roles(ctx, rolesOfUserIn, user, namespace)
}

// OrganizationAdmins returns the people who administer an organisation.
func (s *Store) OrganizationAdmins(ctx context.Context, organization domain.UserID) ([]domain.Member, error) {
	return s.accounts(ctx, organizationAdmins, organization)
}

// OrganizationsOf returns the organisations that an account is in a team of.
func (s *Store) OrganizationsOf(ctx context.Context, user domain.UserID) ([]domain.Member, error) {
	return s.accounts(ctx, organizationsOf, user)
}

// RepositoryPeople returns the accounts that have a role in a repository, directly or
// through teams.
func (s *Store) RepositoryPeople(ctx context.Context, repo domain.RepositoryID) ([]domain.Member, error) {
	return s.accounts(ctx, repositoryPeople, repo)
}

func (s *Store) accounts(ctx context.Context, q statement, id any) ([]domain.Member, error) {
	var list []domain.Member
	err := s.rows(ctx, q, func(r scanner) error {
		var m domain.Member
		err := r.Scan(&m.ID, &m.Name, &m.Email, &m.Robot)
		list = append(list, m)
		return err
	}, id)
	return list, err
}

// RemoveOrganizationMember takes an account out of all teams of an organisation, and
// its own roles in the organisation's repositories away.
func (s *Store) RemoveOrganizationMember(ctx context.Context, organization, user domain.UserID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		if _, err := tx.exec(deleteRolesIn, user, organization); err != nil {
			return err
		}
		_, err := tx.exec(deleteMembershipsIn, user, organization)
		return err
	})
}
