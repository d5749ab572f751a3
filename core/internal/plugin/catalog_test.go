package plugin_test

import (
	"fmt"
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

// claim is what the test binary says of itself under the names that
// TestCatalogList gives it. It does not return for such a name.
func claim(file string) {
	switch file {
	case "quay-notify-good":
		// The version tells one run from another.
		fmt.Printf(`{"kind":"notify","name":"good","version":"%d"}`, os.Getpid())
	case "quay-auth-liar":
		fmt.Println(`{"kind":"auth","name":"other"}`)
	case "quay-auth-garbage":
		fmt.Println("hello")
	case "quay-auth-fails":
		fmt.Fprintln(os.Stderr, "no luck")
		os.Exit(1)
	case "quay-auth-flood":
		for {
			if _, err := fmt.Println(strings.Repeat("x", 1000)); err != nil {
				os.Exit(1)
			}
		}
	default:
		return
	}
	os.Exit(0)
}

// The catalog lists every file with a plugin's name, with its description or with
// what is wrong with it, and runs a file again only when it has changed.
func TestCatalogList(t *testing.T) {
	plugintest.Leaks(t)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"quay-notify-good", "quay-auth-liar", "quay-auth-garbage", "quay-auth-fails", "quay-auth-flood", "quay-magic-x"} {
		if err := os.Link(exe, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range map[string]struct {
		text string
		mode os.FileMode
	}{
		"quay-auth-mode":   {"", 0o644},
		"quay-auth-script": {"#!/bin/sh\n", 0o755},
		"README":           {"", 0o644},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content.text), content.mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "quay-auth-directory"), 0o755); err != nil {
		t.Fatal(err)
	}
	c := plugin.NewCatalog(dir, plugins, "/no/such/directory")
	want := []struct{ name, err string }{
		{"auth fails", "no luck"},
		{"auth flood", "does not describe itself"},
		{"auth garbage", "does not describe itself"},
		{"auth liar", "rename it to quay-auth-other"},
		{"auth mode", "chmod 0755"},
		{"auth script", "is a script"},
		{"notify good", ""},
		{"storage local", ""},
	}
	list := func() (version string) {
		t.Helper()
		entries, err := c.List(t.Context())
		if err != nil || len(entries) != len(want) {
			t.Fatalf("%d entries, error %v", len(entries), err)
		}
		for i, e := range entries {
			w := want[i]
			switch {
			case e.Kind+" "+e.Name != w.name:
				t.Errorf("entry %d is %s %s, not %s", i, e.Kind, e.Name, w.name)
			case w.err == "" && (e.Err != nil || e.Description.Version == ""):
				t.Errorf("%s: %+v, error %v", w.name, e.Description, e.Err)
			case w.err != "" && (e.Err == nil || !strings.Contains(e.Err.Error(), w.err)):
				t.Errorf("%s: the error is %v", w.name, e.Err)
			case e.Name == "good":
				version = e.Description.Version
			}
		}
		return version
	}
	first := list()
	if again := list(); again != first {
		t.Errorf("the plugin was run again: %s, then %s", first, again)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "quay-notify-good"), later, later); err != nil {
		t.Fatal(err)
	}
	if changed := list(); changed == first {
		t.Error("the plugin was not run again after a change")
	}
}
