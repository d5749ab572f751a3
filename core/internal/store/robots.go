package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	insertRobotToken statement = `
INSERT INTO robotaccounttoken (robot_account_id, token, fully_migrated) VALUES ($1, $2, TRUE)`

	insertRobotMetadata statement = `
INSERT INTO robotaccountmetadata (robot_account_id, description, unstructured_json) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING`

	setRobotMetadata statement = `
UPDATE robotaccountmetadata SET description = $2, unstructured_json = COALESCE($3, unstructured_json)
WHERE robot_account_id = $1`

	setRobotToken statement = `UPDATE robotaccounttoken SET token = $2 WHERE robot_account_id = $1`

	setRobotIdentity statement = `UPDATE "user" SET email = $2, uuid = $3 WHERE id = $1 AND robot = TRUE`

	robotByName statement = `
SELECT u.id, COALESCE(u.uuid, ''), u.username, u.email, COALESCE(u.password_hash, ''), u.organization, u.robot,
       u.enabled, u.verified, u.invalid_login_attempts, u.last_invalid_login, u.stripe_id, u.invoice_email,
       u.invoice_email_address, u.removed_tag_expiration_s, u.given_name, u.family_name, u.company, u.location,
       u.maximum_queued_builds_count, u.creation_date, u.last_accessed,
       COALESCE(t.token, ''), COALESCE(m.description, ''), COALESCE(m.unstructured_json, '{}')
FROM "user" u LEFT JOIN robotaccounttoken t ON t.robot_account_id = u.id
              LEFT JOIN robotaccountmetadata m ON m.robot_account_id = u.id
WHERE u.username = $1 AND u.robot = TRUE`

	// A namespace's robots are found by the first part of their names. The product
	// lists those with a token only.
	robotsOf statement = `
SELECT u.id, COALESCE(u.uuid, ''), u.username, u.email, COALESCE(u.password_hash, ''), u.organization, u.robot,
       u.enabled, u.verified, u.invalid_login_attempts, u.last_invalid_login, u.stripe_id, u.invoice_email,
       u.invoice_email_address, u.removed_tag_expiration_s, u.given_name, u.family_name, u.company, u.location,
       u.maximum_queued_builds_count, u.creation_date, u.last_accessed,
       t.token, COALESCE(m.description, ''), COALESCE(m.unstructured_json, '{}')
FROM "user" u JOIN robotaccounttoken t ON t.robot_account_id = u.id
              LEFT JOIN robotaccountmetadata m ON m.robot_account_id = u.id
WHERE u.robot = TRUE AND substr(u.username, 1, length(CAST($1 AS text))) = $1
ORDER BY u.last_accessed DESC, u.id LIMIT $2`

	robotTeams statement = `
SELECT u.id, t.name FROM "user" u JOIN teammember m ON m.user_id = u.id JOIN team t ON t.id = m.team_id
WHERE u.robot = TRUE AND substr(u.username, 1, length(CAST($1 AS text))) = $1 ORDER BY m.id`

	robotRepositories statement = `
SELECT u.id, r.name FROM "user" u JOIN repositorypermission p ON p.user_id = u.id JOIN repository r ON r.id = p.repository_id
WHERE u.robot = TRUE AND substr(u.username, 1, length(CAST($1 AS text))) = $1 ORDER BY p.id`

	robotHasMirror statement = `
SELECT 1 FROM repomirrorconfig WHERE internal_robot_id = $1
UNION ALL SELECT 1 FROM orgmirrorconfig WHERE internal_robot_id = $1 LIMIT 1`

	// What a robot leaves when it goes, in the product's order (data/database.py,
	// User.delete_instance): references that may be empty are emptied, rows that are
	// about the robot are deleted.
	forgetRobotOfBuilds    statement = `UPDATE repositorybuild SET pull_robot_id = NULL WHERE pull_robot_id = $1`
	forgetRobotOfTriggers  statement = `UPDATE repositorybuildtrigger SET pull_robot_id = NULL WHERE pull_robot_id = $1`
	deleteNotificationsFor statement = `DELETE FROM notification WHERE target_id = $1`
	deletePrototypesFor    statement = `DELETE FROM permissionprototype WHERE delegate_user_id = $1`
	deletePrototypesBy     statement = `DELETE FROM permissionprototype WHERE activating_user_id = $1`
	deleteMemberships      statement = `DELETE FROM teammember WHERE user_id = $1`
	deleteRobotToken       statement = `DELETE FROM robotaccounttoken WHERE robot_account_id = $1`
	deleteRobotMetadata    statement = `DELETE FROM robotaccountmetadata WHERE robot_account_id = $1`
	deleteRobotAccount     statement = `DELETE FROM "user" WHERE id = $1 AND robot = TRUE`
)

func scanRobot(r scanner) (*domain.Robot, error) {
	var b domain.Robot
	a, err := scanAccount(scanMore{r, []any{&b.SealedToken, &b.Description, &b.Metadata}})
	if err != nil {
		return nil, err
	}
	b.Account = *a
	return &b, nil
}

// scanMore reads further columns behind those that are asked for.
type scanMore struct {
	scanner
	more []any
}

func (s scanMore) Scan(dest ...any) error { return s.scanner.Scan(append(dest, s.more...)...) }

// robotTaken is the error about the name of a robot that is there.
func robotTaken(name string) error {
	return &errs.Error{Kind: errs.Exists, Reason: domain.ReasonNameTaken, Message: "Existing robot with name: " + name}
}

// CreateRobot makes a robot of a namespace: rows in user, robotaccounttoken,
// federatedlogin and robotaccountmetadata, in this order (data/model/user.py,
// create_robot). errs.Exists when there is one of the name, errs.NotFound when the
// owner is gone.
func (s *Store) CreateRobot(ctx context.Context, n domain.NewRobot) (*domain.Robot, error) {
	var made *domain.Robot
	err := s.change(ctx, true, func(tx *Tx) error {
		// The lock keeps the owner from being renamed meanwhile.
		owner, err := tx.stayingAccount(n.Owner)
		if err != nil {
			return err
		}
		if owner.Robot {
			return errs.New(errs.Invalid, "A robot account cannot have robot accounts")
		}
		name := domain.RobotName(owner.Name, n.Short)
		id, err := tx.insertAccount(newAccount{
			name: name, email: uuid.NewString(), robot: true, tagExpiration: robotTagExpiration, now: n.Now,
		})
		if errs.Is(err, errs.Exists) {
			return robotTaken(name)
		}
		if err != nil {
			return err
		}
		if _, err := tx.exec(insertRobotToken, id, n.SealedToken); err != nil {
			return err
		}
		login := domain.Login{Service: domain.RobotService, Ident: robotIdent(id), Metadata: "{}"}
		if err := tx.attachLogin(id, login); err != nil {
			return err
		}
		if _, err := tx.exec(insertRobotMetadata, id, n.Description, n.Metadata); err != nil {
			return err
		}
		made, err = scanRobot(tx.row(robotByName, name))
		return err
	})
	return made, err
}

// robotTagExpiration is the column's default; robots have no tags.
const robotTagExpiration = 14 * 24 * time.Hour

// robotIdent is a robot's identity at the service of robots.
func robotIdent(id domain.UserID) string { return fmt.Sprintf("robot:%d", id) }

// Robot returns a robot by its whole name; errs.NotFound when there is none.
func (s *Store) Robot(ctx context.Context, name string) (*domain.Robot, error) {
	return scanRobot(s.row(ctx, robotByName, name))
}

// Robots lists at most limit robots of a namespace, those used last first.
func (s *Store) Robots(ctx context.Context, namespace string, limit int) ([]domain.Robot, error) {
	var list []domain.Robot
	err := s.rows(ctx, robotsOf, func(r scanner) error {
		b, err := scanRobot(r)
		if err == nil {
			list = append(list, *b)
		}
		return err
	}, domain.RobotName(namespace, ""), limit)
	return list, err
}

// RobotUses is Robots with the teams and repositories of each.
func (s *Store) RobotUses(ctx context.Context, namespace string, limit int) ([]domain.RobotUse, error) {
	robots, err := s.Robots(ctx, namespace, limit)
	if err != nil {
		return nil, err
	}
	list := make([]domain.RobotUse, len(robots))
	index := make(map[domain.UserID]*domain.RobotUse, len(robots))
	for i, b := range robots {
		list[i].Robot = b
		index[b.ID] = &list[i]
	}
	collect := func(q statement, names func(*domain.RobotUse) *[]string) error {
		return s.rows(ctx, q, func(r scanner) error {
			var id domain.UserID
			var name string
			if err := r.Scan(&id, &name); err != nil {
				return err
			}
			if u := index[id]; u != nil && !slices.Contains(*names(u), name) {
				*names(u) = append(*names(u), name)
			}
			return nil
		}, domain.RobotName(namespace, ""))
	}
	if err := collect(robotTeams, func(u *domain.RobotUse) *[]string { return &u.Teams }); err != nil {
		return nil, err
	}
	return list, collect(robotRepositories, func(u *domain.RobotUse) *[]string { return &u.Repositories })
}

// SetRobotMetadata changes a robot's description and, unless it is empty, the JSON
// beside it. A robot without such a row gets one.
func (s *Store) SetRobotMetadata(ctx context.Context, id domain.UserID, description, metadata string) error {
	return s.change(ctx, true, func(tx *Tx) error {
		if _, err := tx.exec(insertRobotMetadata, id, "", "{}"); err != nil {
			return err
		}
		return tx.changeAccount(setRobotMetadata, id, description, textOrNull(metadata))
	})
}

// RegenerateRobot gives a robot another password, and a new uuid and address, which
// end what was made with the old one (data/model/user.py, regenerate_robot_token).
func (s *Store) RegenerateRobot(ctx context.Context, id domain.UserID, sealed string) error {
	return s.change(ctx, true, func(tx *Tx) error {
		if err := tx.changeAccount(setRobotIdentity, id, uuid.NewString(), uuid.NewString()); err != nil {
			return err
		}
		n, err := tx.exec(setRobotToken, id, sealed)
		if err == nil && n == 0 {
			_, err = tx.exec(insertRobotToken, id, sealed)
		}
		if err != nil {
			return err
		}
		return tx.changeAccount(setLoginIdent, id, domain.RobotService, robotIdent(id))
	})
}

// RobotHasMirror reports whether a mirror of a repository or an organisation works as
// the robot.
func (s *Store) RobotHasMirror(ctx context.Context, id domain.UserID) (bool, error) {
	return s.exists(ctx, robotHasMirror, id)
}

// DeleteRobot deletes a robot and what is about it. errs.Conflict when a mirror works
// as it, errs.NotFound when it is gone.
func (s *Store) DeleteRobot(ctx context.Context, id domain.UserID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		if _, err := scanAccount(tx.rowForUpdate(accountByID, id)); err != nil {
			return err
		}
		mirrors, err := found(tx.row(robotHasMirror, id))
		if err != nil {
			return err
		}
		if mirrors {
			return domain.ErrRobotMirrors
		}
		return tx.deleteRobot(id)
	})
}

// deleteRobot deletes the rows of a robot that no mirror works as.
func (t *Tx) deleteRobot(id domain.UserID) error {
	for _, q := range []statement{
		deleteNotificationsFor, forgetRobotOfBuilds, forgetRobotOfTriggers, deletePrototypesFor, deletePrototypesBy,
		deleteUserPermissions, deleteLogins, deleteMemberships, deleteRobotToken, deleteRobotMetadata,
	} {
		if _, err := t.exec(q, id); err != nil {
			return err
		}
	}
	return t.changeAccount(deleteRobotAccount, id)
}
