package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	accountByID statement = `
SELECT id, COALESCE(uuid, ''), username, email, COALESCE(password_hash, ''), organization, robot, enabled, verified,
       invalid_login_attempts, last_invalid_login, stripe_id, invoice_email, invoice_email_address,
       removed_tag_expiration_s, given_name, family_name, company, location, maximum_queued_builds_count,
       creation_date, last_accessed
FROM "user" WHERE id = $1`

	accountByName statement = `
SELECT id, COALESCE(uuid, ''), username, email, COALESCE(password_hash, ''), organization, robot, enabled, verified,
       invalid_login_attempts, last_invalid_login, stripe_id, invoice_email, invoice_email_address,
       removed_tag_expiration_s, given_name, family_name, company, location, maximum_queued_builds_count,
       creation_date, last_accessed
FROM "user" WHERE username = $1`

	accountByUUID statement = `
SELECT id, COALESCE(uuid, ''), username, email, COALESCE(password_hash, ''), organization, robot, enabled, verified,
       invalid_login_attempts, last_invalid_login, stripe_id, invoice_email, invoice_email_address,
       removed_tag_expiration_s, given_name, family_name, company, location, maximum_queued_builds_count,
       creation_date, last_accessed
FROM "user" WHERE uuid = $1`

	// Organisations may share addresses, so only those of other accounts are keys.
	accountByEmail statement = `
SELECT id, COALESCE(uuid, ''), username, email, COALESCE(password_hash, ''), organization, robot, enabled, verified,
       invalid_login_attempts, last_invalid_login, stripe_id, invoice_email, invoice_email_address,
       removed_tag_expiration_s, given_name, family_name, company, location, maximum_queued_builds_count,
       creation_date, last_accessed
FROM "user" WHERE email = $1 AND organization = FALSE`

	accountByCustomer statement = `
SELECT id, COALESCE(uuid, ''), username, email, COALESCE(password_hash, ''), organization, robot, enabled, verified,
       invalid_login_attempts, last_invalid_login, stripe_id, invoice_email, invoice_email_address,
       removed_tag_expiration_s, given_name, family_name, company, location, maximum_queued_builds_count,
       creation_date, last_accessed
FROM "user" WHERE stripe_id = $1`

	// Nothing is returned when the name or the address is taken.
	insertAccountRow statement = `
INSERT INTO "user" (uuid, username, password_hash, email, verified, organization, robot, invoice_email,
                    invalid_login_attempts, last_invalid_login, removed_tag_expiration_s, enabled,
                    maximum_queued_builds_count, creation_date)
VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, 0, $8, $9, TRUE, $10, $8)
ON CONFLICT DO NOTHING RETURNING id`
)

// scanAccount reads the columns of the account statements.
func scanAccount(r scanner) (*domain.Account, error) {
	var a domain.Account
	var seconds int64
	var created, accessed *time.Time
	err := r.Scan(&a.ID, &a.UUID, &a.Name, &a.Email, &a.PasswordHash, &a.Organization, &a.Robot, &a.Enabled, &a.Verified,
		&a.InvalidLogins, &a.LastInvalidLogin, &a.CustomerID, &a.InvoiceEmail, &a.InvoiceAddress,
		&seconds, &a.GivenName, &a.FamilyName, &a.Company, &a.Location, &a.MaxQueuedBuilds,
		&created, &accessed)
	if err != nil {
		return nil, classify(err)
	}
	a.TagExpiration = time.Duration(seconds) * time.Second
	a.Created, a.LastAccessed = timeOf(created), timeOf(accessed)
	return &a, nil
}

// timeOf is the time of a column, zero for NULL.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// Account returns an account of any kind by name; errs.NotFound when there is none.
func (s *Store) Account(ctx context.Context, name string) (*domain.Account, error) {
	return scanAccount(s.row(ctx, accountByName, name))
}

// AccountByID returns an account of any kind; errs.NotFound when there is none.
func (s *Store) AccountByID(ctx context.Context, id domain.UserID) (*domain.Account, error) {
	return scanAccount(s.row(ctx, accountByID, id))
}

// AccountByUUID returns an account of any kind; errs.NotFound when there is none.
func (s *Store) AccountByUUID(ctx context.Context, id string) (*domain.Account, error) {
	return scanAccount(s.row(ctx, accountByUUID, id))
}

// AccountByEmail returns the account, no organisation, that an address belongs to;
// errs.NotFound when there is none.
func (s *Store) AccountByEmail(ctx context.Context, email string) (*domain.Account, error) {
	return scanAccount(s.row(ctx, accountByEmail, email))
}

// AccountByCustomer returns the account with an id of the payment service;
// errs.NotFound when there is none.
func (s *Store) AccountByCustomer(ctx context.Context, customer string) (*domain.Account, error) {
	return scanAccount(s.row(ctx, accountByCustomer, customer))
}

// newAccount is a row of "user" to be inserted.
type newAccount struct {
	name, email, passwordHash     string
	verified, organization, robot bool
	tagExpiration                 time.Duration
	maxQueuedBuilds               *int
	now                           time.Time
}

// insertAccount inserts a row of "user". Of several at once that want one name,
// one gets it and the others are told who has it.
func (t *Tx) insertAccount(a newAccount) (domain.UserID, error) {
	id, err := t.insert(insertAccountRow, uuid.NewString(), a.name, textOrNull(a.passwordHash), a.email, a.verified,
		a.organization, a.robot, a.now, int64(a.tagExpiration/time.Second), a.maxQueuedBuilds)
	if !errs.Is(err, errs.NotFound) {
		return domain.UserID(id), err
	}
	other, err := scanAccount(t.row(accountByName, a.name))
	switch {
	case err == nil:
		return 0, domain.NameTaken(a.name, other.Organization)
	case errs.Is(err, errs.NotFound):
		return 0, domain.EmailTaken(a.email)
	}
	return 0, err
}

// nameIsFree is an error when a name belongs to an account or to one that is being
// deleted.
func (t *Tx) nameIsFree(name string) error {
	other, err := scanAccount(t.row(accountByName, name))
	if err == nil {
		return domain.NameTaken(name, other.Organization)
	}
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	var one int
	err = classify(t.row(deletedNamespace, name).Scan(&one))
	switch {
	case err == nil:
		return domain.ErrNameReserved
	case errs.Is(err, errs.NotFound):
		return nil
	}
	return err
}

// CreateAccount makes a person's account: rows in user, userprompt, federatedlogin
// and notification, in this order (data/model/user.py, create_user_noverify and
// create_federated_user). errs.Exists, with a message for the client, when the name
// or the address is taken; then nothing is left.
func (s *Store) CreateAccount(ctx context.Context, n domain.NewAccount) (*domain.Account, error) {
	var made *domain.Account
	err := s.change(ctx, true, func(tx *Tx) error {
		if err := tx.nameIsFree(n.Name); err != nil {
			return err
		}
		id, err := tx.insertAccount(newAccount{
			name: n.Name, email: n.Email, passwordHash: n.PasswordHash, verified: n.Verified,
			tagExpiration: n.TagExpiration, maxQueuedBuilds: n.MaxQueuedBuilds, now: n.Now,
		})
		if err != nil {
			return err
		}
		for _, kind := range n.Prompts {
			if _, err := tx.exec(insertPrompt, id, kind); err != nil {
				return err
			}
		}
		if n.Login != nil {
			if err := tx.attachLogin(id, *n.Login); err != nil {
				return err
			}
		}
		if n.AskForPassword {
			if err := tx.notify(id, passwordRequired, "{}", n.Now); err != nil {
				return err
			}
		}
		made, err = scanAccount(tx.row(accountByID, id))
		return err
	})
	return made, err
}
