package uploads_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/sdk/errs"
)

// memory is a storage location that keeps everything in memory and does what the
// storage protocol says: no more, so that code which relies on more fails.
type memory struct {
	mu      sync.Mutex
	objects map[string][]byte
	uploads map[string]*upload
	calls   []string

	// before and after decide, for the n-th call of all, whether it fails before
	// it has an effect, or after it had one and the answer was lost.
	before, after func(n int, call string) error
	// write stands in for a write of some bytes; it returns how many it takes.
	write func(p []byte) (int, error)
}

type upload struct{ data []byte }

// stateOf is what the host has to send back with an offset.
func stateOf(id string, size int64) string { return fmt.Sprintf(`{"upload":%q,"size":%d}`, id, size) }

func newMemory() *memory {
	return &memory{objects: make(map[string][]byte), uploads: make(map[string]*upload)}
}

// call counts a call and runs its effect, unless it is to fail.
func (m *memory) call(name string, effect func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, name)
	n := len(m.calls)
	if m.before != nil {
		if err := m.before(n, name); err != nil {
			return err
		}
	}
	if err := effect(); err != nil {
		return err
	}
	if m.after != nil {
		return m.after(n, name)
	}
	return nil
}

func (m *memory) begin(id string) *upload {
	u := &upload{}
	m.uploads[id] = u
	return u
}

func (m *memory) BeginUpload(_ context.Context, id string) (state []byte, err error) {
	err = m.call("begin", func() error {
		m.begin(id)
		state = []byte(stateOf(id, 0))
		return nil
	})
	return state, err
}

func (m *memory) AppendUpload(ctx context.Context, id string, offset int64, state []byte) (w place.UploadWriter, err error) {
	err = m.call("append", func() error {
		u := m.uploads[id]
		switch {
		case offset == 0 && len(state) == 0:
			u = m.begin(id)
		case u == nil:
			return errs.New(errs.NotFound, "no such upload")
		case string(state) != stateOf(id, offset):
			return errs.New(errs.Internal, "the state at %d is %s", offset, state)
		case offset > int64(len(u.data)):
			return errs.New(errs.OutOfRange, "the upload has %d bytes", len(u.data))
		}
		u.data = u.data[:offset]
		w = &writer{ctx, m, id}
		return nil
	})
	return w, err
}

// writer appends to an upload at once; what Finish did not keep stays behind, and
// the next append cuts it off.
type writer struct {
	ctx context.Context
	m   *memory
	id  string
}

func (w *writer) Write(p []byte) (int, error) {
	if w.m.write != nil {
		if n, err := w.m.write(p); err != nil {
			_ = w.keep(p[:n])
			return n, err
		}
	}
	return len(p), w.keep(p)
}

func (w *writer) keep(p []byte) error {
	return w.m.call("write", func() error {
		u := w.m.uploads[w.id]
		if u == nil {
			return errs.New(errs.NotFound, "no such upload")
		}
		u.data = append(u.data, p...)
		return nil
	})
}

func (w *writer) Finish(context.Context) (state []byte, err error) {
	err = w.m.call("finish", func() error {
		u := w.m.uploads[w.id]
		if u == nil {
			return errs.New(errs.NotFound, "no such upload")
		}
		state = []byte(stateOf(w.id, int64(len(u.data))))
		return nil
	})
	return state, err
}

func (w *writer) Close() error { return nil }

func (m *memory) CommitUpload(_ context.Context, id, path string, size int64, state []byte) error {
	return m.call("commit", func() error {
		u := m.uploads[id]
		switch {
		case u == nil && int64(len(m.objects[path])) == size && m.objects[path] != nil:
			return nil // it was committed before
		case u == nil:
			return errs.New(errs.NotFound, "no such upload")
		case string(state) != stateOf(id, size):
			return errs.New(errs.Internal, "the state at %d is %s", size, state)
		case int64(len(u.data)) < size:
			return errs.New(errs.Corrupt, "the upload has %d bytes, not %d", len(u.data), size)
		}
		m.objects[path] = append([]byte{}, u.data[:size]...)
		delete(m.uploads, id)
		return nil
	})
}

func (m *memory) CancelUpload(_ context.Context, id string, _ []byte) error {
	return m.call("cancel", func() error {
		delete(m.uploads, id)
		return nil
	})
}

func (m *memory) Put(_ context.Context, path string, r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return m.call("put", func() error {
		m.objects[path] = data
		return nil
	})
}

func (m *memory) Delete(_ context.Context, paths ...string) error {
	return m.call("delete", func() error {
		for _, p := range paths {
			delete(m.objects, p)
		}
		return nil
	})
}

func (m *memory) Probe(context.Context) error { return nil }

func (m *memory) Signs() bool { return false }

func (m *memory) SignURL(context.Context, string, string, time.Duration) (string, error) {
	return "", errs.New(errs.Unsupported, "it signs no URLs")
}

func (m *memory) Open(_ context.Context, path string) (o place.Object, err error) {
	err = m.call("open", func() error {
		data, ok := m.objects[path]
		if !ok {
			return errs.New(errs.NotFound, "no such object")
		}
		o = object{bytes.NewReader(data)}
		return nil
	})
	return o, err
}

type object struct{ *bytes.Reader }

func (o object) Close() error { return nil }

func (o object) Range(_ context.Context, off, n int64) (io.Reader, error) {
	return io.NewSectionReader(o.Reader, off, n), nil
}

// object returns what is stored under a path, nil when there is nothing.
func (m *memory) object(path string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.objects[path])
}

// litter lists what is left of uploads: sessions of the driver and staged objects.
func (m *memory) litter() (left []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.uploads {
		left = append(left, "upload "+id)
	}
	for path := range m.objects {
		if len(path) > 7 && path[:7] == "staged/" {
			left = append(left, path)
		}
	}
	return left
}
