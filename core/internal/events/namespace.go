package events

import (
	"context"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/quota"
)

// Store is what events of namespaces need of the database.
type Store interface {
	// NamespaceNotifications returns the uuids of the notifications that want an event.
	NamespaceNotifications(ctx context.Context, namespace, event string) ([]string, error)
	PutQueueItems(ctx context.Context, items ...domain.NewQueueItem) ([]domain.QueueItemID, error)
}

// Namespaces announces events of namespaces.
type Namespaces struct {
	Events
	Store Store
}

// AnnounceQuota implements quota.Events (data/model/namespacequota.py).
func (n Namespaces) AnnounceQuota(ctx context.Context, e quota.Event) (int, error) {
	var by Performer
	if e.By != nil {
		by.ID, by.Name = e.By.ID, e.By.Name
	}
	return n.announce(ctx, e.Namespace, e.Name, by, pyjson.Object{
		{Name: "threshold_percent", Value: e.Threshold},
		{Name: "usage_bytes", Value: e.Usage},
		{Name: "limit_bytes", Value: e.Limit},
		{Name: "usage_percent", Value: e.Used},
		{Name: "usage_bytes_formatted", Value: e.UsageText},
		{Name: "limit_bytes_formatted", Value: e.LimitText},
	})
}

// announce puts an item for each notification that wants an event, and returns how many
// there are (notifications/__init__.py, spawn_namespace_notification).
func (n Namespaces) announce(ctx context.Context, namespace, event string, by Performer, more pyjson.Object) (int, error) {
	notifications, err := n.Store.NamespaceNotifications(ctx, namespace, event)
	if err != nil {
		return 0, err
	}
	data := append(pyjson.Object{
		{Name: "namespace", Value: namespace},
		{Name: "homepage", Value: n.Scheme + "://" + n.Host + "/organization/" + namespace},
	}, more...)
	items := make([]domain.NewQueueItem, len(notifications))
	for i, notification := range notifications {
		items[i] = n.Queue.Item(pyjson.Object{
			{Name: "notification_uuid", Value: notification},
			{Name: "event_data", Value: data},
			{Name: "performer_data", Value: by.data()},
			{Name: "notification_type", Value: "namespace"},
		}, namespace, event)
	}
	put, err := n.Store.PutQueueItems(ctx, items...)
	return len(put), err
}
