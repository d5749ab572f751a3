package distributiondriver

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// store is one driver.
type store struct {
	driver  storagedriver.StorageDriver
	options Options
}

// signer is a store whose driver makes URLs.
type signer struct{ *store }

var (
	_ storage.Lister = (*store)(nil)
	_ storage.Prober = (*store)(nil)
	_ storage.Signer = signer{}
)

// Open returns the store of a driver that is open, for plugins that choose it
// themselves. It removes the temporary objects of processes that died a day ago or
// earlier; where that fails it is logged. Nothing need be closed.
func Open(ctx context.Context, driver storagedriver.StorageDriver, options Options) storage.Store {
	s := &store{driver: driver, options: options}
	s.removeLeftovers(ctx)
	if options.URLLifetime > 0 {
		return signer{s}
	}
	return s
}

func notFound(path string) error {
	return errs.New(errs.NotFound, "there is no object at %q", path)
}

// Stat implements storage.Store.
func (s *store) Stat(ctx context.Context, path string) (storage.Info, error) {
	info, err := s.driver.Stat(ctx, escape(path))
	if err = s.failure(ctx, err, "look at the object"); err != nil {
		if errs.Is(err, errs.NotFound) {
			err = notFound(path)
		}
		return storage.Info{}, err
	}
	if info.IsDir() {
		return storage.Info{}, notFound(path)
	}
	return storage.Info{Path: path, Size: info.Size(), Modified: info.ModTime()}, nil
}

// attempts is how often an object is opened that is replaced meanwhile.
const attempts = 10

// Open implements storage.Store. It asks for the size first: what drivers do with an
// offset at the end or beyond it, and with a directory, differs.
func (s *store) Open(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
	for attempt := 1; ; attempt++ {
		r, same, err := s.open(ctx, path, offset)
		if err != nil || same {
			return r, err
		}
		r.Close()
		if attempt == attempts {
			return nil, errs.New(errs.Unavailable, "the object is being replaced again and again")
		}
	}
}

// open opens an object once. No driver tells the size of what it opens, so it is asked
// for before and after: same is whether the answers agree.
func (s *store) open(ctx context.Context, path string, offset int64) (r io.ReadCloser, same bool, err error) {
	info, err := s.Stat(ctx, path)
	switch {
	case err != nil:
		return nil, false, err
	case offset > info.Size:
		return nil, false, errs.New(errs.OutOfRange, "the object has %d bytes, the offset is %d", info.Size, offset)
	case offset == info.Size:
		return io.NopCloser(bytes.NewReader(nil)), true, nil
	}
	body, err := s.driver.Reader(ctx, escape(path), offset)
	if err = s.failure(ctx, err, "read the object"); err != nil {
		if errs.Is(err, errs.NotFound) {
			err = notFound(path)
		}
		return nil, false, err
	}
	r = &reader{ctx: ctx, store: s, body: body, left: info.Size - offset}
	return r, s.unchanged(ctx, path, info), nil
}

// unchanged reports whether an object is what it was. When it is gone meanwhile, what
// is open of it is whole all the same, or says that it is not.
func (s *store) unchanged(ctx context.Context, path string, was storage.Info) bool {
	is, err := s.Stat(ctx, path)
	return err != nil || is.Size == was.Size && is.Modified.Equal(was.Modified)
}

// reader is an object of which left bytes are to come.
type reader struct {
	ctx   context.Context // that of Open, which bounds the reader's life
	store *store
	body  io.ReadCloser
	left  int64
}

// Read implements io.Reader. An end that comes early or late is an error: the object
// would be taken for whole.
func (r *reader) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	r.left -= int64(n)
	switch {
	case r.left < 0:
		return 0, errs.New(errs.Unavailable, "the object grew while it was read")
	case err == io.EOF && r.left > 0:
		return n, errs.New(errs.Unavailable, "the object ended %d bytes too early", r.left)
	case err == io.EOF:
		return n, io.EOF
	}
	return n, r.store.failure(r.ctx, err, "read the object")
}

// Close implements io.Closer.
func (r *reader) Close() error { return r.body.Close() }

// Delete implements storage.Store. Distribution's Delete takes along what is below a
// path. So it is called for objects only, and refused where a service without
// directories has both an object and others below it.
func (s *store) Delete(ctx context.Context, path string) error {
	if _, err := s.Stat(ctx, path); err != nil {
		return unlessMissing(err)
	}
	at := escape(path)
	switch below, err := s.anyBelow(ctx, at); {
	case err != nil:
		return err
	case below:
		return errs.New(errs.Conflict, "cannot delete %q: there are objects below it, which the driver would delete, too", path)
	}
	return unlessMissing(s.failure(ctx, s.driver.Delete(ctx, at), "delete the object"))
}

func unlessMissing(err error) error {
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

// Probe implements storage.Prober. It looks at the root, which need not be there: a
// driver makes it, or its service has no directories.
func (s *store) Probe(ctx context.Context) error {
	_, err := s.driver.Stat(ctx, "/")
	return unlessMissing(s.failure(ctx, err, "reach the storage"))
}

// SignURL implements storage.Signer.
func (s signer) SignURL(ctx context.Context, path, method string, expiry time.Duration) (string, error) {
	if expiry > s.options.URLLifetime {
		return "", errs.New(errs.Unsupported, "the driver's URLs can be used for %v, not for %v", s.options.URLLifetime, expiry)
	}
	request, err := http.NewRequestWithContext(ctx, method, "/", nil)
	if err != nil {
		return "", errs.Wrap(errs.Invalid, err, "the URL cannot be asked for")
	}
	url, err := s.driver.RedirectURL(request, escape(path))
	if err == nil && url == "" {
		err = errs.New(errs.Unsupported, "the driver makes no URL for %s", method)
	}
	return url, s.failure(ctx, err, "sign the URL")
}
