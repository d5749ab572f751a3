package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	insertRepository statement = `
INSERT INTO repository (namespace_user_id, name, visibility_id, description, badge_token, kind_id, trust_enabled, state)
VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7) RETURNING id`

	insertActionCount statement = `INSERT INTO repositoryactioncount (repository_id, count, date) VALUES ($1, 0, $2)`

	insertSearchScore statement = `INSERT INTO repositorysearchscore (repository_id, score) VALUES ($1, 0)`

	// An organisation that makes a repository has no role in it.
	insertCreator statement = `
INSERT INTO repositorypermission (user_id, repository_id, role_id)
SELECT u.id, CAST($2 AS integer), CAST($3 AS integer) FROM "user" u WHERE u.id = $1 AND NOT u.organization`

	namespaceByName statement = `SELECT id FROM "user" WHERE username = $1`

	deletedNamespace statement = `SELECT 1 FROM deletednamespace WHERE original_username = $1`

	insertTeam statement = `INSERT INTO team (name, organization_id, role_id, description) VALUES ($1, $2, $3, $4) RETURNING id`

	teamRoleByName statement = `SELECT id FROM teamrole WHERE name = $1`

	insertTeamMember statement = `INSERT INTO teammember (user_id, team_id) VALUES ($1, $2) RETURNING id`
)

// CreateRepository makes a repository with the rows that the product makes beside
// it (data/model/repository.py, create_repository). errs.Exists when it is there,
// errs.NotFound without its namespace.
func (s *Store) CreateRepository(ctx context.Context, n domain.NewRepository) error {
	r, err := s.repositoryRow(n)
	if err != nil {
		return err
	}
	return s.change(ctx, true, func(tx *Tx) error {
		owner, err := tx.namespaceFor(n)
		if err != nil {
			return err
		}
		id, err := tx.insert(insertRepository, owner, n.Name.Repository, r.visibility, n.Description,
			uuid.NewString(), r.kind, n.State)
		if err != nil {
			return err
		}
		if _, err := tx.exec(insertActionCount, id, r.yesterday); err != nil {
			return err
		}
		if _, err := tx.exec(insertSearchScore, id); err != nil {
			return err
		}
		return tx.insertCreator(n, owner, id, r.role)
	})
}

// repositoryRow is what a new repository's rows have besides what the caller gave.
type repositoryRow struct {
	visibility, kind, role int64
	// yesterday is the day that the counting of actions begins with.
	yesterday string
}

func (s *Store) repositoryRow(n domain.NewRepository) (r repositoryRow, err error) {
	visibility, role, kind := "private", "admin", n.Kind
	if n.Public {
		visibility = "public"
	}
	if n.CreatorReads {
		role = "read"
	}
	if kind == "" {
		kind = domain.KindImage
	}
	r.yesterday = time.Now().AddDate(0, 0, -1).Format(time.DateOnly)
	if r.visibility, err = s.enumID(&s.enums.visibility, visibility); err != nil {
		return r, err
	}
	if r.kind, err = s.enumID(&s.enums.repoKind, kind); err != nil {
		return r, errs.New(errs.Invalid, "Unknown kind of repository")
	}
	r.role, err = s.enumID(&s.enums.role, role)
	return r, err
}

// namespaceFor returns the account that is to own a repository, making it on
// request.
func (t *Tx) namespaceFor(n domain.NewRepository) (owner int64, err error) {
	find := t.row
	if n.LockNamespace {
		find = t.rowForUpdate
	}
	err = classify(find(namespaceByName, n.Name.Namespace).Scan(&owner))
	switch {
	case err == nil && n.OnlyNewNamespace:
		return 0, errs.New(errs.Conflict, "namespace %s was made by somebody else", n.Name.Namespace)
	case errs.Is(err, errs.NotFound) && n.MakeNamespace:
		return t.createOrganization(n.Name.Namespace, n.Creator)
	}
	return owner, err
}

// insertCreator gives a repository's creator a role in it, and those to whom the
// namespace promises one.
func (t *Tx) insertCreator(n domain.NewRepository, owner, repo, role int64) error {
	if n.Creator == 0 {
		return nil
	}
	added, err := t.exec(insertCreator, n.Creator, repo, role)
	if err != nil || added == 0 || int64(n.Creator) == owner {
		return err
	}
	return t.applyDefaultPermissions(domain.RepositoryID(repo), domain.UserID(owner), n.Creator)
}

// createOrganization makes an organisation with its team of owners.
func (t *Tx) createOrganization(name string, owner domain.UserID) (int64, error) {
	var one int
	if err := t.row(deletedNamespace, name).Scan(&one); err == nil {
		return 0, errs.New(errs.Denied, "Username is not available")
	}
	// An organisation without an address gets a unique one (data/model/user.py).
	id, err := t.insertAccount(newAccount{
		name: name, email: uuid.NewString(), organization: true, tagExpiration: removedTagExpiration, now: time.Now(),
	})
	if err != nil {
		return 0, err
	}
	return int64(id), t.makeOwners(id, owner)
}
