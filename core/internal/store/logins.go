package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	loginServiceByName statement = `SELECT id FROM loginservice WHERE name = $1`

	insertLoginService statement = `INSERT INTO loginservice (name) VALUES ($1) ON CONFLICT DO NOTHING`

	insertLogin statement = `
INSERT INTO federatedlogin (user_id, service_id, service_ident, metadata_json) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING`

	deleteLogin statement = `
DELETE FROM federatedlogin WHERE user_id = $1 AND service_id = (SELECT id FROM loginservice WHERE name = $2)`

	deleteLogins statement = `DELETE FROM federatedlogin WHERE user_id = $1`

	loginUser statement = `
SELECT l.user_id FROM federatedlogin l JOIN loginservice s ON s.id = l.service_id
WHERE s.name = $1 AND l.service_ident = $2`

	loginsOf statement = `
SELECT s.name, l.service_ident, l.metadata_json FROM federatedlogin l JOIN loginservice s ON s.id = l.service_id
WHERE l.user_id = $1 ORDER BY l.id`

	setLoginMetadata statement = `
UPDATE federatedlogin SET metadata_json = $3
WHERE user_id = $1 AND service_id = (SELECT id FROM loginservice WHERE name = $2)`

	setLoginIdent statement = `
UPDATE federatedlogin SET service_ident = $3
WHERE user_id = $1 AND service_id = (SELECT id FROM loginservice WHERE name = $2)`
)

// errLoginTaken is the error about an identity that is linked already.
var errLoginTaken = &errs.Error{Kind: errs.Exists, Reason: "login_taken", Message: "the external login is in use already"}

// attachLogin links an identity to an account, and makes the service known when it is
// not (data/model/user.py, attach_federated_login).
func (t *Tx) attachLogin(id domain.UserID, l domain.Login) error {
	var service int64
	err := classify(t.row(loginServiceByName, l.Service).Scan(&service))
	if errs.Is(err, errs.NotFound) {
		if _, err := t.exec(insertLoginService, l.Service); err != nil {
			return err
		}
		err = classify(t.row(loginServiceByName, l.Service).Scan(&service))
	}
	if err != nil {
		return err
	}
	n, err := t.exec(insertLogin, id, service, l.Ident, l.Metadata)
	if err == nil && n == 0 {
		return errLoginTaken
	}
	return err
}

// AttachLogin links an external identity to an account. errs.Exists when the account
// has one of this service or when the identity is linked to an account.
func (s *Store) AttachLogin(ctx context.Context, id domain.UserID, l domain.Login) error {
	return s.change(ctx, true, func(tx *Tx) error { return tx.attachLogin(id, l) })
}

// DetachLogin unlinks an account from a service; doing so twice is the same.
func (s *Store) DetachLogin(ctx context.Context, id domain.UserID, service string) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(deleteLogin, id, service)
		return err
	})
}

// LoginAccount returns the account that an external identity is linked to;
// errs.NotFound when there is none.
func (s *Store) LoginAccount(ctx context.Context, service, ident string) (*domain.Account, error) {
	var id domain.UserID
	if err := s.row(ctx, loginUser, service, ident).Scan(&id); err != nil {
		return nil, classify(err)
	}
	return s.AccountByID(ctx, id)
}

// Logins lists an account's identities, the one of a robot included.
func (s *Store) Logins(ctx context.Context, id domain.UserID) ([]domain.Login, error) {
	var logins []domain.Login
	err := s.rows(ctx, loginsOf, func(r scanner) error {
		var l domain.Login
		err := r.Scan(&l.Service, &l.Ident, &l.Metadata)
		logins = append(logins, l)
		return err
	}, id)
	return logins, err
}

// SetLoginMetadata replaces what is kept beside an account's identity at a service;
// errs.NotFound when there is none.
func (s *Store) SetLoginMetadata(ctx context.Context, id domain.UserID, service, metadata string) error {
	return s.changeAccount(ctx, setLoginMetadata, id, service, metadata)
}
