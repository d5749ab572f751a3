package store

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

const (
	insertAssignment statement = `
INSERT INTO oauthassignedtoken (uuid, assigned_user_id, application_id, redirect_uri, scope, response_type)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`

	assignmentByUUID statement = `
SELECT id, uuid, assigned_user_id, application_id, scope, redirect_uri, response_type
FROM oauthassignedtoken WHERE uuid = $1`

	assignmentsTo statement = `
SELECT id, uuid, assigned_user_id, application_id, scope, redirect_uri, response_type
FROM oauthassignedtoken WHERE assigned_user_id = $1 ORDER BY id`

	deleteAssignment statement = `DELETE FROM oauthassignedtoken WHERE id = $1`
)

// assignedAuthorization is the kind of the notification that tells of an assignment.
const assignedAuthorization = "assigned_authorization"

func scanAssignment(r scanner) (*domain.Assignment, error) {
	var a domain.Assignment
	err := r.Scan(&a.ID, &a.UUID, &a.User, &a.Application, &a.Scope, &a.RedirectURI, &a.ResponseType)
	if err != nil {
		return nil, classify(err)
	}
	return &a, nil
}

// CreateAssignment stores an assignment and a notification about it, with metadata as
// JSON, for whom it is for (data/model/oauth.py, assign_token_to_user).
func (s *Store) CreateAssignment(ctx context.Context, a domain.Assignment, metadata string, now time.Time) (id int64, err error) {
	err = s.change(ctx, true, func(tx *Tx) (err error) {
		id, err = tx.insert(insertAssignment, a.UUID, a.User, a.Application, a.RedirectURI, a.Scope, a.ResponseType)
		if err != nil {
			return err
		}
		return tx.notify(a.User, assignedAuthorization, metadata, now)
	})
	return id, err
}

// Assignment returns an assignment by its uuid; errs.NotFound when there is none.
func (s *Store) Assignment(ctx context.Context, uuid string) (*domain.Assignment, error) {
	return scanAssignment(s.row(ctx, assignmentByUUID, uuid))
}

// Assignments lists what is assigned to an account, the oldest first.
func (s *Store) Assignments(ctx context.Context, user domain.UserID) ([]domain.Assignment, error) {
	var list []domain.Assignment
	err := s.rows(ctx, assignmentsTo, func(r scanner) error {
		a, err := scanAssignment(r)
		if err == nil {
			list = append(list, *a)
		}
		return err
	}, user)
	return list, err
}

// DeleteAssignment takes an assignment back or uses it up; errs.NotFound when somebody
// did.
func (s *Store) DeleteAssignment(ctx context.Context, id int64) error {
	return s.deleteOne(ctx, deleteAssignment, id)
}
