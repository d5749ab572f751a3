package events

import (
	"testing"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/queue"
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
