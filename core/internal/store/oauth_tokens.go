package store

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

const (
	insertOAuthToken statement = `
INSERT INTO oauthaccesstoken (uuid, application_id, authorized_user_id, scope, display_name, token_name, token_code,
                              token_type, expires_at, data, last_accessed, created)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, $11) RETURNING id`

	oauthTokenByName statement = `
SELECT id, uuid, application_id, authorized_user_id, scope, display_name, token_name, token_code, token_type,
       expires_at, data, last_accessed, created
FROM oauthaccesstoken WHERE token_name = $1`

	oauthTokenByUUID statement = `
SELECT id, uuid, application_id, authorized_user_id, scope, display_name, token_name, token_code, token_type,
       expires_at, data, last_accessed, created
FROM oauthaccesstoken WHERE uuid = $1 ORDER BY id LIMIT 1`

	oauthTokensBy statement = `
SELECT id, uuid, application_id, authorized_user_id, scope, display_name, token_name, token_code, token_type,
       expires_at, data, last_accessed, created
FROM oauthaccesstoken WHERE authorized_user_id = $1 ORDER BY id`

	// The newest first, as the product lists them.
	liveOAuthTokensOf statement = `
SELECT id, uuid, application_id, authorized_user_id, scope, display_name, token_name, token_code, token_type,
       expires_at, data, last_accessed, created
FROM oauthaccesstoken WHERE application_id = $1 AND expires_at > $2 AND id < $3 ORDER BY id DESC LIMIT $4`

	countLiveOAuthTokens statement = `SELECT COUNT(*) FROM oauthaccesstoken WHERE application_id = $1 AND expires_at > $2`

	grantedScopes statement = `
SELECT t.scope FROM oauthaccesstoken t JOIN oauthapplication a ON a.id = t.application_id
WHERE a.client_id = $1 AND t.authorized_user_id = $2 AND t.expires_at > $3 ORDER BY t.id`

	deleteOAuthToken statement = `DELETE FROM oauthaccesstoken WHERE application_id = $1 AND uuid = $2`

	deleteOAuthTokenBy statement = `DELETE FROM oauthaccesstoken WHERE authorized_user_id = $1 AND uuid = $2`

	touchOAuthToken statement = `
UPDATE oauthaccesstoken SET last_accessed = $2 WHERE id = $1 AND (last_accessed IS NULL OR last_accessed <= $3)`
)

func scanOAuthToken(r scanner) (*domain.OAuthToken, error) {
	var t domain.OAuthToken
	var accessed, created *time.Time
	err := r.Scan(&t.ID, &t.UUID, &t.Application, &t.User, &t.Scope, &t.Label, &t.Name, &t.Hash, &t.Type, &t.Expires, &t.Data,
		&accessed, &created)
	if err != nil {
		return nil, classify(err)
	}
	t.LastAccessed, t.Created = timeOf(accessed), timeOf(created)
	return &t, nil
}

func (s *Store) oauthTokens(ctx context.Context, q statement, args ...any) ([]domain.OAuthToken, error) {
	var list []domain.OAuthToken
	err := s.rows(ctx, q, func(r scanner) error {
		t, err := scanOAuthToken(r)
		if err == nil {
			list = append(list, *t)
		}
		return err
	}, args...)
	return list, err
}

// CreateOAuthToken stores a token and returns its id. With a limit above zero it is
// domain.TokenLimit when the application has as many tokens that are not expired;
// requests at once do not exceed it together. errs.NotFound when the application is
// gone.
func (s *Store) CreateOAuthToken(ctx context.Context, t domain.OAuthToken, limit int) (id domain.OAuthTokenID, err error) {
	err = s.change(ctx, true, func(tx *Tx) error {
		if _, err := scanApplication(tx.rowForUpdate(applicationByID, t.Application)); err != nil {
			return err
		}
		if limit > 0 {
			var n int
			if err := tx.row(countLiveOAuthTokens, t.Application, t.Created).Scan(&n); err != nil {
				return classify(err)
			}
			if n >= limit {
				return domain.TokenLimit(limit)
			}
		}
		row, err := tx.insert(insertOAuthToken, t.UUID, t.Application, t.User, t.Scope, t.Label, t.Name, t.Hash, t.Type,
			t.Expires, t.Data, t.Created)
		id = domain.OAuthTokenID(row)
		return err
	})
	return id, err
}

// OAuthTokenByName returns a token by its first part, expired or not; errs.NotFound
// when there is none.
func (s *Store) OAuthTokenByName(ctx context.Context, name string) (*domain.OAuthToken, error) {
	return scanOAuthToken(s.row(ctx, oauthTokenByName, name))
}

// OAuthToken returns a token by its uuid, expired or not; errs.NotFound when there is
// none.
func (s *Store) OAuthToken(ctx context.Context, uuid string) (*domain.OAuthToken, error) {
	return scanOAuthToken(s.row(ctx, oauthTokenByUUID, uuid))
}

// OAuthTokensOf lists what an account has authorised, the oldest first.
func (s *Store) OAuthTokensOf(ctx context.Context, user domain.UserID) ([]domain.OAuthToken, error) {
	return s.oauthTokens(ctx, oauthTokensBy, user)
}

// LiveOAuthTokens lists at most limit tokens of an application that end after now and
// have ids below before, the newest first.
func (s *Store) LiveOAuthTokens(ctx context.Context, app domain.ApplicationID, now time.Time, before domain.OAuthTokenID, limit int) ([]domain.OAuthToken, error) {
	return s.oauthTokens(ctx, liveOAuthTokensOf, app, now, before, limit)
}

// GrantedScopes lists the scopes, each text as it was asked for, of the tokens of an
// account for a client that end after now.
func (s *Store) GrantedScopes(ctx context.Context, clientID string, user domain.UserID, now time.Time) ([]string, error) {
	var list []string
	err := s.rows(ctx, grantedScopes, into(&list), clientID, user, now)
	return list, err
}

// DeleteOAuthToken revokes a token of an application; errs.NotFound when it has none of
// the uuid.
func (s *Store) DeleteOAuthToken(ctx context.Context, app domain.ApplicationID, uuid string) error {
	return s.deleteOne(ctx, deleteOAuthToken, app, uuid)
}

// DeleteOAuthTokenOf revokes what an account has authorised; errs.NotFound when it has
// nothing of the uuid.
func (s *Store) DeleteOAuthTokenOf(ctx context.Context, user domain.UserID, uuid string) error {
	return s.deleteOne(ctx, deleteOAuthTokenBy, user, uuid)
}

// TouchOAuthToken writes down that a token was used, unless it was after since.
func (s *Store) TouchOAuthToken(ctx context.Context, id domain.OAuthTokenID, now, since time.Time) error {
	return s.change(ctx, false, func(tx *Tx) error {
		_, err := tx.exec(touchOAuthToken, id, now, since)
		return err
	})
}
