// Package gc takes away what is no longer wanted: repositories, and the accounts and
// organisations that owned them, with everything that refers to them.
//
// Nothing of this is one transaction, since it can be millions of rows and objects.
// It goes in bites that each leave the database consistent, in the product's order
// (data/model/gc.py, data/model/user.py), and what was broken off is done again from
// the beginning: what is gone already is no error. The object of a blob goes after its
// row, so a crash can leave an object that nothing knows, and never a row without its
// object.
package gc

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	DeletedRepository(ctx context.Context, marker int64) (domain.RepositoryID, error)
	HideRepository(ctx context.Context, repo domain.RepositoryID) error
	PurgeTags(ctx context.Context, repo domain.RepositoryID, limit int) (int, error)
	PurgeManifests(ctx context.Context, repo domain.RepositoryID, mode domain.Ledger, limit int) (int, []domain.OrphanedObject, error)
	PurgeUploadedBlobs(ctx context.Context, repo domain.RepositoryID, limit int) (int, []domain.OrphanedObject, error)
	HasBlob(ctx context.Context, digest domain.Digest) (bool, error)
	RepositoryUploads(ctx context.Context, repo domain.RepositoryID, limit int) ([]string, error)
	PurgeRepositoryRows(ctx context.Context, repo domain.RepositoryID, limit int) (int, error)
	PurgeRepository(ctx context.Context, repo domain.RepositoryID) error

	DeletedNamespace(ctx context.Context, marker int64) (domain.UserID, error)
	MarkNamespace(ctx context.Context, d domain.NamespaceDeletion) (int64, error)
	SolelyAdministered(ctx context.Context, user domain.UserID) ([]string, error)
	DisableNamespace(ctx context.Context, namespace domain.UserID) error
	DropQueuedItems(ctx context.Context, queues []string, namespace domain.UserID) error
	HideRepositories(ctx context.Context, namespace domain.UserID) error
	RepositoriesOf(ctx context.Context, namespace domain.UserID, limit int) ([]domain.RepositoryID, error)
	PurgeLinks(ctx context.Context, namespace domain.UserID) error
	PurgeNamespace(ctx context.Context, namespace domain.UserID) error
}

// Uploads ends what somebody was still pushing.
type Uploads interface {
	// Abandon ends an upload and drops its bytes. One that is gone is no error.
	Abandon(ctx context.Context, repo domain.RepositoryID, id string) error
}

// Places have the objects.
type Places interface {
	Backend(location string) (place.Backend, error)
}

// bite is how many rows one transaction takes. The product takes ten tags or
// manifests, and 500 other rows.
const (
	bite     = 50
	rowsBite = 500
)

// objectLock is how long the lock of an object's removal is held at the most.
const objectLock = 120 * time.Second

// emptyLayer is a blob that every registry keeps (data/model/storage.py).
const emptyLayer domain.Digest = "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4"

// Policy is what the configuration decides.
type Policy struct {
	// Ledger is what becomes of the totals of the quota when content goes.
	Ledger domain.Ledger
}

// Collector applies the rules.
type Collector struct {
	store   Store
	uploads Uploads
	places  Places
	// locks keep an object from being removed here while a push elsewhere, of either
	// product, relies on it.
	locks  lock.Locker
	policy Policy
	logger *slog.Logger
}

// New makes a collector.
func New(s Store, u Uploads, p Places, l lock.Locker, policy Policy, logger *slog.Logger) *Collector {
	return &Collector{s, u, p, l, policy, logger}
}

// PurgeMarkedRepository purges the repository that a marker of deletedrepository is
// about. A marker that is gone was dealt with.
func (c *Collector) PurgeMarkedRepository(ctx context.Context, marker int64) error {
	repo, err := c.store.DeletedRepository(ctx, marker)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil
	case err != nil:
		return err
	}
	return c.PurgeRepository(ctx, repo)
}

// PurgeRepository takes a repository away, with its content. It may be called again
// after it failed or was broken off, and when the repository is gone.
func (c *Collector) PurgeRepository(ctx context.Context, repo domain.RepositoryID) error {
	if err := c.store.HideRepository(ctx, repo); err != nil {
		return err
	}
	for _, step := range []func(context.Context, domain.RepositoryID) (int, error){
		c.abandonUploads,
		func(ctx context.Context, repo domain.RepositoryID) (int, error) {
			return c.store.PurgeTags(ctx, repo, bite)
		},
		func(ctx context.Context, repo domain.RepositoryID) (int, error) {
			n, objects, err := c.store.PurgeManifests(ctx, repo, c.policy.Ledger, bite)
			return n, errors.Join(err, c.removeObjects(ctx, objects))
		},
		func(ctx context.Context, repo domain.RepositoryID) (int, error) {
			n, objects, err := c.store.PurgeUploadedBlobs(ctx, repo, bite)
			return n, errors.Join(err, c.removeObjects(ctx, objects))
		},
		func(ctx context.Context, repo domain.RepositoryID) (int, error) {
			return c.store.PurgeRepositoryRows(ctx, repo, rowsBite)
		},
	} {
		if err := exhaust(ctx, repo, step); err != nil {
			return err
		}
	}
	return c.store.PurgeRepository(ctx, repo)
}

// exhaust calls a step until it finds nothing more to do.
func exhaust[ID any](ctx context.Context, id ID, step func(context.Context, ID) (int, error)) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := step(ctx, id)
		if err != nil || n == 0 {
			return err
		}
	}
}

// abandonUploads ends some uploads and drops their bytes. The product forgets the rows
// only, and so the bytes.
func (c *Collector) abandonUploads(ctx context.Context, repo domain.RepositoryID) (int, error) {
	ids, err := c.store.RepositoryUploads(ctx, repo, bite)
	for _, id := range ids {
		if err := c.uploads.Abandon(ctx, repo, id); err != nil {
			return 0, err
		}
	}
	return len(ids), err
}

// removeObjects removes objects whose blobs the database has forgotten. One that
// cannot be removed now is garbage that `quay db check` finds: it is logged, and keeps
// nothing from going on.
func (c *Collector) removeObjects(ctx context.Context, objects []domain.OrphanedObject) error {
	for _, o := range objects {
		if o.Digest == emptyLayer {
			continue
		}
		if err := c.removeObject(ctx, o); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			c.logger.Warn("an object is left that no blob refers to", "location", o.Location, "path", o.Path, "error", errs.Loggable(err))
		}
	}
	return nil
}

// removeObject removes an object unless a push has taken it up again meanwhile.
func (c *Collector) removeObject(ctx context.Context, o domain.OrphanedObject) error {
	backend, err := c.places.Backend(o.Location)
	if err != nil {
		return err
	}
	if o.Digest == "" { // nobody can push to a path of the oldest images
		return backend.Delete(ctx, o.Path)
	}
	return lock.Do(ctx, c.locks, domain.RemovalLock(o.Digest), lock.Options{TTL: objectLock}, func(ctx context.Context) error {
		needed, err := c.store.HasBlob(ctx, o.Digest)
		if err != nil || needed {
			return err
		}
		return backend.Delete(ctx, o.Path)
	})
}
