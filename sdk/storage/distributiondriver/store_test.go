package distributiondriver_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
	"github.com/distribution/distribution/v3/registry/storage/driver/inmemory"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
	"github.com/quay/quay/sdk/storage/distributiondriver"
)

// faulty is a driver of distribution in which some calls go wrong. Fields that are nil
// leave the call as it is.
type faulty struct {
	storagedriver.StorageDriver
	move    func() error
	commit  func() error
	lossy   bool // writers drop a byte
	reader  func(io.ReadCloser) io.ReadCloser
	list    func(path string) ([]string, error)
	url     string
	puts    atomic.Int32
	deletes atomic.Int32
}

func (f *faulty) Move(ctx context.Context, from, to string) error {
	if f.move != nil {
		return f.move()
	}
	return f.StorageDriver.Move(ctx, from, to)
}

func (f *faulty) PutContent(ctx context.Context, path string, content []byte) error {
	f.puts.Add(1)
	return f.StorageDriver.PutContent(ctx, path, content)
}

func (f *faulty) Delete(ctx context.Context, path string) error {
	f.deletes.Add(1)
	return f.StorageDriver.Delete(ctx, path)
}

func (f *faulty) List(ctx context.Context, path string) ([]string, error) {
	if f.list != nil {
		return f.list(path)
	}
	return f.StorageDriver.List(ctx, path)
}

func (f *faulty) Reader(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
	r, err := f.StorageDriver.Reader(ctx, path, offset)
	if err == nil && f.reader != nil {
		r = f.reader(r)
	}
	return r, err
}

func (f *faulty) Writer(ctx context.Context, path string, appendTo bool) (storagedriver.FileWriter, error) {
	w, err := f.StorageDriver.Writer(ctx, path, appendTo)
	if err != nil {
		return nil, err
	}
	return faultyWriter{w, f}, nil
}

func (f *faulty) RedirectURL(r *http.Request, path string) (string, error) {
	if f.url == "" {
		return "", nil
	}
	return f.url + path + "?" + r.Method, nil
}

type faultyWriter struct {
	storagedriver.FileWriter
	faults *faulty
}

func (w faultyWriter) Write(p []byte) (int, error) {
	if w.faults.lossy {
		_, err := w.FileWriter.Write(p[1:])
		return len(p), err
	}
	return w.FileWriter.Write(p)
}

func (w faultyWriter) Commit(ctx context.Context) error {
	if w.faults.commit != nil {
		return w.faults.commit()
	}
	return w.FileWriter.Commit(ctx)
}

func put(t *testing.T, s storage.Store, path, content string) {
	t.Helper()
	if err := s.Put(t.Context(), path, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s storage.Store, path string) string {
	t.Helper()
	r, err := s.Open(t.Context(), path, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// files returns the paths of all files of a driver.
func files(t *testing.T, d storagedriver.StorageDriver) []string {
	t.Helper()
	var found []string
	err := d.Walk(t.Context(), "/", func(info storagedriver.FileInfo) error {
		if !info.IsDir() {
			found = append(found, info.Path())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// broken is a sender that gives up.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errs.New(errs.Corrupt, "the digest differs") }

// TestPutFails proves that when any step of a Put fails, the old object stays and
// nothing of the new one is left.
func TestPutFails(t *testing.T) {
	full := func() error { return errors.New("no more") }
	lost := func() error { return storagedriver.PathNotFoundError{} }
	whole := strings.NewReader("new")
	tests := []struct {
		name   string
		faults *faulty
		reader io.Reader
		want   errs.Kind
	}{
		{"commit", &faulty{commit: full}, whole, errs.Internal},
		{"write", &faulty{lossy: true}, whole, errs.Internal},
		{"move", &faulty{move: full}, whole, errs.Internal},
		{"move of something lost", &faulty{move: lost}, whole, errs.Unavailable},
		{"sender", &faulty{}, io.MultiReader(strings.NewReader("ne"), broken{}), errs.Corrupt},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			whole.Reset("new")
			memory := inmemory.New()
			put(t, distributiondriver.Open(t.Context(), memory, distributiondriver.Options{}), "a", "old")
			test.faults.StorageDriver = memory
			s := distributiondriver.Open(t.Context(), test.faults, distributiondriver.Options{})
			if err := s.Put(t.Context(), "a", test.reader); !errs.Is(err, test.want) {
				t.Errorf("it failed with %v, want %v", err, test.want)
			}
			if got := get(t, s, "a"); got != "old" {
				t.Errorf("the object is %q", got)
			}
			if got := files(t, memory); !slices.Equal(got, []string{"/a"}) {
				t.Errorf("there are %q", got)
			}
		})
	}
}

// TestAtomicPut proves that with AtomicPut a small object takes one call, and a large
// one is still stored whole.
func TestAtomicPut(t *testing.T) {
	d := &faulty{StorageDriver: inmemory.New()}
	s := distributiondriver.Open(t.Context(), d, distributiondriver.Options{AtomicPut: true})
	for _, size := range []int{0, 10, 1 << 20, 1<<20 + 1, 3 << 20} {
		content := strings.Repeat("x", size)
		before := d.puts.Load()
		put(t, s, "a", content)
		if got := get(t, s, "a"); got != content {
			t.Errorf("of %d bytes there are %d", size, len(got))
		}
		if small := size <= 1<<20; small != (d.puts.Load() > before) {
			t.Errorf("%d bytes were stored by one call: %v", size, !small)
		}
	}
}

// TestAtomicCommit proves that with AtomicCommit an object is written to its own path,
// and that one that fails is cancelled.
func TestAtomicCommit(t *testing.T) {
	d := &faulty{StorageDriver: inmemory.New(), move: func() error { return errors.New("it moves") }}
	s := distributiondriver.Open(t.Context(), d, distributiondriver.Options{AtomicCommit: true})
	put(t, s, "a", "content")
	if got := get(t, s, "a"); got != "content" {
		t.Errorf("the object is %q", got)
	}
	if err := s.Put(t.Context(), "b", io.MultiReader(strings.NewReader("x"), broken{})); !errs.Is(err, errs.Corrupt) {
		t.Errorf("it failed with %v", err)
	}
	if got := files(t, d); !slices.Equal(got, []string{"/a"}) {
		t.Errorf("there are %q", got)
	}
}

// TestObjectsBelow proves that an object is never deleted or stored when the driver
// would take others with it, and that a driver that cannot say so is not trusted.
func TestObjectsBelow(t *testing.T) {
	d := &faulty{StorageDriver: inmemory.New()}
	s := distributiondriver.Open(t.Context(), d, distributiondriver.Options{})
	put(t, s, "dir/a", "content")
	if err := s.Put(t.Context(), "dir", strings.NewReader("x")); !errs.Is(err, errs.Conflict) {
		t.Errorf("storing an object above another: %v", err)
	}
	if err := s.Delete(t.Context(), "dir"); err != nil {
		t.Errorf("deleting what is no object: %v", err)
	}
	// A service without directories can have both.
	for _, test := range []struct {
		list func(string) ([]string, error)
		want errs.Kind
	}{
		{func(path string) ([]string, error) { return []string{path + "/b"}, nil }, errs.Conflict},
		{func(string) ([]string, error) { return nil, errors.New("later") }, errs.Internal},
	} {
		d.list = test.list
		if err := s.Delete(t.Context(), "dir/a"); !errs.Is(err, test.want) {
			t.Errorf("deleting an object: %v, want %v", err, test.want)
		}
	}
	if n := d.deletes.Load(); n > 1 { // one of them removes the temporary object
		t.Errorf("the driver deleted %d times", n)
	}
	if got := get(t, s, "dir/a"); got != "content" {
		t.Errorf("the object is %q", got)
	}
}

// TestReadSize proves that an object that ends early or late is not taken for whole.
func TestReadSize(t *testing.T) {
	for content, want := range map[string]errs.Kind{"cont": errs.Unavailable, "content and more": errs.Unavailable} {
		d := &faulty{StorageDriver: inmemory.New()}
		s := distributiondriver.Open(t.Context(), d, distributiondriver.Options{})
		put(t, s, "a", "content")
		d.reader = func(io.ReadCloser) io.ReadCloser { return io.NopCloser(bytes.NewReader([]byte(content))) }
		r, err := s.Open(t.Context(), "a", 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(r); !errs.Is(err, want) {
			t.Errorf("reading %q in place of 7 bytes: %v", content, err)
		}
		r.Close()
	}
}

// TestListForeign proves that files which are not of the store, and what is being
// written, are not listed.
func TestListForeign(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a b", "a_x41", "_xtmp/x", "dir/_x", "dir/c_x20d"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	s := distributiondriver.Open(t.Context(), directory(dir), distributiondriver.Options{})
	put(t, s, "_xtmp/x", "")
	var got []string
	err := s.(storage.Lister).List(t.Context(), "", func(info storage.Info) error {
		got = append(got, info.Path)
		return nil
	})
	if want := []string{"_xtmp/x", "dir/c d"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("listed are %q (%v), not %q", got, err, want)
	}
}

func directory(path string) storagedriver.StorageDriver {
	return filesystem.New(filesystem.DriverParameters{RootDirectory: path, MaxThreads: 25})
}

// TestLeftovers proves that what dead processes left is removed after a day, and what
// is being written is not.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	temp := filepath.Join(dir, "_xtmp")
	if err := os.Mkdir(temp, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "new": 23 * time.Hour} {
		path := filepath.Join(temp, name)
		at := time.Now().Add(-age)
		if err := errors.Join(os.WriteFile(path, nil, 0o644), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	distributiondriver.Open(t.Context(), directory(dir), distributiondriver.Options{})
	left, err := filepath.Glob(filepath.Join(temp, "*"))
	if err != nil || !slices.Equal(left, []string{filepath.Join(temp, "new")}) {
		t.Errorf("left are %q (%v)", left, err)
	}
}

// TestSignURL proves that URLs are signed only by drivers whose URLs live long enough.
func TestSignURL(t *testing.T) {
	d := &faulty{StorageDriver: inmemory.New(), url: "http://store"}
	if _, ok := distributiondriver.Open(t.Context(), d, distributiondriver.Options{}).(storage.Signer); ok {
		t.Error("a driver of which nothing is known signs URLs")
	}
	s := distributiondriver.Open(t.Context(), d, distributiondriver.Options{URLLifetime: time.Minute}).(storage.Signer)
	url, err := s.SignURL(t.Context(), "a b", http.MethodHead, time.Minute)
	if want := "http://store/a_x20b?HEAD"; err != nil || url != want {
		t.Errorf("the URL is %q (%v), not %q", url, err, want)
	}
	if _, err := s.SignURL(t.Context(), "a", http.MethodGet, 2*time.Minute); !errs.Is(err, errs.Unsupported) {
		t.Errorf("a URL for longer: %v", err)
	}
	d.url = ""
	if _, err := s.SignURL(t.Context(), "a", http.MethodGet, time.Minute); !errs.Is(err, errs.Unsupported) {
		t.Errorf("a URL that there is not: %v", err)
	}
}
