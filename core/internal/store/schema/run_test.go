package schema

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

// painted counts for each label how often a batch has been at it: after a step that was
// cut short and taken up again each count has to be one.
var painted = []Step{
	{"0001_paint", Expand, []Statement{
		Both("ALTER TABLE label ADD COLUMN painted INTEGER DEFAULT 0 NOT NULL"),
		Batches(`UPDATE label SET painted = painted + 1
			WHERE id IN (SELECT id FROM label WHERE id > $1 ORDER BY id LIMIT $2) RETURNING id`),
		{
			SQLite:     "CREATE INDEX label_painted ON label (painted)",
			PostgreSQL: "CREATE INDEX CONCURRENTLY label_painted ON label (painted)",
		},
	}},
	{"0002_colours", Expand, []Statement{
		Both("CREATE TABLE colour (label_id INTEGER REFERENCES label (id) ON DELETE CASCADE)"),
	}},
	{"0003_wash", Contract, []Statement{
		{
			SQLite:     "DROP INDEX label_painted",
			PostgreSQL: "DROP INDEX label_painted",
		},
		Both("ALTER TABLE label DROP COLUMN painted"),
	}},
}

// labels is more than two batches, with gaps between the ids.
const labels = 2500

func addLabels(t testing.TB, db *sql.DB) {
	t.Helper()
	run(t, db, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
		INSERT INTO label (id, uuid, "key", value, media_type_id, source_type_id)
		SELECT 3 * i, CAST(i AS VARCHAR(9)), 'k', 'v', 1, 1 FROM n`, labels))
}

func (d database) steps(t testing.TB, db *sql.DB, opts Options) bool {
	t.Helper()
	changed, err := Up(t.Context(), db, d.engine, opts)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// Steps run in order, once, after the schema; what contracts only when asked. Progress
// is told of every part.
func TestRun(t *testing.T) {
	eachAtHead(t, func(t *testing.T, d database) {
		db := d.open(t)
		addLabels(t, db)
		var seen []string
		opts := Options{Steps: painted, Progress: func(p Progress) {
			seen = append(seen, fmt.Sprint(p.Name, " ", p.Statement, " ", p.Position))
		}}
		if !d.steps(t, db, opts) {
			t.Error("nothing was changed")
		}
		want := []string{
			"0001_paint 1 0", "0001_paint 1 3000", "0001_paint 1 6000", "0001_paint 1 7500", "0001_paint 2 0",
			"0001_paint 3 0", "0002_colours 1 0",
		}
		if !slices.Equal(seen, want) {
			t.Errorf("progress was %q", seen)
		}
		if n := number(t, db, "SELECT count(*) FROM label WHERE painted = 1"); n != labels {
			t.Errorf("%d of %d rows were done once", n, labels)
		}
		if err := Check(t.Context(), db, d.engine, painted); err != nil {
			t.Error(err)
		}
		if d.steps(t, db, opts) {
			t.Error("a second call changed something")
		}
		if !d.steps(t, db, Options{Steps: painted, Contract: true}) {
			t.Error("the step that contracts was not run")
		}
		if _, err := db.ExecContext(t.Context(), "SELECT painted FROM label"); err == nil {
			t.Error("the column is still there")
		}
	})
}

// The steps of a new database run at once, and their table is there only because of
// them.
func TestRunOnEmpty(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		db := d.open(t)
		d.steps(t, db, Options{Steps: painted})
		got := differences(d.golden(t), d.dump(t, db))
		for _, want := range []string{"+ table quay_migration", "+ table colour"} {
			if !slices.Contains(got, want) {
				t.Errorf("%q is missing", want)
			}
		}
		for _, diff := range got {
			if strings.HasPrefix(diff, "-") {
				t.Error("the steps took away:", diff)
			}
		}
	})
}

// A step that is killed in the middle is taken up where it was: every row is done once.
func TestRunKilled(t *testing.T) {
	const variable = "SCHEMA_TEST_STEPS"
	if engine, where, ok := strings.Cut(os.Getenv(variable), " "); ok {
		d := database{Engine(engine), where}
		_, err := Up(t.Context(), d.open(t), d.engine, Options{Steps: painted, Progress: func(p Progress) {
			fmt.Println(p.Name, p.Statement, p.Position)
			_, _ = bufio.NewReader(os.Stdin).ReadString('\n') // never comes
		}})
		t.Fatal(err)
	}
	eachAtHead(t, func(t *testing.T, d database) {
		db := d.open(t)
		addLabels(t, db)
		for _, at := range []string{
			"0001_paint 1 0", "0001_paint 1 3000", "0001_paint 1 6000", "0001_paint 1 7500", "0001_paint 2 0",
			"0001_paint 3 0", "0002_colours 1 0",
		} {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRunKilled$")
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
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil || strings.TrimSpace(line) != at {
				t.Errorf("the step is at %q, want %q (%v)", line, at, err)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
			_ = cmd.Wait() // it was killed
			_ = in.Close()
			if at == "0002_colours 1 0" {
				break
			}
			var unfinished *StepError
			if err := Check(t.Context(), db, d.engine, painted); !errors.As(err, &unfinished) {
				t.Errorf("at %s, Check says %v", at, err)
			}
		}
		d.steps(t, db, Options{Steps: painted})
		if n := number(t, db, "SELECT count(*) FROM label WHERE painted = 1"); n != labels {
			t.Errorf("%d of %d rows were done once", n, labels)
		}
		if err := Check(t.Context(), db, d.engine, painted); err != nil {
			t.Error(err)
		}
	})
}

// A statement that fails leaves nothing of itself behind; what came before it stays, and
// the step goes on from there when the cause is gone.
func TestRunFails(t *testing.T) {
	eachAtHead(t, func(t *testing.T, d database) {
		db := d.open(t)
		addLabels(t, db)
		run(t, db, "CREATE TABLE colour (id INTEGER)") // 0002_colours wants to
		if _, err := Up(t.Context(), db, d.engine, Options{Steps: painted}); err == nil ||
			!strings.Contains(err.Error(), "step 0002_colours: statement 1:") {
			t.Fatalf("err = %v", err)
		}
		run(t, db, "DROP TABLE colour")
		d.steps(t, db, Options{Steps: painted})
		if n := number(t, db, "SELECT count(*) FROM label WHERE painted = 1"); n != labels {
			t.Errorf("%d of %d rows were done once", n, labels)
		}
	})
}

// A batch that would be repeated for ever is an error.
func TestRunEndless(t *testing.T) {
	eachAtHead(t, func(t *testing.T, d database) {
		db := d.open(t)
		endless := expand(Batches("UPDATE role SET name = name WHERE $1 < $2 RETURNING id"))
		if d.engine == PostgreSQL {
			endless = expand(Batches("UPDATE role SET name = name WHERE $1::bigint < $2::bigint RETURNING id"))
		}
		if _, err := Up(t.Context(), db, d.engine, Options{Steps: endless}); err == nil || !strings.Contains(err.Error(), "never end") {
			t.Errorf("err = %v", err)
		}
	})
}

// Several that run the same steps at once do each part once.
func TestRunConcurrent(t *testing.T) {
	eachAtHead(t, func(t *testing.T, d database) {
		db := d.open(t)
		addLabels(t, db)
		var wg sync.WaitGroup
		for range 3 {
			other := d.open(t)
			wg.Go(func() {
				if _, err := Up(t.Context(), other, d.engine, Options{Steps: painted}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := number(t, db, "SELECT count(*) FROM label WHERE painted = 1"); n != labels {
			t.Errorf("%d of %d rows were done once", n, labels)
		}
	})
}

// A database whose steps are not those of this program: a changed one and a newer one
// that took something away are refused, a newer one that only added is not.
func TestOtherSteps(t *testing.T) {
	changed := slices.Clone(painted)
	changed[1].Statements = []Statement{Both("CREATE TABLE hue (id INTEGER)")}
	tests := []struct {
		name   string
		ran    Options
		mine   []Step
		reason string
	}{
		{"the same", Options{Steps: painted}, painted, ""},
		{"newer, expanded", Options{Steps: painted}, painted[:1], ""},
		{"newer, contracted", Options{Steps: painted, Contract: true}, painted[:2], "use the newer version"},
		{"changed", Options{Steps: painted}, changed, "in another form"},
		{"older", Options{Steps: painted[:1]}, painted, "has not been run"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			eachAtHead(t, func(t *testing.T, d database) {
				db := d.open(t)
				d.steps(t, db, tt.ran)
				err := Check(t.Context(), db, d.engine, tt.mine)
				var refusal *StepError
				switch {
				case tt.reason == "" && err != nil:
					t.Error(err)
				case tt.reason != "" && (!errors.As(err, &refusal) || !strings.Contains(err.Error(), tt.reason)):
					t.Errorf("err = %v, want %q", err, tt.reason)
				}
			})
		})
	}
}

// An index whose making was cut short is made anew: PostgreSQL leaves an invalid one of
// the same name behind.
func TestIndexCutShort(t *testing.T) {
	d := postgresAtHead(t)
	db := d.open(t)
	addLabels(t, db)
	step := []Step{{"unique", Contract, []Statement{{PostgreSQL: "CREATE UNIQUE INDEX CONCURRENTLY label_once ON label (value)"}}}}
	opts := Options{Steps: step, Contract: true}
	const invalid = "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('label_once') AND NOT indisvalid"
	for range 2 {
		if _, err := Up(t.Context(), db, d.engine, opts); err == nil {
			t.Fatal("values that are there twice became unique")
		}
		if number(t, db, invalid) != 1 {
			t.Fatal("there is no invalid index: the test proves nothing")
		}
	}
	run(t, db, "UPDATE label SET value = uuid")
	d.steps(t, db, opts)
	if number(t, db, invalid) != 0 || number(t, db, "SELECT count(*) FROM pg_class WHERE relname = 'label_once'") != 1 {
		t.Error("the index is not there, or invalid")
	}
}

// A process that dies after it made an index and before it could record it does not keep
// the next one from going on.
func TestIndexMadeUnrecorded(t *testing.T) {
	d := postgresAtHead(t)
	db := d.open(t)
	run(t, db, "CREATE INDEX label_value ON label (value)")
	d.steps(t, db, Options{Steps: expand(Statement{PostgreSQL: "CREATE INDEX CONCURRENTLY label_value ON label (value)"})})
	if n := number(t, db, "SELECT statement FROM quay_migration WHERE finished IS NOT NULL"); n != 1 {
		t.Errorf("%d statements are recorded", n)
	}
}

// A statement that waits for a lock gives up soon: its clients would wait behind it.
func TestLockTimeout(t *testing.T) {
	d := postgresAtHead(t)
	db := d.open(t)
	other, err := d.open(t).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), "SELECT * FROM label"); err != nil {
		t.Fatal(err)
	}
	if _, err := Up(t.Context(), db, d.engine, Options{Steps: painted[:1]}); err == nil || !strings.Contains(err.Error(), "lock timeout") {
		t.Errorf("err = %v", err)
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	d.steps(t, db, Options{Steps: painted[:1]})
}
