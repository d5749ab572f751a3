package store

import (
	"context"
	"strconv"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

const (
	quotaOfRepository statement = `
SELECT u.id, u.username, u.organization, COALESCE(q.limit_bytes, 0), COALESCE(l.percent_of_limit, 0), COALESCE(t.name, '')
FROM repository r JOIN "user" u ON u.id = r.namespace_user_id
LEFT JOIN userorganizationquota q ON q.namespace_id = u.id
LEFT JOIN quotalimits l ON l.quota_id = q.id LEFT JOIN quotatype t ON t.id = l.quota_type_id
WHERE r.id = $1 ORDER BY l.id`

	uploadingSize statement = `
SELECT CAST(COALESCE(SUM(byte_count), 0) AS bigint) FROM blobupload WHERE repository_id = $1`

	// Who is to be told of a namespace's quota, and what each was told before: a row for
	// each earlier notice, or one without any.
	noticesOfAdmins statement = `
SELECT DISTINCT u.id, COALESCE(n.id, 0), COALESCE(n.metadata_json, '')
FROM team t JOIN teamrole tr ON tr.id = t.role_id JOIN teammember m ON m.team_id = t.id JOIN "user" u ON u.id = m.user_id
LEFT JOIN notification n ON n.target_id = u.id AND n.kind_id = (SELECT k.id FROM notificationkind k WHERE k.name = $2)
WHERE t.organization_id = $1 AND tr.name = 'admin' AND NOT u.robot ORDER BY u.id`

	noticesOfAccount statement = `
SELECT u.id, COALESCE(n.id, 0), COALESCE(n.metadata_json, '')
FROM "user" u
LEFT JOIN notification n ON n.target_id = u.id AND n.kind_id = (SELECT k.id FROM notificationkind k WHERE k.name = $2)
WHERE u.id = $1`

	hasNamespaceNotification statement = `
SELECT 1 FROM namespacenotification n JOIN externalnotificationevent e ON e.id = n.event_id
WHERE n.namespace_id = $1 AND e.name = $2 LIMIT 1`

	insertQuotaClaim statement = `
INSERT INTO quotanotificationstate (namespace_id, threshold_percent, last_notified_at, cleared) VALUES ($1, $2, $3, FALSE)
ON CONFLICT DO NOTHING`

	renewQuotaClaim statement = `
UPDATE quotanotificationstate SET last_notified_at = $3, cleared = FALSE
WHERE namespace_id = $1 AND threshold_percent = $2 AND (cleared OR last_notified_at IS NULL OR last_notified_at <= $4)`

	deleteQuotaClaim statement = `DELETE FROM quotanotificationstate WHERE namespace_id = $1 AND threshold_percent = $2`
)

// The name of the kind of limits that refuse pushes (table quotatype).
const rejecting = "Reject"

// QuotaOfRepository returns how much the namespace of a repository may hold; errs.NotFound
// without the repository.
func (s *Store) QuotaOfRepository(ctx context.Context, repo domain.RepositoryID) (*domain.Quota, error) {
	var q *domain.Quota
	err := s.rows(ctx, quotaOfRepository, func(r scanner) error {
		var row domain.Quota
		var l domain.QuotaLimit
		var kind string
		if err := r.Scan(&row.Namespace, &row.Name, &row.Organization, &row.Limit, &l.Percent, &kind); err != nil {
			return err
		}
		if q == nil {
			q = &row
		}
		if kind != "" {
			l.Reject = kind == rejecting
			q.Limits = append(q.Limits, l)
		}
		return nil
	}, repo)
	if err == nil && q == nil {
		err = errNoRow
	}
	return q, err
}

// UploadingSize returns how many bytes the uploads of a repository have that have begun.
func (s *Store) UploadingSize(ctx context.Context, repo domain.RepositoryID) (size int64, err error) {
	err = classify(s.row(ctx, uploadingSize, repo).Scan(&size))
	return size, err
}

// Notify leaves a notice for those who have none that says the same
// (data/model/namespacequota.py, notify_organization_admins).
func (s *Store) Notify(ctx context.Context, n domain.Notice) error {
	if targets, err := untold(n, func(q statement, fn func(scanner) error) error {
		return s.rows(ctx, q, fn, n.Namespace, n.Kind)
	}); err != nil || len(targets) == 0 {
		return err
	}
	return s.change(ctx, true, func(tx *Tx) error {
		// Of many pushes that find the same one leaves the notice.
		if err := tx.lock(domain.AdvisoryLock("quota_notice", strconv.FormatInt(int64(n.Namespace), 10))); err != nil {
			return err
		}
		targets, err := untold(n, func(q statement, fn func(scanner) error) error { return tx.rows(q, fn, n.Namespace, n.Kind) })
		for _, target := range targets {
			if err == nil {
				err = tx.notify(target, n.Kind, n.Metadata, n.Now)
			}
		}
		return err
	})
}

// untold returns those whom a notice is for and who do not know what it says.
func untold(n domain.Notice, rows func(statement, func(scanner) error) error) ([]domain.UserID, error) {
	q := noticesOfAccount
	if n.Organization {
		q = noticesOfAdmins
	}
	var order []domain.UserID
	told := make(map[domain.UserID]bool)
	err := rows(q, func(r scanner) error {
		var target domain.UserID
		var notice int64
		var metadata string
		if err := r.Scan(&target, &notice, &metadata); err != nil {
			return err
		}
		if _, seen := told[target]; !seen {
			order = append(order, target)
		}
		told[target] = told[target] || notice != 0 && n.Known(metadata)
		return nil
	})
	var list []domain.UserID
	for _, target := range order {
		if !told[target] {
			list = append(list, target)
		}
	}
	return list, err
}

// HasNamespaceNotification reports whether a namespace wants to be told of an event, by
// its name of the table externalnotificationevent.
func (s *Store) HasNamespaceNotification(ctx context.Context, namespace domain.UserID, event string) (bool, error) {
	return s.exists(ctx, hasNamespaceNotification, namespace, event)
}

// ClaimQuotaEvent reports whether the caller is the one to tell that a namespace has
// reached a share of its quota: nobody did since the cutoff, or the namespace has held
// less meanwhile (data/model/quota_notification_state.py, claim_notification).
func (s *Store) ClaimQuotaEvent(ctx context.Context, namespace domain.UserID, percent int64, cutoff, now time.Time) (claimed bool, err error) {
	err = s.change(ctx, true, func(tx *Tx) error {
		n, err := tx.exec(insertQuotaClaim, namespace, percent, now)
		if err == nil && n == 0 {
			n, err = tx.exec(renewQuotaClaim, namespace, percent, now, cutoff)
		}
		claimed = n == 1
		return err
	})
	return claimed && err == nil, err
}

// ReleaseQuotaEvent takes a claim back that came to nothing.
func (s *Store) ReleaseQuotaEvent(ctx context.Context, namespace domain.UserID, percent int64) error {
	return s.change(ctx, true, func(tx *Tx) error {
		_, err := tx.exec(deleteQuotaClaim, namespace, percent)
		return err
	})
}
