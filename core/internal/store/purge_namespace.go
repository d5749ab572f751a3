package store

import (
	"context"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/sdk/errs"
)

const (
	deletedNamespaceByMarker statement = `SELECT namespace_id FROM deletednamespace WHERE id = $1`

	markerOf statement = `SELECT 1 FROM deletednamespace WHERE namespace_id = $1`

	// A namespace that was marked has lost its name to the marker.
	originalNamespace statement = `
SELECT COALESCE((SELECT d.original_username FROM deletednamespace d WHERE d.namespace_id = u.id), u.username)
FROM "user" u WHERE u.id = $1`

	namespaceForMark statement = `SELECT username, email FROM "user" WHERE id = $1`

	insertDeletedNamespace statement = `
INSERT INTO deletednamespace (namespace_id, marked, original_username, original_email) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id`

	setDeletedNamespaceQueue statement = `UPDATE deletednamespace SET queue_id = $2 WHERE id = $1`

	hideNamespace    statement = `UPDATE "user" SET enabled = FALSE, username = $2, email = $3 WHERE id = $1`
	disableNamespace statement = `UPDATE "user" SET enabled = FALSE WHERE id = $1 AND enabled`

	// The organisations that have a person as their only administrator; robots cannot
	// administer one.
	solelyAdministered statement = `
SELECT DISTINCT o.username
FROM teammember m JOIN team t ON t.id = m.team_id JOIN teamrole tr ON tr.id = t.role_id
JOIN "user" o ON o.id = t.organization_id
WHERE m.user_id = $1 AND tr.name = 'admin' AND o.organization
  AND NOT EXISTS (SELECT 1 FROM teammember om JOIN team ot ON ot.id = om.team_id JOIN teamrole otr ON otr.id = ot.role_id
                  JOIN "user" ou ON ou.id = om.user_id
                  WHERE ot.organization_id = o.id AND otr.name = 'admin' AND om.user_id <> $1 AND NOT ou.robot)`

	hideRepositories statement = `UPDATE repository SET state = $2 WHERE namespace_user_id = $1 AND state <> $2`

	someRepositories statement = `SELECT id FROM repository WHERE namespace_user_id = $1 ORDER BY id LIMIT $2`

	robotIDs statement = `
SELECT id FROM "user" WHERE robot AND substr(username, 1, length(CAST($1 AS text))) = $1 ORDER BY id LIMIT $2`
)

// What belongs to an organisation, in the product's order: its teams, with what is
// about them, and its applications, with what they were given.
var organizationRows = []statement{
	purgeTeamSyncs, purgeTeamInvites, purgeTeamMembers, forgetTeamsOfPrototypes, forgetTeamsOfPermissions, purgeTeams,
	purgeAssignedTokensOf, purgeAuthorizationCodes, purgeOAuthTokensOf, purgeApplications,
}

const (
	purgeTeamSyncs   statement = `DELETE FROM teamsync WHERE team_id IN (SELECT id FROM team WHERE organization_id = $1)`
	purgeTeamInvites statement = `DELETE FROM teammemberinvite WHERE team_id IN (SELECT id FROM team WHERE organization_id = $1)`
	purgeTeamMembers statement = `DELETE FROM teammember WHERE team_id IN (SELECT id FROM team WHERE organization_id = $1)`
	// Rows of nobody stay until their repository or organisation goes.
	forgetTeamsOfPrototypes statement = `
UPDATE permissionprototype SET delegate_team_id = NULL WHERE delegate_team_id IN (SELECT id FROM team WHERE organization_id = $1)`
	forgetTeamsOfPermissions statement = `
UPDATE repositorypermission SET team_id = NULL WHERE team_id IN (SELECT id FROM team WHERE organization_id = $1)`
	purgeTeams statement = `DELETE FROM team WHERE organization_id = $1`

	purgeAssignedTokensOf statement = `
DELETE FROM oauthassignedtoken WHERE application_id IN (SELECT id FROM oauthapplication WHERE organization_id = $1)`
	purgeAuthorizationCodes statement = `
DELETE FROM oauthauthorizationcode WHERE application_id IN (SELECT id FROM oauthapplication WHERE organization_id = $1)`
	purgeOAuthTokensOf statement = `
DELETE FROM oauthaccesstoken WHERE application_id IN (SELECT id FROM oauthapplication WHERE organization_id = $1)`
	purgeApplications statement = `DELETE FROM oauthapplication WHERE organization_id = $1`
)

// linkedRows is what links a namespace to others, and goes as soon as it is marked.
var linkedRows = []statement{
	deleteMemberships, forgetTriggersOfBuilds, purgeConnectedTriggers, purgeQuotaStates, purgeNamespaceNotifications, purgeQuotaLimits, purgeQuotas,
	resetOrganizationMirrors, purgeMirroredRepositories, purgeOrganizationMirror,
}

// lateRows follow the namespace's robots.
var lateRows = []statement{forgetApprovals, deleteLogins, purgeNamespaceSize, purgeAssignedTokens}

const (
	forgetTriggersOfBuilds statement = `
UPDATE repositorybuild SET trigger_id = NULL WHERE trigger_id IN (SELECT id FROM repositorybuildtrigger WHERE connected_user_id = $1)`
	purgeConnectedTriggers      statement = `DELETE FROM repositorybuildtrigger WHERE connected_user_id = $1`
	purgeQuotaStates            statement = `DELETE FROM quotanotificationstate WHERE namespace_id = $1`
	purgeNamespaceNotifications statement = `DELETE FROM namespacenotification WHERE namespace_id = $1`
	purgeQuotaLimits            statement = `
DELETE FROM quotalimits WHERE quota_id IN (SELECT id FROM userorganizationquota WHERE namespace_id = $1)`
	purgeQuotas statement = `DELETE FROM userorganizationquota WHERE namespace_id = $1`

	// Mirrored repositories (state 4) become normal ones (state 0) that outlive their
	// mirror; those of a namespace that is purged are marked by then.
	resetOrganizationMirrors statement = `
UPDATE repository SET state = 0 WHERE state = 4 AND id IN (
  SELECT m.repository_id FROM orgmirrorrepository m JOIN orgmirrorconfig c ON c.id = m.org_mirror_config_id
  WHERE c.organization_id = $1)`
	purgeMirroredRepositories statement = `
DELETE FROM orgmirrorrepository WHERE org_mirror_config_id IN (SELECT id FROM orgmirrorconfig WHERE organization_id = $1)`
	purgeOrganizationMirror statement = `DELETE FROM orgmirrorconfig WHERE organization_id = $1`

	// What mirrors as a robot goes before the robot.
	purgeRobotMirrors  statement = `DELETE FROM repomirrorconfig WHERE internal_robot_id = $1`
	purgeRobotMirrored statement = `
DELETE FROM orgmirrorrepository WHERE org_mirror_config_id IN (SELECT id FROM orgmirrorconfig WHERE internal_robot_id = $1)`
	purgeRobotOrganizationMirrors statement = `DELETE FROM orgmirrorconfig WHERE internal_robot_id = $1`

	forgetApprovals     statement = `UPDATE servicekeyapproval SET approver_id = NULL WHERE approver_id = $1`
	purgeNamespaceSize  statement = `DELETE FROM quotanamespacesize WHERE namespace_user_id = $1`
	purgeAssignedTokens statement = `DELETE FROM oauthassignedtoken WHERE assigned_user_id = $1`
)

// accountRows is what else refers to an account, and goes right before it.
var accountRows = []statement{
	purgePruneStatus, purgePrunePolicies, purgeRepositoryPrunePolicies, purgeImmutabilityPolicies, purgeRepositoryImmutabilities,
	purgeAppTokens, purgeConfirmations, deleteNotificationsFor, purgeOAuthTokensBy, purgeContactEmail, purgeSubscriptionsBound,
	purgeSubscriptions, purgePrototypes, purgeProxyCache, forgetRobotOfBuilds, forgetRobotOfTriggers, deleteUserPermissions,
	purgeStarsBy, purgeInvites, purgePrompts, purgeRegions, purgeDeletedNamespace,
}

const (
	purgePruneStatus              statement = `DELETE FROM autoprunetaskstatus WHERE namespace_id = $1`
	purgePrunePolicies            statement = `DELETE FROM namespaceautoprunepolicy WHERE namespace_id = $1`
	purgeRepositoryPrunePolicies  statement = `DELETE FROM repositoryautoprunepolicy WHERE namespace_id = $1`
	purgeImmutabilityPolicies     statement = `DELETE FROM namespaceimmutabilitypolicy WHERE namespace_id = $1`
	purgeRepositoryImmutabilities statement = `DELETE FROM repositoryimmutabilitypolicy WHERE namespace_id = $1`
	purgeAppTokens                statement = `DELETE FROM appspecificauthtoken WHERE user_id = $1`
	purgeConfirmations            statement = `DELETE FROM emailconfirmation WHERE user_id = $1`
	purgeOAuthTokensBy            statement = `DELETE FROM oauthaccesstoken WHERE authorized_user_id = $1`
	purgeContactEmail             statement = `DELETE FROM organizationcontactemail WHERE organization_id = $1`
	purgeSubscriptionsBound       statement = `DELETE FROM organizationrhskus WHERE org_id = $1 OR user_id = $1`
	purgeSubscriptions            statement = `DELETE FROM redhatsubscriptions WHERE user_id = $1`
	purgePrototypes               statement = `
DELETE FROM permissionprototype WHERE org_id = $1 OR activating_user_id = $1 OR delegate_user_id = $1`
	purgeProxyCache       statement = `DELETE FROM proxycacheconfig WHERE organization_id = $1`
	purgeStarsBy          statement = `DELETE FROM star WHERE user_id = $1`
	purgeInvites          statement = `DELETE FROM teammemberinvite WHERE inviter_id = $1 OR user_id = $1`
	purgePrompts          statement = `DELETE FROM userprompt WHERE user_id = $1`
	purgeRegions          statement = `DELETE FROM userregion WHERE user_id = $1`
	purgeDeletedNamespace statement = `DELETE FROM deletednamespace WHERE namespace_id = $1`
	purgeAccount          statement = `DELETE FROM "user" WHERE id = $1`
)

// DeletedNamespace returns the namespace that a marker is about; errs.NotFound when it
// is gone.
func (s *Store) DeletedNamespace(ctx context.Context, marker int64) (domain.UserID, error) {
	var id domain.UserID
	err := s.row(ctx, deletedNamespaceByMarker, marker).Scan(&id)
	return id, classify(err)
}

// SolelyAdministered lists the organisations that have a person as their only
// administrator.
func (s *Store) SolelyAdministered(ctx context.Context, user domain.UserID) ([]string, error) {
	var list []string
	err := s.rows(ctx, solelyAdministered, into(&list), user)
	return list, err
}

// MarkNamespace disables a namespace, frees its name and address, and puts an item into
// the queue of those who purge it, all in one transaction: the product adds the item
// afterwards, and a crash in between leaves a namespace that nobody ever purges. It
// returns the id of the marker; zero when the namespace has one. errs.NotFound without
// the namespace.
func (s *Store) MarkNamespace(ctx context.Context, d domain.NamespaceDeletion) (int64, error) {
	var marker int64
	err := s.change(ctx, true, func(tx *Tx) error {
		marker = 0
		var name, email string
		if err := tx.rowForUpdate(namespaceForMark, d.Namespace).Scan(&name, &email); err != nil {
			return classify(err)
		}
		id, err := tx.insert(insertDeletedNamespace, d.Namespace, d.Now, name, email)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := tx.exec(hideNamespace, d.Namespace, uuid.NewString(), uuid.NewString()); err != nil {
			return err
		}
		item, err := tx.enqueue(domain.NewQueueItem{
			Queue: "namespacegc", Path: []string{strconv.FormatInt(int64(d.Namespace), 10)},
			Body:      dumps(pyjson.Object{{Name: "marker_id", Value: id}, {Name: "original_username", Value: name}}),
			Available: d.Now.Add(d.Delay), Retries: gcRetries,
		})
		if err != nil {
			return err
		}
		marker = id
		_, err = tx.exec(setDeletedNamespaceQueue, id, strconv.FormatInt(int64(item[0]), 10))
		return err
	})
	return marker, err
}

// stayingAccount locks an account that is not on its way out; errs.NotFound otherwise.
// Under the name of one that is, nothing may be made: whoever purges it looks for the
// old one.
func (t *Tx) stayingAccount(id domain.UserID) (*domain.Account, error) {
	a, err := scanAccount(t.rowForUpdate(accountByID, id))
	if err != nil {
		return nil, err
	}
	var one int
	switch err := classify(t.row(markerOf, id).Scan(&one)); {
	case err == nil:
		return nil, errNoRow
	case !errs.Is(err, errs.NotFound):
		return nil, err
	}
	return a, nil
}

// DisableNamespace keeps an account from doing anything more.
func (s *Store) DisableNamespace(ctx context.Context, namespace domain.UserID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(disableNamespace, namespace)
		return err
	})
}

// DropQueuedItems removes what is in queues for a namespace that is there still, or has
// a marker.
func (s *Store) DropQueuedItems(ctx context.Context, queues []string, namespace domain.UserID) error {
	name, err := s.originalNamespace(ctx, namespace)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.change(ctx, true, func(tx *Tx) error {
		for _, queue := range queues {
			if _, err := tx.exec(dropQueuedItems, domain.QueueName(queue, name)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) originalNamespace(ctx context.Context, namespace domain.UserID) (name string, err error) {
	err = classify(s.row(ctx, originalNamespace, namespace).Scan(&name))
	return name, err
}

// HideRepositories keeps others from writing to the repositories of a namespace.
func (s *Store) HideRepositories(ctx context.Context, namespace domain.UserID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(hideRepositories, namespace, domain.StateMarkedForDeletion)
		return err
	})
}

// RepositoriesOf lists some repositories of a namespace, in whatever state.
func (s *Store) RepositoriesOf(ctx context.Context, namespace domain.UserID, limit int) ([]domain.RepositoryID, error) {
	var list []domain.RepositoryID
	err := s.rows(ctx, someRepositories, into(&list), namespace, limit)
	return list, err
}

// PurgeLinks takes away what links a namespace to others: its teams, applications and
// robots, memberships, logins, quotas and mirrors (data/model/user.py,
// _delete_user_linked_data). Each kind goes in a transaction of its own.
func (s *Store) PurgeLinks(ctx context.Context, namespace domain.UserID) error {
	name, err := s.originalNamespace(ctx, namespace)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.purgeEach(ctx, namespace, organizationRows); err != nil {
		return err
	}
	if err := s.purgeEach(ctx, namespace, linkedRows); err != nil {
		return err
	}
	if err := s.purgeRobots(ctx, name); err != nil {
		return err
	}
	return s.purgeEach(ctx, namespace, lateRows)
}

func (s *Store) purgeEach(ctx context.Context, namespace domain.UserID, statements []statement) error {
	return s.change(ctx, true, func(tx *Tx) error { return tx.execEach(namespace, statements...) })
}

// purgeRobots takes the robots of a namespace away, some at a time.
func (s *Store) purgeRobots(ctx context.Context, namespace string) error {
	for {
		purged := 0
		err := s.change(ctx, true, func(tx *Tx) error {
			robots, err := tx.ids(robotIDs, namespace+"+", 50)
			if err != nil {
				return err
			}
			for _, robot := range robots {
				if err := tx.execEach(robot, purgeRobotMirrors, purgeRobotMirrored, purgeRobotOrganizationMirrors); err != nil {
					return err
				}
				if err := tx.deleteRobot(domain.UserID(robot)); err != nil {
					return err
				}
			}
			purged = len(robots)
			return nil
		})
		if err != nil || purged == 0 {
			return err
		}
	}
}

// PurgeNamespace removes an account or organisation without repositories, with what
// still refers to it. It is no error that it is gone.
func (s *Store) PurgeNamespace(ctx context.Context, namespace domain.UserID) error {
	return s.change(ctx, true, func(tx *Tx) error {
		return tx.execEach(namespace, append(slices.Clone(accountRows), purgeAccount)...)
	})
}
