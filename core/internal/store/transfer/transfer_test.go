package transfer

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/quay/quay/core/internal/store/record"
	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/test/postgres"
)

// newPostgres makes a database at head.
func newPostgres(t testing.TB) Location {
	t.Helper()
	return Location{URL: postgres.Shared(t).Copy(t, "store_"+schema.Head, func(url string) error {
		db, err := schema.OpenPostgres(url)
		if err != nil {
			return err
		}
		_, err = schema.Up(context.Background(), db, schema.PostgreSQL, schema.Options{Steps: schema.Steps()})
		return errors.Join(err, db.Close())
	})}
}

// server runs statements on a PostgreSQL database.
func server(t testing.TB, url string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, q := range statements {
		if _, err := conn.Exec(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

func file(path string) Location { return Location{Path: path} }

// fresh is a file that does not exist.
func fresh(t testing.TB) Location {
	path := filepath.Join(t.TempDir(), "a b%41?c#d", "quay.db")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	return file(path)
}

// mustCopy copies and returns the report.
func mustCopy(t *testing.T, from, to Location) *Report {
	t.Helper()
	told := 0
	report, err := Copy(t.Context(), Options{From: from, To: to, Progress: func(Table) { told++ }})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Tables) != len(record.Tables()) || told != len(report.Tables) {
		t.Errorf("%d tables are reported, %d were told of", len(report.Tables), told)
	}
	return report
}

// TestEveryTableSurvives proves that rows with the edges of what each column can hold,
// in every table, are the same after they went through the row types into another
// SQLite file, and after they went through PostgreSQL.
func TestEveryTableSurvives(t *testing.T) {
	path := generate(t)
	want := dump(t, path)
	t.Logf("%d rows in %d tables", len(want), len(record.Tables()))

	copied := fresh(t)
	first := mustCopy(t, file(path), copied)
	wantSame(t, dump(t, copied.Path), want)

	server := newPostgres(t)
	second := mustCopy(t, file(path), server)
	if len(second.Rewritten)+len(second.LeftOut) > 0 {
		t.Errorf("values were rewritten: %v, tables left out: %v", second.Rewritten, second.LeftOut)
	}
	back := fresh(t)
	third := mustCopy(t, server, back)
	wantSame(t, dump(t, back.Path), want)

	other := Location{URL: postgres.Shared(t).Database(t)} // its tables are made, too
	fourth := mustCopy(t, server, other)
	for i, table := range second.Tables {
		if table != third.Tables[i] || table != fourth.Tables[i] || table.Rows != first.Tables[i].Rows {
			t.Errorf("reports differ: %v, %v, %v, %v", first.Tables[i], table, third.Tables[i], fourth.Tables[i])
		}
	}
}

// TestColumnsAreThoseOfPostgres proves that the description of each table, which is
// generated from the schema of SQLite, is right for PostgreSQL, too.
func TestColumnsAreThoseOfPostgres(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), newPostgres(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	types := map[string][]record.Kind{
		"integer": {record.Integer}, "bigint": {record.Bigint}, "boolean": {record.Boolean}, "date": {record.Date},
		"timestamp without time zone": {record.Timestamp},
		"text":                        {record.Text, record.Document, record.Secret},
		"character varying":           {record.Text, record.Document, record.Secret},
	}
	for _, table := range record.Tables() {
		rows, err := conn.Query(t.Context(), `SELECT column_name, data_type, coalesce(character_maximum_length, 0), is_nullable = 'YES'
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position`, table.Name)
		if err != nil {
			t.Fatal(err)
		}
		var got []record.Column
		for i := 0; rows.Next(); i++ {
			var c record.Column
			var kind string
			if err := rows.Scan(&c.Name, &kind, &c.Length, &c.Nullable); err != nil {
				t.Fatal(err)
			}
			if i < len(table.Columns) && slices.Contains(types[kind], table.Columns[i].Kind) {
				c.Kind = table.Columns[i].Kind
			}
			got = append(got, c)
		}
		if rows.Err() != nil || !slices.Equal(got, table.Columns) {
			t.Errorf("%s: %v\ngot  %v\nwant %v", table.Name, rows.Err(), got, table.Columns)
		}
	}
}

// TestOtherTablesAreNamed proves that a table which is not the product's is not copied,
// and that the report says so.
func TestOtherTablesAreNamed(t *testing.T) {
	path := newSQLite(t)
	run(t, openFile(t, path), `CREATE TABLE songs (id INTEGER PRIMARY KEY)`)
	onServer := newPostgres(t)
	server(t, onServer.URL, `CREATE TABLE songs (id integer)`)
	for _, from := range []Location{file(path), onServer} {
		report := mustCopy(t, from, fresh(t))
		if !slices.Equal(report.LeftOut, []string{"songs"}) {
			t.Errorf("left out: %v", report.LeftOut)
		}
	}
}

// TestIdsGoOn proves that the first new row on PostgreSQL gets the id after the last
// one of the copy, and 1 where there was no row.
func TestIdsGoOn(t *testing.T) {
	path := newSQLite(t)
	run(t, openFile(t, path), `INSERT INTO quayregion (id, name) VALUES (41, 'north')`)
	to := newPostgres(t)
	mustCopy(t, file(path), to)
	conn, err := pgx.Connect(t.Context(), to.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for q, want := range map[string]int{
		`INSERT INTO quayregion (name) VALUES ('south') RETURNING id`:                                       42,
		`INSERT INTO quotaregistrysize (size_bytes, running, queued) VALUES (0, false, false) RETURNING id`: 1,
	} {
		var id int
		if err := conn.QueryRow(t.Context(), q).Scan(&id); err != nil || id != want {
			t.Errorf("%s: %d, %v, want %d", q, id, err, want)
		}
	}
}

// TestOddValuesSurvive proves that values which the product never writes are the same
// in another SQLite file, and that PostgreSQL gets what they mean.
func TestOddValuesSurvive(t *testing.T) {
	path := newSQLite(t)
	db := openFile(t, path)
	run(t, db, `INSERT INTO "user" (id, username, email, verified, organization, robot, invoice_email, last_invalid_login, last_accessed)
		VALUES (1, 'a', 'a', 2, 0, 0, 0, '2026-08-01T12:00:00.5Z', '2026-08-01'), (2, 'b', 'b', -1, 0, 0, 0, '2026-08-01 12:00:00+02:00', NULL)`)
	want := dump(t, path)
	copied := fresh(t)
	if report := mustCopy(t, file(path), copied); len(report.Rewritten) > 0 {
		t.Errorf("rewritten: %v", report.Rewritten)
	}
	wantSame(t, dump(t, copied.Path), want)

	server := newPostgres(t)
	report := mustCopy(t, file(path), server)
	if want := []Rewritten{{"user", "verified", 2}, {"user", "last_invalid_login", 2}, {"user", "last_accessed", 1}}; !slices.Equal(report.Rewritten, want) {
		t.Errorf("rewritten: %v", report.Rewritten)
	}
	conn, err := pgx.Connect(t.Context(), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var got string
	if err := conn.QueryRow(t.Context(), `SELECT string_agg(concat_ws(' ', verified, last_invalid_login, last_accessed), ', ' ORDER BY id) FROM "user"`).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if want := "t 2026-08-01 12:00:00.5 2026-08-01 00:00:00, t 2026-08-01 10:00:00"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestManyRows proves that tables which take several queries to read, and several COPYs
// to write, are whole on the other side, also where rows refer to rows far behind them.
func TestManyRows(t *testing.T) {
	path := newSQLite(t)
	db := openFile(t, path)
	const n = copyRows + batch + 17
	for _, q := range []string{
		`INSERT INTO "user" (id, username, email, verified, organization, robot, invoice_email, last_invalid_login)
			VALUES (1, 'a', 'a', 0, 0, 0, 0, '2026-08-01 12:00:00')`,
		`INSERT INTO repository (id, namespace_user_id, name, visibility_id, badge_token, kind_id) VALUES (1, 1, 'r', 1, 'b', 1)`,
	} {
		run(t, db, q)
	}
	const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) `
	run(t, db, numbers+`INSERT INTO quayregion (id, name) SELECT i * 3, 'r' || i FROM n`, n)
	run(t, db, numbers+`INSERT INTO repomirrorrule (id, uuid, repository_id, creation_date, rule_type, rule_value, left_child_id)
		SELECT i, i, 1, '2026-08-01 12:00:00', 1, '[]', $1 + 1 - i FROM n`, n)
	run(t, db, numbers+`INSERT INTO label (id, uuid, key, value, media_type_id, source_type_id) SELECT i, 'u' || i, 'k', 'v', 1, 1 FROM n`, batch)
	want := dump(t, path)
	server := newPostgres(t)
	mustCopy(t, file(path), server)
	back := fresh(t)
	mustCopy(t, server, back)
	wantSame(t, dump(t, back.Path), want)
}

// TestRefusals proves what is refused, that the error says why, and that the target
// is as it was.
func TestRefusals(t *testing.T) {
	sqlite := func(statements ...string) func(testing.TB) Location {
		return func(t testing.TB) Location {
			path := newSQLite(t)
			for _, q := range statements {
				run(t, openFile(t, path), q)
			}
			return file(path)
		}
	}
	pg := func(statements ...string) func(testing.TB) Location {
		return func(t testing.TB) Location {
			l := newPostgres(t)
			server(t, l.URL, statements...)
			return l
		}
	}
	at := func(l Location) func(testing.TB) Location { return func(testing.TB) Location { return l } }
	const region = `INSERT INTO quayregion (name) VALUES ('north')`
	for name, tc := range map[string]struct {
		from, to func(testing.TB) Location
		kind     errs.Kind
		say      []string
	}{
		"no source":           {at(file("/nowhere/quay.db")), sqlite(), errs.Unavailable, []string{"the source", "/nowhere/quay.db"}},
		"a password":          {at(Location{URL: "postgresql://quay:hunter2@%zz/quay"}), sqlite(), errs.Invalid, []string{"the source"}},
		"no server":           {at(Location{URL: "postgresql://quay:hunter2@127.0.0.1:1/quay"}), sqlite(), errs.Unavailable, []string{"the source"}},
		"an older source":     {sqlite(`UPDATE alembic_version SET version_num = '6715e4719375'`), sqlite(), errs.Invalid, []string{"the source", "older"}},
		"an older server":     {pg(`UPDATE alembic_version SET version_num = '6715e4719375'`), sqlite(), errs.Invalid, []string{"the source", "older"}},
		"an unknown target":   {sqlite(), sqlite(`UPDATE alembic_version SET version_num = 'ffffffffffff'`), errs.Invalid, []string{"the target", "ffffffffffff"}},
		"a target in use":     {sqlite(), sqlite(region), errs.Conflict, []string{"quayregion"}},
		"a server in use":     {sqlite(), pg(region), errs.Conflict, []string{"quayregion"}},
		"a target with less":  {sqlite(), sqlite(`DELETE FROM tagkind`), errs.Conflict, []string{"tagkind"}},
		"a target with other": {sqlite(), pg(`UPDATE role SET name = 'king' WHERE id = 1`), errs.Conflict, []string{"role"}},
		"a dangling reference": {
			sqlite(`INSERT INTO star (id, user_id, repository_id, created) VALUES (5, 77, 88, '2026-08-01 12:00:00')`), sqlite(),
			errs.Invalid,
			[]string{"2 values", "star 5: user_id refers", "star 5: repository_id refers"},
		},
		"what PostgreSQL cannot hold": {
			sqlite(`INSERT INTO quayregion (id, name) VALUES (5, printf('%.300c', 'x')), (6, 'a' || char(0)), (3000000000, 'y')`), pg(),
			errs.Invalid,
			[]string{"3 values", "quayregion 5: name has 300 characters", "quayregion 6: name has a NUL", "quayregion 3000000000: id is beyond"},
		},
		"what SQLite cannot hold": {
			pg(`INSERT INTO loginservice (id, name) VALUES (99, 'x')`, `INSERT INTO quayservice VALUES (9, 's')`, `INSERT INTO quayregion VALUES (9, 'r')`,
				`INSERT INTO quayrelease (id, service_id, version, region_id, reverted, created) VALUES (5, 9, 'v', 9, false, 'infinity')`), sqlite(),
			errs.Invalid,
			[]string{"quayrelease 5: created"},
		},
		"a copy that differs": {
			sqlite(), sqlite(`CREATE TRIGGER t AFTER INSERT ON role BEGIN UPDATE role SET name = name || 'x' WHERE id = new.id; END`),
			errs.Corrupt,
			[]string{"role", "checksum"},
		},
		"a server's copy that differs": {
			sqlite(), pg(`CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.name := new.name || 'x'; RETURN new; END $$`,
				`CREATE TRIGGER t BEFORE INSERT ON role FOR EACH ROW EXECUTE FUNCTION f()`),
			errs.Corrupt,
			[]string{"role", "checksum"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := tc.from(t), tc.to(t)
			before := state(t, to)
			report, err := Copy(t.Context(), Options{From: from, To: to})
			if report != nil || !errs.Is(err, tc.kind) {
				t.Fatalf("got %v, %v, want an error of kind %v", report, err, tc.kind)
			}
			for _, part := range tc.say {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not say %q", err, part)
				}
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%q shows the password", err)
			}
			wantSame(t, state(t, to), before)
		})
	}
}

// state is what a database has.
func state(t *testing.T, l Location) []string {
	t.Helper()
	if l.Path != "" {
		return dump(t, l.Path)
	}
	d, err := open(t.Context(), l, source)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	var lines []string
	for _, table := range record.Tables() {
		for r, err := range read(t.Context(), d, table) {
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, table.Name+": "+string(encode(nil, table.Values(r))))
		}
	}
	return lines
}

// TestGivenUp proves that a copy which is given up in its middle leaves the target as
// it was, and that the next one succeeds.
func TestGivenUp(t *testing.T) {
	path := generate(t)
	for name, to := range map[string]Location{"SQLite": fresh(t), "PostgreSQL": newPostgres(t)} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			tables := 0
			_, err := Copy(ctx, Options{From: file(path), To: to, Progress: func(Table) {
				if tables++; tables == 50 {
					cancel()
				}
			}})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("got %v", err)
			}
			if got, want := len(state(t, to)), len(dump(t, newSQLite(t))); got != want {
				t.Errorf("the target has %d rows, want the %d of a new one", got, want)
			}
			mustCopy(t, file(path), to)
		})
	}
}

// TestOneAtATime proves that nobody writes to a target while it is filled.
func TestOneAtATime(t *testing.T) {
	to := newPostgres(t)
	conn, err := pgx.Connect(t.Context(), to.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `SET lock_timeout = '50ms'`); err != nil {
		t.Fatal(err)
	}
	asked := 0
	_, err = Copy(t.Context(), Options{From: file(newSQLite(t)), To: to, Progress: func(table Table) {
		if table.Name != "tag" {
			return
		}
		asked++
		if _, err := conn.Exec(t.Context(), `INSERT INTO quayregion (name) VALUES ('south')`); err == nil || !strings.Contains(err.Error(), "lock timeout") {
			t.Errorf("a write during the copy: %v", err)
		}
	}})
	if err != nil || asked != 1 {
		t.Error(err, asked)
	}
}
