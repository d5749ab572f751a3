package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/python"
)

const (
	insertInvite statement = `
INSERT INTO teammemberinvite (user_id, email, team_id, inviter_id, invite_token) VALUES ($1, $2, $3, $4, $5) RETURNING id`

	// The invite of a code, and those of a team. The product keeps no index of codes:
	// there are few invites.
	inviteByCode statement = `
SELECT i.id, i.invite_token, COALESCE(i.email, ''), v.username, u.id, COALESCE(u.username, ''), COALESCE(u.email, ''), COALESCE(u.robot, FALSE),
       t.id, t.name, o.id, o.username, tr.name, t.description
FROM teammemberinvite i JOIN team t ON t.id = i.team_id JOIN "user" o ON o.id = t.organization_id
JOIN teamrole tr ON tr.id = t.role_id JOIN "user" v ON v.id = i.inviter_id LEFT JOIN "user" u ON u.id = i.user_id
WHERE i.invite_token = $1`

	teamInvites statement = `
SELECT i.id, i.invite_token, COALESCE(i.email, ''), v.username, u.id, COALESCE(u.username, ''), COALESCE(u.email, ''), COALESCE(u.robot, FALSE),
       t.id, t.name, o.id, o.username, tr.name, t.description
FROM teammemberinvite i JOIN team t ON t.id = i.team_id JOIN "user" o ON o.id = t.organization_id
JOIN teamrole tr ON tr.id = t.role_id JOIN "user" v ON v.id = i.inviter_id LEFT JOIN "user" u ON u.id = i.user_id
WHERE i.team_id = $1 ORDER BY i.id`

	invitedEmail statement = `SELECT 1 FROM teammemberinvite WHERE email = $1 LIMIT 1`

	// The invites of an account to an organisation's teams: its own, and those of its
	// address.
	invitesInOrganization statement = `
SELECT i.id, i.team_id FROM teammemberinvite i JOIN team t ON t.id = i.team_id
WHERE t.organization_id = $1 AND (i.user_id = $2 OR i.email = $3) ORDER BY i.id`

	deleteInvite statement = `DELETE FROM teammemberinvite WHERE id = $1`

	deleteUserInvite statement = `
DELETE FROM teammemberinvite WHERE id = (SELECT MIN(id) FROM teammemberinvite WHERE team_id = $1 AND user_id = $2)`

	deleteEmailInvite statement = `
DELETE FROM teammemberinvite WHERE id = (SELECT MIN(id) FROM teammemberinvite WHERE team_id = $1 AND email = $2)`

	insertInviteNotification statement = `
INSERT INTO notification (uuid, kind_id, target_id, metadata_json, created, dismissed, lookup_path)
VALUES ($1, (SELECT id FROM notificationkind WHERE name = 'org_team_invite'), $2, $3, $4, FALSE, NULL)`

	inviteNotifications statement = `
SELECT n.id, n.metadata_json FROM notification n JOIN notificationkind k ON k.id = n.kind_id
WHERE n.target_id = $1 AND k.name = 'org_team_invite'`

	deleteNotification statement = `DELETE FROM notification WHERE id = $1`
)

// inviteNotice is what the notification of an invite says, in the product's order.
type inviteNotice struct {
	Code    string `json:"code"`
	Inviter string `json:"inviter"`
	Org     string `json:"org"`
	Team    string `json:"team"`
}

// text is the notification's metadata as the product's encoder spaces it.
func (n inviteNotice) text() string {
	return `{"code": ` + python.JSONString(n.Code) + `, "inviter": ` + python.JSONString(n.Inviter) +
		`, "org": ` + python.JSONString(n.Org) + `, "team": ` + python.JSONString(n.Team) + `}`
}

// CreateInvite records an invite of an account, which gets a notification, or of an
// e-mail address. It fills in the code (endpoints/api/team.py,
// handle_addinvite_team).
func (s *Store) CreateInvite(ctx context.Context, i *domain.Invite, inviter domain.UserID, now time.Time) error {
	code := "urn:teaminvite:" + uuid.NewString()
	var user, email any = nil, i.Email
	if i.User != nil {
		user, email = i.User.ID, nil
	}
	notice := inviteNotice{code, i.Inviter, i.Team.OrganizationName, i.Team.Name}.text()
	var id int64
	err := s.change(ctx, true, func(tx *Tx) (err error) {
		id, err = tx.insert(insertInvite, user, email, i.Team.ID, inviter, code)
		if err == nil && i.User != nil {
			_, err = tx.exec(insertInviteNotification, uuid.NewString(), i.User.ID, notice, now)
		}
		return err
	})
	if err == nil {
		i.ID, i.Code = domain.InviteID(id), code
	}
	return err
}

// Invite returns the invite of a code; errs.NotFound when there is none.
func (s *Store) Invite(ctx context.Context, code string) (*domain.Invite, error) {
	i, err := scanInvite(s.row(ctx, inviteByCode, code))
	if err != nil {
		return nil, classify(err)
	}
	return &i, nil
}

// TeamInvites returns a team's invites, the oldest first.
func (s *Store) TeamInvites(ctx context.Context, team domain.TeamID) ([]domain.Invite, error) {
	var list []domain.Invite
	err := s.rows(ctx, teamInvites, func(r scanner) error {
		i, err := scanInvite(r)
		list = append(list, i)
		return err
	}, team)
	return list, err
}

func scanInvite(r scanner) (domain.Invite, error) {
	var i domain.Invite
	var user domain.Member
	var id *int64
	var role string
	err := r.Scan(&i.ID, &i.Code, &i.Email, &i.Inviter, &id, &user.Name, &user.Email, &user.Robot,
		&i.Team.ID, &i.Team.Name, &i.Team.Organization, &i.Team.OrganizationName, &role, &i.Team.Description)
	if id != nil {
		user.ID = domain.UserID(*id)
		i.User = &user
	}
	i.Team.Role = domain.ParseTeamRole(role)
	return i, err
}

// InvitedEmail reports whether an e-mail address was invited to any team.
func (s *Store) InvitedEmail(ctx context.Context, email string) (bool, error) {
	return s.exists(ctx, invitedEmail, email)
}

// AcceptInvites puts an account into all teams that it, or its address, is invited
// to in the organisation of a team, deletes these invites and the account's
// notifications of them, and returns the number of invites. email is empty when the
// address is not to count.
func (s *Store) AcceptInvites(ctx context.Context, t *domain.Team, user domain.UserID, email string) (int, error) {
	var accepted int
	err := s.change(ctx, true, func(tx *Tx) error {
		accepted = 0
		var invites []domain.Invite
		err := tx.rows(invitesInOrganization, func(r scanner) error {
			var i domain.Invite
			err := r.Scan(&i.ID, &i.Team.ID)
			invites = append(invites, i)
			return err
		}, t.Organization, user, nonempty(email))
		if err != nil {
			return err
		}
		for _, i := range invites {
			// Who takes an invite back at this moment may have been first.
			n, err := tx.exec(deleteInvite, i.ID)
			if err == nil && n == 1 {
				accepted++
				_, err = tx.exec(addTeamMember, i.Team.ID, user)
			}
			if err != nil {
				return err
			}
		}
		if accepted == 0 {
			return nil
		}
		return tx.deleteInviteNotifications(user, func(n inviteNotice) bool { return n.Org == t.OrganizationName })
	})
	return accepted, err
}

// DeclineInvite deletes an invite and the invited account's notifications of it.
func (s *Store) DeclineInvite(ctx context.Context, i *domain.Invite) error {
	return s.change(ctx, true, func(tx *Tx) error {
		if _, err := tx.exec(deleteInvite, i.ID); err != nil || i.User == nil {
			return err
		}
		return tx.deleteInviteNotifications(i.User.ID, func(n inviteNotice) bool { return n.Code == i.Code })
	})
}

// DeleteUserInvite deletes an account's oldest invite to a team; it reports whether
// there was one. Its notification stays, as in the product.
func (s *Store) DeleteUserInvite(ctx context.Context, team domain.TeamID, user domain.UserID) (bool, error) {
	return s.changed(ctx, deleteUserInvite, team, user)
}

// DeleteEmailInvite deletes an address's oldest invite to a team; it reports whether
// there was one.
func (s *Store) DeleteEmailInvite(ctx context.Context, team domain.TeamID, email string) (bool, error) {
	return s.changed(ctx, deleteEmailInvite, team, email)
}

// deleteInviteNotifications deletes those notifications of invites that match.
func (t *Tx) deleteInviteNotifications(user domain.UserID, matches func(inviteNotice) bool) error {
	var ids []int64
	err := t.rows(inviteNotifications, func(r scanner) error {
		var id int64
		var metadata string
		if err := r.Scan(&id, &metadata); err != nil {
			return err
		}
		var n inviteNotice
		if json.Unmarshal([]byte(metadata), &n) == nil && matches(n) {
			ids = append(ids, id)
		}
		return nil
	}, user)
	for _, id := range ids {
		if err == nil {
			_, err = t.exec(deleteNotification, id)
		}
	}
	return err
}

// nonempty is a text as a parameter; empty is NULL.
func nonempty(s string) any {
	if s == "" {
		return nil
	}
	return s
}
