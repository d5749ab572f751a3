package audit

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/domain"
)

// Pull is a manifest that a client got.
type Pull struct {
	Repository *domain.Repository
	// Tag is what the client asked for; empty is Digest.
	Tag string
	// Digest is that of the manifest that it got.
	Digest    domain.Digest
	MediaType string
}

// Pull records a pull, or the question whether there is something to pull. When it fails
// the client must not get the manifest (see actionlog.Policy).
func (t *Trail) Pull(ctx context.Context, q Request, p Pull) error {
	t.tell(q, actionlog.KindPullRepo, p.Repository.Name)
	at := t.opts.Now()
	err := t.opts.Log.Later(ctx, actionlog.KindPullRepo, p.Repository.Name.Namespace, p.Repository.Free, &pulled{t, q, p, at})
	if err == nil && t.opts.Pulls != nil {
		t.opts.Pulls.Count(p.Repository.ID, p.Tag, p.Digest, at)
	}
	return err
}

// pulled is a pull of which the entry waits to be written.
type pulled struct {
	trail   *Trail
	request Request
	pull    Pull
	at      time.Time
}

// Entry implements actionlog.Action.
func (p *pulled) Entry(ctx context.Context) (actionlog.Event, actionlog.Place, error) {
	c, err := p.trail.known.caller(ctx, p.request.Caller)
	if err != nil {
		return actionlog.Event{}, actionlog.Place{}, err
	}
	repo, r := p.pull.Repository, p.trail.describe(p.request, c)
	e := r.PullDigest(repo.Name, p.pull.Digest, p.pull.MediaType)
	if p.pull.Tag != "" {
		e = r.PullTag(repo.Name, p.pull.Tag, p.pull.MediaType)
	}
	return e, place(p.request, c, repo, p.at), nil
}
