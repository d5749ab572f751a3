package store

import (
	"context"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	deleteUserPermissions statement = `DELETE FROM repositorypermission WHERE user_id = $1`

	makeOrganization statement = `
UPDATE "user" SET organization = TRUE, password_hash = NULL WHERE id = $1 AND organization = FALSE AND robot = FALSE`
)

// CreateOrganization makes an organisation with the team "owners", whose role is
// admin and whose member is the owner: rows in user, team and teammember, in this
// order (data/model/organization.py, create_organization). errs.Exists, with a
// message for the client, when the name or the address is taken.
func (s *Store) CreateOrganization(ctx context.Context, n domain.NewOrganization) (*domain.Account, error) {
	var made *domain.Account
	err := s.change(ctx, true, func(tx *Tx) error {
		if n.Email != "" && !n.SharedEmail {
			_, err := scanAccount(tx.row(accountByEmail, n.Email))
			if err == nil {
				return domain.EmailTaken(n.Email)
			}
			if !errs.Is(err, errs.NotFound) {
				return err
			}
		}
		if err := tx.nameIsFree(n.Name); err != nil {
			return err
		}
		email := n.Email
		if email == "" {
			email = uuid.NewString() // as the product does: the column takes no NULL
		}
		id, err := tx.insertAccount(newAccount{
			name: n.Name, email: email, organization: true,
			tagExpiration: n.TagExpiration, maxQueuedBuilds: n.MaxQueuedBuilds, now: n.Now,
		})
		if err != nil {
			return err
		}
		if err := tx.makeOwners(id, n.Owner); err != nil {
			return err
		}
		made, err = scanAccount(tx.row(accountByID, id))
		return err
	})
	return made, err
}

// makeOwners makes an organisation's first team, with a member unless owner is zero.
func (t *Tx) makeOwners(org, owner domain.UserID) error {
	var role int64
	if err := t.row(teamRoleByName, "admin").Scan(&role); err != nil {
		return classify(err)
	}
	team, err := t.insert(insertTeam, "owners", org, role, "")
	if err != nil || owner == 0 {
		return err
	}
	_, err = t.insert(insertTeamMember, owner, team)
	return err
}

// ConvertToOrganization makes an organisation of a person's account: it has no
// password, no logins and no permissions in repositories any more, and a team of
// owners with one member (data/model/organization.py, convert_user_to_organization).
// errs.Conflict when the account is a robot or an organisation.
func (s *Store) ConvertToOrganization(ctx context.Context, id, owner domain.UserID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		if _, err := scanAccount(tx.rowForUpdate(accountByID, id)); err != nil {
			return err
		}
		n, err := tx.exec(makeOrganization, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, "the account is no person's")
		}
		for _, q := range []statement{deleteLogins, deleteUserPermissions} {
			if _, err := tx.exec(q, id); err != nil {
				return err
			}
		}
		return tx.makeOwners(id, owner)
	})
}
