package schema

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

func open(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func newFile(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "quay.db")
}

func run(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func mustEnsure(t testing.TB, db *sql.DB, created bool) {
	t.Helper()
	got, err := Ensure(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if got != created {
		t.Fatalf("created = %v, want %v", got, created)
	}
}

func objects(t testing.TB, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func golden(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/schema.golden")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

func TestSchemaEqualsGolden(t *testing.T) {
	db := open(t, newFile(t))
	mustEnsure(t, db, true)
	for _, d := range differences(golden(t), dump(t, db)) {
		t.Error(d)
	}
}

// The comparison itself has to notice every kind of change.
func TestDumpShowsChanges(t *testing.T) {
	db := open(t, newFile(t))
	mustEnsure(t, db, true)
	run(t, db,
		"DROP INDEX team_name",
		"DROP INDEX user_email_unique_non_org",
		`CREATE UNIQUE INDEX user_email_unique_non_org ON "user" (email)`,
		"DROP INDEX star_user_id",
		"CREATE INDEX star_user_id ON star (user_id DESC)",
		"ALTER TABLE star ADD COLUMN colour TEXT DEFAULT 'red'",
		"CREATE TABLE own (a INT REFERENCES star (id) ON DELETE CASCADE)",
		"CREATE TRIGGER sound AFTER INSERT ON star BEGIN SELECT 1; END",
		"UPDATE visibility SET name = 'secret' WHERE id = 2",
		"DELETE FROM tagkind",
	)
	want := []string{
		"+ column own 1 a INT",
		"+ column star 5 colour TEXT DEFAULT 'red'",
		"+ foreignkey own (a) -> star (id) ON DELETE CASCADE",
		"+ index star star_user_id (user_id DESC)",
		"- index star star_user_id (user_id)",
		"- index team team_name (name)",
		"- index user user_email_unique_non_org (email) UNIQUE WHERE organization = false",
		"+ index user user_email_unique_non_org (email) UNIQUE",
		"- row tagkind id=1 name='tag'",
		"- row visibility id=2 name='private'",
		"+ row visibility id=2 name='secret'",
		"+ table own",
		"+ trigger sound",
	}
	got := differences(golden(t), dump(t, db))
	for _, d := range differences(want, got) {
		t.Error(d)
	}
}

func TestEnsureTwice(t *testing.T) {
	path := newFile(t)
	db := open(t, path)
	mustEnsure(t, db, true)
	run(t, db, "INSERT INTO quayregion (name) VALUES ('here')")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	mustEnsure(t, db, false)
	mustEnsure(t, open(t, path), false)
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(before, after) {
		t.Error("the second call changed the file")
	}
}

// A database at head needs no write lock: another process may hold it, and the
// file may be read-only.
func TestEnsureTakesNoWriteLockAtHead(t *testing.T) {
	path := newFile(t)
	db := open(t, path)
	mustEnsure(t, db, true)
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	mustEnsure(t, open(t, path), false)
	mustEnsure(t, open(t, "file:"+path+"?mode=ro"), false)
}

func TestEnsureKeepsForeignKeysAndTimeout(t *testing.T) {
	db := open(t, newFile(t)+"?_pragma=foreign_keys(1)&_pragma=busy_timeout(1234)")
	db.SetMaxOpenConns(1)
	mustEnsure(t, db, true)
	var timeout int
	if err := db.QueryRowContext(t.Context(), "PRAGMA busy_timeout").Scan(&timeout); err != nil {
		t.Fatal(err)
	}
	if timeout != 1234 {
		t.Errorf("busy_timeout = %d", timeout)
	}
	query(t, db, "PRAGMA foreign_key_check", func(func(...any)) { t.Error("a foreign key is broken") })
}

func TestEnsureConcurrent(t *testing.T) {
	for _, options := range []string{"", "?_pragma=journal_mode(WAL)"} {
		for range 3 {
			path := newFile(t)
			dbs := []*sql.DB{open(t, path+options), open(t, path+options)}
			created := make([]bool, len(dbs))
			errs := make([]error, len(dbs))
			start := make(chan struct{})
			var wg sync.WaitGroup
			for i, db := range dbs {
				wg.Go(func() {
					<-start
					created[i], errs[i] = Ensure(t.Context(), db)
				})
			}
			close(start)
			wg.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Fatalf("%q: %v", options, err)
			}
			if created[0] == created[1] {
				t.Fatalf("%q: created = %v, want exactly one", options, created)
			}
		}
	}
}

// The same with processes, which share nothing but the file.
func TestEnsureConcurrentProcesses(t *testing.T) {
	const variable = "SCHEMA_TEST_DATABASE"
	if path := os.Getenv(variable); path != "" {
		db := open(t, path)
		fmt.Println("ready")
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
		created, err := Ensure(t.Context(), db)
		fmt.Println("created:", created, "err:", err)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := newFile(t) + "?_pragma=journal_mode(WAL)"
	type child struct {
		cmd   *exec.Cmd
		out   *bufio.Scanner
		start func()
	}
	var children []child
	for range 3 {
		cmd := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), variable+"="+path)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		c := child{cmd, bufio.NewScanner(out), func() { _ = in.Close() }}
		if !c.out.Scan() || c.out.Text() != "ready" {
			t.Fatalf("a process did not start: %q", c.out.Text())
		}
		children = append(children, c)
	}
	for _, c := range children {
		c.start()
	}
	var results []string
	for _, c := range children {
		c.out.Scan()
		results = append(results, c.out.Text())
		for c.out.Scan() { // the rest of the test output
		}
		if err := c.cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	slices.Sort(results)
	want := []string{"created: false err: <nil>", "created: false err: <nil>", "created: true err: <nil>"}
	if !slices.Equal(results, want) {
		t.Errorf("got %q", results)
	}
}

func TestEnsureRefuses(t *testing.T) {
	const version = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"
	tests := []struct {
		name       string
		statements []string
		found      string
		message    string
	}{
		{
			"older",
			[]string{version, "INSERT INTO alembic_version VALUES ('6715e4719375')"},
			"6715e4719375", "upgrade it with the Python product's migrations to " + Head,
		},
		{
			"oldest",
			[]string{version, "INSERT INTO alembic_version VALUES ('c156deb8845d')"},
			"c156deb8845d", "upgrade it with the Python product's migrations to " + Head,
		},
		{
			"unknown",
			[]string{version, "INSERT INTO alembic_version VALUES ('0123456789ab')"},
			"0123456789ab", "made by a newer version",
		},
		{
			"two",
			[]string{version, "INSERT INTO alembic_version VALUES ('" + Head + "'), ('0123456789ab')"},
			Head + ",0123456789ab", "made by a newer version",
		},
		{"no row", []string{version}, "", "no Alembic revision"},
		{"foreign", []string{"CREATE TABLE songs (id INTEGER PRIMARY KEY)"}, "", "no Alembic revision"},
		{
			"only a view",
			[]string{"CREATE VIEW alembic_version AS SELECT '" + Head + "' AS version_num"},
			"", "no Alembic revision",
		},
		{"odd name", []string{"CREATE TABLE sqlite1 (id INTEGER PRIMARY KEY)"}, "", "no Alembic revision"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db := open(t, newFile(t))
			run(t, db, tt.statements...)
			before := dump(t, db)
			created, err := Ensure(t.Context(), db)
			var refusal *RevisionError
			if !errors.As(err, &refusal) || created {
				t.Fatalf("created = %v, err = %v", created, err)
			}
			if *refusal != (RevisionError{Found: tt.found, Want: Head}) {
				t.Errorf("refusal = %+v", *refusal)
			}
			if !strings.Contains(err.Error(), tt.message) {
				t.Errorf("message = %q, want it to say %q", err, tt.message)
			}
			if diff := differences(before, dump(t, db)); len(diff) > 0 {
				t.Errorf("the database was changed: %q", diff)
			}
		})
	}
}

// A call that is cut short leaves an empty database and a usable connection.
func TestEnsureCancelled(t *testing.T) {
	db := open(t, newFile(t))
	db.SetMaxOpenConns(1)
	done := false
	for limit := time.Millisecond; limit < time.Second && !done; limit *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		created, err := Ensure(ctx, db)
		cancel()
		switch n := objects(t, db); {
		case err == nil && created:
			done = true
		case err == nil:
			t.Fatal("created is false, but nobody else made the schema")
		case n != 0:
			t.Fatalf("after %v: %d objects, err = %v", limit, n, err)
		}
	}
	mustEnsure(t, db, !done)
}

func TestRevisionsEndAtHead(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(revisions), "\n")
	if last := lines[len(lines)-1]; last != Head {
		t.Errorf("the last revision is %s, want %s", last, Head)
	}
}

func BenchmarkEnsure(b *testing.B) {
	dir := b.TempDir()
	for i := 0; b.Loop(); i++ {
		db := open(b, filepath.Join(dir, fmt.Sprint(i, ".db")))
		mustEnsure(b, db, true)
		_ = db.Close()
	}
}
