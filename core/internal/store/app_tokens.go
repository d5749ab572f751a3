package store

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

const (
	insertAppToken statement = `
INSERT INTO appspecificauthtoken (user_id, uuid, title, token_name, token_secret, created, expiration)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`

	appTokenByUUID statement = `
SELECT id, user_id, uuid, title, token_name, token_secret, created, expiration, last_accessed
FROM appspecificauthtoken WHERE uuid = $1`

	appTokenByName statement = `
SELECT id, user_id, uuid, title, token_name, token_secret, created, expiration, last_accessed
FROM appspecificauthtoken WHERE token_name = $1`

	appTokensOf statement = `
SELECT id, user_id, uuid, title, token_name, token_secret, created, expiration, last_accessed
FROM appspecificauthtoken WHERE user_id = $1 ORDER BY id`

	allAppTokens statement = `
SELECT id, user_id, uuid, title, token_name, token_secret, created, expiration, last_accessed
FROM appspecificauthtoken WHERE id > CAST($1 AS bigint) ORDER BY id LIMIT $2`

	expiringAppTokensOf statement = `
SELECT id, user_id, uuid, title, token_name, token_secret, created, expiration, last_accessed
FROM appspecificauthtoken WHERE user_id = $1 AND expiration > $2 AND expiration <= $3 ORDER BY id`

	allExpiringAppTokens statement = `
SELECT id, user_id, uuid, title, token_name, token_secret, created, expiration, last_accessed
FROM appspecificauthtoken WHERE id > CAST($1 AS bigint) AND expiration > $2 AND expiration <= $3 ORDER BY id LIMIT $4`

	deleteAppToken statement = `DELETE FROM appspecificauthtoken WHERE uuid = $1 AND user_id = $2`

	deleteExpiredAppTokens statement = `DELETE FROM appspecificauthtoken WHERE expiration < $1`

	touchAppToken statement = `
UPDATE appspecificauthtoken SET last_accessed = $2 WHERE id = $1 AND (last_accessed IS NULL OR last_accessed <= $3)`
)

func scanAppToken(r scanner) (*domain.AppToken, error) {
	var t domain.AppToken
	var expires, accessed *time.Time
	err := r.Scan(&t.ID, &t.User, &t.UUID, &t.Title, &t.Name, &t.SealedSecret, &t.Created, &expires, &accessed)
	if err != nil {
		return nil, classify(err)
	}
	t.Expires, t.LastAccessed = timeOf(expires), timeOf(accessed)
	return &t, nil
}

func (s *Store) appTokens(ctx context.Context, q statement, args ...any) ([]domain.AppToken, error) {
	var list []domain.AppToken
	err := s.rows(ctx, q, func(r scanner) error {
		t, err := scanAppToken(r)
		if err == nil {
			list = append(list, *t)
		}
		return err
	}, args...)
	return list, err
}

// CreateAppToken stores a token and returns its id.
func (s *Store) CreateAppToken(ctx context.Context, t domain.AppToken) (id domain.AppTokenID, err error) {
	err = s.change(ctx, true, func(tx *Tx) error {
		row, err := tx.insert(insertAppToken, t.User, t.UUID, t.Title, t.Name, t.SealedSecret, t.Created, timeOrNull(t.Expires))
		id = domain.AppTokenID(row)
		return err
	})
	return id, err
}

// AppToken returns a token by its uuid, expired or not; errs.NotFound when there is
// none.
func (s *Store) AppToken(ctx context.Context, uuid string) (*domain.AppToken, error) {
	return scanAppToken(s.row(ctx, appTokenByUUID, uuid))
}

// AppTokenByName returns a token by its first half, expired or not; errs.NotFound
// when there is none.
func (s *Store) AppTokenByName(ctx context.Context, name string) (*domain.AppToken, error) {
	return scanAppToken(s.row(ctx, appTokenByName, name))
}

// AppTokens lists a person's tokens in the order in which they were made.
func (s *Store) AppTokens(ctx context.Context, user domain.UserID) ([]domain.AppToken, error) {
	return s.appTokens(ctx, appTokensOf, user)
}

// AllAppTokens lists at most limit tokens of everybody with ids above after.
func (s *Store) AllAppTokens(ctx context.Context, after domain.AppTokenID, limit int) ([]domain.AppToken, error) {
	return s.appTokens(ctx, allAppTokens, after, limit)
}

// ExpiringAppTokens lists a person's tokens that end after from and not after to.
func (s *Store) ExpiringAppTokens(ctx context.Context, user domain.UserID, from, to time.Time) ([]domain.AppToken, error) {
	return s.appTokens(ctx, expiringAppTokensOf, user, from, to)
}

// AllExpiringAppTokens is ExpiringAppTokens for everybody, a page at a time as in
// AllAppTokens.
func (s *Store) AllExpiringAppTokens(ctx context.Context, from, to time.Time, after domain.AppTokenID, limit int) ([]domain.AppToken, error) {
	return s.appTokens(ctx, allExpiringAppTokens, after, from, to, limit)
}

// DeleteAppToken deletes a person's token; errs.NotFound when he has none of the uuid.
func (s *Store) DeleteAppToken(ctx context.Context, owner domain.UserID, uuid string) error {
	return s.deleteOne(ctx, deleteAppToken, uuid, owner)
}

// DeleteExpiredAppTokens deletes the tokens that ended before an instant and returns
// how many there were.
func (s *Store) DeleteExpiredAppTokens(ctx context.Context, before time.Time) (n int64, err error) {
	err = s.change(ctx, true, func(tx *Tx) (err error) {
		n, err = tx.exec(deleteExpiredAppTokens, before)
		return err
	})
	return n, err
}

// TouchAppToken writes down that a token was used, unless it was after since.
func (s *Store) TouchAppToken(ctx context.Context, id domain.AppTokenID, now, since time.Time) error {
	return s.change(ctx, false, func(tx *Tx) error {
		_, err := tx.exec(touchAppToken, id, now, since)
		return err
	})
}
