package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
)

const (
	setPassword statement = `
UPDATE "user" SET password_hash = $2, invalid_login_attempts = 0, uuid = $3 WHERE id = $1`

	setUUID statement = `UPDATE "user" SET uuid = $2 WHERE id = $1`

	setEmail statement = `UPDATE "user" SET email = $2, verified = $3 WHERE id = $1`

	setContactEmail statement = `UPDATE "user" SET email = $2 WHERE id = $1 AND organization = TRUE`

	setVerified statement = `UPDATE "user" SET verified = TRUE WHERE id = $1 AND verified = FALSE`

	setEnabled statement = `UPDATE "user" SET enabled = $2 WHERE id = $1`

	setTagExpiration statement = `UPDATE "user" SET removed_tag_expiration_s = $2 WHERE id = $1`

	setInvoiceEmail statement = `UPDATE "user" SET invoice_email = $2 WHERE id = $1`

	setInvoiceAddress statement = `UPDATE "user" SET invoice_email_address = $2 WHERE id = $1`

	setCustomer statement = `UPDATE "user" SET stripe_id = $2 WHERE id = $1`

	raiseMaxBuilds statement = `
UPDATE "user" SET maximum_queued_builds_count = $2 WHERE id = $1 AND maximum_queued_builds_count < $2`

	setProfile statement = `
UPDATE "user" SET given_name = CASE WHEN CAST($2 AS boolean) THEN $3 ELSE given_name END,
                  family_name = CASE WHEN CAST($4 AS boolean) THEN $5 ELSE family_name END,
                  company = CASE WHEN CAST($6 AS boolean) THEN $7 ELSE company END,
                  location = CASE WHEN CAST($8 AS boolean) THEN $9 ELSE location END
WHERE id = $1`

	touchAccount statement = `
UPDATE "user" SET last_accessed = $2 WHERE id = $1 AND (last_accessed IS NULL OR last_accessed <= $3)`

	renameAccount statement = `UPDATE "user" SET username = $2 WHERE id = $1`

	// Names are compared whole: the product's pattern takes a "_" for any letter and
	// would rename the robots of others.
	renameRobots statement = `
UPDATE "user" SET username = CAST($2 AS text) || substr(username, length(CAST($1 AS text)) + 1)
WHERE robot = TRUE AND substr(username, 1, length(CAST($1 AS text))) = $1`

	insertPrompt statement = `
INSERT INTO userprompt (user_id, kind_id) VALUES ($1, (SELECT id FROM userpromptkind WHERE name = $2))
ON CONFLICT DO NOTHING`

	deletePrompt statement = `
DELETE FROM userprompt WHERE user_id = $1 AND kind_id = (SELECT id FROM userpromptkind WHERE name = $2)`

	promptsOf statement = `
SELECT k.name FROM userprompt p JOIN userpromptkind k ON k.id = p.kind_id WHERE p.user_id = $1 ORDER BY p.id`

	insertNotificationOf statement = `
INSERT INTO notification (uuid, kind_id, target_id, metadata_json, created, dismissed, lookup_path)
VALUES ($1, (SELECT id FROM notificationkind WHERE name = $2), $3, $4, $5, FALSE, NULL)`

	deleteNotificationsOf statement = `
DELETE FROM notification WHERE target_id = $1 AND kind_id = (SELECT id FROM notificationkind WHERE name = $2)`
)

// passwordRequired is the kind of the notification that asks to set a password.
const passwordRequired = "password_required"

// changeAccount runs an UPDATE of one account, errs.NotFound when it is gone.
func (s *Store) changeAccount(ctx context.Context, q statement, id domain.UserID, args ...any) error {
	return s.change(ctx, true, func(tx *Tx) error { return tx.changeAccount(q, id, args...) })
}

func (t *Tx) changeAccount(q statement, id domain.UserID, args ...any) error {
	n, err := t.exec(q, append([]any{id}, args...)...)
	if err == nil && n == 0 {
		return errNoRow
	}
	return err
}

// SetPassword changes an account's password. The account gets a new uuid, which
// ends its sessions, its failed logins are forgotten, and the notification that asks
// for a password goes (data/model/user.py, change_password). It returns the new uuid.
func (s *Store) SetPassword(ctx context.Context, id domain.UserID, hash string) (string, error) {
	fresh := uuid.NewString()
	return fresh, s.change(ctx, true, func(tx *Tx) error {
		if err := tx.changeAccount(setPassword, id, hash, fresh); err != nil {
			return err
		}
		_, err := tx.exec(deleteNotificationsOf, id, passwordRequired)
		return err
	})
}

// EndSessions gives an account a new uuid, which no session knows, and returns it.
func (s *Store) EndSessions(ctx context.Context, id domain.UserID) (string, error) {
	fresh := uuid.NewString()
	return fresh, s.changeAccount(ctx, setUUID, id, fresh)
}

// SetEmail changes an account's address; errs.Exists when another has it.
func (s *Store) SetEmail(ctx context.Context, id domain.UserID, email string, verified bool) error {
	return s.changeAccount(ctx, setEmail, id, email, verified)
}

// SetContactEmail changes the address of an organisation, which others may share.
func (s *Store) SetContactEmail(ctx context.Context, id domain.UserID, email string) error {
	return s.changeAccount(ctx, setContactEmail, id, email)
}

// SetEnabled lets an account be used, or not.
func (s *Store) SetEnabled(ctx context.Context, id domain.UserID, enabled bool) error {
	return s.changeAccount(ctx, setEnabled, id, enabled)
}

// SetTagExpiration changes how long removed tags are kept, in whole seconds.
func (s *Store) SetTagExpiration(ctx context.Context, id domain.UserID, d time.Duration) error {
	return s.changeAccount(ctx, setTagExpiration, id, int64(d/time.Second))
}

// SetInvoiceEmail says whether invoices are mailed.
func (s *Store) SetInvoiceEmail(ctx context.Context, id domain.UserID, mail bool) error {
	return s.changeAccount(ctx, setInvoiceEmail, id, mail)
}

// SetInvoiceAddress says where invoices go; empty is the account's own address.
func (s *Store) SetInvoiceAddress(ctx context.Context, id domain.UserID, address string) error {
	return s.changeAccount(ctx, setInvoiceAddress, id, textOrNull(address))
}

// SetCustomer remembers the account at the payment service; empty is none.
func (s *Store) SetCustomer(ctx context.Context, id domain.UserID, customer string) error {
	return s.changeAccount(ctx, setCustomer, id, textOrNull(customer))
}

// RaiseMaxBuilds raises the bound of builds that wait. It changes nothing for an
// account without a bound or with a higher one.
func (s *Store) RaiseMaxBuilds(ctx context.Context, id domain.UserID, n int) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(raiseMaxBuilds, id, n)
		return err
	})
}

// SetProfile changes what an account says about its person and takes the prompts
// that ask for it (data/model/user.py, update_user_metadata).
func (s *Store) SetProfile(ctx context.Context, id domain.UserID, c domain.ProfileChange) error {
	return s.change(ctx, true, func(tx *Tx) error {
		err := tx.changeAccount(setProfile, id, c.GivenName.Set, c.GivenName.Value, c.FamilyName.Set, c.FamilyName.Value,
			c.Company.Set, c.Company.Value, c.Location.Set, c.Location.Value)
		if err != nil {
			return err
		}
		for _, kind := range []string{domain.PromptEnterName, domain.PromptEnterCompany} {
			if _, err := tx.exec(deletePrompt, id, kind); err != nil {
				return err
			}
		}
		return nil
	})
}

// TouchAccount writes down that an account was used, unless it was after since. Who
// loses the race against another request changes nothing.
func (s *Store) TouchAccount(ctx context.Context, id domain.UserID, now, since time.Time) error {
	return s.change(ctx, false, func(tx *Tx) error {
		_, err := tx.exec(touchAccount, id, now, since)
		return err
	})
}

// RenameAccount changes an account's name and with it the names of its robots, and
// takes the prompt that asks for a name (data/model/user.py, change_username).
// errs.Exists when the name is taken.
func (s *Store) RenameAccount(ctx context.Context, id domain.UserID, name string) error {
	return s.change(ctx, true, func(tx *Tx) error {
		// The lock keeps robots from being made under the old name meanwhile.
		a, err := tx.stayingAccount(id)
		if err != nil {
			return err
		}
		if a.Name != name {
			if err := tx.nameIsFree(name); err != nil {
				return err
			}
			if _, err := tx.exec(renameRobots, domain.RobotName(a.Name, ""), domain.RobotName(name, "")); err != nil {
				return err
			}
			if err := tx.changeAccount(renameAccount, id, name); err != nil {
				return err
			}
		}
		_, err = tx.exec(deletePrompt, id, domain.PromptConfirmUsername)
		return err
	})
}

// Prompts lists the questions that are still open for an account.
func (s *Store) Prompts(ctx context.Context, id domain.UserID) ([]string, error) {
	var kinds []string
	err := s.rows(ctx, promptsOf, into(&kinds), id)
	return kinds, err
}

// AddPrompt leaves a question for an account; doing so twice is the same.
func (s *Store) AddPrompt(ctx context.Context, id domain.UserID, kind string) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(insertPrompt, id, kind)
		return err
	})
}

// RemovePrompt takes a question back; doing so twice is the same.
func (s *Store) RemovePrompt(ctx context.Context, id domain.UserID, kind string) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(deletePrompt, id, kind)
		return err
	})
}

// notify leaves a notification for an account.
func (t *Tx) notify(target domain.UserID, kind, metadata string, now time.Time) error {
	_, err := t.exec(insertNotificationOf, uuid.NewString(), kind, target, metadata, now)
	return err
}
