package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	insertApplication statement = `
INSERT INTO oauthapplication (client_id, secure_client_secret, fully_migrated, redirect_uri, application_uri,
                              organization_id, name, description, gravatar_email)
VALUES ($1, $2, FALSE, $3, $4, $5, $6, $7, $8) RETURNING id`

	// The column is not unique; the oldest is the one that was meant.
	applicationByClient statement = `
SELECT id, client_id, COALESCE(secure_client_secret, ''), organization_id, name, description, application_uri,
       redirect_uri, gravatar_email
FROM oauthapplication WHERE client_id = $1 ORDER BY id LIMIT 1`

	applicationByID statement = `
SELECT id, client_id, COALESCE(secure_client_secret, ''), organization_id, name, description, application_uri,
       redirect_uri, gravatar_email
FROM oauthapplication WHERE id = $1`

	applicationOf statement = `
SELECT id, client_id, COALESCE(secure_client_secret, ''), organization_id, name, description, application_uri,
       redirect_uri, gravatar_email
FROM oauthapplication WHERE organization_id = $1 AND client_id = $2 ORDER BY id LIMIT 1`

	applicationsOf statement = `
SELECT id, client_id, COALESCE(secure_client_secret, ''), organization_id, name, description, application_uri,
       redirect_uri, gravatar_email
FROM oauthapplication WHERE organization_id = $1 ORDER BY id`

	updateApplication statement = `
UPDATE oauthapplication SET name = $2, application_uri = $3, redirect_uri = $4, description = $5, gravatar_email = $6
WHERE id = $1`

	setApplicationSecret statement = `UPDATE oauthapplication SET secure_client_secret = $2 WHERE id = $1`

	deleteAssignmentsOf statement = `DELETE FROM oauthassignedtoken WHERE application_id = $1`
	deleteOAuthCodesOf  statement = `DELETE FROM oauthauthorizationcode WHERE application_id = $1`
	deleteOAuthTokensOf statement = `DELETE FROM oauthaccesstoken WHERE application_id = $1`
	deleteApplication   statement = `DELETE FROM oauthapplication WHERE id = $1`
	insertOAuthCode     statement = `
INSERT INTO oauthauthorizationcode (application_id, scope, code_name, code_credential, data)
VALUES ($1, $2, $3, $4, $5) RETURNING id`

	oauthCode statement = `
SELECT c.id, c.application_id, c.scope, c.code_name, c.code_credential, c.data
FROM oauthauthorizationcode c JOIN oauthapplication a ON a.id = c.application_id
WHERE a.client_id = $1 AND c.code_name = $2`

	deleteOAuthCode statement = `DELETE FROM oauthauthorizationcode WHERE id = $1`
)

func scanApplication(r scanner) (*domain.Application, error) {
	var a domain.Application
	err := r.Scan(&a.ID, &a.ClientID, &a.SealedSecret, &a.Organization, &a.Name, &a.Description, &a.HomeURI, &a.RedirectURI,
		&a.AvatarEmail)
	if err != nil {
		return nil, classify(err)
	}
	return &a, nil
}

// CreateApplication stores an application and returns its id.
func (s *Store) CreateApplication(ctx context.Context, a domain.Application) (id domain.ApplicationID, err error) {
	err = s.change(ctx, true, func(tx *Tx) error {
		row, err := tx.insert(insertApplication, a.ClientID, textOrNull(a.SealedSecret), a.RedirectURI, a.HomeURI,
			a.Organization, a.Name, a.Description, a.AvatarEmail)
		id = domain.ApplicationID(row)
		return err
	})
	return id, err
}

// Application returns an application by its client id; errs.NotFound when there is
// none.
func (s *Store) Application(ctx context.Context, clientID string) (*domain.Application, error) {
	return scanApplication(s.row(ctx, applicationByClient, clientID))
}

// ApplicationByID returns an application; errs.NotFound when there is none.
func (s *Store) ApplicationByID(ctx context.Context, id domain.ApplicationID) (*domain.Application, error) {
	return scanApplication(s.row(ctx, applicationByID, id))
}

// ApplicationOf returns an organisation's application by its client id; errs.NotFound
// when the organisation has none of it.
func (s *Store) ApplicationOf(ctx context.Context, org domain.UserID, clientID string) (*domain.Application, error) {
	return scanApplication(s.row(ctx, applicationOf, org, clientID))
}

// Applications lists the applications of an organisation, the oldest first.
func (s *Store) Applications(ctx context.Context, org domain.UserID) ([]domain.Application, error) {
	var list []domain.Application
	err := s.rows(ctx, applicationsOf, func(r scanner) error {
		a, err := scanApplication(r)
		if err == nil {
			list = append(list, *a)
		}
		return err
	}, org)
	return list, err
}

// UpdateApplication changes what people see of an application and where its users come
// back to; errs.NotFound when it is gone.
func (s *Store) UpdateApplication(ctx context.Context, a domain.Application) error {
	return s.changeApplication(ctx, updateApplication, a.ID, a.Name, a.HomeURI, a.RedirectURI, a.Description, a.AvatarEmail)
}

// SetApplicationSecret replaces the client's secret; errs.NotFound when the
// application is gone.
func (s *Store) SetApplicationSecret(ctx context.Context, id domain.ApplicationID, sealed string) error {
	return s.changeApplication(ctx, setApplicationSecret, id, sealed)
}

func (s *Store) changeApplication(ctx context.Context, q statement, id domain.ApplicationID, args ...any) error {
	return s.change(ctx, true, func(tx *Tx) error {
		n, err := tx.exec(q, append([]any{id}, args...)...)
		if err == nil && n == 0 {
			return errNoRow
		}
		return err
	})
}

// DeleteApplication deletes an application with its assignments, codes and tokens
// (data/model/oauth.py, delete_application); errs.NotFound when it is gone.
func (s *Store) DeleteApplication(ctx context.Context, id domain.ApplicationID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		// The lock keeps tokens from being made meanwhile.
		if _, err := scanApplication(tx.rowForUpdate(applicationByID, id)); err != nil {
			return err
		}
		for _, q := range []statement{deleteAssignmentsOf, deleteOAuthTokensOf, deleteOAuthCodesOf, deleteApplication} {
			if _, err := tx.exec(q, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// CreateOAuthCode stores an authorization code.
func (s *Store) CreateOAuthCode(ctx context.Context, c domain.OAuthCode) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.insert(insertOAuthCode, c.Application, c.Scope, c.Name, c.Hash, c.Data)
		return err
	})
}

// OAuthCode returns an application's authorization code by its first part;
// errs.NotFound when there is none.
func (s *Store) OAuthCode(ctx context.Context, clientID, name string) (*domain.OAuthCode, error) {
	var c domain.OAuthCode
	err := s.row(ctx, oauthCode, clientID, name).Scan(&c.ID, &c.Application, &c.Scope, &c.Name, &c.Hash, &c.Data)
	if err != nil {
		return nil, classify(err)
	}
	return &c, nil
}

// DeleteOAuthCode uses an authorization code up; errs.NotFound when somebody did.
func (s *Store) DeleteOAuthCode(ctx context.Context, id int64) error {
	return s.deleteOne(ctx, deleteOAuthCode, id)
}

// deleteOne runs a DELETE of one row; errs.NotFound when it is gone.
func (s *Store) deleteOne(ctx context.Context, q statement, args ...any) error {
	return s.change(ctx, true, func(tx *Tx) error {
		n, err := tx.exec(q, args...)
		if err == nil && n == 0 {
			return errNoRow
		}
		return err
	})
}
