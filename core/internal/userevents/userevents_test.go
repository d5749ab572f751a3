package userevents

import (
	"log/slog"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/events"
	"github.com/quay/quay/core/internal/outbox"
	redistest "github.com/quay/quay/test/redis"
)

var web = domain.Name{Namespace: "acme", Repository: "deep/web"}

// TestPublish proves on which channel events come, in which form, and that they come in
// their order.
func TestPublish(t *testing.T) {
	client := redistest.StartFor(t).Client()
	listener := client.Subscribe(t.Context(), "user/alice/events/docker-cli")
	defer listener.Close()
	if _, err := listener.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := New(client, slog.New(slog.DiscardHandler))
	p.Publish("bob", events.Done("pull_repo", web))
	p.Publish("alice", events.Done("push_repo", web))
	p.Publish("alice", events.Began("pull_start", web))
	p.Publish("alice", events.LoggedIn())
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"action": "push_repo", "repository": "deep/web", "namespace": "acme"}`,
		`{"action": "pull_start", "namespace": "acme", "repository": "deep/web"}`,
		`{"action": "login"}`,
	} {
		m, err := listener.ReceiveMessage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if m.Payload != want {
			t.Errorf("got %s, want %s", m.Payload, want)
		}
	}
	if c := p.Counts(); c != (outbox.Counts{Sent: 4}) {
		t.Errorf("%+v", c)
	}
}

// TestNobodyListens proves that a Redis that is gone costs those who publish nothing, and
// that the loss is counted.
func TestNobodyListens(t *testing.T) {
	server := redistest.StartFor(t)
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	client := server.Client()
	p := New(client, slog.New(slog.DiscardHandler))
	start := time.Now()
	for range 1000 {
		p.Publish("alice", events.LoggedIn())
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("publishing took %s", took)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c := p.Counts(); c.Sent != 0 || c.Dropped != 1000 {
		t.Errorf("%+v", c)
	}
	var none *Publisher
	none.Publish("alice", events.LoggedIn())
}
