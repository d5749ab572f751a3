package e2e

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

// TestDBCheck proves that `quay db check` finds nothing wrong with a registry that
// is being served, and says which blob has lost its bytes and what is left over when
// somebody has been at the files.
func TestDBCheck(t *testing.T) {
	s := server.Start(t, server.Options{})
	for i := range 3 {
		if err := s.Client.PushImage(t.Context(), "team/app", []string{"a", "b", "c"}[i], oci.NewImage(uint64(i), 1000)); err != nil {
			t.Fatal(err)
		}
	}
	check := func(args ...string) (string, error) {
		return quay(t, append([]string{"db", "check", "--mode=mirror", "--data-dir", s.DataDir, "--read-bytes=all", "--grace=1s", "--settle=100ms"}, args...)...)
	}
	out, err := check("--output=json")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var report struct {
		Results []struct {
			Invariant, Status string
			Checked           int
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	kept := make(map[string]int)
	for _, r := range report.Results {
		if r.Status == "kept" {
			kept[r.Invariant] = r.Checked
		}
	}
	if len(report.Results) != 8 || kept["I1"] == 0 || kept["I2"] < 4 || kept["I3"] < 4 {
		t.Errorf("%s", out)
	}

	storage := filepath.Join(s.DataDir, "storage", "sha256")
	var blob string
	err = filepath.WalkDir(storage, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			blob = path
		}
		return err
	})
	if err != nil || blob == "" {
		t.Fatalf("no blob: %v", err)
	}
	other := filepath.Join(storage, "00", strings.Repeat("00", 32))
	if err := os.MkdirAll(filepath.Dir(other), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(blob, other); err != nil {
		t.Fatal(err)
	}
	out, err = check("--invariant=I2,I3")
	digest := "sha256:" + filepath.Base(blob)
	if err == nil || !strings.Contains(out, digest+"): its bytes are in none of its locations") ||
		!strings.Contains(out, "sha256/00/"+strings.Repeat("00", 32)+" in default: it has no row") {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := check("--invariant=I9"); err == nil {
		t.Errorf("an invariant that does not exist: %s", out)
	}
}
