package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	repositoryByName statement = `
SELECT r.id, r.visibility_id, r.kind_id, r.state, u.id, u.enabled, u.stripe_id IS NULL
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
WHERE u.username = $1 AND r.name = $2`

	// The two catalogs: what anybody may see, and all of it.
	publicRepositories statement = `
SELECT r.id, u.username, r.name
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
WHERE r.id > CAST($1 AS bigint) AND r.visibility_id = $2 AND r.kind_id = $3 AND r.state <> $4 AND u.enabled
ORDER BY r.id LIMIT $5`

	visibleRepositories statement = `
SELECT r.id, u.username, r.name
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
WHERE r.id > CAST($1 AS bigint) AND r.kind_id = $3 AND r.state <> $4 AND u.enabled
  AND (r.visibility_id = $2 AND $7
    OR r.namespace_user_id = $6
    OR EXISTS (SELECT 1 FROM repositorypermission p WHERE p.repository_id = r.id AND p.user_id = $6)
    OR EXISTS (SELECT 1 FROM repositorypermission p JOIN teammember m ON m.team_id = p.team_id
               WHERE p.repository_id = r.id AND m.user_id = $6)
    OR EXISTS (SELECT 1 FROM team t JOIN teammember m ON m.team_id = t.id JOIN teamrole tr ON tr.id = t.role_id
               WHERE t.organization_id = r.namespace_user_id AND m.user_id = $6 AND tr.name = 'admin'))
ORDER BY r.id LIMIT $5`
)

// Repository returns a repository by name; errs.NotFound when there is none.
func (s *Store) Repository(ctx context.Context, name domain.Name) (*domain.Repository, error) {
	r := domain.Repository{Name: name}
	var visibility, kind int64
	err := s.row(ctx, repositoryByName, name.Namespace, name.Repository).
		Scan(&r.ID, &visibility, &kind, &r.State, &r.Namespace, &r.NamespaceEnabled, &r.Free)
	if err != nil {
		return nil, classify(err)
	}
	s.enums.mu.RLock()
	defer s.enums.mu.RUnlock()
	r.Public = s.enums.visibility.byID[visibility] == "public"
	r.Kind = s.enums.repoKind.byID[kind]
	return &r, nil
}

// Catalog lists repositories of kind image with ids above after, in the order of
// their ids. Without a viewer it lists the public ones.
func (s *Store) Catalog(ctx context.Context, viewer domain.UserID, public bool, after domain.RepositoryID, limit int) ([]domain.Repository, error) {
	visibility, err := s.enumID(&s.enums.visibility, "public")
	if err != nil {
		return nil, err
	}
	kind, err := s.enumID(&s.enums.repoKind, "image")
	if err != nil {
		return nil, err
	}
	q, args := publicRepositories, []any{after, visibility, kind, domain.StateMarkedForDeletion, limit}
	if viewer != 0 {
		q, args = visibleRepositories, append(args, viewer, public)
	} else if !public {
		return nil, nil
	}
	list := make([]domain.Repository, 0, limit)
	err = s.rows(ctx, q, func(r scanner) error {
		var repo domain.Repository
		if err := r.Scan(&repo.ID, &repo.Name.Namespace, &repo.Name.Repository); err != nil {
			return err
		}
		list = append(list, repo)
		return nil
	}, args...)
	return list, err
}

// NamespaceExists reports whether a user or organisation has the name.
func (s *Store) NamespaceExists(ctx context.Context, name string) (bool, error) {
	return s.exists(ctx, namespaceByName, name)
}
