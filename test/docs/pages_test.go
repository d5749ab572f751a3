// Package docs proves that the documentation says what the programs do.
package docs

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/test/server"
)

// update makes TestPages write the pages; `make docs` sets it.
var update = flag.Bool("update", false, "write the reference pages of the plugins")

// pages is where the reference pages are.
const pages = "../../docs/plugins"

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

// kinds are the kinds of plugins, by which the names of the pages begin.
var kinds = []string{"storage", "auth", "notify", "secscan"}

// TestPages proves that the reference page of each plugin is what the plugin says of
// itself today, and that there is no page of a plugin that is gone.
func TestPages(t *testing.T) {
	bin, err := server.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, kind := range kinds {
		plugins, err := filepath.Glob(filepath.Join(bin, "quay-"+kind+"-*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range plugins {
			name := strings.TrimPrefix(filepath.Base(path), "quay-") + ".md"
			want = append(want, name)
			checkPage(t, filepath.Join(bin, "quay"), path, filepath.Join(pages, name))
		}
	}
	if len(want) == 0 {
		t.Fatalf("there are no plugins in %s", bin)
	}
	for _, kind := range kinds {
		have, err := filepath.Glob(filepath.Join(pages, kind+"-*.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range have {
			if !slices.Contains(want, filepath.Base(page)) {
				t.Errorf("%s is of a plugin that is not built: remove it", page)
			}
		}
	}
}

func checkPage(t *testing.T, quay, plugin, page string) {
	t.Helper()
	cmd := exec.Command(quay, "plugin", "docs", plugin)
	cmd.Stderr = os.Stderr
	want, err := cmd.Output()
	if err != nil {
		t.Fatalf("quay plugin docs %s: %v", plugin, err)
	}
	if *update {
		if err := os.WriteFile(page, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Errorf("%v: make docs writes it", err)
	} else if string(have) != string(want) {
		t.Errorf("%s is stale, make docs writes it anew:\n%s", page, want)
	}
}
