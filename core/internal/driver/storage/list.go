package storage

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	sdk "github.com/quay/quay/sdk/storage"
)

// List calls fn for the objects whose paths begin with prefix, in lexical order,
// until fn fails; then it returns fn's error. It fails with errs.Unsupported where
// the store cannot list. How many objects there are is not bounded: fn bounds it,
// or ctx.
func (l *Location) List(ctx context.Context, prefix string, fn func(path string, size int64) error) error {
	lists, err := l.has(ctx, sdk.CapabilityList)
	switch {
	case err != nil:
		return err
	case !lists:
		return errs.New(errs.Unsupported, "the storage location %s cannot be listed", l.instance)
	}
	listing := listing{location: l, prefix: prefix, fn: fn}
	died, err := listing.run(ctx)
	if died {
		_, err = listing.run(ctx)
	}
	return err
}

// listing is one List, over one generation of the plugin or two.
type listing struct {
	location *Location
	prefix   string
	fn       func(path string, size int64) error
	last     string // the path that fn had last
}

// run calls fn for the objects after the last one, and reports whether it failed
// because the plugin died.
func (l *listing) run(ctx context.Context) (died bool, err error) {
	lease, err := l.location.sup.Lease(ctx)
	if err != nil {
		return false, err
	}
	defer lease.Release()
	p := newPatience(ctx)
	defer p.end()
	stream, err := client(lease.Conn()).List(p.ctx, &storagev1.ListRequest{Instance: l.location.instance, Prefix: l.prefix})
	if err != nil {
		return failure(ctx, lease, err)
	}
	for previous := ""; ; {
		var objects []*storagev1.Object
		err := p.await(l.location.opts.IdleTimeout, func() error {
			for len(objects) == 0 {
				resp, err := stream.Recv()
				if err != nil {
					return err
				}
				objects = resp.GetObjects()
			}
			return nil
		})
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return failure(ctx, lease, err)
		}
		for _, object := range objects {
			if err := l.check(object, previous); err != nil {
				return false, err
			}
			previous = object.GetPath()
			if previous <= l.last {
				continue // It was there before the plugin died.
			}
			if err := l.fn(previous, object.GetSize()); err != nil {
				return false, err
			}
			l.last = previous
		}
	}
}

// check fails unless an object may follow the one at the path previous.
func (l *listing) check(object *storagev1.Object, previous string) error {
	path := object.GetPath()
	switch {
	case sdk.CheckPath(path) != nil, !strings.HasPrefix(path, l.prefix):
		return errs.New(errs.Internal, "the storage driver lists %.100q below %q", path, l.prefix)
	case path <= previous:
		return errs.New(errs.Internal, "the storage driver lists %.100q after %.100q", path, previous)
	case object.GetSize() < 0:
		return errs.New(errs.Internal, "the storage driver says that %.100q has %d bytes", path, object.GetSize())
	}
	return nil
}

// failure is Lease.Failure for calls of a location.
func failure(ctx context.Context, lease *plugin.Lease, err error) (died bool, _ error) {
	return lease.Failure(ctx, driverError(ctx, err))
}
