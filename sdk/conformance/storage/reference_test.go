package storage_test

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/sdk"
	conformance "github.com/quay/quay/sdk/conformance/storage"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/plugintest"
	"github.com/quay/quay/sdk/storage"
)

// disk is where the reference driver keeps objects and uploads: as files, the names
// of objects in memory. It survives what the suite takes for crashes.
type disk struct {
	dir    string
	server *httptest.Server

	mu      sync.Mutex
	objects map[string]string // path -> file
}

func newDisk(t testing.TB) *disk {
	d := &disk{dir: t.TempDir(), objects: map[string]string{}}
	d.server = httptest.NewServer(http.HandlerFunc(d.serve))
	t.Cleanup(d.server.Close)
	return d
}

// reference is a driver with every capability, which keeps every promise.
type reference struct{ *disk }

// Validate implements storage.Driver.
func (reference) Validate(storage.Config) []storage.Problem { return nil }

// Open implements storage.Driver.
func (r reference) Open(context.Context, storage.Config) (storage.Store, error) {
	return &store{r.disk}, nil
}

// store is the reference driver's.
type store struct{ *disk }

var (
	_ storage.Lister        = (*store)(nil)
	_ storage.Copier        = (*store)(nil)
	_ storage.BulkDeleter   = (*store)(nil)
	_ storage.Signer        = (*store)(nil)
	_ storage.LocalReader   = (*store)(nil)
	_ storage.LocalUploader = (*store)(nil)
	_ storage.Prober        = (*store)(nil)
)

func (d *disk) temp() string { return filepath.Join(d.dir, "object-"+rand.Text()) }

func (d *disk) uploadFile(id string) string { return filepath.Join(d.dir, "upload-"+id) }

func notFound(path string) error { return errs.New(errs.NotFound, "there is no %s", path) }

// set makes a file the object at path.
func (d *disk) set(path, file string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	os.Remove(d.objects[path])
	d.objects[path] = file
}

func (s *store) OpenFile(_ context.Context, path string) (*os.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, ok := s.objects[path]
	if !ok {
		return nil, notFound(path)
	}
	return os.Open(file)
}

func (s *store) Open(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
	f, err := s.OpenFile(ctx, path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && offset > info.Size() {
		err = errs.New(errs.OutOfRange, "the object has %d bytes", info.Size())
	}
	if err == nil {
		_, err = f.Seek(offset, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (s *store) Put(ctx context.Context, path string, r io.Reader) error {
	file := s.temp()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err = first(err, f.Close(), context.Cause(ctx)); err != nil {
		os.Remove(file)
		return err
	}
	s.set(path, file)
	return nil
}

// first returns the first error.
func first(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *store) Stat(ctx context.Context, path string) (storage.Info, error) {
	f, err := s.OpenFile(ctx, path)
	if err != nil {
		return storage.Info{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return storage.Info{}, err
	}
	return storage.Info{Path: path, Size: info.Size(), Modified: info.ModTime()}, nil
}

func (s *store) Delete(_ context.Context, path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	os.Remove(s.objects[path])
	delete(s.objects, path)
	return nil
}

func (s *store) DeleteAll(ctx context.Context, paths []string) error {
	for _, path := range paths {
		if err := s.Delete(ctx, path); err != nil {
			return err
		}
	}
	return nil
}

// paths returns the paths that begin with a prefix, in order.
func (d *disk) paths(prefix string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(d.objects)), func(path string) bool { return !strings.HasPrefix(path, prefix) })
}

func (s *store) List(ctx context.Context, prefix string, fn func(storage.Info) error) error {
	for _, path := range s.paths(prefix) {
		info, err := s.Stat(ctx, path)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err = first(err, context.Cause(ctx)); err != nil {
			return err
		}
		if err := fn(info); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) Copy(ctx context.Context, from, to string) error {
	f, err := s.OpenFile(ctx, from)
	if err != nil {
		return err
	}
	defer f.Close()
	return s.Put(ctx, to, f)
}

func (s *store) Probe(context.Context) error { return nil }

// SignURL signs path, method and the time of expiry.
func (s *store) SignURL(_ context.Context, path, method string, expiry time.Duration) (string, error) {
	until := strconv.FormatInt(time.Now().Add(expiry).Unix(), 10)
	return fmt.Sprintf("%s/%s?method=%s&until=%s&mac=%s", s.server.URL, url.PathEscape(path), method, until, mac(path, method, until)), nil
}

func mac(parts ...string) string {
	h := hmac.New(sha256.New, []byte("key"))
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// serve answers at signed URLs.
func (d *disk) serve(w http.ResponseWriter, r *http.Request) {
	path, query := strings.TrimPrefix(r.URL.Path, "/"), r.URL.Query()
	until, _ := strconv.ParseInt(query.Get("until"), 10, 64)
	if r.Method != query.Get("method") || time.Now().Unix() > until || query.Get("mac") != mac(path, r.Method, query.Get("until")) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	f, err := (&store{d}).OpenFile(r.Context(), path)
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	defer f.Close()
	http.ServeContent(w, r, "", time.Time{}, f)
}

func (s *store) Begin(_ context.Context, id string) (storage.State, error) {
	return storage.State(`{"n":1}`), os.WriteFile(s.uploadFile(id), nil, 0o600)
}

// openAt opens an upload, cut to its offset.
func (s *store) openAt(u storage.Upload) (*os.File, error) {
	f, err := os.OpenFile(s.uploadFile(u.ID), os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound(u.ID)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() < u.Offset {
		err = errs.New(errs.OutOfRange, "the upload has %d bytes", info.Size())
	}
	if err == nil {
		err = f.Truncate(u.Offset)
	}
	if err == nil {
		_, err = f.Seek(u.Offset, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (s *store) Append(_ context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error) {
	f, err := s.openAt(u)
	if err != nil {
		return 0, nil, err
	}
	n, err := io.Copy(f, r)
	return n, u.State, first(err, f.Close())
}

func (s *store) OpenUpload(ctx context.Context, u storage.Upload) (*os.File, error) {
	f, err := s.openAt(u)
	if !errs.Is(err, errs.NotFound) || u.Offset > 0 {
		return f, err
	}
	if _, err := s.Begin(ctx, u.ID); err != nil {
		return nil, err
	}
	return s.openAt(u)
}

func (s *store) Commit(_ context.Context, u storage.Upload, path string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	info, err := os.Stat(s.uploadFile(u.ID))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		info, err := os.Stat(cmp.Or(s.objects[path], s.dir+"/none"))
		if err != nil || info.Size() != u.Offset {
			return notFound(u.ID)
		}
		return nil
	case err != nil:
		return err
	case info.Size() < u.Offset:
		return errs.New(errs.Conflict, "the upload has %d bytes", info.Size())
	}
	file := s.temp()
	if err := first(os.Truncate(s.uploadFile(u.ID), u.Offset), os.Rename(s.uploadFile(u.ID), file)); err != nil {
		return err
	}
	os.Remove(s.objects[path])
	s.objects[path] = file
	return nil
}

func (s *store) Cancel(_ context.Context, u storage.Upload) error {
	os.Remove(s.uploadFile(u.ID)) // It may not be there.
	return nil
}

// run runs the suite against a driver over a pipe and returns the results. change,
// which may be nil, changes each target.
func run(t *testing.T, driver storage.Driver, opts conformance.Options, change func(conformance.Target) conformance.Target) []conformance.Result {
	t.Helper()
	plugin := sdk.Plugin{Name: "test", Version: "1.0.0", Storage: driver}
	var server *plugintest.Server
	start := func(context.Context) (conformance.Target, error) {
		if server != nil {
			server.Close()
		}
		var err error
		if server, err = plugintest.Start(plugin, slog.New(slog.DiscardHandler)); err != nil {
			return conformance.Target{}, err
		}
		target := conformance.Target{Conn: server.Conn(), Receive: server.Receive}
		if change != nil {
			target = change(target)
		}
		return target, nil
	}
	opts.Restart = start
	var err error
	if opts.Target, err = start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { server.Close() }()
	if opts.Config == nil {
		opts.Config = json.RawMessage(`{}`)
	}
	var results []conformance.Result
	if err := conformance.Test(t.Context(), opts, func(r conformance.Result) { results = append(results, r) }); err != nil {
		t.Fatal(err)
	}
	return results
}

// TestReference proves that the suite finds nothing wrong with a driver that has
// every capability and keeps every promise, and leaves no case out.
func TestReference(t *testing.T) {
	t.Parallel()
	absent := filepath.Join(t.TempDir(), "absent")
	opts := conformance.Options{Absent: conformance.Absent{Config: json.RawMessage(`{}`), Path: absent}}
	d := newDisk(t)
	results := run(t, reference{d}, opts, nil)
	if len(results) != len(conformance.Cases()) {
		t.Errorf("there are %d results of %d cases", len(results), len(conformance.Cases()))
	}
	for _, r := range results {
		if r.Skipped != "" {
			t.Errorf("%s was skipped: %s", r.Name, r.Skipped)
		}
		for _, p := range r.Problems {
			t.Errorf("%s: %s", r.Name, p)
		}
	}
	if left := d.paths(""); len(left) > 0 {
		t.Errorf("%d objects are left, for instance %s", len(left), left[0])
	}
}

// TestCases proves that the cases have different names, and promises for people.
func TestCases(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range conformance.Cases() {
		if c.Name == "" || seen[c.Name] {
			t.Errorf("the name %q is not the case's own", c.Name)
		}
		seen[c.Name] = true
		if !strings.HasSuffix(c.Promise, ".") {
			t.Errorf("%s has the promise %q", c.Name, c.Promise)
		}
	}
}

// TestOnlyUnknown proves that a name that is no case's is an error, not an empty run.
func TestOnlyUnknown(t *testing.T) {
	s := plugintest.Serve(t, sdk.Plugin{Name: "test", Version: "1.0.0", Storage: reference{newDisk(t)}})
	opts := conformance.Options{Target: conformance.Target{Conn: s.Conn()}, Config: json.RawMessage(`{}`), Only: []string{"drian"}}
	if err := conformance.Test(t.Context(), opts, func(conformance.Result) {}); !errs.Is(err, errs.Invalid) {
		t.Errorf("the error is %v", err)
	}
}
