package schema

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A database that Up made is the one that the product's migrations make: every table,
// column, type, default, key, index, sequence, extension and row. Each difference is an
// error.
func TestSchemaEqualsGolden(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		db := d.open(t)
		d.up(t, db, true)
		for _, diff := range differences(d.golden(t), d.dump(t, db)) {
			t.Error(diff)
		}
	})
}

// changes are made to a database at head, and what the comparison has to say of them.
var changes = map[Engine]struct{ made, seen []string }{
	SQLite: {
		[]string{
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
		},
		[]string{
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
		},
	},
	PostgreSQL: {
		[]string{
			"DROP INDEX team_name",
			"DROP INDEX user_email_unique_non_org",
			`CREATE UNIQUE INDEX user_email_unique_non_org ON "user" (email) WHERE organization`,
			"DROP INDEX repository_name__fulltext",
			"CREATE INDEX repository_name__fulltext ON repository (name)",
			"DROP INDEX star_user_id",
			"CREATE INDEX star_user_id ON star (user_id) INCLUDE (repository_id)",
			"ALTER TABLE star ADD COLUMN colour varchar(9) COLLATE \"C\" DEFAULT 'red'",
			"ALTER TABLE star ALTER COLUMN created DROP NOT NULL",
			"ALTER TABLE star ALTER COLUMN created TYPE timestamp with time zone",
			"ALTER TABLE star RENAME CONSTRAINT pk_star TO star_pkey",
			"ALTER TABLE star DROP CONSTRAINT fk_star_user_id_user",
			`ALTER TABLE star ADD CONSTRAINT fk_star_user_id_user FOREIGN KEY (user_id) REFERENCES "user" (id) ON DELETE CASCADE`,
			"ALTER TABLE star ADD CONSTRAINT even CHECK (user_id <> 1)",
			"CREATE VIEW seen AS SELECT 1 AS n",
			"CREATE TYPE colour AS ENUM ('red')",
			"CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT 42'",
			"CREATE EXTENSION hstore",
			"CREATE SCHEMA elsewhere",
			"UPDATE visibility SET name = 'secret' WHERE id = 2",
			"DELETE FROM tagkind",
		},
		[]string{
			"- column star 4 created timestamp without time zone NOT NULL",
			"+ column star 4 created timestamp with time zone",
			`+ column star 5 colour character varying(9) DEFAULT 'red'::character varying COLLATE "C"`,
			"+ constraint star even CHECK ((user_id <> 1))",
			"+ enum_type colour",
			"+ extension hstore",
			"- foreignkey star fk_star_user_id_user (user_id) -> \"user\" (id) aa",
			"+ foreignkey star fk_star_user_id_user (user_id) -> \"user\" (id) ac",
			"+ function answer",
			"- index repository CREATE INDEX repository_name__fulltext ON public.repository USING gin (name gin_trgm_ops) [gin_trgm_ops]",
			"+ index repository CREATE INDEX repository_name__fulltext ON public.repository USING btree (name) [text_ops]",
			"- index star CREATE INDEX star_user_id ON public.star USING btree (user_id) [int4_ops]",
			"+ index star CREATE INDEX star_user_id ON public.star USING btree (user_id) INCLUDE (repository_id) [int4_ops]",
			"- index team CREATE INDEX team_name ON public.team USING btree (name) [text_ops]",
			"- index user CREATE UNIQUE INDEX user_email_unique_non_org ON public.\"user\" USING btree (email) WHERE (organization = false) [text_ops]",
			"+ index user CREATE UNIQUE INDEX user_email_unique_non_org ON public.\"user\" USING btree (email) WHERE organization [text_ops]",
			"- primarykey star pk_star (id)",
			"+ primarykey star star_pkey (id)",
			"+ relation v seen",
			"- row tagkind id='1' name='tag'",
			"- row visibility id='2' name='private'",
			"+ row visibility id='2' name='secret'",
			"+ schema elsewhere",
		},
	},
}

// The comparison itself notices every kind of change.
func TestDumpShowsChanges(t *testing.T) {
	eachAtHead(t, func(t *testing.T, d database) {
		db := d.open(t)
		run(t, db, changes[d.engine].made...)
		got := differences(d.golden(t), d.dump(t, db))
		for _, diff := range differences(changes[d.engine].seen, got) {
			t.Error(diff)
		}
	})
}

// A second call changes nothing, also where rows were added and the database was opened
// anew.
func TestUpTwice(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		db := d.open(t)
		d.up(t, db, true)
		run(t, db, "INSERT INTO quayregion (name) VALUES ('here')")
		before := d.dump(t, db)
		d.up(t, db, false)
		d.up(t, d.open(t), false)
		for _, diff := range differences(before, d.dump(t, db)) {
			t.Error(diff)
		}
	})
}

// Rows that are added to a new database get ids of their own after those of the
// migrations.
func TestFirstIDs(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		db := d.open(t)
		d.up(t, db, true)
		for table, want := range map[string]int{"role": 4, "logentrykind": 147, "quayregion": 1} {
			if id := number(t, db, "INSERT INTO "+table+" (name) VALUES ('mine') RETURNING id"); id != want {
				t.Errorf("the id of a new row of %s is %d, want %d", table, id, want)
			}
		}
	})
}

// Of several that call Up at once, one makes the schema and the others wait for it.
func TestUpConcurrent(t *testing.T) {
	concurrent := func(t *testing.T, d database) {
		dbs := []*sql.DB{d.open(t), d.open(t), d.open(t)}
		changed := make([]bool, len(dbs))
		errs := make([]error, len(dbs))
		start := make(chan struct{})
		var wg sync.WaitGroup
		for i, db := range dbs {
			wg.Go(func() {
				<-start
				changed[i], errs[i] = Up(t.Context(), db, d.engine, Options{})
			})
		}
		close(start)
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(changed, func(a, b bool) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		if !slices.Equal(changed, []bool{false, false, true}) {
			t.Fatalf("changed = %v, want exactly one", changed)
		}
	}
	each(t, concurrent)
	t.Run("turning on WAL", func(t *testing.T) {
		for range 3 {
			d := newSQLite(t)
			d.where += "?_pragma=journal_mode(WAL)"
			concurrent(t, d)
		}
	})
}

// The same with processes, which share nothing but the database.
func TestUpConcurrentProcesses(t *testing.T) {
	const variable = "SCHEMA_TEST_DATABASE"
	if engine, where, ok := strings.Cut(os.Getenv(variable), " "); ok {
		d := database{Engine(engine), where}
		db := d.open(t)
		fmt.Println("ready")
		_, _ = bufio.NewReader(os.Stdin).ReadString('\n')
		changed, err := Up(t.Context(), db, d.engine, Options{})
		fmt.Println("changed:", changed, "err:", err)
		return
	}
	each(t, func(t *testing.T, d database) {
		if d.engine == SQLite {
			d.where += "?_pragma=journal_mode(WAL)"
		}
		type child struct {
			cmd   *exec.Cmd
			out   *bufio.Scanner
			start func()
		}
		var children []child
		for range 3 {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestUpConcurrentProcesses$")
			cmd.Env = append(os.Environ(), variable+"="+string(d.engine)+" "+d.where)
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
		want := []string{"changed: false err: <nil>", "changed: false err: <nil>", "changed: true err: <nil>"}
		if !slices.Equal(results, want) {
			t.Errorf("got %q", results)
		}
	})
}

// A database at another revision, or with tables that are not known to be Quay's, is
// refused with what to do about it, and not changed.
func TestRefusals(t *testing.T) {
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
			each(t, func(t *testing.T, d database) {
				db := d.open(t)
				run(t, db, tt.statements...)
				before := d.dump(t, db)
				changed, upErr := Up(t.Context(), db, d.engine, Options{})
				if changed {
					t.Error("Up says that it changed the database")
				}
				for _, err := range []error{upErr, Check(t.Context(), db, d.engine, nil)} {
					var refusal *RevisionError
					if !errors.As(err, &refusal) {
						t.Fatalf("err = %v", err)
					}
					if *refusal != (RevisionError{Found: tt.found, Want: Head}) {
						t.Errorf("refusal = %+v", *refusal)
					}
					if !strings.Contains(err.Error(), tt.message) {
						t.Errorf("message = %q, want it to say %q", err, tt.message)
					}
				}
				for _, diff := range differences(before, d.dump(t, db)) {
					t.Error("the database was changed:", diff)
				}
			})
		})
	}
}

// Check refuses an empty database, leaves it empty and says how to fill it; it accepts
// one that was filled.
func TestCheck(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		db := d.open(t)
		before := d.dump(t, db)
		err := Check(t.Context(), db, d.engine, nil)
		var refusal *RevisionError
		if !errors.As(err, &refusal) || !refusal.Empty || !strings.Contains(err.Error(), "quay migrate up") {
			t.Errorf("an empty database: %v", err)
		}
		for _, diff := range differences(before, d.dump(t, db)) {
			t.Error("the database was changed:", diff)
		}
		d.up(t, db, true)
		if err := Check(t.Context(), db, d.engine, nil); err != nil {
			t.Errorf("a database at head: %v", err)
		}
	})
}

// A call that is cut short leaves an empty database and a usable connection.
func TestUpCancelled(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		db := d.open(t)
		db.SetMaxOpenConns(1)
		before := d.dump(t, db)
		done := false
		for limit := time.Millisecond; limit < 10*time.Second && !done; limit *= 2 {
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			changed, err := Up(ctx, db, d.engine, Options{})
			cancel()
			switch {
			case err == nil && changed:
				done = true
			case err == nil:
				t.Fatal("nothing changed, but nobody else made the schema")
			default:
				if diff := differences(before, d.dump(t, db)); len(diff) > 0 {
					t.Fatalf("after %v: %q, err = %v", limit, diff, err)
				}
			}
		}
		d.up(t, db, !done)
	})
}

func TestRevisionsEndAtHead(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(revisions), "\n")
	if last := lines[len(lines)-1]; last != Head {
		t.Errorf("the last revision is %s, want %s", last, Head)
	}
}

func BenchmarkUp(b *testing.B) {
	for name, fresh := range map[string]func(testing.TB) database{"sqlite": newSQLite, "postgresql": newPostgres} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				d := fresh(b)
				db := d.open(b)
				d.up(b, db, true)
				_ = db.Close()
			}
		})
	}
}
