// Package place knows where objects are: the storage locations of the
// configuration, and in which order they are asked. It does not know what a
// location is made of.
package place

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Object is an open object. It is used by one goroutine, which closes it.
type Object interface {
	// Size in bytes.
	Size() int64
	// Range returns a reader over n bytes from off. For an object that is a file of
	// this machine it is an *io.LimitedReader over an *os.File, which net/http
	// sends without copying. It is valid until the next call or Close.
	Range(ctx context.Context, off, n int64) (io.Reader, error)
	io.ReaderAt
	io.Closer
}

// UploadWriter appends to an upload. Finish makes what was written part of it
// and returns the driver's new state. Close gives up what Finish did not keep;
// it may be called after Finish.
type UploadWriter interface {
	io.Writer
	Finish(ctx context.Context) (state []byte, err error)
	io.Closer
}

// Backend is one location. The methods mean what the storage protocol says;
// AppendUpload at offset 0 without a state begins the upload.
type Backend interface {
	Open(ctx context.Context, path string) (Object, error)
	Put(ctx context.Context, path string, r io.Reader) error
	Delete(ctx context.Context, paths ...string) error
	BeginUpload(ctx context.Context, id string) (state []byte, err error)
	AppendUpload(ctx context.Context, id string, offset int64, state []byte) (UploadWriter, error)
	CommitUpload(ctx context.Context, id, path string, size int64, state []byte) error
	CancelUpload(ctx context.Context, id string, state []byte) error
	Probe(ctx context.Context) error
	// Signs reports whether SignURL can succeed now, without asking anybody.
	Signs() bool
	SignURL(ctx context.Context, path, method string, expiry time.Duration) (string, error)
}

// Places are the locations of one registry.
type Places struct {
	byName map[string]Backend
	order  []string
}

// New makes the places of a registry. Objects are written to the first of the
// preferred locations and read from the first that has them
// (DISTRIBUTED_STORAGE_PREFERENCE).
func New(byName map[string]Backend, preferred []string) (*Places, error) {
	if len(preferred) == 0 {
		return nil, errs.New(errs.Invalid, "no storage location is preferred")
	}
	for _, name := range preferred {
		if byName[name] == nil {
			return nil, errs.New(errs.Invalid, "the preferred storage location %q is not configured", name)
		}
	}
	return &Places{byName, preferred}, nil
}

// Preferred returns the location that new objects go to.
func (p *Places) Preferred() (string, Backend) { return p.order[0], p.byName[p.order[0]] }

// Backend returns a location by name.
func (p *Places) Backend(name string) (Backend, error) {
	if b := p.byName[name]; b != nil {
		return b, nil
	}
	return nil, errs.New(errs.Unavailable, "storage location %q is not configured here", name)
}

// Open opens an object that is in the given locations, preferred ones first. A
// location that fails is passed over while another one is left.
func (p *Places) Open(ctx context.Context, locations []string, path string) (Object, error) {
	if len(locations) == 1 { // the common case, without sorting
		b, err := p.Backend(locations[0])
		if err != nil {
			return nil, err
		}
		return b.Open(ctx, path)
	}
	err := error(errs.New(errs.Unavailable, "no storage location has the object"))
	for _, name := range p.sorted(locations) {
		b, notHere := p.Backend(name)
		if notHere != nil {
			err = errors.Join(err, notHere)
			continue
		}
		o, failed := b.Open(ctx, path)
		if failed == nil {
			return o, nil
		}
		err = errors.Join(err, failed)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, err
}

// Signs reports whether clients can be sent to the location that an object would be
// read from first.
func (p *Places) Signs(locations []string) bool {
	b := p.first(locations)
	return b != nil && b.Signs()
}

// SignURL returns a URL of an object at the location that it would be read from first;
// errs.Unsupported where that has none.
func (p *Places) SignURL(ctx context.Context, locations []string, path, method string, expiry time.Duration) (string, error) {
	b := p.first(locations)
	if b == nil {
		return "", errs.New(errs.Unsupported, "no storage location has the object")
	}
	return b.SignURL(ctx, path, method, expiry)
}

// first returns the first location of an object that is configured, nil without one.
func (p *Places) first(locations []string) Backend {
	if len(locations) > 1 {
		locations = p.sorted(locations)
	}
	for _, name := range locations {
		if b := p.byName[name]; b != nil {
			return b
		}
	}
	return nil
}

// sorted returns locations with the preferred ones first.
func (p *Places) sorted(locations []string) []string {
	rank := func(name string) int {
		if i := slices.Index(p.order, name); i >= 0 {
			return i
		}
		return len(p.order)
	}
	locations = slices.Clone(locations)
	slices.SortStableFunc(locations, func(a, b string) int { return rank(a) - rank(b) })
	return locations
}

// Probe asks each location whether it works and joins what is wrong.
func (p *Places) Probe(ctx context.Context) error {
	var err error
	for name, b := range p.byName {
		if failed := b.Probe(ctx); failed != nil {
			err = errors.Join(err, errs.Wrap(errs.KindOf(failed), failed, "storage location %s", name))
		}
	}
	return err
}
