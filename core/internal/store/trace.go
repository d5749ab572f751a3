package store

import "github.com/quay/quay/core/internal/domain"

const repositoryNotifications statement = `
SELECT n.uuid FROM repositorynotification n JOIN externalnotificationevent e ON e.id = n.event_id
WHERE n.repository_id = $1 AND e.name = $2 ORDER BY n.id`

// leave writes a change's trace (util/audit.py, track_and_log; notifications/__init__.py,
// spawn_notification).
func (t *Tx) leave(trace domain.Trace) error {
	if err := t.log(trace.Entries...); err != nil {
		return err
	}
	for _, event := range trace.Events {
		var notifications []string
		if err := t.rows(repositoryNotifications, into(&notifications), event.Repository, event.Name); err != nil {
			return err
		}
		items := make([]domain.NewQueueItem, len(notifications))
		for i, notification := range notifications {
			items[i] = event.Item(notification)
		}
		if _, err := t.enqueue(items...); err != nil {
			return err
		}
	}
	return nil
}
