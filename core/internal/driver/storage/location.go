// Package storage is the host's side of a storage plugin: a Location reads and
// writes the objects of one configured instance and hides how. Bytes of local
// stores never pass through the plugin: it opens files and passes descriptors.
package storage

import (
	"context"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	sdk "github.com/quay/quay/sdk/storage"
)

// Options of a location. The zero value is good.
type Options struct {
	// IdleDescriptors bounds the open files that are kept for the next reader of
	// the same object. Zero means 256, a negative number none.
	IdleDescriptors int
	// MaxAge is about how long a descriptor is kept at most. It bounds how long the
	// space of an object is held that another server deleted. Zero means 60 s.
	MaxAge time.Duration
	// CommitTimeout bounds a commit, which waits for the disk. Zero means 60 s.
	CommitTimeout time.Duration
	// DeleteTimeout bounds the deletion of up to 1,000 objects. Zero means 60 s.
	DeleteTimeout time.Duration
}

// Location is one configured instance of a running storage plugin. Its methods
// may be called from many goroutines.
//
// Errors have the kinds of the driver's contract. Calls that are idempotent, which
// is all of them except the writing of bytes, are repeated once when the plugin
// crashes under them, and all wait a bounded time for a plugin that is being
// restarted before they fail with errs.Unavailable.
type Location struct {
	sup      *plugin.Supervisor
	instance string
	opts     Options
	cache    *cache
}

// NewLocation returns the location called instance of the plugin. Close releases
// what it holds; the supervisor stays the caller's.
func NewLocation(sup *plugin.Supervisor, instance string, opts Options) *Location {
	if opts.IdleDescriptors == 0 {
		opts.IdleDescriptors = 256
	}
	if opts.MaxAge == 0 {
		opts.MaxAge = time.Minute
	}
	if opts.CommitTimeout == 0 {
		opts.CommitTimeout = time.Minute
	}
	if opts.DeleteTimeout == 0 {
		opts.DeleteTimeout = time.Minute
	}
	return &Location{
		sup:      sup,
		instance: instance,
		opts:     opts,
		cache:    newCache(max(opts.IdleDescriptors, 0), opts.MaxAge),
	}
}

// Close closes the idle descriptors. Objects that are open stay usable until they
// are closed.
func (l *Location) Close() { l.cache.close() }

// Name is the name of the instance.
func (l *Location) Name() string { return l.instance }

// idempotent calls the plugin, twice if need be.
func (l *Location) idempotent(ctx context.Context, timeout time.Duration, fn func(ctx context.Context, g *plugin.Generation) error) error {
	return l.sup.Do(ctx, plugin.Call{Idempotent: true, Instance: l.instance, Timeout: timeout}, fn)
}

func client(conn grpc.ClientConnInterface) storagev1.StorageClient {
	return storagev1.NewStorageClient(conn)
}

// Open opens an object for reading, or fails with errs.NotFound. The caller closes
// it.
func (l *Location) Open(ctx context.Context, path string) (*Object, error) {
	if h := l.cache.take(path); h != nil {
		return &Object{location: l, path: path, size: h.size, local: h}, nil
	}
	pending := l.cache.begin(path)
	object := &Object{location: l, path: path}
	err := l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		if g.Has(l.instance, sdk.CapabilityLocal) {
			f, size, err := l.openDescriptor(ctx, g, path)
			if err != nil {
				return err
			}
			object.local, object.size = &handle{file: f, size: size, path: pending}, size
			return nil
		}
		resp, err := client(g.Conn()).Stat(ctx, &storagev1.StatRequest{Instance: l.instance, Path: path})
		object.size = resp.GetSize()
		return err
	})
	if object.local == nil {
		l.cache.abandon(pending)
	} else {
		l.cache.opened(object.local)
	}
	if err != nil {
		return nil, err
	}
	return object, nil
}

// Stat returns the size of an object in bytes, or fails with errs.NotFound. The
// answer may come from an idle descriptor.
func (l *Location) Stat(ctx context.Context, path string) (int64, error) {
	if size, ok := l.cache.size(path); ok {
		return size, nil
	}
	var size int64
	err := l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		resp, err := client(g.Conn()).Stat(ctx, &storagev1.StatRequest{Instance: l.instance, Path: path})
		size = resp.GetSize()
		return err
	})
	return size, err
}

// Delete deletes objects; those that do not exist are no error. After it returns
// no Open finds them in the cache. When it fails some may be deleted. Idempotent.
func (l *Location) Delete(ctx context.Context, paths ...string) error {
	for len(paths) > 0 {
		n := min(len(paths), protocol.MaxDelete)
		batch := paths[:n]
		paths = paths[n:]
		err := l.idempotent(ctx, l.opts.DeleteTimeout, func(ctx context.Context, g *plugin.Generation) error {
			_, err := client(g.Conn()).Delete(ctx, &storagev1.DeleteRequest{Instance: l.instance, Paths: batch})
			return err
		})
		// Also after a failure: what it did is unknown.
		l.cache.invalidate(batch...)
		if err != nil {
			return err
		}
	}
	return nil
}

// List calls fn for the objects whose paths begin with prefix, in lexical order,
// until fn fails; then it returns fn's error. It fails with errs.Unsupported where
// the store cannot list.
func (l *Location) List(ctx context.Context, prefix string, fn func(path string, size int64) error) error {
	var last string
	for retried := false; ; retried = true {
		died, err := l.list(ctx, prefix, &last, fn)
		if !died || retried {
			return err
		}
	}
}

// list calls fn for the objects whose paths are after last, which it moves, and
// reports whether it failed because the plugin died.
func (l *Location) list(ctx context.Context, prefix string, last *string, fn func(path string, size int64) error) (died bool, err error) {
	lease, err := l.sup.Lease(ctx)
	if err != nil {
		return false, err
	}
	defer lease.Release()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := client(lease.Conn()).List(ctx, &storagev1.ListRequest{Instance: l.instance, Prefix: prefix})
	for err == nil {
		var resp *storagev1.ListResponse
		if resp, err = stream.Recv(); err != nil {
			break
		}
		for _, object := range resp.GetObjects() {
			if object.GetPath() <= *last {
				continue // It was there before the plugin died.
			}
			if err := fn(object.GetPath(), object.GetSize()); err != nil {
				return false, err
			}
			*last = object.GetPath()
		}
	}
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	return lease.Failure(ctx, err)
}

// Probe does a cheap operation that shows whether the location works.
func (l *Location) Probe(ctx context.Context) error {
	return l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		return g.Probe(ctx, l.instance)
	})
}
