package schema

import (
	"errors"
	"strings"
	"testing"
)

func expand(statements ...Statement) []Step {
	return []Step{{Name: "test", Kind: Expand, Statements: statements}}
}

// The steps of this program may be run.
func TestSteps(t *testing.T) {
	if err := validate(Steps()); err != nil {
		t.Error(err)
	}
}

// A step that expands only adds, and in a way that the Python product, which knows
// nothing of it, does not run into; one that contracts may do anything.
func TestValidate(t *testing.T) {
	const batch = "UPDATE tag SET colour = 'red' WHERE id IN (SELECT id FROM tag WHERE id > $1 ORDER BY id LIMIT $2) RETURNING id"
	tests := []struct {
		name   string
		steps  []Step
		reason string // empty: it may be run
	}{
		{"none", nil, ""},
		{"table", expand(Both("CREATE TABLE hue (id INTEGER)")), ""},
		{"table with a unique index", expand(Both("CREATE TABLE hue (id INTEGER)"), Both("CREATE UNIQUE INDEX hue_id ON hue (id)")), ""},
		{"index", expand(Both("CREATE  INDEX tag_hue\n ON tag (name)")), ""},
		{"index without a stop", expand(Statement{PostgreSQL: "CREATE INDEX CONCURRENTLY tag_hue ON tag (name)"}), ""},
		{"column", expand(Both("ALTER TABLE tag ADD COLUMN colour VARCHAR(9)")), ""},
		{"column of user", expand(Both(`ALTER TABLE "user" ADD COLUMN colour VARCHAR(9) DEFAULT 'a;b' NOT NULL`)), ""},
		{"row", expand(Both("INSERT INTO tagkind (name) VALUES ('branch')")), ""},
		{"batches", expand(Batches(batch)), ""},
		{"key that lets rows go", expand(Both("CREATE TABLE hue (tag_id INTEGER REFERENCES tag (id) ON DELETE CASCADE)")), ""},
		{"contract", []Step{{"test", Contract, []Statement{Both("DROP TABLE tag")}}}, ""},

		{"no name", []Step{{"", Expand, nil}}, "needs a name"},
		{"long name", []Step{{strings.Repeat("x", 256), Expand, nil}}, "needs a name"},
		{"no kind", []Step{{"test", "", nil}}, "has no kind"},
		{"twice", append(expand(), expand()...), "is there twice"},
		{"two statements", expand(Both("CREATE TABLE a (id INTEGER); DROP TABLE tag")), "statement 1 is more than one"},
		{"drop", expand(Both("CREATE TABLE a (id INTEGER)"), Both("drop table tag")), "statement 2 does not only add"},
		{"rename", expand(Both("ALTER TABLE tag RENAME COLUMN name TO title")), "does not only add"},
		{"type", expand(Both("ALTER TABLE tag ALTER COLUMN name TYPE text")), "does not only add"},
		{"constraint", expand(Both("ALTER TABLE tag ADD CONSTRAINT short CHECK (length(name) < 9)")), "does not only add"},
		{"unnamed constraint", expand(Both("ALTER TABLE tag ADD CHECK (length(name) < 9)")), "does not only add"},
		{"key constraint", expand(Both("ALTER TABLE tag ADD UNIQUE (name)")), "does not only add"},
		{"unique column", expand(Both("ALTER TABLE tag ADD COLUMN colour VARCHAR(9) UNIQUE")), "unique"},
		{"delete", expand(Both("DELETE FROM tag")), "does not only add"},
		{"on one engine", expand(Statement{SQLite: "CREATE INDEX i ON tag (name)", PostgreSQL: "TRUNCATE tag"}), "does not only add"},
		{"unfilled column", expand(Both("ALTER TABLE tag ADD COLUMN colour VARCHAR(9) NOT NULL")), "do not fill"},
		{"unique index", expand(Both("CREATE UNIQUE INDEX tag_colour ON tag (colour)")), "unique"},
		{"key that holds rows", expand(Both("CREATE TABLE hue (tag_id INTEGER REFERENCES tag (id))")), "ON DELETE"},
		{"column that holds rows", expand(Both("ALTER TABLE tag ADD COLUMN hue_id INTEGER REFERENCES hue (id)")), "ON DELETE"},
		{"batch without end", expand(Batches("UPDATE tag SET colour = 'red' RETURNING id")), "must have $1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := validate(tt.steps)
			var refusal *StepError
			switch {
			case tt.reason == "" && err != nil:
				t.Error(err)
			case tt.reason != "" && (!errors.As(err, &refusal) || !strings.Contains(err.Error(), tt.reason)):
				t.Errorf("err = %v, want %q", err, tt.reason)
			}
		})
	}
}

// Whatever a step says changes its checksum.
func TestChecksum(t *testing.T) {
	base := Step{"test", Expand, []Statement{{SQLite: "a", PostgreSQL: "b"}, Both("c")}}
	sums := map[string]string{}
	for name, step := range map[string]Step{
		"base":       base,
		"kind":       {base.Name, Contract, base.Statements},
		"sqlite":     {base.Name, base.Kind, []Statement{{SQLite: "x", PostgreSQL: "b"}, Both("c")}},
		"postgresql": {base.Name, base.Kind, []Statement{{SQLite: "a", PostgreSQL: "x"}, Both("c")}},
		"moved":      {base.Name, base.Kind, []Statement{{SQLite: "ab"}, Both("c")}},
		"batch":      {base.Name, base.Kind, []Statement{{SQLite: "a", PostgreSQL: "b", Batch: true}, Both("c")}},
		"order":      {base.Name, base.Kind, []Statement{Both("c"), {SQLite: "a", PostgreSQL: "b"}}},
		"fewer":      {base.Name, base.Kind, base.Statements[:1]},
	} {
		sum := step.checksum()
		if other, ok := sums[sum]; ok {
			t.Errorf("%s and %s have the same checksum", name, other)
		}
		sums[sum] = name
	}
}
