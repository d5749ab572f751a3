package replay

import (
	"context"
	"database/sql"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/quay/quay/test/postgres"
)

// TestRowsOfBothEngines proves that a reader beside a server sees its rows in the form
// that a recording has, sees what is written, and reads again only what was written to.
func TestRowsOfBothEngines(t *testing.T) {
	for _, engine := range []struct {
		name string
		open func(t *testing.T) (Database, func(statement string))
	}{
		{"sqlite", openTestSQLite},
		{"postgresql", openTestPostgreSQL},
	} {
		t.Run(engine.name, func(t *testing.T) {
			d, exec := engine.open(t)
			defer d.Close()
			first, err := d.Rows(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			again, err := d.Rows(t.Context())
			if err != nil || !maps.Equal(first, again) {
				t.Errorf("nothing was written, and the rows are others, or %v", err)
			}
			want := `{"at":"2026-11-24 04:13:34.120000","count":5,"flag":1,"id":1,"name":"ü","on_day":"2026-11-24","raw":"b64:/w=="}`
			if got := encoded(first["item"].rows[1]); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			exec("INSERT INTO item (id, at, name) VALUES (7, '2026-11-24 04:13:34', NULL)")
			second, err := d.Rows(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want = `{"at":"2026-11-24 04:13:34","count":null,"flag":null,"id":7,"name":null,"on_day":null,"raw":null}`
			if c := first["item"].changesTo(second["item"]); len(c.added) != 1 || encoded(c.added[0]) != want {
				t.Errorf("the new row is %s, want %s", encoded(c.added), want)
			}
			exec("UPDATE item SET count = 6 WHERE id = 1")
			third, err := d.Rows(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c := changesBetween(second, third)
			if len(c) != 1 || encoded(c["item"].changed) != `{"1":{"count":6}}` {
				t.Errorf("the change is %+v", c)
			}
			if _, ok := first["alembic_version"]; ok {
				t.Error("the version of the schema is a table of rows")
			}
		})
	}
}

// testTables makes a database that has everything that a column may be.
func testTables(types string) []string {
	return []string{
		"CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(255), count BIGINT, " + types + ")",
		"CREATE TABLE other (id INTEGER PRIMARY KEY)",
		"CREATE TABLE alembic_version (version_num VARCHAR(32))",
	}
}

func openTestSQLite(t *testing.T) (Database, func(string)) {
	path := filepath.Join(t.TempDir(), "it's.db")
	db, err := sql.Open("sqlite", sqliteSource(path, "_pragma=journal_mode(wal)"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	exec := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range testTables("on_day DATE, at DATETIME, flag BOOLEAN, raw BLOB") {
		exec(s)
	}
	exec("INSERT INTO item VALUES (1, 'ü', 5, '2026-11-24', '2026-11-24 04:13:34.120000', 1, x'ff')")
	d, err := openSQLite(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return d, exec
}

func openTestPostgreSQL(t *testing.T) (Database, func(string)) {
	uri := postgres.Shared(t).Database(t)
	conn := connect(t, uri)
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range testTables("on_day DATE, at TIMESTAMP, flag BOOLEAN, raw BYTEA") {
		exec(s)
	}
	exec(`INSERT INTO item VALUES (1, 'ü', 5, '2026-11-24', '2026-11-24 04:13:34.12', true, '\xff')`)
	d, err := openPostgreSQL(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	return d, exec
}

func connect(t *testing.T, uri string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// TestRestore proves that a database is what it was after rows came, went and changed,
// foreign keys or not, and that the next row has the id that it would have had.
func TestRestore(t *testing.T) {
	uri := postgres.Shared(t).Database(t)
	conn := connect(t, uri)
	exec := func(statements ...string) {
		t.Helper()
		for _, s := range statements {
			if _, err := conn.Exec(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	exec(
		"CREATE TABLE parent (id SERIAL PRIMARY KEY, name TEXT)",
		"CREATE TABLE child (id SERIAL PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent)",
		"CREATE TABLE unused (id SERIAL PRIMARY KEY)",
		"INSERT INTO parent (name) VALUES ('a'), ('b')",
		"INSERT INTO child (parent_id) VALUES (1), (2)",
	)
	before, err := readContent(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	exec(
		"DELETE FROM child WHERE parent_id = 2", "DELETE FROM parent WHERE id = 2",
		"UPDATE parent SET name = 'c'", "INSERT INTO parent (name) VALUES ('d'), ('e')",
		"INSERT INTO child (parent_id) VALUES (4)", "INSERT INTO unused DEFAULT VALUES",
	)
	if err := before.restore(t.Context(), uri); err != nil {
		t.Fatal(err)
	}
	after, err := readContent(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.EqualFunc(before.tables, after.tables, slices.Equal) {
		t.Errorf("the rows are %q, want %q", after.tables, before.tables)
	}
	for table, want := range map[string]int{"parent": 3, "child": 3, "unused": 1} {
		var next int
		if err := conn.QueryRow(t.Context(), "SELECT nextval($1::regclass)", table+"_id_seq").Scan(&next); err != nil || next != want {
			t.Errorf("the next row of %s is %d, %v; want %d", table, next, err, want)
		}
	}
}
