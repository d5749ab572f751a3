// Package blobs holds the rules about blobs: which repository has which, how one
// comes from another repository, how its bytes are opened.
package blobs

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	Blob(ctx context.Context, repo domain.RepositoryID, digest domain.Digest) (*domain.Blob, error)
	SharedBlob(ctx context.Context, digest domain.Digest) (*domain.Blob, error)
	BlobAnywhere(ctx context.Context, digest domain.Digest) (domain.BlobID, error)
	LinkBlob(ctx context.Context, repo domain.RepositoryID, blob domain.BlobID, expires time.Time) error
	UnlinkBlob(ctx context.Context, repo domain.RepositoryID, blob domain.BlobID) error
}

// Blobs applies the rules.
type Blobs struct {
	store  Store
	places *place.Places
	cache  *rcache.Cache
	linger time.Duration
}

// New makes the rules. linger is how long a repository keeps a blob that no
// manifest takes (PUSH_TEMP_TAG_EXPIRATION_SEC).
func New(s Store, p *place.Places, c *rcache.Cache, linger time.Duration) *Blobs {
	return &Blobs{s, p, c, linger}
}

// ErrUnknown is the sentinel of a blob that a repository does not have.
var ErrUnknown = &errs.Error{Kind: errs.NotFound, Reason: "blob_unknown", Message: "blob unknown to registry"}

// Get returns a blob of a repository; ErrUnknown when it has none such, whoever
// else may have it. Only the empty layer belongs to all repositories.
func (b *Blobs) Get(ctx context.Context, repo domain.RepositoryID, digest domain.Digest) (*domain.Blob, error) {
	key := rcache.Key{Kind: rcache.Blob, Repository: repo, Name: string(digest)}
	if v, ok := b.cache.Get(key); ok {
		return v.(*domain.Blob), nil
	}
	g := b.cache.Begin(repo)
	blob, err := b.store.Blob(ctx, repo, digest)
	if errs.Is(err, errs.NotFound) && digest == domain.EmptyLayer {
		blob, err = b.store.SharedBlob(ctx, digest)
	}
	switch {
	case errs.Is(err, errs.NotFound):
		return nil, ErrUnknown
	case err != nil:
		return nil, err
	}
	b.cache.Put(key, g, blob, len(digest)+len(blob.Path), time.Time{})
	return blob, nil
}

// Open opens a blob's bytes. The caller closes the object.
func (b *Blobs) Open(ctx context.Context, blob *domain.Blob) (place.Object, error) {
	o, err := b.places.Open(ctx, blob.Locations, blob.Path)
	if err != nil {
		if errs.Is(err, errs.NotFound) {
			// A row without bytes is damage, not a question of the client's.
			return nil, errs.Wrap(errs.Corrupt, err, "the bytes of blob %s are missing", blob.Digest)
		}
		return nil, err
	}
	if o.Size() != blob.Size && blob.Size != 0 {
		_ = o.Close() // the size is the news
		return nil, errs.New(errs.Corrupt, "blob %s has %d bytes, not %d", blob.Digest, o.Size(), blob.Size)
	}
	return o, nil
}

// Signs reports whether clients may be sent to the store for a blob's bytes.
func (b *Blobs) Signs(blob *domain.Blob) bool { return b.places.Signs(blob.Locations) }

// SignURL returns a URL at which a client without credentials can do method, GET or
// HEAD, with a blob until the expiry. errs.Unsupported where its store has no such URLs.
func (b *Blobs) SignURL(ctx context.Context, blob *domain.Blob, method string, expiry time.Duration) (string, error) {
	return b.places.SignURL(ctx, blob.Locations, blob.Path, method, expiry)
}

// Mount gives the repository "to" a blob that the repository from has. Whether the caller
// may read from is the caller's business.
func (b *Blobs) Mount(ctx context.Context, from, to domain.RepositoryID, digest domain.Digest) error {
	blob, err := b.Get(ctx, from, digest)
	if err != nil {
		return err
	}
	return b.link(ctx, to, blob.ID)
}

// MountAny gives a repository a blob that any repository has. It is for
// registries whose callers may all read everything.
func (b *Blobs) MountAny(ctx context.Context, to domain.RepositoryID, digest domain.Digest) error {
	blob, err := b.store.BlobAnywhere(ctx, digest)
	if errs.Is(err, errs.NotFound) {
		return ErrUnknown
	}
	if err != nil {
		return err
	}
	return b.link(ctx, to, blob)
}

func (b *Blobs) link(ctx context.Context, to domain.RepositoryID, blob domain.BlobID) error {
	if err := b.store.LinkBlob(ctx, to, blob, time.Now().Add(b.linger)); err != nil {
		return err
	}
	b.cache.Invalidate(to)
	return nil
}

// Delete takes a blob from a repository; errs.Conflict while a manifest has it.
// Other repositories keep theirs.
func (b *Blobs) Delete(ctx context.Context, repo domain.RepositoryID, digest domain.Digest) error {
	blob, err := b.Get(ctx, repo, digest)
	if err != nil {
		return err
	}
	if err := b.store.UnlinkBlob(ctx, repo, blob.ID); err != nil {
		return err
	}
	b.cache.Invalidate(repo)
	return nil
}
