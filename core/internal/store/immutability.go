package store

import (
	"context"
	"encoding/json"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// The policies of a repository come before those of its namespace.
const immutabilityPolicies statement = `
SELECT 0 AS place, p.id, p.uuid, p.policy FROM repositoryimmutabilitypolicy p WHERE p.repository_id = $1
UNION ALL
SELECT 1, p.id, p.uuid, p.policy FROM namespaceimmutabilitypolicy p
WHERE p.namespace_id = (SELECT r.namespace_user_id FROM repository r WHERE r.id = $1)
ORDER BY 1, 2`

// ImmutabilityPolicies lists the policies that apply to a repository.
func (s *Store) ImmutabilityPolicies(ctx context.Context, repo domain.RepositoryID) ([]domain.ImmutabilityPolicy, error) {
	var list []domain.ImmutabilityPolicy
	err := s.rows(ctx, immutabilityPolicies, func(r scanner) error {
		var place, id int64
		var uuid, text string
		if err := r.Scan(&place, &id, &uuid, &text); err != nil {
			return err
		}
		policy := struct {
			Pattern  string `json:"tag_pattern"`
			Matching *bool  `json:"tag_pattern_matches"`
		}{}
		if err := json.Unmarshal([]byte(text), &policy); err != nil {
			return errs.Wrap(errs.Corrupt, err, "immutability policy %s", uuid)
		}
		list = append(list, domain.ImmutabilityPolicy{
			UUID: uuid, Pattern: policy.Pattern, Matching: policy.Matching == nil || *policy.Matching,
		})
		return nil
	}, repo)
	return list, err
}
