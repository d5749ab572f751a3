// Package storage is the host's side of a storage plugin: a Location reads and
// writes the objects of one configured instance and hides how. Bytes of local
// stores never pass through the plugin: it opens files and passes descriptors.
package storage

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
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
	// CopyTimeout bounds the copying of an object inside the store. Zero means 10
	// min.
	CopyTimeout time.Duration
	// IdleTimeout bounds the wait for one message of what the driver reads or lists; the
	// whole may take as long as it takes. Zero means 30 s.
	IdleTimeout time.Duration
	// TransferTimeout bounds the wait until the driver takes the next bytes of what is
	// written, which it may do only when it has stored a part: of an object store's
	// parts each may have many MiB. It comes on top of CommitTimeout after the last
	// byte. Zero means 2 min.
	TransferTimeout time.Duration
	// SpoolDir is the directory in which the host collects the uploads of a store
	// that takes none itself. It is made when the first one begins. Locations may
	// share it. Empty means that such a store takes no pushes.
	SpoolDir string
}

func (o *Options) setDefaults() {
	if o.IdleDescriptors == 0 {
		o.IdleDescriptors = 256
	}
	for _, d := range []struct {
		value *time.Duration
		zero  time.Duration
	}{
		{&o.MaxAge, time.Minute},
		{&o.CommitTimeout, time.Minute},
		{&o.DeleteTimeout, time.Minute},
		{&o.CopyTimeout, 10 * time.Minute},
		{&o.IdleTimeout, 30 * time.Second},
		{&o.TransferTimeout, 2 * time.Minute},
	} {
		if *d.value == 0 {
			*d.value = d.zero
		}
	}
}

// answerTimeout bounds the wait for the answer to what was written: the driver stores
// the last part and commits.
func (o *Options) answerTimeout() time.Duration { return o.TransferTimeout + o.CommitTimeout }

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
	spool    spool
	cache    *cache
}

// NewLocation returns the location called instance of the plugin. Close releases
// what it holds; the supervisor stays the caller's.
func NewLocation(sup *plugin.Supervisor, instance string, opts Options) *Location {
	opts.setDefaults()
	return &Location{
		sup:      sup,
		instance: instance,
		opts:     opts,
		spool:    spool(opts.SpoolDir),
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
	return l.call(ctx, plugin.Call{Idempotent: true, Timeout: timeout}, fn)
}

// call calls the plugin for the location.
func (l *Location) call(ctx context.Context, call plugin.Call, fn func(ctx context.Context, g *plugin.Generation) error) error {
	call.Instance = l.instance
	return l.sup.Do(ctx, call, func(ctx context.Context, g *plugin.Generation) error {
		return driverError(ctx, fn(ctx, g))
	})
}

// has reports whether the location has a capability now.
func (l *Location) has(ctx context.Context, capability string) (has bool, err error) {
	err = l.idempotent(ctx, 0, func(_ context.Context, g *plugin.Generation) error {
		has = g.Has(l.instance, capability)
		return nil
	})
	return has, err
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
		size, err := l.statOn(ctx, g, path)
		object.size = size
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
	return l.stat(ctx, path)
}

// stat asks the plugin for the size of an object.
func (l *Location) stat(ctx context.Context, path string) (size int64, err error) {
	err = l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		size, err = l.statOn(ctx, g, path)
		return err
	})
	return size, err
}

func (l *Location) statOn(ctx context.Context, g *plugin.Generation, path string) (int64, error) {
	resp, err := client(g.Conn()).Stat(ctx, &storagev1.StatRequest{Instance: l.instance, Path: path})
	if err == nil && resp.GetSize() < 0 {
		err = errs.New(errs.Internal, "the storage driver says that the object has %d bytes", resp.GetSize())
	}
	return resp.GetSize(), err
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

// Probe does a cheap operation that shows whether the location works.
func (l *Location) Probe(ctx context.Context) error {
	return l.idempotent(ctx, 0, func(ctx context.Context, g *plugin.Generation) error {
		return g.Probe(ctx, l.instance)
	})
}
