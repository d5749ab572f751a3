package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	api "github.com/quay/quay/sdk/storage"
)

// memory is a driver without a machine of its own: it has no descriptors.
type memory struct {
	mu      sync.Mutex
	objects map[string][]byte
	uploads map[string][]byte
}

func (m *memory) Validate(api.Config) []api.Problem { return nil }

func (m *memory) Open(context.Context, api.Config) (api.Store, error) { return memoryStore{m}, nil }

type memoryStore struct{ m *memory }

func (s memoryStore) get(path string) ([]byte, error) {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	data, ok := s.m.objects[path]
	if !ok {
		return nil, errs.New(errs.NotFound, "there is no object at %q", path)
	}
	return data, nil
}

func (s memoryStore) Open(_ context.Context, path string, offset int64) (io.ReadCloser, error) {
	data, err := s.get(path)
	switch {
	case err != nil:
		return nil, err
	case path == "short":
		data = data[:len(data)/2]
	case path == "bad-end":
		return io.NopCloser(io.MultiReader(bytes.NewReader(data[offset:]), iotest.ErrReader(errs.New(errs.Corrupt, "a wrong checksum")))), nil
	case path == "broken":
		return io.NopCloser(iotest.ErrReader(errs.New(errs.Corrupt, "a bad disk"))), nil
	}
	return io.NopCloser(bytes.NewReader(data[offset:])), nil
}

func (s memoryStore) Put(_ context.Context, path string, r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.objects[path] = data
	return nil
}

func (s memoryStore) Stat(_ context.Context, path string) (api.Info, error) {
	data, err := s.get(path)
	return api.Info{Path: path, Size: int64(len(data))}, err
}

func (s memoryStore) Delete(_ context.Context, path string) error {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	delete(s.m.objects, path)
	return nil
}

// The state of an upload is its size, to see that it comes back.

func (s memoryStore) Begin(_ context.Context, id string) (api.State, error) {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.uploads[id] = nil
	return api.State("0"), nil
}

func (s memoryStore) Append(_ context.Context, u api.Upload, r io.Reader) (int64, api.State, error) {
	if string(u.State) != fmt.Sprint(u.Offset) {
		return 0, nil, errs.New(errs.Conflict, "the state is %s at %d", u.State, u.Offset)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return 0, nil, err
	}
	if bytes.Contains(data, []byte("full")) {
		return 0, nil, errs.New(errs.Exhausted, "the store is full")
	}
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.uploads[u.ID] = append(s.m.uploads[u.ID][:u.Offset:u.Offset], data...)
	return int64(len(data)), api.State(fmt.Sprint(u.Offset + int64(len(data)))), nil
}

func (s memoryStore) Commit(_ context.Context, u api.Upload, path string) error {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	s.m.objects[path] = s.m.uploads[u.ID][:u.Offset]
	return nil
}

func (s memoryStore) Cancel(_ context.Context, u api.Upload) error {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	delete(s.m.uploads, u.ID)
	return nil
}

func newMemory() *memory {
	return &memory{objects: map[string][]byte{}, uploads: map[string][]byte{}}
}

// startMemory runs the driver, and returns what ends its generation.
func startMemory(t testing.TB) (l *storage.Location, crash func()) {
	t.Helper()
	return startCrashing(t, newMemory(), storage.Options{})
}

// startCrashing runs a driver in this process, and returns what ends its
// generation.
func startCrashing(t testing.TB, driver api.Driver, opts storage.Options) (l *storage.Location, crash func()) {
	t.Helper()
	inProcess := plugintest.InProcess(sdk.Plugin{Name: "memory", Storage: driver})
	var mu sync.Mutex
	var last plugin.Process
	sup, err := plugin.Start(t.Context(), plugin.Options{
		Name:      "memory",
		Instances: []plugin.Instance{{Name: "default"}},
		Logger:    slog.New(slog.NewTextHandler(t.Output(), nil)),
		Launch: func(ctx context.Context, spec launch.Spec) (plugin.Process, error) {
			p, err := inProcess(ctx, spec)
			mu.Lock()
			defer mu.Unlock()
			last = p
			return p, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	l = storage.NewLocation(sup, "default", opts)
	t.Cleanup(func() {
		l.Close()
		sup.Close(context.Background())
	})
	var killed plugin.Process
	return l, func() {
		var next plugin.Process
		plugintest.Eventually(t, 5*time.Second, "the next generation has begun", func() bool {
			mu.Lock()
			defer mu.Unlock()
			next = last
			return next != killed
		})
		next.Kill()
		killed = next
	}
}

// A stream goes on where it was, once.
func TestStreamDuringACrash(t *testing.T) {
	plugintest.Leaks(t)
	l, crash := startMemory(t)
	ctx := t.Context()
	content := bytes.Repeat([]byte("0123456789abcdef"), 4<<20) // 64 MiB, more than gRPC keeps under way
	if err := l.Put(ctx, "a/b", bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	o, err := l.Open(ctx, "a/b")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	for crashes := 1; crashes <= 2; crashes++ {
		r, err := o.Range(ctx, 5, -1)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		for range crashes {
			if _, err := io.CopyN(&got, r, 20<<20); err != nil {
				t.Fatal(err)
			}
			crash()
		}
		_, err = io.Copy(&got, r)
		switch {
		case crashes == 1 && (err != nil || !bytes.Equal(got.Bytes(), content[5:])):
			t.Errorf("%d bytes, error %v", got.Len(), err)
		case crashes == 2 && !errs.Is(err, errs.Unavailable):
			t.Errorf("after two crashes: %v", err)
		case !bytes.HasPrefix(content[5:], got.Bytes()):
			t.Error("other bytes came")
		}
	}
}

func TestStreams(t *testing.T) {
	plugintest.Leaks(t)
	l, _ := startMemory(t)
	ctx := t.Context()
	content := bytes.Repeat([]byte("0123456789abcdef"), 200<<10) // 3.2 MB, several messages
	for _, path := range []string{"a/b", "short", "broken", "bad-end"} {
		if err := l.Put(ctx, path, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
	}
	o, err := l.Open(ctx, "a/b")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if o.File() != nil || o.Size() != int64(len(content)) {
		t.Errorf("file %v, size %d", o.File(), o.Size())
	}
	size := int64(len(content))
	for _, r := range []struct{ off, n int64 }{{0, size}, {0, -1}, {1, 10}, {size - 1, 1}, {size, 0}, {1 << 20, 1<<20 + 3}} {
		reader, err := o.Range(ctx, r.off, r.n)
		if err != nil {
			t.Errorf("%v: %v", r, err)
			continue
		}
		end := r.off + r.n
		if r.n < 0 {
			end = size
		}
		if got, err := io.ReadAll(reader); err != nil || !bytes.Equal(got, content[r.off:end]) {
			t.Errorf("%v: %d bytes, error %v", r, len(got), err)
		}
	}
	for _, r := range []struct{ off, n int64 }{{-1, 1}, {0, size + 1}, {size + 1, 0}, {1, 1<<63 - 1}} {
		if _, err := o.Range(ctx, r.off, r.n); !errs.Is(err, errs.OutOfRange) {
			t.Errorf("%v: %v", r, err)
		}
	}
	if err := iotest.TestReader(io.NewSectionReader(o, 5, 30), content[5:35]); err != nil {
		t.Error(err)
	}
	// A range that is not read to its end is ended by the next, and by Close.
	if r, err := o.Range(ctx, 0, size); err != nil {
		t.Error(err)
	} else if _, err := r.Read(make([]byte, 10)); err != nil {
		t.Error(err)
	}

	for path, kind := range map[string]errs.Kind{"short": errs.Corrupt, "broken": errs.Corrupt, "bad-end": errs.Corrupt} {
		bad, err := l.Open(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		defer bad.Close()
		r, err := bad.Range(ctx, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); !errs.Is(err, kind) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := l.Open(ctx, "missing"); !errs.Is(err, errs.NotFound) {
		t.Errorf("a missing object: %v", err)
	}
	// The second error is that of a body which breaks off: it is no end.
	for _, broken := range []error{io.ErrNoProgress, io.ErrUnexpectedEOF} {
		for _, before := range [][]byte{nil, []byte("a few"), content} {
			r := io.MultiReader(bytes.NewReader(before), iotest.ErrReader(broken))
			if err := l.Put(ctx, "bad", r); !errors.Is(err, broken) {
				t.Errorf("Put of a reader that fails after %d bytes: %v", len(before), err)
			}
			if _, err := l.Stat(ctx, "bad"); !errs.Is(err, errs.NotFound) {
				t.Errorf("what failed is there: %v", err)
			}
		}
	}
	if err := l.List(ctx, "", nil); !errs.Is(err, errs.Unsupported) {
		t.Errorf("List: %v", err)
	}
}

func TestStreamedUpload(t *testing.T) {
	plugintest.Leaks(t)
	l, _ := startMemory(t)
	ctx := t.Context()
	content := bytes.Repeat([]byte("0123456789abcdef"), 200<<10)
	state, err := l.BeginUpload(ctx, "u")
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, end := range []int{0, 1000, len(content)} {
		w, err := l.AppendUpload(ctx, "u", int64(at), state)
		if err != nil {
			t.Fatal(err)
		}
		for at < end {
			n, err := w.Write(content[at:min(end, at+77777)])
			if err != nil {
				t.Fatal(err)
			}
			at += n
		}
		if state, err = w.Finish(ctx); err != nil || string(state) != fmt.Sprint(end) {
			t.Fatalf("the state is %s, error %v", state, err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if _, err := w.Write(content); !errs.Is(err, errs.Internal) {
			t.Errorf("a write after the end: %v", err)
		}
	}
	// One that is given up adds nothing.
	w, err := l.AppendUpload(ctx, "u", int64(at), state)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if err := l.CommitUpload(ctx, "u", "a/b", int64(len(content)), state); err != nil {
		t.Fatal(err)
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

	full, err := l.AppendUpload(ctx, "v", 0, nil) // begins it
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	if _, err := io.Copy(full, strings.NewReader("it is full")); err != nil {
		t.Fatal(err)
	}
	if _, err := full.Finish(ctx); !errs.Is(err, errs.Exhausted) {
		t.Errorf("the end of an upload to a full store: %v", err)
	}
	if err := l.CancelUpload(ctx, "v", nil); err != nil {
		t.Error(err)
	}
}

// TestPutOfABadSource proves that what is wrong with the bytes to be stored is not said
// of the driver.
func TestPutOfABadSource(t *testing.T) {
	l := storage.NewLocation(startDriver(t, plain{m: newMemory()}), "default", storage.Options{})
	defer l.Close()
	wrong := errs.New(errs.Invalid, "the digest is another one")
	source := io.MultiReader(bytes.NewReader(make([]byte, 2<<20)), failing{wrong})
	err := l.Put(t.Context(), "a/b", source)
	if !errors.Is(err, wrong) || !errs.Is(err, errs.Invalid) {
		t.Errorf("the put fails as %v: %v", errs.KindOf(err), err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
