package dbcheck

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Of the changes of a registry, those of tags leave rows that say when they
// happened, so they can be held against the action log afterwards (I6): an
// incarnation of a tag begins with a push, or by being pointed somewhere, and ends
// with a deletion, unless the next one begins or its time is over. Other changes
// leave no trace but their entry.

var (
	beginnings = kindNames(actionlog.KindPushRepo, actionlog.KindCreateTag, actionlog.KindMoveTag, actionlog.KindRevertTag)
	endings    = kindNames(actionlog.KindDeleteTag, actionlog.KindPermanentlyDeleteTag, actionlog.KindAutopruneTagDelete)
	expirings  = kindNames(actionlog.KindChangeTagExpiration, actionlog.KindPermanentlyDeleteTag)
)

// expiryLabel is the label by which an image says how long its tags live. An index has
// those of its images.
const expiryLabel = "quay.expires-after"

// maxEntries bounds the entries and incarnations of one tag that are read at once.
const maxEntries = 10000

func kindNames(kinds ...actionlog.Kind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return names
}

// history checks that tags have their entries (I6).
func (c *check) history(ctx context.Context) error {
	oldest, err := c.store.OldestLog(ctx)
	if errs.Is(err, errs.NotFound) {
		c.skip(I6, "the action log is empty: nothing is logged, or it was rotated")
		return nil
	}
	if err != nil {
		return err
	}
	c.note(I6, "changes of tags are checked; others leave no trace but their entry")
	// What happened before the oldest entry may have been logged and rotated away;
	// what has just happened may not be logged yet.
	from, to := oldest.Add(c.Skew), c.Now()
	id := func(t domain.StoredTag) int64 { return t.ID }
	return pages(ctx, 1000, id, c.store.CheckTags, func(t domain.StoredTag) error {
		began := t.Start.After(from) && t.Start.Before(to)
		ended := !t.End.IsZero() && t.End.After(from) && t.End.Before(to)
		if !began && !ended {
			return nil
		}
		found, err := c.tagHistory(ctx, t, began, ended)
		if err != nil {
			return err
		}
		c.suspectAll(found, func(ctx context.Context) ([]Finding, error) {
			t, there, err := one(ctx, t.ID, id, c.store.CheckTags)
			if err != nil || !there {
				return nil, err
			}
			return c.tagHistory(ctx, t, began, ended)
		})
		return nil
	})
}

// owner returns whose a repository is; the zero value when it is gone.
func (c *check) owner(ctx context.Context, repo domain.RepositoryID) (domain.StoredOwner, error) {
	if o, known := c.owners[repo]; known {
		return o, nil
	}
	o, err := c.store.RepositoryOwner(ctx, repo)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return o, err
	}
	if len(c.owners) >= maxEntries {
		clear(c.owners)
	}
	c.owners[repo] = o
	return o, nil
}

// logged returns what decides on the entries of a repository; false where there are
// none, or others.
func (c *check) logged(ctx context.Context, repo domain.RepositoryID) (domain.StoredOwner, bool, error) {
	o, err := c.owner(ctx, repo)
	switch {
	case err != nil:
		return o, false, err
	case o.Namespace == "":
		return o, false, nil
	case slices.Contains(c.LogsDisabledFor, o.Namespace):
		c.note(I6, "the log of some namespaces is disabled")
		return o, false, nil
	case o.Proxied || o.State != domain.StateNormal && o.State != domain.StateReadOnly:
		c.note(I6, "tags of mirrors and of caches of other registries come and go without entries")
		return o, false, nil
	}
	return o, true, nil
}

// tagHistory finds out what is wrong with the entries of one incarnation of a tag.
func (c *check) tagHistory(ctx context.Context, t domain.StoredTag, began, ended bool) (found []Finding, err error) {
	owner, logged, err := c.logged(ctx, t.Repository)
	if err != nil || !logged {
		return nil, err
	}
	object := fmt.Sprintf("tag %d (%s of repository %d)", t.ID, t.Name, t.Repository)
	if began {
		c.checked(I6)
		problem, err := c.beginning(ctx, t, owner)
		if err != nil {
			return nil, err
		}
		if problem != "" {
			found = append(found, Finding{I6, object, problem})
		}
	}
	if ended {
		c.checked(I6)
		explained, err := c.ending(ctx, t)
		if err != nil {
			return nil, err
		}
		if !explained {
			found = append(found, Finding{I6, object, "no entry says that it was deleted at " + stamp(t.End)})
		}
	}
	return found, nil
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// beginning finds out whether an incarnation has the one entry of its beginning.
// Others of the same tag may have begun at nearly the same time, so beginnings and
// entries of a while around it are matched in their order.
func (c *check) beginning(ctx context.Context, t domain.StoredTag, owner domain.StoredOwner) (problem string, err error) {
	from, to := t.Start.Add(-10*c.Skew), t.Start.Add(10*c.Skew)
	starts, err := c.store.TagStarts(ctx, t.Repository, t.Name, from, to, maxEntries)
	if err != nil {
		return "", err
	}
	entries, err := c.entries(ctx, t, beginnings, from, to)
	if err != nil {
		return "", err
	}
	if len(starts) == maxEntries || len(entries) == maxEntries {
		c.note(I6, "some tags change too often to tell")
		return "", nil
	}
	taken, surplus := c.match(starts, entries, t.Start)
	switch {
	case !taken:
		return "no entry says that it was pushed at " + stamp(t.Start), nil
	// Incarnations that have ended go away after a while; then their entries are
	// left over.
	case surplus && t.Start.After(c.Now().Add(-owner.Keeps).Add(10*c.Skew)):
		return "more than one entry says that it was pushed at " + stamp(t.Start), nil
	}
	return "", nil
}

// match gives each beginning the first entry that is near it. It reports whether
// the one at an instant has got an entry, and whether there is one near it that
// nobody has got.
func (c *check) match(starts, entries []time.Time, at time.Time) (taken, surplus bool) {
	next := 0
	for _, start := range starts {
		for next < len(entries) && entries[next].Before(start.Add(-c.Skew)) {
			surplus = surplus || entries[next].Sub(at).Abs() <= c.Skew
			next++
		}
		if next < len(entries) && !entries[next].After(start.Add(c.Skew)) {
			taken = taken || start.Equal(at)
			next++
		}
	}
	for ; next < len(entries); next++ {
		surplus = surplus || entries[next].Sub(at).Abs() <= c.Skew
	}
	return taken, surplus
}

// ending reports whether something says why an incarnation has ended.
func (c *check) ending(ctx context.Context, t domain.StoredTag) (bool, error) {
	if domain.CosignTag(t.Name) {
		c.note(I6, "signatures end with what they sign, without an entry")
		return true, nil
	}
	// The next one begins when it ends. Of incarnations that end in one millisecond
	// some end a little earlier.
	next, err := c.store.TagStarts(ctx, t.Repository, t.Name, t.End.Add(-time.Millisecond), t.End.Add(time.Second), 2)
	if err != nil || len(next) > 0 && !next[0].Equal(t.Start) || len(next) > 1 {
		return true, err
	}
	deletions, err := c.entries(ctx, t, endings, t.End.Add(-c.Skew), t.End.Add(c.Skew))
	if err != nil || len(deletions) > 0 {
		return true, err
	}
	// Its end was set before, and its time was over.
	changes, err := c.entries(ctx, t, expirings, t.Start, c.Now())
	if err != nil || len(changes) > 0 {
		return true, err
	}
	if t.Manifest == 0 {
		return false, nil
	}
	return c.store.ManifestHasLabel(ctx, t.Manifest, expiryLabel)
}

// entries returns the times of entries that name a tag.
func (c *check) entries(ctx context.Context, t domain.StoredTag, kinds []string, from, to time.Time) ([]time.Time, error) {
	logs, err := c.store.RepositoryLogs(ctx, t.Repository, from, to, kinds, maxEntries)
	if err != nil {
		return nil, err
	}
	var times []time.Time
	for _, l := range logs {
		var m struct {
			Tag string `json:"tag"`
		}
		if json.Unmarshal([]byte(l.Metadata), &m) == nil && m.Tag == t.Name {
			times = append(times, l.At)
		}
	}
	return times, nil
}
