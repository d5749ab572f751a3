package store

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
)

const (
	repositoryNotifications statement = `
SELECT n.uuid FROM repositorynotification n JOIN externalnotificationevent e ON e.id = n.event_id
WHERE n.repository_id = $1 AND e.name = $2 ORDER BY n.id`

	namespaceNotifications statement = `
SELECT n.uuid FROM "user" u JOIN namespacenotification n ON n.namespace_id = u.id
JOIN externalnotificationevent e ON e.id = n.event_id
WHERE u.username = $1 AND e.name = $2 ORDER BY n.id`

	blobsOfManifest statement = `
SELECT s.uuid FROM manifestblob m JOIN imagestorage s ON s.id = m.blob_id WHERE m.manifest_id = $1 ORDER BY m.id`
)

// NamespaceNotifications returns the uuids of a namespace's notifications of an event, by
// its name of the table externalnotificationevent.
func (s *Store) NamespaceNotifications(ctx context.Context, namespace, event string) (uuids []string, err error) {
	err = s.rows(ctx, namespaceNotifications, into(&uuids), namespace, event)
	return uuids, err
}

// leave writes a change's trace but for what it replicates (util/audit.py, track_and_log;
// notifications/__init__.py, spawn_notification).
func (t *Tx) leave(trace domain.Trace) error {
	if err := t.log(trace.Entries...); err != nil {
		return err
	}
	for _, event := range trace.Events {
		if err := t.enqueueEach(event.Item, repositoryNotifications, event.Repository, event.Name); err != nil {
			return err
		}
	}
	return nil
}

// replicate queues the blobs of a manifest (endpoints/v2/manifest.py,
// _enqueue_blobs_for_replication).
func (t *Tx) replicate(trace domain.Trace, manifest int64) error {
	if trace.Replicate == nil {
		return nil
	}
	return t.enqueueEach(trace.Replicate, blobsOfManifest, manifest)
}

// enqueueEach puts an item into its queue for each uuid that a query finds.
func (t *Tx) enqueueEach(item func(uuid string) domain.NewQueueItem, q statement, args ...any) error {
	var uuids []string
	if err := t.rows(q, into(&uuids), args...); err != nil {
		return err
	}
	items := make([]domain.NewQueueItem, len(uuids))
	for i, uuid := range uuids {
		items[i] = item(uuid)
	}
	_, err := t.enqueue(items...)
	return err
}
