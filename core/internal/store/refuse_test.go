package store

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
)

// TestOpenRefusesUnchanged proves that a file at another revision is refused without a
// byte of it being changed: it belongs to somebody else, who may not use WAL mode.
func TestOpenRefusesUnchanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "quay.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)", "INSERT INTO alembic_version VALUES ('c156deb8845d')",
	} {
		if _, err := db.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	s, err := Open(t.Context(), Options{Path: path})
	if err == nil {
		_ = s.Close()
		t.Fatal("the file was opened")
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was changed (%v)", err)
	}
}
