package store

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

const (
	userByName statement = `
SELECT id, COALESCE(uuid, ''), username, email, COALESCE(password_hash, ''), organization, robot, enabled, verified,
       invalid_login_attempts, last_invalid_login
FROM "user" WHERE username = $1`

	userByUUID statement = `
SELECT id, COALESCE(uuid, ''), username, email, COALESCE(password_hash, ''), organization, robot, enabled, verified,
       invalid_login_attempts, last_invalid_login
FROM "user" WHERE uuid = $1`

	anyPerson statement = `SELECT 1 FROM "user" WHERE NOT organization AND NOT robot LIMIT 1`

	countFailedLogin statement = `
UPDATE "user" SET invalid_login_attempts = invalid_login_attempts + 1, last_invalid_login = $2 WHERE id = $1`

	forgetFailedLogins statement = `UPDATE "user" SET invalid_login_attempts = 0 WHERE id = $1`
)

func (s *Store) user(ctx context.Context, q statement, key string) (*domain.User, error) {
	var u domain.User
	err := s.row(ctx, q, key).Scan(&u.ID, &u.UUID, &u.Name, &u.Email, &u.PasswordHash, &u.Organization, &u.Robot,
		&u.Enabled, &u.Verified, &u.InvalidLogins, &u.LastInvalidLogin)
	if err != nil {
		return nil, classify(err)
	}
	return &u, nil
}

// User returns an account by name; errs.NotFound when there is none.
func (s *Store) User(ctx context.Context, name string) (*domain.User, error) {
	return s.user(ctx, userByName, name)
}

// UserByUUID returns an account by its uuid; errs.NotFound when there is none.
func (s *Store) UserByUUID(ctx context.Context, id string) (*domain.User, error) {
	return s.user(ctx, userByUUID, id)
}

// HasPerson reports whether there is any account that is a person's.
func (s *Store) HasPerson(ctx context.Context) (bool, error) {
	return s.exists(ctx, anyPerson)
}

// CountFailedLogin records that one more login failed since the last good one. The
// database counts, since others, of both products, may do so at the same moment.
func (s *Store) CountFailedLogin(ctx context.Context, id domain.UserID, at time.Time) error {
	return s.change(ctx, false, func(tx *Tx) error {
		_, err := tx.exec(countFailedLogin, id, at)
		return err
	})
}

// ForgetFailedLogins records a good login.
func (s *Store) ForgetFailedLogins(ctx context.Context, id domain.UserID) error {
	return s.change(ctx, false, func(tx *Tx) error {
		_, err := tx.exec(forgetFailedLogins, id)
		return err
	})
}

// removedTagExpiration is how long deleted tags are kept: the product's
// DEFAULT_TAG_EXPIRATION.
const removedTagExpiration = 14 * 24 * time.Hour

// CreateUser makes a verified account for a person. errs.Exists when the name is
// taken.
func (s *Store) CreateUser(ctx context.Context, name, email, passwordHash string) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.insertAccount(newAccount{
			name: name, email: email, passwordHash: passwordHash, verified: true, tagExpiration: removedTagExpiration, now: time.Now(),
		})
		return err
	})
}
