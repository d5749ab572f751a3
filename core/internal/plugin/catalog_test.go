package plugin_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

func TestCatalogFind(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	for _, path := range []string{
		filepath.Join(first, "quay-storage-a"), filepath.Join(second, "quay-storage-a"), filepath.Join(second, "quay-auth-b"),
	} {
		if err := os.WriteFile(path, nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c := plugin.NewCatalog("/no/such/directory", first, second)
	tests := []struct {
		kind, name, path string
		err              errs.Kind
	}{
		{"storage", "a", filepath.Join(first, "quay-storage-a"), 0},
		{"auth", "b", filepath.Join(second, "quay-auth-b"), 0},
		{"auth", "a", "", errs.NotFound},
		{"storage", "../../etc/passwd", "", errs.Invalid},
		{"storage", "", "", errs.Invalid},
		{"magic", "a", "", errs.Invalid},
	}
	for _, test := range tests {
		path, err := c.Find(test.kind, test.name)
		if path != test.path || (test.path == "" && !errs.Is(err, test.err)) {
			t.Errorf("%s %s: %q, error %v", test.kind, test.name, path, err)
		}
	}
}

func TestCatalogList(t *testing.T) {
	plugintest.Leaks(t)
	dir := t.TempDir()
	write := func(name, script string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), mode); err != nil {
			t.Fatal(err)
		}
	}
	counter := filepath.Join(dir, "counter")
	write("quay-notify-good", `echo run >> `+counter+`; echo '{"kind":"notify","name":"good","version":"2"}'`, 0o755)
	write("quay-auth-liar", `echo '{"kind":"auth","name":"other"}'`, 0o755)
	write("quay-auth-garbage", `echo hello`, 0o755)
	write("quay-auth-fails", `echo no luck >&2; exit 1`, 0o755)
	write("quay-auth-flood", `while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done`, 0o755)
	write("quay-auth-mode", `exit 0`, 0o644)
	write("quay-magic-x", `exit 0`, 0o755)
	write("README", ``, 0o644)
	if err := os.Mkdir(filepath.Join(dir, "quay-auth-directory"), 0o755); err != nil {
		t.Fatal(err)
	}
	c := plugin.NewCatalog(dir, plugins, "/no/such/directory")
	want := []struct{ name, version, err string }{
		{"auth fails", "", "no luck"},
		{"auth flood", "", "does not describe itself"},
		{"auth garbage", "", "does not describe itself"},
		{"auth liar", "", "rename it to quay-auth-other"},
		{"auth mode", "", "permission denied"},
		{"notify good", "2", ""},
		{"storage local", "1.0.0", ""},
	}
	for range 2 {
		entries, err := c.List(t.Context())
		if err != nil || len(entries) != len(want) {
			t.Fatalf("%d entries, error %v", len(entries), err)
		}
		for i, e := range entries {
			w := want[i]
			switch {
			case e.Kind+" "+e.Name != w.name:
				t.Errorf("entry %d is %s %s, not %s", i, e.Kind, e.Name, w.name)
			case w.err == "" && (e.Err != nil || e.Description.Version != w.version):
				t.Errorf("%s: %+v, error %v", w.name, e.Description, e.Err)
			case w.err != "" && (e.Err == nil || !strings.Contains(e.Err.Error(), w.err)):
				t.Errorf("%s: the error is %v", w.name, e.Err)
			}
		}
	}
	runs := func() int {
		b, err := os.ReadFile(counter)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(b), "run")
	}
	if n := runs(); n != 1 {
		t.Errorf("the plugin was run %d times", n)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "quay-notify-good"), later, later); err != nil {
		t.Fatal(err)
	}
	if _, err := c.List(t.Context()); err != nil || runs() != 2 {
		t.Errorf("after a change it was run %d times, error %v", runs(), err)
	}
}
