package store

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	repositoryByName statement = `
SELECT r.id, r.visibility_id, r.kind_id, r.state, u.enabled
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
WHERE u.username = $1 AND r.name = $2`

	insertRepository statement = `
INSERT INTO repository (namespace_user_id, name, visibility_id, description, badge_token, kind_id, trust_enabled, state)
VALUES ($1, $2, $3, NULL, $4, $5, $6, $7) RETURNING id`

	insertActionCount statement = `INSERT INTO repositoryactioncount (repository_id, count, date) VALUES ($1, 0, $2)`

	insertSearchScore statement = `INSERT INTO repositorysearchscore (repository_id, score) VALUES ($1, 0)`

	insertUserPermission statement = `
INSERT INTO repositorypermission (user_id, repository_id, role_id) VALUES ($1, $2, $3) RETURNING id`

	namespaceByName statement = `SELECT id FROM "user" WHERE username = $1`

	deletedNamespace statement = `SELECT 1 FROM deletednamespace WHERE original_username = $1`

	insertAccount statement = `
INSERT INTO "user" (uuid, username, password_hash, email, verified, stripe_id, organization, robot, invoice_email,
                    invalid_login_attempts, last_invalid_login, removed_tag_expiration_s, enabled, creation_date)
VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $8, 0, $9, $10, $11, $12) RETURNING id`

	insertTeam statement = `INSERT INTO team (name, organization_id, role_id, description) VALUES ($1, $2, $3, $4) RETURNING id`

	teamRoleByName statement = `SELECT id FROM teamrole WHERE name = $1`

	insertTeamMember statement = `INSERT INTO teammember (user_id, team_id) VALUES ($1, $2) RETURNING id`

	// The two catalogs: what anybody may see, and all of it.
	publicRepositories statement = `
SELECT r.id, u.username, r.name
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
WHERE r.id > $1 AND r.visibility_id = $2 AND r.kind_id = $3 AND r.state <> $4 AND u.enabled
ORDER BY r.id LIMIT $5`

	visibleRepositories statement = `
SELECT r.id, u.username, r.name
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
WHERE r.id > $1 AND r.kind_id = $3 AND r.state <> $4 AND u.enabled
  AND (r.visibility_id = $2 AND $7
    OR r.namespace_user_id = $6
    OR EXISTS (SELECT 1 FROM repositorypermission p WHERE p.repository_id = r.id AND p.user_id = $6)
    OR EXISTS (SELECT 1 FROM repositorypermission p JOIN teammember m ON m.team_id = p.team_id
               WHERE p.repository_id = r.id AND m.user_id = $6)
    OR EXISTS (SELECT 1 FROM team t JOIN teammember m ON m.team_id = t.id JOIN teamrole tr ON tr.id = t.role_id
               WHERE t.organization_id = r.namespace_user_id AND m.user_id = $6 AND tr.name = 'admin'))
ORDER BY r.id LIMIT $5`
)

// Repository returns a repository by name; errs.NotFound when there is none.
func (s *Store) Repository(ctx context.Context, name domain.Name) (*domain.Repository, error) {
	r := domain.Repository{Name: name}
	var visibility, kind int64
	err := s.row(ctx, repositoryByName, name.Namespace, name.Repository).
		Scan(&r.ID, &visibility, &kind, &r.State, &r.NamespaceEnabled)
	if err != nil {
		return nil, classify(err)
	}
	s.enums.mu.RLock()
	defer s.enums.mu.RUnlock()
	r.Public = s.enums.visibility.byID[visibility] == "public"
	r.Kind = s.enums.repoKind.byID[kind]
	return &r, nil
}

// CreateRepository makes a repository with the rows that the product makes
// beside it. errs.Exists when it is there, errs.NotFound without its namespace.
func (s *Store) CreateRepository(ctx context.Context, n domain.NewRepository) error {
	visibility := "private"
	if n.Public {
		visibility = "public"
	}
	visibilityID, err := s.enumID(&s.enums.visibility, visibility)
	if err != nil {
		return err
	}
	kind, err := s.enumID(&s.enums.repoKind, "image")
	if err != nil {
		return err
	}
	admin, err := s.enumID(&s.enums.role, "admin")
	if err != nil {
		return err
	}
	return s.change(ctx, true, func(tx *Tx) error {
		var owner int64
		err := classify(tx.row(namespaceByName, n.Name.Namespace).Scan(&owner))
		switch {
		case err == nil && n.OnlyNewNamespace:
			return errs.New(errs.Conflict, "namespace %s was made by somebody else", n.Name.Namespace)
		case errs.Is(err, errs.NotFound) && n.MakeNamespace:
			owner, err = tx.createOrganization(n.Name.Namespace, n.Creator)
		}
		if err != nil {
			return err
		}
		id, err := tx.insert(insertRepository, owner, n.Name.Repository, visibilityID, badgeToken(), kind, false, domain.StateNormal)
		if err != nil {
			return err
		}
		if _, err := tx.exec(insertActionCount, id, time.Now().AddDate(0, 0, -1).Format(time.DateOnly)); err != nil {
			return err
		}
		if _, err := tx.exec(insertSearchScore, id); err != nil {
			return err
		}
		if n.Creator != 0 {
			_, err = tx.insert(insertUserPermission, n.Creator, id, admin)
		}
		return err
	})
}

// createOrganization makes an organisation with its team of owners.
func (t *Tx) createOrganization(name string, owner domain.UserID) (int64, error) {
	var one int
	if err := t.row(deletedNamespace, name).Scan(&one); err == nil {
		return 0, errs.New(errs.Denied, "Username is not available")
	}
	// An organisation without an address gets a unique one (data/model/user.py).
	id, err := t.insertAccount(account{name: name, email: uuid.NewString(), organization: true})
	if err != nil {
		return 0, err
	}
	var role int64
	if err := t.row(teamRoleByName, "admin").Scan(&role); err != nil {
		return 0, classify(err)
	}
	team, err := t.insert(insertTeam, "owners", id, role, "")
	if err == nil && owner != 0 {
		_, err = t.insert(insertTeamMember, owner, team)
	}
	return id, err
}

// badgeToken makes the token of a repository's status badge: 16 letters and
// digits, drawn as the product does. It protects nothing that is secret.
func badgeToken() string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	b := make([]byte, 16)
	for i := range b {
		b[i] = alphabet[rand.IntN(len(alphabet))]
	}
	return string(b)
}

// Catalog lists repositories of kind image with ids above after, in the order of
// their ids. Without a viewer it lists the public ones.
func (s *Store) Catalog(ctx context.Context, viewer domain.UserID, public bool, after domain.RepositoryID, limit int) ([]domain.Repository, error) {
	visibility, err := s.enumID(&s.enums.visibility, "public")
	if err != nil {
		return nil, err
	}
	kind, err := s.enumID(&s.enums.repoKind, "image")
	if err != nil {
		return nil, err
	}
	q, args := publicRepositories, []any{after, visibility, kind, domain.StateMarkedForDeletion, limit}
	if viewer != 0 {
		q, args = visibleRepositories, append(args, viewer, public)
	} else if !public {
		return nil, nil
	}
	list := make([]domain.Repository, 0, limit)
	err = s.rows(ctx, q, func(r scanner) error {
		var repo domain.Repository
		if err := r.Scan(&repo.ID, &repo.Name.Namespace, &repo.Name.Repository); err != nil {
			return err
		}
		list = append(list, repo)
		return nil
	}, args...)
	return list, err
}

// NamespaceExists reports whether a user or organisation has the name.
func (s *Store) NamespaceExists(ctx context.Context, name string) (bool, error) {
	var id int64
	err := classify(s.row(ctx, namespaceByName, name).Scan(&id))
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}
