package storage_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"sync"
	"testing"

	"github.com/quay/quay/sdk"
	conformance "github.com/quay/quay/sdk/conformance/storage"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/plugintest"
	"github.com/quay/quay/sdk/storage"
)

// memory is the least that a driver can be: four methods. It is the example of
// docs/plugins/writing.md.
type memory struct {
	mu      sync.Mutex
	objects map[string][]byte
}

func (m *memory) get(path string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.objects[path]
	if !ok {
		return nil, errs.New(errs.NotFound, "there is no object %s", path)
	}
	return b, nil
}

// Open implements storage.Store.
func (m *memory) Open(_ context.Context, path string, offset int64) (io.ReadCloser, error) {
	b, err := m.get(path)
	if err != nil {
		return nil, err
	}
	if offset > int64(len(b)) {
		return nil, errs.New(errs.OutOfRange, "the object has %d bytes", len(b))
	}
	return io.NopCloser(bytes.NewReader(b[offset:])), nil
}

// Put implements storage.Store.
func (m *memory) Put(_ context.Context, path string, r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.objects[path] = b
	return nil
}

// Stat implements storage.Store.
func (m *memory) Stat(_ context.Context, path string) (storage.Info, error) {
	b, err := m.get(path)
	return storage.Info{Path: path, Size: int64(len(b))}, err
}

// Delete implements storage.Store.
func (m *memory) Delete(_ context.Context, path string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.objects, path)
	return nil
}

// driver has one memory for all locations.
type driver struct{ memory *memory }

// Validate implements storage.Driver: there is nothing to configure.
func (driver) Validate(storage.Config) []storage.Problem { return nil }

// Open implements storage.Driver.
func (d driver) Open(context.Context, storage.Config) (storage.Store, error) { return d.memory, nil }

// TestLeastDriver proves that a driver with nothing but the four methods keeps
// every promise that applies to it, through the wire.
func TestLeastDriver(t *testing.T) {
	s := plugintest.Serve(t, sdk.Plugin{Name: "memory", Version: "1.0.0", Storage: driver{&memory{objects: make(map[string][]byte)}}})
	conformance.Run(t, conformance.Options{
		Target: conformance.Target{Conn: s.Conn(), Receive: s.Receive},
		Config: json.RawMessage(`{}`),
		Short:  true,
	})
}
