package cli

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/store/transfer"
	"github.com/quay/quay/sdk/errs"
)

// "db copy" fills a new file with the rows of another, which is in use and has not
// written them to their place yet, says what it copied, and does not fill it twice.
func TestDBCopy(t *testing.T) {
	from, to := filepath.Join(t.TempDir(), "from.db"), filepath.Join(t.TempDir(), "to.db")
	s, err := store.Open(t.Context(), store.Options{Path: from})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.EnsureLocation(t.Context(), "attic"); err != nil {
		t.Fatal(err)
	}
	args := []string{"db", "copy", "--from", "sqlite:///" + from, "--to", "sqlite:///" + to}
	out, err := quay(t, append(args, "--output", "json")...)
	if err != nil {
		t.Fatal(err)
	}
	var report transfer.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	rows := map[string]int64{}
	for _, table := range report.Tables {
		rows[table.Name] = table.Rows
	}
	if len(rows) != 105 || rows["alembic_version"] != 1 || rows["role"] != 3 || rows["imagestoragelocation"] == 0 || rows["user"] != 0 {
		t.Errorf("copied %v", rows)
	}
	if _, err := quay(t, args...); !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "imagestoragelocation") {
		t.Errorf("the second copy: %v", err)
	}
}

// "db copy" says which of the two databases it cannot use, without its password.
func TestDBCopyRefuses(t *testing.T) {
	good := "sqlite:///" + filepath.Join(t.TempDir(), "quay.db")
	for _, tc := range []struct{ from, to, say string }{
		{"mysql://quay:hunter2@db/quay", good, "--from"},
		{good, "postgresql://quay:hunter2@db:5x/quay", "--to"},
		{good, "postgresql://quay:hunter2@127.0.0.1:1/quay", "the source"},
	} {
		_, err := quay(t, "db", "copy", "--from", tc.from, "--to", tc.to)
		if err == nil || !strings.Contains(err.Error(), tc.say) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s to %s: %v", tc.from, tc.to, err)
		}
	}
	if _, err := quay(t, "db", "copy", "--from", good); err == nil {
		t.Error("a copy to nowhere")
	}
}
