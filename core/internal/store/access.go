package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	// Everything that the rows say about an account ($3) and a repository, in one
	// statement: each decision costs this and nothing else. A namespace without
	// the repository has a row, too: who administers an organisation may do so. The
	// cross join tells SQLite to begin with the account's teams: they are fewer than
	// a repository's roles can be.
	repositoryAccess statement = `
SELECT COALESCE(r.id, 0), r.visibility_id, r.kind_id, COALESCE(r.state, 0),
  COALESCE((SELECT MAX(CASE ro.name WHEN 'admin' THEN 3 WHEN 'write' THEN 2 ELSE 1 END)
            FROM repositorypermission p JOIN role ro ON ro.id = p.role_id
            WHERE p.repository_id = r.id AND p.user_id = $3), 0),
  COALESCE((SELECT MAX(CASE ro.name WHEN 'admin' THEN 3 WHEN 'write' THEN 2 ELSE 1 END)
            FROM teammember m CROSS JOIN repositorypermission p JOIN role ro ON ro.id = p.role_id
            WHERE m.user_id = $3 AND p.team_id = m.team_id AND p.repository_id = r.id), 0),
  COALESCE((SELECT MAX(CASE tr.name WHEN 'admin' THEN 3 WHEN 'creator' THEN 2 ELSE 1 END)
            FROM teammember m JOIN team t ON t.id = m.team_id JOIN teamrole tr ON tr.id = t.role_id
            WHERE m.user_id = $3 AND t.organization_id = n.id AND n.organization), 0)
FROM "user" n LEFT JOIN repository r ON r.namespace_user_id = n.id AND r.name = $2
WHERE n.username = $1`

	organizationAccess statement = `
SELECT t.name, tr.name
FROM "user" o JOIN team t ON t.organization_id = o.id JOIN teammember m ON m.team_id = t.id JOIN teamrole tr ON tr.id = t.role_id
WHERE o.username = $1 AND o.organization AND m.user_id = $2`

	allOrganizationAccess statement = `
SELECT o.username, t.name, tr.name
FROM teammember m JOIN team t ON t.id = m.team_id JOIN teamrole tr ON tr.id = t.role_id JOIN "user" o ON o.id = t.organization_id
WHERE m.user_id = $1 AND o.organization`
)

// RepositoryAccess returns what the rows say about an account and a repository. A
// repository or a namespace that is not there is no error: nothing is held in it.
func (s *Store) RepositoryAccess(ctx context.Context, user domain.UserID, name domain.Name) (domain.Access, error) {
	var a domain.Access
	var visibility, kind *int64
	var throughTeams domain.Permission
	err := classify(s.row(ctx, repositoryAccess, name.Namespace, name.Repository, user).
		Scan(&a.Repository, &visibility, &kind, &a.State, &a.Role, &throughTeams, &a.TeamRole))
	if errs.Is(err, errs.NotFound) {
		return domain.Access{}, nil
	}
	if err != nil {
		return domain.Access{}, err
	}
	a.Role = max(a.Role, throughTeams)
	if visibility != nil && kind != nil {
		s.enums.mu.RLock()
		a.Public = s.enums.visibility.byID[*visibility] == "public"
		a.Kind = s.enums.repoKind.byID[*kind]
		s.enums.mu.RUnlock()
	}
	return a, nil
}

// OrganizationAccess returns what the rows say about an account and an
// organisation, which need not be there.
func (s *Store) OrganizationAccess(ctx context.Context, user domain.UserID, organization string) (domain.OrganizationAccess, error) {
	var a domain.OrganizationAccess
	err := s.rows(ctx, organizationAccess, func(r scanner) error {
		var team, role string
		if err := r.Scan(&team, &role); err != nil {
			return err
		}
		a.Add(team, domain.ParseTeamRole(role))
		return nil
	}, organization, user)
	return a, err
}

// OrganizationsAccess returns the same of all organisations that the account is in
// a team of, by their names.
func (s *Store) OrganizationsAccess(ctx context.Context, user domain.UserID) (map[string]domain.OrganizationAccess, error) {
	all := make(map[string]domain.OrganizationAccess)
	err := s.rows(ctx, allOrganizationAccess, func(r scanner) error {
		var organization, team, role string
		if err := r.Scan(&organization, &team, &role); err != nil {
			return err
		}
		a := all[organization]
		a.Add(team, domain.ParseTeamRole(role))
		all[organization] = a
		return nil
	}, user)
	return all, err
}
