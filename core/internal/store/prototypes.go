package store

import (
	"context"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
)

const (
	// Of an organisation's prototypes for one team, the newest that names the
	// creator wins; without one, the oldest that is for anybody.
	applyTeamPrototypes statement = `
INSERT INTO repositorypermission (team_id, repository_id, role_id)
SELECT p.delegate_team_id, CAST($1 AS integer), p.role_id
FROM permissionprototype p
WHERE p.org_id = $2 AND p.delegate_team_id IS NOT NULL
  AND (p.activating_user_id = $3 OR p.activating_user_id IS NULL)
  AND NOT EXISTS (
    SELECT 1 FROM permissionprototype q
    WHERE q.org_id = $2 AND q.delegate_team_id = p.delegate_team_id
      AND (q.activating_user_id = $3 AND (p.activating_user_id IS NULL OR q.id > p.id)
        OR q.activating_user_id IS NULL AND p.activating_user_id IS NULL AND q.id < p.id))
ORDER BY p.id`

	// The same for accounts; the creator is left out, since he is an administrator.
	applyUserPrototypes statement = `
INSERT INTO repositorypermission (user_id, repository_id, role_id)
SELECT p.delegate_user_id, CAST($1 AS integer), p.role_id
FROM permissionprototype p
WHERE p.org_id = $2 AND p.delegate_user_id <> $3
  AND (p.activating_user_id = $3 OR p.activating_user_id IS NULL)
  AND NOT EXISTS (
    SELECT 1 FROM permissionprototype q
    WHERE q.org_id = $2 AND q.delegate_user_id = p.delegate_user_id
      AND (q.activating_user_id = $3 AND (p.activating_user_id IS NULL OR q.id > p.id)
        OR q.activating_user_id IS NULL AND p.activating_user_id IS NULL AND q.id < p.id))
ORDER BY p.id`

	insertPrototype statement = `
INSERT INTO permissionprototype (org_id, uuid, activating_user_id, delegate_user_id, delegate_team_id, role_id)
VALUES ($1, $2, $3, $4, $5, (SELECT id FROM role WHERE name = $6)) RETURNING id`

	setPrototypeRole statement = `
UPDATE permissionprototype SET role_id = (SELECT id FROM role WHERE name = $3) WHERE org_id = $1 AND uuid = $2`

	deletePrototype statement = `DELETE FROM permissionprototype WHERE org_id = $1 AND uuid = $2`

	// An organisation's prototypes, or the one of a uuid when that is not empty.
	prototypes statement = `
SELECT p.uuid, ro.name, COALESCE(t.name, ''),
       a.id, COALESCE(a.username, ''), COALESCE(a.email, ''), COALESCE(a.robot, FALSE),
       EXISTS (SELECT 1 FROM teammember m JOIN team mt ON mt.id = m.team_id
               WHERE m.user_id = a.id AND mt.organization_id = p.org_id),
       d.id, COALESCE(d.username, ''), COALESCE(d.email, ''), COALESCE(d.robot, FALSE),
       EXISTS (SELECT 1 FROM teammember m JOIN team mt ON mt.id = m.team_id
               WHERE m.user_id = d.id AND mt.organization_id = p.org_id)
FROM permissionprototype p JOIN role ro ON ro.id = p.role_id
LEFT JOIN team t ON t.id = p.delegate_team_id
LEFT JOIN "user" a ON a.id = p.activating_user_id
LEFT JOIN "user" d ON d.id = p.delegate_user_id
WHERE p.org_id = $1 AND (p.uuid = $2 OR CAST($2 AS text) = '')
ORDER BY p.id`
)

// applyDefaultPermissions gives the roles that an organisation's prototypes promise
// in a repository that the creator has just made (data/model/permission.py,
// apply_default_permissions): first those of teams, then those of accounts. Without
// a creator, and in the namespace of a person, there is nothing to apply. The
// creator's own role is not its business.
func (t *Tx) applyDefaultPermissions(repo domain.RepositoryID, organization, creator domain.UserID) error {
	if _, err := t.exec(applyTeamPrototypes, repo, organization, creator); err != nil {
		return err
	}
	_, err := t.exec(applyUserPrototypes, repo, organization, creator)
	return err
}

// CreatePrototype makes a default permission of an organisation and returns its
// uuid. activator is zero for anybody; either user or team is zero.
func (s *Store) CreatePrototype(ctx context.Context, organization, activator, user domain.UserID, team domain.TeamID, role domain.Permission) (string, error) {
	id := uuid.NewString()
	return id, s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.insert(insertPrototype, organization, id, idOrNull(activator), idOrNull(user), idOrNull(team), role.String())
		return err
	})
}

// SetPrototypeRole changes the role of a default permission; it reports whether
// there is one of this uuid.
func (s *Store) SetPrototypeRole(ctx context.Context, organization domain.UserID, id string, role domain.Permission) (bool, error) {
	return s.changed(ctx, setPrototypeRole, organization, id, role.String())
}

// DeletePrototype deletes a default permission; it reports whether there was one.
func (s *Store) DeletePrototype(ctx context.Context, organization domain.UserID, id string) (bool, error) {
	return s.changed(ctx, deletePrototype, organization, id)
}

// Prototypes returns the default permissions of an organisation in the order in
// which they were made. Of a uuid, it returns that one only.
func (s *Store) Prototypes(ctx context.Context, organization domain.UserID, id string) ([]domain.Prototype, error) {
	var list []domain.Prototype
	err := s.rows(ctx, prototypes, func(r scanner) error {
		var p domain.Prototype
		var role string
		var activator, user optionalUser
		if err := r.Scan(append([]any{&p.UUID, &role, &p.Team}, append(activator.dest(), user.dest()...)...)...); err != nil {
			return err
		}
		p.Role, p.Activator, p.User = domain.ParsePermission(role), activator.value(), user.value()
		list = append(list, p)
		return nil
	}, organization, id)
	return list, err
}

// optionalUser is the columns of an account that may be missing: id, username,
// email, robot, and whether it is in a team of the organisation.
type optionalUser struct {
	id *int64
	domain.PrototypeUser
}

func (u *optionalUser) dest() []any {
	return []any{&u.id, &u.Name, &u.Email, &u.Robot, &u.OrganizationMember}
}

func (u *optionalUser) value() *domain.PrototypeUser {
	if u.id == nil {
		return nil
	}
	u.ID = domain.UserID(*u.id)
	u.OrganizationMember = u.OrganizationMember || u.Robot
	return &u.PrototypeUser
}
