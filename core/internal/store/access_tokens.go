package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	insertAccessToken statement = `
INSERT INTO accesstoken (friendly_name, token_name, token_code, repository_id, created, role_id, temporary, kind_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`

	accessTokenKindByName statement = `SELECT id FROM accesstokenkind WHERE name = $1`

	accessTokenByName statement = `
SELECT a.id, a.friendly_name, a.token_name, a.token_code, a.repository_id, u.username, r.name, ro.name, a.temporary,
       COALESCE(k.name, ''), a.created
FROM accesstoken a JOIN role ro ON ro.id = a.role_id JOIN repository r ON r.id = a.repository_id
                   JOIN "user" u ON u.id = r.namespace_user_id LEFT JOIN accesstokenkind k ON k.id = a.kind_id
WHERE a.token_name = $1`
)

// CreateAccessToken stores a token of a repository and returns its id. errs.Invalid
// when the role or the kind is none of the product's.
func (s *Store) CreateAccessToken(ctx context.Context, t domain.AccessToken) (id domain.AccessTokenID, err error) {
	if t.Role == domain.PermissionNone {
		return 0, errs.New(errs.Invalid, "a token needs a role")
	}
	role, err := s.enumID(&s.enums.role, t.Role.String())
	if err != nil {
		return 0, err
	}
	err = s.change(ctx, true, func(tx *Tx) error {
		var kind *int64
		if t.Kind != "" {
			err := classify(tx.row(accessTokenKindByName, t.Kind).Scan(&kind))
			if errs.Is(err, errs.NotFound) {
				return errs.New(errs.Invalid, "there is no kind of token %q", t.Kind)
			}
			if err != nil {
				return err
			}
		}
		row, err := tx.insert(insertAccessToken, t.Label, t.Name, t.SealedCode, t.Repository, t.Created, role, t.Temporary, kind)
		id = domain.AccessTokenID(row)
		return err
	})
	return id, err
}

// AccessTokenByName returns a token by its first half; errs.NotFound when there is
// none.
func (s *Store) AccessTokenByName(ctx context.Context, name string) (*domain.AccessToken, error) {
	var t domain.AccessToken
	var role string
	err := s.row(ctx, accessTokenByName, name).Scan(&t.ID, &t.Label, &t.Name, &t.SealedCode, &t.Repository,
		&t.RepositoryName.Namespace, &t.RepositoryName.Repository, &role, &t.Temporary, &t.Kind, &t.Created)
	if err != nil {
		return nil, classify(err)
	}
	t.Role = domain.ParsePermission(role)
	return &t, nil
}
