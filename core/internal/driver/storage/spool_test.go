package storage_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	api "github.com/quay/quay/sdk/storage"
)

// plain is a driver with the four methods that every one has, over memory. Its
// stores call before, if it is set, at each Put.
type plain struct {
	m      *memory
	before func()
}

func (p plain) Validate(api.Config) []api.Problem { return nil }

func (p plain) Open(context.Context, api.Config) (api.Store, error) {
	return plainStore{memoryStore{p.m}, p.before}, nil
}

type plainStore struct {
	api.Store // hides the other methods of what is in it
	before    func()
}

func (s plainStore) Put(ctx context.Context, path string, r io.Reader) error {
	if s.before != nil {
		s.before()
	}
	return s.Store.Put(ctx, path, r)
}

// startDriver runs a driver in this process, and returns a supervisor of it.
func startDriver(t testing.TB, driver api.Driver) *plugin.Supervisor {
	t.Helper()
	sup, err := plugin.Start(t.Context(), plugin.Options{
		Name:      "test",
		Instances: []plugin.Instance{{Name: "default"}},
		Logger:    slog.New(slog.NewTextHandler(t.Output(), nil)),
		Launch:    plugintest.InProcess(sdk.Plugin{Name: "test", Storage: driver}),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sup.Close(context.Background()) })
	return sup
}

// write adds content to an upload and returns its new state.
func write(t *testing.T, l *storage.Location, id string, offset int64, state, content []byte) []byte {
	t.Helper()
	w, err := l.AppendUpload(t.Context(), id, offset, state)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if state, err = w.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	return state
}

// TestSpooledUpload proves that a store without uploads takes them all the same:
// the host collects them in a directory, where they survive its restart, and stores
// them when they are committed.
func TestSpooledUpload(t *testing.T) {
	plugintest.Leaks(t)
	dir := filepath.Join(t.TempDir(), "spool")
	sup := startDriver(t, plain{m: newMemory()})
	ctx := t.Context()
	content := bytes.Repeat([]byte("0123456789abcdef"), 200<<10) // 3.2 MB, several messages
	var state []byte
	for _, part := range [][2]int{{0, 0}, {0, 1000}, {1000, 2 << 20}, {2 << 20, len(content)}} {
		// Each part with a host of its own; the second one begins the upload anew.
		l := storage.NewLocation(sup, "default", storage.Options{SpoolDir: dir})
		state = write(t, l, "u", int64(part[0]), state, content[part[0]:part[1]])
		l.Close()
	}
	l := storage.NewLocation(sup, "default", storage.Options{SpoolDir: dir})
	defer l.Close()
	// What a broken call left behind the offset is not part of it.
	write(t, l, "u", int64(len(content)), state, []byte("litter"))
	if err := l.CommitUpload(ctx, "u", "a/b", int64(len(content))+100, state); !errs.Is(err, errs.Conflict) {
		t.Errorf("the commit of more than there is: %v", err)
	}
	for range 2 { // It may be repeated.
		if err := l.CommitUpload(ctx, "u", "a/b", int64(len(content)), state); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, error %v", left, err)
	}
	o, err := l.Open(ctx, "a/b")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	r, err := o.Range(ctx, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes, error %v", len(got), err)
	}
	if err := l.CommitUpload(ctx, "u", "a/b", 5, state); !errs.Is(err, errs.NotFound) {
		t.Errorf("a repeated commit with another size: %v", err)
	}
}

// TestSpoolRefuses proves what is not possible with an upload that the host
// collects, and that nothing is left of one that was cancelled.
func TestSpoolRefuses(t *testing.T) {
	plugintest.Leaks(t)
	dir := filepath.Join(t.TempDir(), "spool")
	sup := startDriver(t, plain{m: newMemory()})
	ctx := t.Context()
	none := storage.NewLocation(sup, "default", storage.Options{})
	defer none.Close()
	if _, err := none.BeginUpload(ctx, "u"); !errs.Is(err, errs.Unsupported) {
		t.Errorf("an upload without a directory: %v", err)
	}
	if err := none.CancelUpload(ctx, "u", nil); err != nil {
		t.Errorf("its end: %v", err)
	}

	l := storage.NewLocation(sup, "default", storage.Options{SpoolDir: dir})
	defer l.Close()
	for _, id := range []string{"", "../u", ".u", "a/b"} {
		if _, err := l.BeginUpload(ctx, id); !errs.Is(err, errs.Invalid) {
			t.Errorf("an upload called %q: %v", id, err)
		}
	}
	state, err := l.BeginUpload(ctx, "u")
	if err != nil {
		t.Fatal(err)
	}
	state = write(t, l, "u", 0, state, []byte("content"))
	if _, err := l.AppendUpload(ctx, "u", 8, state); !errs.Is(err, errs.NotFound) {
		t.Errorf("going on after bytes that are gone: %v", err)
	}
	for _, state := range [][]byte{state, nil, state} { // Also when nobody knows the state.
		if err := l.CancelUpload(ctx, "u", state); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%v is left, error %v", left, err)
		}
		write(t, l, "u", 0, nil, []byte("content"))
	}
	if err := l.CancelUpload(ctx, "u", nil); err != nil {
		t.Error(err)
	}
	if err := l.CommitUpload(ctx, "u", "a/b", 7, state); !errs.Is(err, errs.NotFound) {
		t.Errorf("the commit of a cancelled upload: %v", err)
	}
}

// TestSpooledCommitDuringACrash proves that a commit succeeds though the plugin
// dies when it has half of the bytes.
func TestSpooledCommitDuringACrash(t *testing.T) {
	plugintest.Leaks(t)
	crashes := make(chan func(), 1)
	driver := plain{m: newMemory(), before: func() {
		select {
		case crash := <-crashes:
			crash()
		default:
		}
	}}
	l, crash := startCrashing(t, driver, storage.Options{SpoolDir: t.TempDir()})
	crashes <- func() { go crash() } // It waits for the calls, of which this is one.
	content := bytes.Repeat([]byte("0123456789abcdef"), 500<<10)
	state := write(t, l, "u", 0, nil, content)
	if err := l.CommitUpload(t.Context(), "u", "a/b", int64(len(content)), state); err != nil {
		t.Fatal(err)
	}
	if len(crashes) > 0 {
		t.Error("it did not crash")
	}
	if got := driver.m.objects["a/b"]; !bytes.Equal(got, content) {
		t.Errorf("the object has %d bytes", len(got))
	}
}

// able is a store that also copies and signs.
type able struct {
	api.Store
	copied *string
}

func (a able) Copy(_ context.Context, from, to string) error {
	*a.copied = from + " to " + to
	return nil
}

func (a able) SignURL(_ context.Context, path, method string, expiry time.Duration) (string, error) {
	switch path {
	case "relative":
		return "/a/b", nil
	case "script":
		return "javascript:alert(1)", nil
	case "header":
		return "https://store.example/a\r\nX: y", nil
	case "password":
		return "https://me:secret@store.example/a", nil
	case "long":
		return "https://store.example/" + strings.Repeat("x", 10_000), nil
	}
	return "https://store.example/" + path + "?method=" + method + "&expiry=" + url.QueryEscape(expiry.String()), nil
}

// opener is a driver that opens one store.
type opener struct{ store api.Store }

func (opener) Validate(api.Config) []api.Problem { return nil }

func (o opener) Open(context.Context, api.Config) (api.Store, error) { return o.store, nil }

// TestCopy proves that a store which copies is told to, and that the host copies
// for one that cannot, whole or not at all.
func TestCopy(t *testing.T) {
	plugintest.Leaks(t)
	ctx := t.Context()
	m := newMemory()
	l := storage.NewLocation(startDriver(t, plain{m: m}), "default", storage.Options{})
	defer l.Close()
	content := bytes.Repeat([]byte("0123456789abcdef"), 200<<10)
	for _, path := range []string{"a/b", "short"} {
		if err := l.Put(ctx, path, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	for _, to := range []string{"c", "a/b"} {
		if err := l.Copy(ctx, "a/b", to); err != nil || !bytes.Equal(m.objects[to], content) {
			t.Errorf("the copy at %s has %d bytes, error %v", to, len(m.objects[to]), err)
		}
	}
	if err := l.Copy(ctx, "missing", "d"); !errs.Is(err, errs.NotFound) {
		t.Errorf("the copy of a missing object: %v", err)
	}
	// Its driver says that it has more bytes than it gives.
	if err := l.Copy(ctx, "short", "d"); !errs.Is(err, errs.Corrupt) {
		t.Errorf("the copy of a damaged object: %v", err)
	}
	if _, err := l.Stat(ctx, "d"); !errs.Is(err, errs.NotFound) {
		t.Errorf("what failed is there: %v", err)
	}

	var copied string
	does := storage.NewLocation(startDriver(t, opener{able{memoryStore{m}, &copied}}), "default", storage.Options{})
	defer does.Close()
	if err := does.Copy(ctx, "a/b", "c"); err != nil || copied != "a/b to c" {
		t.Errorf("it copied %q, error %v", copied, err)
	}
}

// TestSignURL proves that only URLs which a client can be sent to come from a
// driver, and that it is said when a store has none.
func TestSignURL(t *testing.T) {
	plugintest.Leaks(t)
	ctx := t.Context()
	var copied string
	l := storage.NewLocation(startDriver(t, opener{able{memoryStore{newMemory()}, &copied}}), "default", storage.Options{})
	defer l.Close()
	got, err := l.SignURL(ctx, "a/b", "GET", 10*time.Minute)
	if want := "https://store.example/a/b?method=GET&expiry=10m0s"; err != nil || got != want {
		t.Errorf("%q, error %v", got, err)
	}
	for _, path := range []string{"relative", "script", "header", "password", "long"} {
		if got, err := l.SignURL(ctx, path, "GET", time.Minute); !errs.Is(err, errs.Internal) || got != "" {
			t.Errorf("%s: %q, error %v", path, got, err)
		}
	}
	none := storage.NewLocation(startDriver(t, plain{m: newMemory()}), "default", storage.Options{})
	defer none.Close()
	if _, err := none.SignURL(ctx, "a/b", "GET", time.Minute); !errs.Is(err, errs.Unsupported) {
		t.Errorf("a store without URLs: %v", err)
	}
}

// refusing is a store whose service no longer takes its credentials.
type refusing struct{ api.Store }

func (refusing) Put(context.Context, string, io.Reader) error {
	return errs.New(errs.Unauthenticated, "the access key is not valid")
}

// TestSpooledCommitByARefusedServer proves that a client who commits a spooled upload is
// not told to log in because the store refuses the server, as with every other call.
func TestSpooledCommitByARefusedServer(t *testing.T) {
	// plainStore hides the store's own uploads.
	store := plainStore{Store: refusing{memoryStore{newMemory()}}}
	l := storage.NewLocation(startDriver(t, opener{store}), "default", storage.Options{SpoolDir: t.TempDir()})
	defer l.Close()
	state := write(t, l, "u", 0, nil, []byte("content"))
	err := l.CommitUpload(t.Context(), "u", "a/b", 7, state)
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("the commit fails as %v: %v", errs.KindOf(err), err)
	}
	if err := l.Put(t.Context(), "a/b", strings.NewReader("content")); !errs.Is(err, errs.Unavailable) {
		t.Errorf("the put fails as %v: %v", errs.KindOf(err), err)
	}
}

// TestSpoolOfNoDirectory proves that a location without a spool touches no file of the
// working directory for an upload that was once spooled.
func TestSpoolOfNoDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	l := storage.NewLocation(startDriver(t, plain{m: newMemory()}), "default", storage.Options{SpoolDir: "."})
	state := write(t, l, "config.yaml", 0, nil, []byte("content"))
	l.Close()
	none := storage.NewLocation(startDriver(t, plain{m: newMemory()}), "default", storage.Options{})
	defer none.Close()
	if _, err := none.AppendUpload(t.Context(), "config.yaml", 3, state); !errs.Is(err, errs.Unsupported) {
		t.Errorf("an append to a file of the working directory: %v", err)
	}
	if err := none.CommitUpload(t.Context(), "config.yaml", "a/b", 3, state); err == nil {
		t.Error("a file of the working directory was stored as an object")
	}
}

// TestSweepSpool proves that what nobody has written to for long leaves the spool, and
// nothing else does.
func TestSweepSpool(t *testing.T) {
	dir := t.TempDir()
	if n, err := storage.SweepSpool(filepath.Join(dir, "missing"), time.Now()); n != 0 || err != nil {
		t.Errorf("in a directory that is not there: %d, error %v", n, err)
	}
	long := time.Now().Add(-72 * time.Hour)
	for name, modified := range map[string]time.Time{"old": long, "new": time.Now(), ".hidden": long} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, modified, modified); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "directory"), 0o700); err != nil {
		t.Fatal(err)
	}
	if n, err := storage.SweepSpool(dir, time.Now().Add(-48*time.Hour)); n != 1 || err != nil {
		t.Errorf("%d files were swept, error %v", n, err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 3 {
		t.Errorf("%v are left, error %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "old")); err == nil {
		t.Error("the old file is left")
	}
}
