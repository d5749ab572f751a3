package audit

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Refusal is a request that its caller may not make.
type Refusal struct {
	// Kind is KindPullRepoFailed, KindPushRepoFailed or KindDeleteTagFailed.
	Kind actionlog.Kind
	Name domain.Name
	// Reference is the digest or the tag that the request names, if it names one.
	Reference string
	// Message is what the client is told.
	Message string
}

// Refuse records a refusal, where the configuration wants that
// (endpoints/api/__init__.py, log_unauthorized).
func (t *Trail) Refuse(ctx context.Context, q Request, r Refusal) error {
	wanted := false
	switch r.Kind {
	case actionlog.KindPullRepoFailed:
		wanted = t.opts.PullFailures
	case actionlog.KindPushRepoFailed:
		wanted = t.opts.PushFailures
	case actionlog.KindDeleteTagFailed:
		wanted = t.opts.DeletionFailures
	}
	if !wanted {
		return nil
	}
	return t.opts.Log.Later(ctx, r.Kind, r.Name.Namespace, false, &refused{t, q, r, t.opts.Now()})
}

// refused is a refusal of which the entry waits to be written.
type refused struct {
	trail   *Trail
	request Request
	refusal Refusal
	at      time.Time
}

// Entry implements actionlog.Action.
func (r *refused) Entry(ctx context.Context) (e actionlog.Event, at actionlog.Place, err error) {
	c, err := r.trail.known.caller(ctx, r.request.Caller)
	if err != nil {
		return e, at, err
	}
	if at, err = r.place(ctx, c); err != nil {
		return e, at, err
	}
	message := r.refusal.Message
	switch {
	case at.Namespace == "":
		message = actionlog.NoSuchNamespace
	case at.Repository == 0:
		message = actionlog.NoSuchRepository
	}
	return actionlog.Refused(r.refusal.Kind, r.refusal.Name, r.refusal.Reference, message).With(c.LoggedToken()), at, nil
}

// place finds whose the entry is: of the namespace, and about the repository, as far as
// they are there.
func (r *refused) place(ctx context.Context, c authn.Caller) (at actionlog.Place, err error) {
	at = actionlog.Place{Performer: c.Performer(), IP: r.request.IP, At: r.at}
	repositories, name := r.trail.opts.Repositories, r.refusal.Name
	repo, err := repositories.Repository(ctx, name)
	switch {
	case err == nil:
		at.Namespace, at.Account, at.Repository = name.Namespace, repo.Namespace, repo.ID
		return at, nil
	case !errs.Is(err, errs.NotFound):
		return at, err
	}
	exists, err := repositories.NamespaceExists(ctx, name.Namespace)
	if exists {
		at.Namespace = name.Namespace
	}
	return at, err
}
