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

// NamespaceExists reports whether a user or organisation has the name.
func (s *Store) NamespaceExists(ctx context.Context, name string) (bool, error) {
	return s.exists(ctx, namespaceByName, name)
}
