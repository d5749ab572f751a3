package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	// A second role of the same account or team replaces the first.
	setUserRole statement = `
INSERT INTO repositorypermission (user_id, repository_id, role_id)
VALUES ($1, $2, (SELECT id FROM role WHERE name = $3))
ON CONFLICT (user_id, repository_id) DO UPDATE SET role_id = excluded.role_id`

	setTeamRepositoryRole statement = `
INSERT INTO repositorypermission (team_id, repository_id, role_id)
VALUES ($1, $2, (SELECT id FROM role WHERE name = $3))
ON CONFLICT (team_id, repository_id) DO UPDATE SET role_id = excluded.role_id`

	deleteUserRole statement = `DELETE FROM repositorypermission WHERE user_id = $1 AND repository_id = $2`

	deleteTeamRepositoryRole statement = `DELETE FROM repositorypermission WHERE team_id = $1 AND repository_id = $2`

	// The accounts' roles of a repository, or one account's when a name is given.
	userRoles statement = `
SELECT p.repository_id, n.username, r.name, r.visibility_id, ro.name, u.id, u.username, u.email, u.robot, '',
       n.organization AND (u.robot OR EXISTS (
         SELECT 1 FROM teammember m JOIN team t ON t.id = m.team_id WHERE m.user_id = u.id AND t.organization_id = n.id))
FROM "user" n JOIN repository r ON r.namespace_user_id = n.id JOIN repositorypermission p ON p.repository_id = r.id
JOIN "user" u ON u.id = p.user_id JOIN role ro ON ro.id = p.role_id
WHERE n.username = $1 AND r.name = $2 AND (u.username = $3 OR CAST($3 AS text) = '') ORDER BY p.id`

	teamRepositoryRoles statement = `
SELECT p.repository_id, n.username, r.name, r.visibility_id, ro.name, 0, '', '', FALSE, t.name, FALSE
FROM "user" n JOIN repository r ON r.namespace_user_id = n.id JOIN repositorypermission p ON p.repository_id = r.id
JOIN team t ON t.id = p.team_id JOIN role ro ON ro.id = p.role_id
WHERE n.username = $1 AND r.name = $2 AND (t.name = $3 OR CAST($3 AS text) = '') ORDER BY p.id`

	// The roles that one account, or one team, has in all repositories.
	rolesOfUser statement = `
SELECT p.repository_id, n.username, r.name, r.visibility_id, ro.name, u.id, u.username, u.email, u.robot, '', FALSE
FROM "user" u JOIN repositorypermission p ON p.user_id = u.id JOIN repository r ON r.id = p.repository_id
JOIN "user" n ON n.id = r.namespace_user_id JOIN role ro ON ro.id = p.role_id
WHERE u.username = $1 ORDER BY p.id`

	rolesOfTeam statement = `
SELECT p.repository_id, n.username, r.name, r.visibility_id, ro.name, 0, '', '', FALSE, t.name, FALSE
FROM team t JOIN repositorypermission p ON p.team_id = t.id JOIN repository r ON r.id = p.repository_id
JOIN "user" n ON n.id = r.namespace_user_id JOIN role ro ON ro.id = p.role_id
WHERE t.id = $1 ORDER BY p.id`

	// The roles of people in all repositories of an organisation.
	rolesInOrganization statement = `
SELECT p.repository_id, n.username, r.name, r.visibility_id, ro.name, u.id, u.username, u.email, u.robot, '',
       EXISTS (SELECT 1 FROM teammember m JOIN team t ON t.id = m.team_id WHERE m.user_id = u.id AND t.organization_id = n.id)
FROM "user" n JOIN repository r ON r.namespace_user_id = n.id JOIN repositorypermission p ON p.repository_id = r.id
JOIN "user" u ON u.id = p.user_id JOIN role ro ON ro.id = p.role_id
WHERE n.id = $1 AND NOT u.robot ORDER BY p.id`

	transitiveRoles statement = `
SELECT ro.name FROM repositorypermission p JOIN role ro ON ro.id = p.role_id
WHERE p.repository_id = $1 AND (p.user_id = $2
   OR EXISTS (SELECT 1 FROM teammember m WHERE m.team_id = p.team_id AND m.user_id = $2))
ORDER BY p.id`
)

// SetUserRole gives an account a role in a repository, in place of the one that it
// has.
func (s *Store) SetUserRole(ctx context.Context, user domain.UserID, repo domain.RepositoryID, role domain.Permission) error {
	_, err := s.changed(ctx, setUserRole, user, repo, role.String())
	return err
}

// SetTeamRepositoryRole gives a team a role in a repository, in place of the one
// that it has.
func (s *Store) SetTeamRepositoryRole(ctx context.Context, team domain.TeamID, repo domain.RepositoryID, role domain.Permission) error {
	_, err := s.changed(ctx, setTeamRepositoryRole, team, repo, role.String())
	return err
}

// DeleteUserRole takes an account's role in a repository away; it reports whether it
// had one.
func (s *Store) DeleteUserRole(ctx context.Context, user domain.UserID, repo domain.RepositoryID) (bool, error) {
	return s.changed(ctx, deleteUserRole, user, repo)
}

// DeleteTeamRepositoryRole takes a team's role in a repository away; it reports
// whether it had one.
func (s *Store) DeleteTeamRepositoryRole(ctx context.Context, team domain.TeamID, repo domain.RepositoryID) (bool, error) {
	return s.changed(ctx, deleteTeamRepositoryRole, team, repo)
}

// UserRoles returns the roles that accounts were given in a repository, the oldest
// first; of an account's name, only its own.
func (s *Store) UserRoles(ctx context.Context, repo domain.Name, name string) ([]domain.RepositoryRole, error) {
	return s.roles(ctx, userRoles, repo.Namespace, repo.Repository, name)
}

// TeamRepositoryRoles returns the roles that teams were given in a repository; of a
// team's name, only its own.
func (s *Store) TeamRepositoryRoles(ctx context.Context, repo domain.Name, team string) ([]domain.RepositoryRole, error) {
	return s.roles(ctx, teamRepositoryRoles, repo.Namespace, repo.Repository, team)
}

// RolesOfUser returns the roles that an account, often a robot, was given anywhere.
func (s *Store) RolesOfUser(ctx context.Context, name string) ([]domain.RepositoryRole, error) {
	return s.roles(ctx, rolesOfUser, name)
}

// RolesOfTeam returns the roles that a team was given anywhere.
func (s *Store) RolesOfTeam(ctx context.Context, team domain.TeamID) ([]domain.RepositoryRole, error) {
	return s.roles(ctx, rolesOfTeam, team)
}

// RolesInOrganization returns the roles that people were given in an organisation's
// repositories.
func (s *Store) RolesInOrganization(ctx context.Context, organization domain.UserID) ([]domain.RepositoryRole, error) {
	return s.roles(ctx, rolesInOrganization, organization)
}

func (s *Store) roles(ctx context.Context, q statement, args ...any) ([]domain.RepositoryRole, error) {
	public, err := s.enumID(&s.enums.visibility, "public")
	if err != nil {
		return nil, err
	}
	var list []domain.RepositoryRole
	err = s.rows(ctx, q, func(r scanner) error {
		var p domain.RepositoryRole
		var user domain.Member
		var visibility int64
		var role string
		err := r.Scan(&p.Repository, &p.Name.Namespace, &p.Name.Repository, &visibility, &role,
			&user.ID, &user.Name, &user.Email, &user.Robot, &p.Team, &p.OrganizationMember)
		if user.ID != 0 {
			p.User = &user
		}
		p.Role, p.Public = domain.ParsePermission(role), visibility == public
		list = append(list, p)
		return err
	}, args...)
	return list, err
}

// TransitiveRoles returns the roles that an account has in a repository, directly
// and through teams, one for each row.
func (s *Store) TransitiveRoles(ctx context.Context, repo domain.RepositoryID, user domain.UserID) ([]domain.Permission, error) {
	var list []domain.Permission
	err := s.rows(ctx, transitiveRoles, func(r scanner) error {
		var role string
		err := r.Scan(&role)
		list = append(list, domain.ParsePermission(role))
		return err
	}, repo, user)
	return list, err
}
