package schema

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What would be run is what Up runs: executed by hand it makes the same database, and
// looking at it changes nothing.
func TestPlanMakesTheSchema(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		db := d.open(t)
		before := d.dump(t, db)
		plan, err := Plan(t.Context(), db, d.engine, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, diff := range differences(before, d.dump(t, db)) {
			t.Error("Plan changed:", diff)
		}
		for _, p := range plan {
			run(t, db, p.SQL)
		}
		for _, diff := range differences(d.golden(t), d.dump(t, db)) {
			t.Error(diff)
		}
		if plan, err := Plan(t.Context(), db, d.engine, Options{}); err != nil || len(plan) != 0 {
			t.Errorf("at head: %d statements, %v", len(plan), err)
		}
	})
}

// The plan of steps is what is left of them, on this engine.
func TestPlanOfSteps(t *testing.T) {
	eachAtHead(t, func(t *testing.T, d database) {
		db := d.open(t)
		plan := func() (got []string) {
			t.Helper()
			list, err := Plan(t.Context(), db, d.engine, Options{Steps: painted})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range list {
				got = append(got, p.Step+": "+p.Of)
				if p.SQL == "" || d.engine == SQLite && strings.Contains(p.SQL, "CONCURRENTLY") {
					t.Errorf("%s: %s", p.Of, p.SQL)
				}
			}
			return got
		}
		want := []string{
			"0001_paint: statement 1", "0001_paint: statement 2, until it returns no row, with $1 from 0 and $2 = 1000",
			"0001_paint: statement 3", "0002_colours: statement 1",
		}
		if got := plan(); !slices.Equal(got, want) {
			t.Errorf("before: %q", got)
		}
		stopAt(t, d, 3000)
		want[1] = strings.Replace(want[1], "from 0", "from 3000", 1)
		if got := plan(); !slices.Equal(got, want[1:]) {
			t.Errorf("in the middle: %q", got)
		}
		d.steps(t, db, Options{Steps: painted})
		if got := plan(); got != nil {
			t.Errorf("afterwards: %q", got)
		}
		if _, err := Plan(t.Context(), db, d.engine, Options{Steps: expand(Both("DROP TABLE tag"))}); err == nil {
			t.Error("a plan was made of steps that may not be run")
		}
	})
}

// stopAt runs the steps of painted until the first has come to an id.
func stopAt(t *testing.T, d database, id int64) {
	t.Helper()
	db := d.open(t)
	addLabels(t, db)
	defer func() {
		if stop := recover(); stop != any(id) {
			t.Errorf("the steps were not stopped at %d: %v", id, stop)
		}
	}()
	_, err := Up(t.Context(), db, d.engine, Options{Steps: painted, Progress: func(p Progress) {
		if p.Position == id {
			panic(id)
		}
	}})
	t.Error(err)
}

// The state of a database tells which steps it had, also those of other versions.
func TestRead(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		db := d.open(t)
		read := func(steps []Step) State {
			t.Helper()
			s, err := Read(t.Context(), db, d.engine, steps)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if s := read(nil); !s.Empty || s.Revision != "" || s.Problem == "" || len(s.Steps) != 0 {
			t.Errorf("empty: %+v", s)
		}
		d.up(t, db, true)
		if s := read(nil); s.Empty || s.Revision != Head || s.Head != Head || s.Problem != "" || s.Engine != d.engine {
			t.Errorf("at head: %+v", s)
		}
		stopAt(t, d, 3000)
		s := read(painted)
		if len(s.Steps) != 3 || s.Steps[0].State != "unfinished" || s.Steps[0].Statement != 1 || s.Steps[0].Position != 3000 ||
			s.Steps[0].Started == nil || s.Steps[0].Finished != nil || s.Steps[1].State != "pending" || s.Problem == "" {
			t.Errorf("in the middle: %+v", s)
		}
		d.steps(t, db, Options{Steps: painted[:2]})
		s = read(painted[1:])
		if len(s.Steps) != 3 || s.Steps[0].State != "done" || s.Steps[0].Finished.Before(*s.Steps[0].Started) ||
			s.Steps[1].State != "pending" || s.Steps[2].Name != "0001_paint" || s.Steps[2].State != "unknown" || s.Problem != "" {
			t.Errorf("with a step of another version: %+v", s)
		}
	})
}

// Looking at a file that is not there does not make it; looking at one in WAL mode, as
// they all are, works.
func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c#d%41.db")
	read := func() State {
		t.Helper()
		db, err := OpenSQLiteReadOnly(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Read(t.Context(), db, SQLite, nil)
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := read(); !s.Empty {
		t.Errorf("a file that is not there: %+v", s)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("the file was made: %v", err)
	}
	db, err := OpenSQLite(path)
	if err != nil {
		t.Fatal(err)
	}
	database{SQLite, path}.up(t, db, true)
	if s := read(); s.Revision != Head {
		t.Errorf("while it is open: %+v", s)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if s := read(); s.Revision != Head {
		t.Errorf("a file that nobody has open: %+v", s)
	}
}
