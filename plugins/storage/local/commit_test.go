package local

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// TestCommitTakesTheName proves that nothing can be written to an upload once its
// commit has begun, even when that commit did not come to its end; that the same
// commit can be repeated; and that an upload begun anew under the id does not get
// into the object of the first.
func TestCommitTakesTheName(t *testing.T) {
	s, dir := openStore(t)
	const id = "0b0e"
	upload := func(content string) storage.Upload {
		t.Helper()
		if _, err := s.Begin(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		n, state, err := s.Append(t.Context(), storage.Upload{ID: id}, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		return storage.Upload{ID: id, Offset: n, State: state}
	}
	// A file where the object's directory should be lets the commit fail after it
	// has begun.
	obstacle := filepath.Join(dir, "sha256", "aa")
	if err := os.MkdirAll(filepath.Dir(obstacle), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(obstacle, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	first := upload("first")
	if err := s.Commit(t.Context(), first, "sha256/aa/first"); err == nil {
		t.Fatal("the commit did not fail")
	}
	if f, err := s.OpenUpload(t.Context(), first); !errs.Is(err, errs.NotFound) {
		f.Close()
		t.Errorf("the upload can still be written to: %v", err)
	}
	second := upload("other")
	if err := s.Commit(t.Context(), second, "sha256/bb/other"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(obstacle); err != nil {
		t.Fatal(err)
	}
	if err := s.Commit(t.Context(), first, "sha256/aa/first"); err != nil {
		t.Errorf("the commit cannot be repeated: %v", err)
	}
	for path, want := range map[string]string{"sha256/aa/first": "first", "sha256/bb/other": "other"} {
		if got, err := os.ReadFile(filepath.Join(dir, path)); err != nil || string(got) != want {
			t.Errorf("%s is %q, %v", path, got, err)
		}
	}
}
