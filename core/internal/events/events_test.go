package events

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/queue"
	"github.com/quay/quay/core/internal/quota"
)

// TestPushed proves that the items of a push are those that the product puts, byte for
// byte (notifications/__init__.py), whoever pushed.
func TestPushed(t *testing.T) {
	now := time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	queues := queue.New(nil, queue.Product(), queue.Options{Now: func() time.Time { return now }})
	e := Events{Scheme: "https", Host: "quay.example", Queue: queues.Notifications}
	repo := &domain.Repository{ID: 7, Name: domain.Name{Namespace: "acme", Repository: "deep/web"}}
	const head = `{"notification_uuid": "some-uuid", "event_data": {"repository": "acme/deep/web", "namespace": "acme", ` +
		`"name": "deep/web", "docker_url": "quay.example/acme/deep/web", "homepage": "https://quay.example/repository/acme/deep/web", ` +
		`"updated_tags": ["latest", "caf\u00e9"]}, "performer_data": `
	for name, tc := range map[string]struct {
		by   Performer
		want string
	}{
		"nobody": {Performer{}, `{}}`},
		"person": {Performer{ID: 3, Name: "alice"}, `{"entity_id": 3, "entity_name": "alice"}}`},
		"token": {
			Performer{ID: 3, Name: "alice", Token: &actionlog.OAuthToken{ID: 9, ClientID: "deadbeef", Application: "CI"}},
			`{"oauth_token_id": 9, "oauth_token_application_id": "deadbeef", "oauth_token_application": "CI", "entity_id": 3, "entity_name": "alice"}}`,
		},
	} {
		event := e.Pushed(repo, []string{"latest", "café"}, tc.by)
		if event.Name != "repo_push" || event.Repository != 7 {
			t.Errorf("%s: %+v", name, event)
		}
		item := event.Item("some-uuid")
		if item.Name() != "notification/acme/deep/web/repo_push/" || item.Retries != 5 || !item.Available.Equal(now) {
			t.Errorf("%s: %q, %+v", name, item.Name(), item)
		}
		if item.Body != head+tc.want {
			t.Errorf("%s: got %s", name, item.Body)
		}
	}
}

// namespace is a store with the notifications of one namespace.
type namespace struct {
	notifications []string
	put           []domain.NewQueueItem
}

func (n *namespace) NamespaceNotifications(_ context.Context, name, event string) ([]string, error) {
	if name != "acme" || event != "quota_warning" {
		return nil, nil
	}
	return n.notifications, nil
}

func (n *namespace) PutQueueItems(_ context.Context, items ...domain.NewQueueItem) ([]domain.QueueItemID, error) {
	n.put = append(n.put, items...)
	return make([]domain.QueueItemID, len(items)), nil
}

// TestAnnounceQuota proves that the items of a limit are those that the product puts
// (data/model/namespacequota.py), and how many there are.
func TestAnnounceQuota(t *testing.T) {
	store := &namespace{notifications: []string{"one", "two"}}
	n := Namespaces{
		Events: Events{Scheme: "https", Host: "quay.example", Queue: queue.New(nil, queue.Product(), queue.Options{}).Notifications},
		Store:  store,
	}
	e := quota.Event{
		Name: "quota_warning", Namespace: "acme", Threshold: 80, Used: 85, Usage: 8500, Limit: 10000,
		UsageText: "8.30 KB", LimitText: "9.77 KB", By: &domain.User{ID: 3, Name: "alice"},
	}
	if put, err := n.AnnounceQuota(t.Context(), e); err != nil || put != 2 {
		t.Errorf("%d items, %v", put, err)
	}
	const rest = `", "event_data": {"namespace": "acme", "homepage": "https://quay.example/organization/acme", "threshold_percent": 80, ` +
		`"usage_bytes": 8500, "limit_bytes": 10000, "usage_percent": 85, "usage_bytes_formatted": "8.30 KB", "limit_bytes_formatted": "9.77 KB"}, ` +
		`"performer_data": {"entity_id": 3, "entity_name": "alice"}, "notification_type": "namespace"}`
	var got []string
	for _, item := range store.put {
		got = append(got, item.Name()+" "+item.Body)
	}
	want := []string{
		`notification/acme/quota_warning/ {"notification_uuid": "one` + rest, `notification/acme/quota_warning/ {"notification_uuid": "two` + rest,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	e.Namespace = "other"
	if put, err := n.AnnounceQuota(t.Context(), e); err != nil || put != 0 {
		t.Errorf("where nobody listens: %d items, %v", put, err)
	}
}
