package store

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/sdk/errs"
)

const (
	repositoryDetails statement = `
SELECT r.id, u.username, r.name, r.visibility_id, r.kind_id, r.state, u.enabled,
       r.description, r.badge_token, r.trust_enabled, u.id, u.organization, u.removed_tag_expiration_s
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
WHERE r.id = $1`

	// What is being deleted does not change any more.
	setVisibility  statement = `UPDATE repository SET visibility_id = $2 WHERE id = $1 AND state <> $3`
	setDescription statement = `UPDATE repository SET description = $2 WHERE id = $1 AND state <> $3`
	setTrust       statement = `UPDATE repository SET trust_enabled = $2 WHERE id = $1 AND state <> $3`
	setState       statement = `UPDATE repository SET state = $2 WHERE id = $1 AND state <> $3`

	markRepository statement = `UPDATE repository SET name = $2, state = $3 WHERE id = $1 AND state <> $3`

	insertStar statement = `
INSERT INTO star (user_id, repository_id, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

	deleteStar      statement = `DELETE FROM star WHERE user_id = $1 AND repository_id = $2`
	deleteStars     statement = `DELETE FROM star WHERE repository_id = $1`
	starOf          statement = `SELECT 1 FROM star WHERE user_id = $1 AND repository_id = $2`
	countStars      statement = `SELECT COUNT(*) FROM star WHERE repository_id = $1`
	starredByPerson statement = `
SELECT r.id, u.username, r.name, r.visibility_id, r.kind_id, r.state, u.enabled
FROM star s JOIN repository r ON r.id = s.repository_id JOIN "user" u ON u.id = r.namespace_user_id
WHERE s.user_id = $1 AND r.kind_id = $2 AND r.state <> $3 AND r.id > CAST($4 AS bigint)
ORDER BY r.id LIMIT $5`

	namespaceRepositories statement = `
SELECT r.id, u.username, r.name, r.visibility_id, r.kind_id, r.state, u.enabled
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
WHERE r.namespace_user_id = $1 AND r.kind_id = $2 AND r.state <> $3 AND r.id > CAST($4 AS bigint)
ORDER BY r.id LIMIT $5`

	insertDeletedRepository statement = `
INSERT INTO deletedrepository (repository_id, marked, original_name) VALUES ($1, $2, $3) RETURNING id`

	setDeletedRepositoryQueue statement = `UPDATE deletedrepository SET queue_id = $2 WHERE id = $1`

	organizationMirrored statement = `
SELECT 1 FROM orgmirrorconfig c JOIN "user" u ON u.id = c.organization_id WHERE u.username = $1 AND u.organization`
)

// RepositoryDetails returns all of a repository; errs.NotFound when there is none.
func (s *Store) RepositoryDetails(ctx context.Context, id domain.RepositoryID) (*domain.RepositoryDetails, error) {
	var r domain.RepositoryDetails
	var visibility, kind, keeps int64
	err := s.row(ctx, repositoryDetails, id).
		Scan(&r.ID, &r.Name.Namespace, &r.Name.Repository, &visibility, &kind, &r.State, &r.NamespaceEnabled,
			&r.Description, &r.BadgeToken, &r.Trust, &r.Namespace, &r.NamespaceIsOrganization, &keeps)
	if err != nil {
		return nil, classify(err)
	}
	r.TimeMachine = time.Duration(keeps) * time.Second
	s.name(&r.Repository, visibility, kind)
	return &r, nil
}

// name puts the names of a repository's enumerations.
func (s *Store) name(r *domain.Repository, visibility, kind int64) {
	s.enums.mu.RLock()
	defer s.enums.mu.RUnlock()
	r.Public = s.enums.visibility.byID[visibility] == "public"
	r.Kind = s.enums.repoKind.byID[kind]
}

// alter changes a row of repository that is not being deleted; errs.NotFound when
// there is none.
func (s *Store) alter(ctx context.Context, q statement, id domain.RepositoryID, value any) error {
	return s.change(ctx, true, func(tx *Tx) error {
		n, err := tx.exec(q, id, value, domain.StateMarkedForDeletion)
		if err == nil && n == 0 {
			err = errNoRow
		}
		return err
	})
}

// SetVisibility makes a repository public or private; errs.NotFound when there is
// none.
func (s *Store) SetVisibility(ctx context.Context, id domain.RepositoryID, public bool) error {
	visibility := "private"
	if public {
		visibility = "public"
	}
	v, err := s.enumID(&s.enums.visibility, visibility)
	if err != nil {
		return err
	}
	return s.alter(ctx, setVisibility, id, v)
}

// SetDescription changes a repository's description, in Markdown; nil is none.
// errs.NotFound when there is no repository.
func (s *Store) SetDescription(ctx context.Context, id domain.RepositoryID, text *string) error {
	return s.alter(ctx, setDescription, id, text)
}

// SetTrust tells whether a repository's tags are signed; errs.NotFound when there
// is none.
func (s *Store) SetTrust(ctx context.Context, id domain.RepositoryID, enabled bool) error {
	return s.alter(ctx, setTrust, id, enabled)
}

// SetRepositoryState changes a repository's state; errs.NotFound when there is none
// or it is being deleted. MarkRepository begins that.
func (s *Store) SetRepositoryState(ctx context.Context, id domain.RepositoryID, state domain.RepositoryState) error {
	return s.alter(ctx, setState, id, state)
}

// Star gives a repository a user's star. It is no error that it has it.
func (s *Store) Star(ctx context.Context, user domain.UserID, repo domain.RepositoryID, now time.Time) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(insertStar, user, repo, now)
		return err
	})
}

// Unstar takes a user's star from a repository. It is no error that it has none.
func (s *Store) Unstar(ctx context.Context, user domain.UserID, repo domain.RepositoryID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(deleteStar, user, repo)
		return err
	})
}

// Starred reports whether a repository has a user's star.
func (s *Store) Starred(ctx context.Context, user domain.UserID, repo domain.RepositoryID) (bool, error) {
	return s.exists(ctx, starOf, user, repo)
}

// Stars counts a repository's stars.
func (s *Store) Stars(ctx context.Context, repo domain.RepositoryID) (int, error) {
	var n int
	err := s.row(ctx, countStars, repo).Scan(&n)
	return n, classify(err)
}

// StarredRepositories lists the repositories of a kind that have a user's star, in
// the order of their ids, above after.
func (s *Store) StarredRepositories(ctx context.Context, user domain.UserID, kind string, after domain.RepositoryID, limit int) ([]domain.Repository, error) {
	return s.listRepositories(ctx, starredByPerson, int64(user), kind, after, limit)
}

// NamespaceRepositories lists the repositories of a kind that a namespace has, in
// the order of their ids, above after.
func (s *Store) NamespaceRepositories(ctx context.Context, owner domain.UserID, kind string, after domain.RepositoryID, limit int) ([]domain.Repository, error) {
	return s.listRepositories(ctx, namespaceRepositories, int64(owner), kind, after, limit)
}

func (s *Store) listRepositories(ctx context.Context, q statement, of int64, kind string, after domain.RepositoryID, limit int) ([]domain.Repository, error) {
	kindID, err := s.enumID(&s.enums.repoKind, kind)
	if err != nil {
		return nil, errs.New(errs.Invalid, "Unknown kind of repository")
	}
	list := make([]domain.Repository, 0, min(limit, 1024))
	err = s.rows(ctx, q, func(r scanner) error {
		var repo domain.Repository
		var visibility, kind int64
		err := r.Scan(&repo.ID, &repo.Name.Namespace, &repo.Name.Repository, &visibility, &kind, &repo.State, &repo.NamespaceEnabled)
		s.name(&repo, visibility, kind)
		list = append(list, repo)
		return err
	}, of, kindID, domain.StateMarkedForDeletion, after, limit)
	return list, err
}

// gcRetries is how often the product tries to purge a repository (data/queue.py).
const gcRetries = 5

// dumps is a value in the form that the product writes.
func dumps(value any) string { return string(pyjson.Form{}.Append(nil, value)) }

// MarkRepository hides a repository and hands it to whoever purges it, after a
// delay: its stars go, it gets a name that nobody knows, and the queue of the
// repository collector gets an item (data/model/repository.py,
// mark_repository_for_deletion). errs.NotFound when it is not there or marked
// already. It returns the id of the row of deletedrepository.
func (s *Store) MarkRepository(ctx context.Context, d domain.RepositoryDeletion) (int64, error) {
	var marker int64
	err := s.change(ctx, true, func(tx *Tx) error {
		name := uuid.NewString()
		if d.Suffix != "" {
			name += "_" + d.Suffix
		}
		n, err := tx.exec(markRepository, d.Repository, name, domain.StateMarkedForDeletion)
		if err == nil && n == 0 {
			err = errNoRow
		}
		if err != nil {
			return err
		}
		if _, err := tx.exec(deleteStars, d.Repository); err != nil {
			return err
		}
		if marker, err = tx.insert(insertDeletedRepository, d.Repository, d.Now, d.Name.Repository); err != nil {
			return err
		}
		item, err := tx.enqueue(domain.NewQueueItem{
			Queue: "repositorygc", Path: []string{d.Name.Namespace, strconv.FormatInt(int64(d.Repository), 10)},
			Body:      dumps(pyjson.Object{{Name: "marker_id", Value: marker}, {Name: "original_name", Value: d.Name.Repository}}),
			Available: d.Now.Add(d.Delay), Retries: gcRetries,
		})
		if err != nil {
			return err
		}
		_, err = tx.exec(setDeletedRepositoryQueue, marker, strconv.FormatInt(int64(item[0]), 10))
		return err
	})
	return marker, err
}

// OrganizationMirrored reports whether a namespace is an organisation that is
// mirrored as a whole.
func (s *Store) OrganizationMirrored(ctx context.Context, namespace string) (bool, error) {
	return s.exists(ctx, organizationMirrored, namespace)
}
