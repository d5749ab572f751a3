package certify_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// plugins is the directory of the binaries that are built for the tests.
var plugins string

// TestMain makes the test binary a plugin where it is called like one.
func TestMain(m *testing.M) {
	switch name := filepath.Base(os.Args[0]); name {
	case "quay-storage-forgetful", "quay-storage-mortal":
		sdk.Main(sdk.Plugin{
			Name: name[len("quay-storage-"):], Version: "0.1.0", Offline: true,
			Storage: &memory{objects: map[string][]byte{}, mortal: name == "quay-storage-mortal"},
		})
	case "quay-auth-users":
		sdk.Main(sdk.Plugin{
			Name: "users", Version: "0.2.0", Offline: true, ConfigSchema: config.Schema[options](), Auth: users{},
			Capabilities: auth.Capabilities(users{}),
		})
	}
	dir, err := plugintest.Build("quay-storage-local")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	plugins = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// self is the path of the test binary under the name of a plugin.
func self(t *testing.T, name string) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(exe, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// memory is a storage driver whose objects do not outlive its process.
type memory struct {
	// mortal drivers end their process when they are to delete.
	mortal bool

	mu      sync.Mutex
	objects map[string][]byte
}

// Validate implements storage.Driver.
func (*memory) Validate(storage.Config) []storage.Problem { return nil }

// Open implements storage.Driver.
func (m *memory) Open(context.Context, storage.Config) (storage.Store, error) { return store{m}, nil }

type store struct{ memory *memory }

func (s store) get(path string) ([]byte, error) {
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	b, ok := s.memory.objects[path]
	if !ok {
		return nil, errs.New(errs.NotFound, "there is no object %s", path)
	}
	return b, nil
}

// Open implements storage.Store.
func (s store) Open(_ context.Context, path string, offset int64) (io.ReadCloser, error) {
	b, err := s.get(path)
	if err != nil {
		return nil, err
	}
	if offset > int64(len(b)) {
		return nil, errs.New(errs.OutOfRange, "the object has %d bytes", len(b))
	}
	return io.NopCloser(bytes.NewReader(b[offset:])), nil
}

// Put implements storage.Store.
func (s store) Put(_ context.Context, path string, r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	s.memory.objects[path] = b
	return nil
}

// Stat implements storage.Store.
func (s store) Stat(_ context.Context, path string) (storage.Info, error) {
	b, err := s.get(path)
	return storage.Info{Path: path, Size: int64(len(b))}, err
}

// Delete implements storage.Store.
func (s store) Delete(_ context.Context, path string) error {
	if s.memory.mortal {
		fmt.Fprintln(os.Stderr, "out of luck")
		os.Exit(3)
	}
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	delete(s.memory.objects, path)
	return nil
}

// options configure an identity plugin with one user.
type options struct {
	Username string        `json:"username" required:"true" help:"Name of the user."`
	Password config.Secret `json:"password" required:"true" help:"Password of the user."`
}

// users opens identity providers with one user.
type users struct{ options }

// Validate implements auth.Driver.
func (users) Validate(cfg auth.Config) []auth.Problem {
	return config.Check[options](cfg.Options, cfg.Secrets)
}

// Open implements auth.Driver.
func (users) Open(_ context.Context, cfg auth.Config) (auth.Provider, error) {
	o, problems := config.Parse[options](cfg.Options, cfg.Secrets)
	if len(problems) > 0 {
		return nil, config.Error(problems)
	}
	return users{o}, nil
}

// Info implements auth.Provider.
func (users) Info() auth.Info { return auth.Info{Service: "users"} }

// Probe implements auth.Provider.
func (users) Probe(context.Context) error { return nil }

// Verify implements auth.Verifier.
func (u users) Verify(_ context.Context, username, password string) (auth.User, error) {
	switch {
	case username != u.Username:
		return auth.User{}, errs.New(errs.NotFound, "There is no user %q.", username)
	case password != u.Password.Reveal():
		return auth.User{}, errs.New(errs.Unauthenticated, "The password is wrong.")
	}
	return auth.User{Subject: username, Username: username}, nil
}
