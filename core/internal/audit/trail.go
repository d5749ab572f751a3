// Package audit records what requests to the registry did, wherever the product does
// (util/audit.py): in the action log, in the queue of notifications, in what people's
// browsers are told, and in the numbers of pulls.
//
// What a push or a deletion leaves is part of the change's own transaction, as a
// domain.Trace. What a pull leaves costs its request no query: it is written a little
// later.
package audit

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/events"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/userevents"
)

// Callers finds out who calls.
type Callers interface {
	// Resolve returns whose a registry token is; nobody when he is gone.
	Resolve(ctx context.Context, e keys.Entity) (authn.Caller, error)
}

// Repositories finds the repositories of requests that were refused.
type Repositories interface {
	NamespaceExists(ctx context.Context, name string) (bool, error)
	// Repository returns a repository in any state; errs.NotFound when there is none.
	Repository(ctx context.Context, name domain.Name) (*domain.Repository, error)
}

// PullCounter counts pulls. It does not wait.
type PullCounter interface {
	// Count counts a pull of a tag or, where it is empty, by digest.
	Count(repo domain.RepositoryID, tag string, digest domain.Digest, at time.Time)
}

// UserEvents tells a person's browsers of an event. It does not wait.
type UserEvents interface {
	Publish(username string, e userevents.Event)
}

// Options of New. Log, Callers and Repositories must be set.
type Options struct {
	Log          *actionlog.Log
	Callers      Callers
	Repositories Repositories
	Events       events.Events
	// Locate says where an address is; nil says nothing.
	Locate func(address string) *actionlog.Address
	// Users is nil where nobody is told (FEATURE_USER_EVENTS: false, or no
	// USER_EVENTS_REDIS).
	Users UserEvents
	// Pulls is nil where pulls are not counted (FEATURE_IMAGE_PULL_STATS: false).
	Pulls PullCounter
	// Which refusals have an entry (ACTION_LOG_AUDIT_PULL_FAILURES, _PUSH_FAILURES,
	// _DELETE_FAILURES).
	PullFailures, PushFailures, DeletionFailures bool
	// Now tells the time; nil is time.Now.
	Now func() time.Time
}

// Trail records.
type Trail struct {
	opts  Options
	known *known
}

// New makes a trail. The caller closes what is in the options.
func New(opts Options) *Trail {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	return &Trail{opts, &known{resolve: opts.Callers.Resolve, now: opts.Now}}
}

// Request is what is recorded of a request to the registry.
type Request struct {
	// Caller is whom its token was made for.
	Caller keys.Entity
	// UserAgent is the header's value, IP the client's address.
	UserAgent, IP string
}

// person is the name of the person who sent a request, empty when nobody or a robot did.
// A robot's browsers are told nothing.
func (q Request) person() string {
	switch q.Caller.Kind {
	case keys.Person, keys.AppToken, keys.OAuthToken:
		return q.Caller.Username
	}
	return ""
}

// describe is what entries say of a request that a caller sent.
func (t *Trail) describe(q Request, c authn.Caller) actionlog.Request {
	r := actionlog.Request{UserAgent: q.UserAgent, Caller: c.Logged()}
	if t.opts.Locate != nil && q.IP != "" {
		r.Address = t.opts.Locate(q.IP)
	}
	return r
}

// place is where something was done.
func place(q Request, c authn.Caller, repo *domain.Repository, at time.Time) actionlog.Place {
	return actionlog.Place{
		Namespace: repo.Name.Namespace, Account: repo.Namespace, Free: repo.Free,
		Performer: c.Performer(), Repository: repo.ID, IP: q.IP, At: at,
	}
}

// tell tells the browsers of whoever sent a request what was done.
func (t *Trail) tell(q Request, kind actionlog.Kind, repo domain.Name) {
	if name := q.person(); name != "" && t.opts.Users != nil {
		t.opts.Users.Publish(name, userevents.Done(string(kind), repo))
	}
}
