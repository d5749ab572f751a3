package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	// What an account has a role in, owns or administers: found from its own rows,
	// however many repositories there are.
	ownRepositories statement = `
SELECT r.id, n.username, r.name, r.visibility_id, r.state, n.enabled
FROM repository r JOIN "user" n ON n.id = r.namespace_user_id
WHERE r.id >= CAST($1 AS bigint) AND r.kind_id = $2 AND r.state <> $3 AND r.id IN (
  SELECT p.repository_id FROM repositorypermission p WHERE p.user_id = $4
  UNION SELECT p.repository_id FROM teammember m JOIN repositorypermission p ON p.team_id = m.team_id WHERE m.user_id = $4
  UNION SELECT a.id FROM teammember m JOIN team t ON t.id = m.team_id JOIN teamrole tr ON tr.id = t.role_id
        JOIN repository a ON a.namespace_user_id = t.organization_id WHERE m.user_id = $4 AND tr.name = 'admin'
  UNION SELECT o.id FROM repository o WHERE o.namespace_user_id = $4)
ORDER BY r.id LIMIT $5`

	// The same with what is public ($6 is true and $7 the visibility), or simply all
	// ($8), in the order of ids: the first ones are soon found.
	allRepositories statement = `
SELECT r.id, n.username, r.name, r.visibility_id, r.state, n.enabled
FROM repository r JOIN "user" n ON n.id = r.namespace_user_id
WHERE r.id >= CAST($1 AS bigint) AND r.kind_id = $2 AND r.state <> $3
  AND ($8 OR $6 AND r.visibility_id = $7 OR r.namespace_user_id = $4
    OR EXISTS (SELECT 1 FROM repositorypermission p WHERE p.repository_id = r.id AND p.user_id = $4)
    OR EXISTS (SELECT 1 FROM teammember m JOIN repositorypermission p ON p.team_id = m.team_id
               WHERE m.user_id = $4 AND p.repository_id = r.id)
    OR EXISTS (SELECT 1 FROM teammember m JOIN team t ON t.id = m.team_id JOIN teamrole tr ON tr.id = t.role_id
               WHERE m.user_id = $4 AND t.organization_id = r.namespace_user_id AND tr.name = 'admin'))
ORDER BY r.id LIMIT $5`

	// The same of one namespace ($9).
	repositoriesIn statement = `
SELECT r.id, n.username, r.name, r.visibility_id, r.state, n.enabled
FROM "user" n JOIN repository r ON r.namespace_user_id = n.id
WHERE n.username = $9 AND r.id >= CAST($1 AS bigint) AND r.kind_id = $2 AND r.state <> $3
  AND ($8 OR $6 AND r.visibility_id = $7 OR r.namespace_user_id = $4
    OR EXISTS (SELECT 1 FROM repositorypermission p WHERE p.repository_id = r.id AND p.user_id = $4)
    OR EXISTS (SELECT 1 FROM teammember m JOIN repositorypermission p ON p.team_id = m.team_id
               WHERE m.user_id = $4 AND p.repository_id = r.id)
    OR EXISTS (SELECT 1 FROM teammember m JOIN team t ON t.id = m.team_id JOIN teamrole tr ON tr.id = t.role_id
               WHERE m.user_id = $4 AND t.organization_id = r.namespace_user_id AND tr.name = 'admin'))
ORDER BY r.id LIMIT $5`
)

// VisibleRepositories lists what a filter lets through, in the order of ids and none
// that is being deleted (data/model/_basequery.py, filter_to_repos_for_user).
func (s *Store) VisibleRepositories(ctx context.Context, f domain.RepositoryFilter) ([]domain.Repository, error) {
	if f.Viewer == 0 && !f.Public && !f.All {
		return nil, nil
	}
	public, err := s.enumID(&s.enums.visibility, "public")
	if err != nil {
		return nil, err
	}
	kind, err := s.enumID(&s.enums.repoKind, f.Kind)
	if err != nil {
		return nil, err
	}
	q, args := ownRepositories, []any{f.From, kind, domain.StateMarkedForDeletion, f.Viewer, f.Limit}
	if f.Public || f.All || f.Namespace != "" {
		q, args = allRepositories, append(args, f.Public, public, f.All)
	}
	if f.Namespace != "" {
		q, args = repositoriesIn, append(args, f.Namespace)
	}
	var list []domain.Repository
	err = s.rows(ctx, q, func(r scanner) error {
		repo := domain.Repository{Kind: f.Kind}
		var visibility int64
		err := r.Scan(&repo.ID, &repo.Name.Namespace, &repo.Name.Repository, &visibility, &repo.State, &repo.NamespaceEnabled)
		repo.Public = visibility == public
		list = append(list, repo)
		return err
	}, args...)
	return list, err
}
