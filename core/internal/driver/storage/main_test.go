package storage_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/plugintest"
)

// plugins is the directory of the binaries under test.
var plugins string

func TestMain(m *testing.M) {
	dir, err := plugintest.Build("quay-storage-local")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	plugins = dir
	if err := plugintest.BuildPackage(filepath.Join(dir, "evil"), "test/evil"); err != nil {
		os.RemoveAll(dir)
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// start runs the local driver on a new directory, which it returns.
func start(t testing.TB, opts storage.Options) (*storage.Location, *plugin.Supervisor, string) {
	t.Helper()
	dir := t.TempDir()
	config, err := json.Marshal(map[string]string{"storage_path": dir})
	if err != nil {
		t.Fatal(err)
	}
	sup, err := plugin.Start(t.Context(), plugin.Options{
		Name:      "local",
		Path:      filepath.Join(plugins, "quay-storage-local"),
		Instances: []plugin.Instance{{Name: "default", Config: config}},
		Confine:   confine.Policy{ReadWrite: []string{dir}},
		RunDir:    plugintest.RunDir(t),
		Logger:    slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	location := storage.NewLocation(sup, "default", opts)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		location.Close()
		sup.Close(ctx)
	})
	return location, sup, dir
}
