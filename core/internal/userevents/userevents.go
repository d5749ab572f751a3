// Package userevents tells people's browsers what their clients do, through Redis, where
// they listen (data/userevent.py, USER_EVENTS_REDIS). Nobody need listen, and an event
// that cannot be sent is lost.
package userevents

import (
	"context"
	"log/slog"

	"github.com/redis/go-redis/v9"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/outbox"
	"github.com/quay/quay/core/internal/pyjson"
)

// Event is what a client of the registry did.
type Event []pyjson.Member

// Done is an action of the kinds of the action log in a repository (util/audit.py).
func Done(action string, repo domain.Name) Event {
	return Event{{Name: "action", Value: action}, {Name: "repository", Value: repo.Repository}, {Name: "namespace", Value: repo.Namespace}}
}

// Began is a request for a registry token: action is push_start, pull_start or login, in
// the repository that was named first (endpoints/v2/v2auth.py).
func Began(action string, repo domain.Name) Event {
	return Event{{Name: "action", Value: action}, {Name: "namespace", Value: repo.Namespace}, {Name: "repository", Value: repo.Repository}}
}

// LoggedIn is a request for a registry token without a repository.
func LoggedIn() Event { return Event{{Name: "action", Value: "login"}} }

// Publisher sends events. Close it.
type Publisher struct{ out *outbox.Outbox[message] }

type message struct {
	username string
	event    Event
}

// New returns a publisher on a Redis, whose client the caller closes after it.
func New(client redis.UniversalClient, logger *slog.Logger) *Publisher {
	return &Publisher{outbox.Start(outbox.Options[message]{
		What: "user events", Tries: 1, Logger: logger,
		Send: func(ctx context.Context, batch []message) error { return send(ctx, client, batch) },
	})}
}

// Publish tells a person's browsers of an event. It does not wait. A nil Publisher tells
// nobody.
func (p *Publisher) Publish(username string, e Event) {
	if p != nil {
		p.out.Add(message{username, e})
	}
}

// Close sends what waits until ctx ends.
func (p *Publisher) Close(ctx context.Context) error { return p.out.Close(ctx) }

// Counts returns what became of the events.
func (p *Publisher) Counts() outbox.Counts { return p.out.Counts() }

// channel is where the browsers of a person listen for what his clients do.
func channel(username string) string { return "user/" + username + "/events/docker-cli" }

func send(ctx context.Context, client redis.UniversalClient, batch []message) error {
	_, err := client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for _, m := range batch {
			pipe.Publish(ctx, channel(m.username), pyjson.Form{}.Append(nil, pyjson.Object(m.event)))
		}
		return nil
	})
	return err
}
