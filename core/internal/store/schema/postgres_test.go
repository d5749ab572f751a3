package schema

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// What an administrator made before, extensions with tables and views of their own, does
// not make a database one that is not empty.
func TestExtensionsBefore(t *testing.T) {
	d := newPostgres(t)
	db := d.open(t)
	run(t, db, "CREATE EXTENSION pg_trgm", "CREATE EXTENSION pg_stat_statements")
	if number(t, db, "SELECT count(*) FROM pg_class WHERE relname = 'pg_stat_statements'") != 1 {
		t.Fatal("the extension has no view: the test proves nothing")
	}
	d.up(t, db, true)
	want := []string{"+ extension pg_stat_statements", "+ relation v pg_stat_statements", "+ relation v pg_stat_statements_info"}
	for _, diff := range differences(want, differences(d.golden(t), d.dump(t, db))) {
		if !strings.Contains(diff, "relation v") { // the dump leaves them out as well
			t.Error(diff)
		}
	}
}

// The tables are made in the user's schema, whatever its name, and what is in others
// does not matter.
func TestOtherSchema(t *testing.T) {
	d := newPostgres(t)
	run(t, d.open(t), `CREATE SCHEMA "My Quay"`, "CREATE TABLE songs (id int)", "CREATE EXTENSION pg_trgm")
	d.where += "&search_path=" + url.PathEscape(`"My Quay",public`)
	db := d.open(t)
	d.up(t, db, true)
	if n := number(t, db, `SELECT count(*) FROM pg_tables WHERE schemaname = 'My Quay'`); n != 105 {
		t.Errorf("%d tables are in the schema, want 105", n)
	}
	if id := number(t, db, "INSERT INTO role (name) VALUES ('mine') RETURNING id"); id != 4 {
		t.Errorf("the id of a new row is %d, want 4", id)
	}
	d.up(t, d.open(t), false)
}

// A database that cannot hold all texts is refused, and stays empty.
func TestEncoding(t *testing.T) {
	d := newPostgres(t)
	db := d.open(t)
	run(t, db, "CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'")
	t.Cleanup(func() {
		latin := d.open(t)
		if _, err := latin.Exec("DROP DATABASE latin WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(d.where)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/latin"
	latin := database{PostgreSQL, u.String()}
	other := latin.open(t)
	if _, err := Up(t.Context(), other, latin.engine, Options{}); err == nil || !strings.Contains(err.Error(), "LATIN1") {
		t.Errorf("err = %v", err)
	}
	if n := number(t, other, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"); n != 0 {
		t.Errorf("there are %d tables", n)
	}
}

// Whoever waits for another process is told so, and goes on when that one is done.
func TestWaiting(t *testing.T) {
	d := newPostgres(t)
	db, other := d.open(t), d.open(t)
	run(t, other, fmt.Sprintf("SELECT pg_advisory_lock(%d)", int64(migrationLock)))
	told := 0
	changed, err := Up(t.Context(), db, d.engine, Options{Waiting: func() {
		told++
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	}})
	if err != nil || !changed || told != 1 {
		t.Errorf("changed = %v, told = %d, err = %v", changed, told, err)
	}
}
