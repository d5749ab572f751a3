package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	insertEmailCode statement = `
INSERT INTO emailconfirmation (code, verification_code, user_id, pw_reset, new_email, email_confirm, created)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`

	emailCode statement = `
SELECT id, code, COALESCE(verification_code, ''), user_id, COALESCE(new_email, ''), created
FROM emailconfirmation WHERE code = $1 AND email_confirm = $2 AND pw_reset = $3`

	deleteEmailCode statement = `DELETE FROM emailconfirmation WHERE id = $1`
)

// CreateEmailCode stores a code that is mailed.
func (s *Store) CreateEmailCode(ctx context.Context, c domain.EmailCode) error {
	reset := c.Kind == domain.PasswordReset
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.insert(insertEmailCode, c.Code, textOrNull(c.Hash), c.User, reset, textOrNull(c.NewEmail), !reset, c.Created)
		return err
	})
}

// EmailCode returns a stored code by its public half; errs.NotFound when there is none
// of the kind.
func (s *Store) EmailCode(ctx context.Context, kind domain.EmailCodeKind, code string) (*domain.EmailCode, error) {
	c := domain.EmailCode{Kind: kind}
	reset := kind == domain.PasswordReset
	err := s.row(ctx, emailCode, code, !reset, reset).Scan(&c.ID, &c.Code, &c.Hash, &c.User, &c.NewEmail, &c.Created)
	if err != nil {
		return nil, classify(err)
	}
	return &c, nil
}

// DropEmailCode deletes a code; doing so twice is the same.
func (s *Store) DropEmailCode(ctx context.Context, id int64) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(deleteEmailCode, id)
		return err
	})
}

// RedeemEmailCode uses a code up: the account is verified and has the code's new
// address, if there is one. A code is good once: who comes second gets errs.NotFound.
// errs.Exists when another account has the address; then the code stays.
func (s *Store) RedeemEmailCode(ctx context.Context, c domain.EmailCode) (*domain.Account, error) {
	var account *domain.Account
	err := s.change(ctx, true, func(tx *Tx) error {
		n, err := tx.exec(deleteEmailCode, c.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errNoRow
		}
		if c.NewEmail == "" {
			_, err = tx.exec(setVerified, c.User)
		} else if _, taken := scanAccount(tx.row(accountByEmail, c.NewEmail)); taken == nil {
			return domain.EmailTaken(c.NewEmail)
		} else if !errs.Is(taken, errs.NotFound) {
			return taken
		} else {
			err = tx.changeAccount(setEmail, c.User, c.NewEmail, true)
		}
		if err != nil {
			return err
		}
		account, err = scanAccount(tx.row(accountByID, c.User))
		return err
	})
	return account, err
}
