package schema

import (
	"os"
	"slices"
	"testing"
)

// At head, nothing is written to the file.
func TestSQLiteFileStays(t *testing.T) {
	d := newSQLite(t)
	db := d.open(t)
	d.up(t, db, true)
	before, err := os.ReadFile(d.where)
	if err != nil {
		t.Fatal(err)
	}
	d.up(t, db, false)
	after, err := os.ReadFile(d.where)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(before, after) {
		t.Error("the second call changed the file")
	}
}

// A database at head needs no write lock: another process may hold it, and the file may
// be read-only.
func TestSQLiteTakesNoWriteLockAtHead(t *testing.T) {
	d := newSQLite(t)
	db := d.open(t)
	d.up(t, db, true)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	d.up(t, d.open(t), false)
	readOnly := database{SQLite, "file:" + d.where + "?mode=ro"}
	readOnly.up(t, readOnly.open(t), false)
}

// The connection has its settings back afterwards, and no foreign key is broken.
func TestSQLiteKeepsForeignKeysAndTimeout(t *testing.T) {
	d := newSQLite(t)
	d.where += "?_pragma=foreign_keys(1)&_pragma=busy_timeout(1234)"
	db := d.open(t)
	db.SetMaxOpenConns(1)
	d.up(t, db, true)
	if timeout := number(t, db, "PRAGMA busy_timeout"); timeout != 1234 {
		t.Errorf("busy_timeout = %d", timeout)
	}
	query(t, db, "PRAGMA foreign_key_check", func(func(...any)) { t.Error("a foreign key is broken") })
}
