package audit

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/events"
)

// Change is a change of a repository that a request is about to make, with all that its
// trace needs. The functions that it gives may be called again, for another try of the
// transaction, but not at once.
type Change struct {
	trail   *Trail
	request Request
	caller  authn.Caller
	repo    *domain.Repository
	entry   actionlog.Request
	at      time.Time
	// What was done to which tags.
	kind actionlog.Kind
	tags map[string]bool
}

// Change prepares to record a change of a repository.
func (t *Trail) Change(ctx context.Context, q Request, repo *domain.Repository) (*Change, error) {
	c, err := t.opts.Callers.Resolve(ctx, q.Caller)
	if err != nil {
		return nil, err
	}
	return &Change{
		trail: t, request: q, caller: c, repo: repo, entry: t.describe(q, c), at: t.opts.Now(), tags: make(map[string]bool),
	}, nil
}

// entries are those of an event by the caller.
func (c *Change) entries(e actionlog.Event) []domain.LogEntry {
	return c.trail.opts.Log.Entries(e, place(c.request, c.caller, c.repo, c.at))
}

// Push returns what a push of a manifest leaves that is given to tags. A push without
// tags leaves nothing.
func (c *Change) Push(mediaType string) func(tags []domain.NewTag) domain.Trace {
	c.kind = actionlog.KindPushRepo
	return func(tags []domain.NewTag) (trace domain.Trace) {
		names := make([]string, len(tags))
		for i, tag := range tags {
			names[i], c.tags[tag.Name] = tag.Name, true
			if tag.ByPolicy {
				trace.Entries = append(trace.Entries, c.frozen(tag.Name)...)
			}
			trace.Entries = append(trace.Entries, c.entries(c.entry.Push(c.repo.Name, tag.Name, mediaType))...)
		}
		if len(names) > 0 {
			trace.Events = []domain.RepositoryEvent{c.trail.opts.Events.Pushed(c.repo, names, c.performer())}
		}
		return trace
	}
}

// frozen is what is written when a policy makes a new tag immutable: the policy did it,
// and not the caller (data/model/oci/tag.py, retarget_tag).
func (c *Change) frozen(tag string) []domain.LogEntry {
	at := place(Request{}, authn.Caller{}, c.repo, c.at)
	return c.trail.opts.Log.Entries(actionlog.TagFrozen(c.repo.Name, tag), at)
}

// Delete returns what the end of each tag leaves; reference is what the client named, a
// tag or a digest.
func (c *Change) Delete(reference string) func(tag string) domain.Trace {
	c.kind = actionlog.KindDeleteTag
	return func(tag string) domain.Trace {
		c.tags[tag] = true
		return domain.Trace{Entries: c.entries(c.entry.DeleteManifestTag(c.repo.Name, tag, reference))}
	}
}

// Done tells the caller's browsers of the change, once for each of its tags. It is for
// when the change is committed.
func (c *Change) Done() {
	if c.caller.User() == nil {
		return
	}
	for range c.tags {
		c.trail.tell(c.request, c.kind, c.repo.Name)
	}
}

// performer is the caller as notifications know him.
func (c *Change) performer() events.Performer {
	p := events.Performer{Token: c.caller.LoggedToken()}
	if u := c.caller.User(); u != nil {
		p.ID, p.Name = u.ID, u.Name
	}
	return p
}
