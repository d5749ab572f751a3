// Package tags holds the rules about tags: listing and deleting them. Pushing a
// manifest points a tag to it; that is in package manifests.
package tags

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/rcache"
)

// Store is what the rules need of the database.
type Store interface {
	Tags(ctx context.Context, repo domain.RepositoryID, after string, at time.Time, limit int) ([]string, error)
	DeleteTag(ctx context.Context, repo domain.RepositoryID, name string, now time.Time) error
}

// Tags applies the rules.
type Tags struct {
	store Store
	cache *rcache.Cache
}

// New makes the rules.
func New(s Store, c *rcache.Cache) *Tags { return &Tags{s, c} }

// List returns up to limit names of tags after a name, in byte order, and
// whether there are more.
func (t *Tags) List(ctx context.Context, repo domain.RepositoryID, after string, limit int) (names []string, more bool, err error) {
	if limit <= 0 {
		return []string{}, false, nil
	}
	names, err = t.store.Tags(ctx, repo, after, time.Now(), limit+1)
	if err != nil || len(names) <= limit {
		return names, false, err
	}
	return names[:limit], true, nil
}

// Delete ends a tag; errs.NotFound when there is none.
func (t *Tags) Delete(ctx context.Context, repo domain.RepositoryID, name string) error {
	if err := t.store.DeleteTag(ctx, repo, name, time.Now()); err != nil {
		return err
	}
	t.cache.Invalidate(repo)
	return nil
}
