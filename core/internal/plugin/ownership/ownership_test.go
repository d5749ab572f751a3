package ownership_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/plugin/ownership"
	"github.com/quay/quay/sdk/errs"
)

// A file that only its owner can write is opened, by a link too; others are refused with
// an error that calls the file what its reader does. Package binary tests every way in
// which somebody else could have had a hand in it.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	good, open, link := filepath.Join(dir, "good"), filepath.Join(dir, "open"), filepath.Join(dir, "link")
	for path, mode := range map[string]os.FileMode{good: 0o644, open: 0o666} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("good", link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{good, link} {
		f, err := ownership.Open("the thing", path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if content, err := io.ReadAll(f); err != nil || string(content) != "x" {
			t.Errorf("%s has %q, error %v", path, content, err)
		}
		f.Close()
	}
	for path, kind := range map[string]errs.Kind{
		open:                             errs.Denied,
		dir:                              errs.Invalid,
		filepath.Join(dir, "none"):       errs.NotFound,
		filepath.Join(good, "below"):     errs.NotFound,
		filepath.Join(dir, "none", "is"): errs.NotFound,
	} {
		f, err := ownership.Open("the thing", path)
		if err == nil {
			f.Close()
		}
		if !errs.Is(err, kind) || !strings.Contains(err.Error(), "the thing") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
