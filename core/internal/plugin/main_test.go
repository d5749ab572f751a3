package plugin_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/log"
	"github.com/quay/quay/sdk/storage"
)

// roleKey makes the test binary something else than the tests: a plugin, or a
// host that a test can kill.
const roleKey = "QUAY_TEST_ROLE"

// plugins is the directory of the binaries under test.
var plugins string

func TestMain(m *testing.M) {
	claim(filepath.Base(os.Args[0]))
	switch role := os.Getenv(roleKey); role {
	case "":
	case "host":
		runHost()
		return
	default:
		sdk.Main(sdk.Plugin{Name: "test", Version: "1", Storage: driver{role: role}})
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

// runHost runs the local driver, says its process id and waits to be killed.
func runHost() {
	dir := os.Args[len(os.Args)-1]
	sup, err := plugin.Start(context.Background(), plugin.Options{
		Name:      "local",
		Path:      os.Args[len(os.Args)-2],
		Confine:   confine.Policy{ReadWrite: []string{filepath.Join(dir, "data")}},
		Instances: []plugin.Instance{{Name: "default", Config: config(filepath.Join(dir, "data"))}},
		RunDir:    filepath.Join(dir, "run"),
	})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(sup.Status().PID)
	select {}
}

func config(dir string) json.RawMessage {
	b, err := json.Marshal(map[string]string{"storage_path": dir})
	if err != nil {
		panic(err)
	}
	return b
}

// options are those of the local driver on a new directory.
func options(t testing.TB) plugin.Options {
	t.Helper()
	dir := t.TempDir()
	return plugin.Options{
		Name:      "local",
		Path:      filepath.Join(plugins, "quay-storage-local"),
		Confine:   confine.Policy{ReadWrite: []string{dir}},
		Instances: []plugin.Instance{{Name: "default", Config: config(dir)}},
		RunDir:    plugintest.RunDir(t),
		Logger:    slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
}

// testOptions are those of the driver below in a role.
func testOptions(t testing.TB, role string) plugin.Options {
	t.Helper()
	t.Setenv(roleKey, role)
	opts := options(t)
	opts.Name = "test"
	opts.Path = "/proc/self/exe"
	if exe, err := os.Executable(); err == nil {
		opts.Path = exe
	}
	opts.Env = []string{roleKey}
	opts.Instances = []plugin.Instance{{Name: "default"}}
	return opts
}

func start(t testing.TB, opts plugin.Options) *plugin.Supervisor {
	t.Helper()
	sup, err := plugin.Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(sup) })
	return sup
}

func stop(sup *plugin.Supervisor) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	sup.Close(ctx)
}

// driver misbehaves as its role says.
type driver struct{ role string }

func (d driver) Validate(storage.Config) []storage.Problem {
	if d.role == "invalid" {
		return []storage.Problem{{Field: "bucket", Message: "It is missing."}}
	}
	return nil
}

// Open makes a store. A role in the configuration wins over that of the process.
func (d driver) Open(ctx context.Context, cfg storage.Config) (storage.Store, error) {
	var options struct {
		Role string `json:"role"`
		// Gate is a file without which the store is out of reach.
		Gate string `json:"gate"`
	}
	if err := json.Unmarshal(cfg.Options, &options); err != nil {
		return nil, err
	}
	if options.Role != "" {
		d.role = options.Role
	}
	if options.Gate != "" {
		if _, err := os.Stat(options.Gate); err != nil {
			return nil, errs.Wrap(errs.Unavailable, err, "the store is down")
		}
	}
	switch d.role {
	case "refuse":
		return nil, errs.New(errs.Denied, "the credentials are wrong")
	case "die":
		fmt.Fprintln(os.Stderr, "out of luck")
		os.Exit(3)
	case "log":
		log.From(ctx).Debug("a debug line")
		log.From(ctx).Warn("a warning", "answer", 42)
		fmt.Fprintln(os.Stderr, "a plain line")
		fmt.Println("a stray line")
	}
	return store(d), nil
}

// store has no objects; its methods do what their paths say.
type store struct{ role string }

// Probe implements storage.Prober.
func (s store) Probe(context.Context) error {
	if s.role == "sick" {
		return errs.New(errs.Unavailable, "the store is sick")
	}
	return nil
}

// Open opens the objects zeros/N, of N zero bytes.
func (s store) Open(_ context.Context, path string, offset int64) (io.ReadCloser, error) {
	verb, argument, _ := strings.Cut(path, "/")
	n, err := strconv.ParseInt(argument, 10, 64)
	if verb != "zeros" || err != nil {
		return nil, errs.New(errs.NotFound, "there is no object")
	}
	return io.NopCloser(io.LimitReader(zeros{}, n-offset)), nil
}

// zeros reads as zero bytes without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func (s store) Put(context.Context, string, io.Reader) error { return errors.New("no") }

func (s store) Delete(context.Context, string) error { return nil }

func (s store) Stat(ctx context.Context, path string) (storage.Info, error) {
	verb, argument, _ := strings.Cut(path, "/")
	if s.role == "broken" {
		return storage.Info{}, errs.New(errs.Internal, "nothing works")
	}
	switch verb {
	case "zeros":
		n, err := strconv.ParseInt(argument, 10, 64)
		return storage.Info{Size: n}, err
	case "role":
		return storage.Info{Size: int64(len(s.role))}, nil
	case "panic":
		panic("a bug")
	case "crash":
		go panic("a bug where nobody catches it")
		<-ctx.Done()
	case "unavailable":
		return storage.Info{}, errs.New(errs.Unavailable, "the cloud is down")
	case "sleep":
		d, err := time.ParseDuration(argument)
		if err != nil {
			return storage.Info{}, err
		}
		select {
		case <-time.After(d):
		case <-ctx.Done():
			return storage.Info{}, ctx.Err()
		}
		return storage.Info{Size: 1}, nil
	case "env":
		if value, ok := os.LookupEnv(argument); ok {
			return storage.Info{Size: int64(len(value))}, nil
		}
	case "stdin":
		n, err := bufio.NewReader(os.Stdin).ReadByte()
		if !errors.Is(err, io.EOF) {
			return storage.Info{}, fmt.Errorf("read %d, error %w", n, err)
		}
		return storage.Info{}, nil
	}
	return storage.Info{}, errs.New(errs.NotFound, "there is no object")
}
