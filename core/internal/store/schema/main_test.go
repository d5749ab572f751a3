package schema

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	servers "github.com/quay/quay/test/postgres"
)

// database is a database of a test, which can be opened more than once.
type database struct {
	engine Engine
	where  string // the file, or the URL
}

// each runs a test on an empty database of each engine.
func each(t *testing.T, test func(t *testing.T, d database)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newSQLite(t)) })
	t.Run("postgresql", func(t *testing.T) { test(t, newPostgres(t)) })
}

// eachAtHead runs a test on a database of each engine that Up has made. It is copied from
// one that was made before: that takes less time.
func eachAtHead(t *testing.T, test func(t *testing.T, d database)) {
	t.Run("sqlite", func(t *testing.T) {
		file, err := sqliteAtHead()
		if err != nil {
			t.Fatal(err)
		}
		d := newSQLite(t)
		if err := os.WriteFile(d.where, file, 0o600); err != nil {
			t.Fatal(err)
		}
		test(t, d)
	})
	t.Run("postgresql", func(t *testing.T) { test(t, postgresAtHead(t)) })
}

var sqliteAtHead = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "quay-schema-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	d := database{SQLite, filepath.Join(dir, "quay.db")}
	if err := d.fill(); err != nil {
		return nil, err
	}
	return os.ReadFile(d.where)
})

func postgresAtHead(t testing.TB) database {
	return database{PostgreSQL, servers.Shared(t).Copy(t, "schema_"+Head, func(url string) error {
		return database{PostgreSQL, url}.fill()
	})}
}

// fill makes the schema.
func (d database) fill() error {
	db, err := d.connect()
	if err != nil {
		return err
	}
	_, err = Up(context.Background(), db, d.engine, Options{})
	return errors.Join(err, db.Close())
}

func newSQLite(t testing.TB) database {
	return database{SQLite, filepath.Join(t.TempDir(), "quay.db")}
}

func newPostgres(t testing.TB) database {
	return database{PostgreSQL, servers.Shared(t).Database(t)}
}

func (d database) open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := d.connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func (d database) connect() (*sql.DB, error) {
	if d.engine == PostgreSQL {
		return OpenPostgres(d.where)
	}
	return sql.Open("sqlite", d.where)
}

func (d database) dump(t testing.TB, db *sql.DB) []string {
	t.Helper()
	if d.engine == PostgreSQL {
		return dumpPostgres(t, db)
	}
	return dumpSQLite(t, db)
}

// up runs Up without steps and checks whether it changed anything.
func (d database) up(t testing.TB, db *sql.DB, changed bool) {
	t.Helper()
	got, err := Up(t.Context(), db, d.engine, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got != changed {
		t.Fatalf("changed = %v, want %v", got, changed)
	}
}

// golden is what the database that the product's migrations made has.
func (d database) golden(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile(map[Engine]string{SQLite: "testdata/sqlite.golden", PostgreSQL: "testdata/postgres.golden"}[d.engine])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

func run(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// number asks for one number.
func number(t testing.TB, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}
