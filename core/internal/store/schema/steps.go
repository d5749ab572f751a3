package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Steps are the steps of this program, in their order. There is none yet.
func Steps() []Step { return nil }

// Kind says when a step may run.
type Kind string

const (
	// Expand adds what a new version needs and an old one does not notice. It runs
	// while the old version, or the Python product, still serves.
	Expand Kind = "expand"
	// Contract removes what only old versions need. It runs when none of them serves
	// any more, because somebody says so.
	Contract Kind = "contract"
)

// Step is a change of the database beside the product's migrations. Its name and its
// statements never change once it has been released: both are recorded.
type Step struct {
	Name       string
	Kind       Kind
	Statements []Statement
}

// Statement is one SQL statement on each engine; an empty one does nothing there. It is
// committed together with the record that it was done.
//
// On PostgreSQL it may be CREATE INDEX CONCURRENTLY name ON ..., which is not in a
// transaction and is tidied up and repeated if it was cut short.
type Statement struct {
	SQLite, PostgreSQL string
	// Batch says that the statement does a part of the work. It has two parameters, the
	// highest id that was done before (0 at first) and how many rows to do at most, and
	// returns the ids that it did, in any order, such as
	//
	//	UPDATE tag SET colour = 'red'
	//	WHERE id IN (SELECT id FROM tag WHERE id > $1 ORDER BY id LIMIT $2) RETURNING id
	//
	// It is run again and again, each time in a transaction of its own, until it returns
	// none. Every row below the highest id has to be done by then, even one that needs
	// nothing.
	Batch bool
}

// Both is a statement that is the same on both engines.
func Both(sql string) Statement { return Statement{SQLite: sql, PostgreSQL: sql} }

// Batches is a statement that is the same on both engines and works in batches.
func Batches(sql string) Statement { return Statement{SQLite: sql, PostgreSQL: sql, Batch: true} }

// StepError says that a database's steps are not those of this program, or that a step
// is not one that may be run.
type StepError struct{ Name, Reason string }

// Error implements error.
func (e *StepError) Error() string { return fmt.Sprintf("the step %s %s", e.Name, e.Reason) }

// checksum covers all that a step does.
func (s Step) checksum() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q", s.Kind)
	for _, st := range s.Statements {
		fmt.Fprintf(h, "%q%q%v", st.SQLite, st.PostgreSQL, st.Batch)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// pending are the steps that are to be run on a database with these records. Steps that
// it has and this program does not know are from a newer version; those that expand
// harm nobody.
func pending(steps []Step, records []record, contract bool) ([]Step, error) {
	known := map[string]bool{}
	var todo []Step
	for _, step := range steps {
		known[step.Name] = true
		i := slices.IndexFunc(records, func(r record) bool { return r.Name == step.Name })
		switch {
		case i >= 0 && records[i].checksum != step.checksum():
			return nil, &StepError{step.Name, "was run in another form than this program's: it was made by another version; use that one"}
		case i >= 0 && records[i].Finished != nil:
		case step.Kind == Expand || contract:
			todo = append(todo, step)
		}
	}
	for _, r := range records {
		if !known[r.Name] && r.Kind == Contract {
			return nil, &StepError{r.Name, "was run by a newer version and removed what this one needs: use the newer version"}
		}
	}
	return todo, nil
}

// What a statement of a step that expands may be, in capitals and with single spaces.
var (
	createTable = regexp.MustCompile(`^CREATE TABLE (?:IF NOT EXISTS )?(\w+) ?\(`)
	createIndex = regexp.MustCompile(`^CREATE (UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?\w+ ON (\w+)\b`)
	addColumn   = regexp.MustCompile(`^ALTER TABLE "?\w+"? ADD COLUMN "?\w+"? \w+`)
	unique      = regexp.MustCompile(`\b(?:UNIQUE|PRIMARY KEY)\b`)
	writeRows   = regexp.MustCompile(`^(?:INSERT INTO|UPDATE) `)
	references  = regexp.MustCompile(`\bREFERENCES "?\w+"?(?: ?\([^)]*\))?( ON DELETE (?:CASCADE|SET NULL))?`)
	literals    = regexp.MustCompile(`'[^']*'`)
	spaces      = regexp.MustCompile(`\s+`)
)

// validate returns a *StepError unless the steps may be run: each has a name of its own
// and a kind, and one that expands does so in a way that nobody notices.
func validate(steps []Step) error {
	seen := map[string]bool{}
	own := map[string]bool{} // the tables that steps made
	for _, step := range steps {
		refuse := func(format string, args ...any) error {
			return &StepError{fmt.Sprintf("%q", step.Name), fmt.Sprintf(format, args...)}
		}
		switch {
		case step.Name == "" || len(step.Name) > 255:
			return refuse("needs a name of 1 to 255 bytes")
		case seen[step.Name]:
			return refuse("is there twice")
		case step.Kind != Expand && step.Kind != Contract:
			return refuse("has no kind")
		}
		seen[step.Name] = true
		for i, st := range step.Statements {
			for _, text := range []string{st.SQLite, st.PostgreSQL} {
				if reason := refusal(text, step.Kind, st.Batch, own); reason != "" {
					return refuse("may not be run: statement %d %s", i+1, reason)
				}
			}
		}
	}
	return nil
}

// refusal says why a statement may not be in a step, or nothing. Tables that the
// statement makes are added to own.
func refusal(text string, kind Kind, batch bool, own map[string]bool) string {
	if text == "" {
		return ""
	}
	text = strings.ToUpper(strings.TrimSpace(spaces.ReplaceAllString(literals.ReplaceAllString(text, "''"), " ")))
	switch {
	case strings.Contains(text, ";"):
		return "is more than one"
	case batch && (!strings.Contains(text, "$1") || !strings.Contains(text, "$2") || !strings.Contains(text, "RETURNING")):
		return "works in batches and must have $1, $2 and RETURNING"
	case kind == Contract:
		return ""
	}
	if m := createTable.FindStringSubmatch(text); m != nil {
		own[m[1]] = true
		return reference(text)
	}
	if m := createIndex.FindStringSubmatch(text); m != nil {
		if m[1] != "" && !own[m[2]] {
			return "makes values unique in a table that others write"
		}
		return ""
	}
	switch {
	case addColumn.MatchString(text):
		switch {
		case unique.MatchString(text):
			return "makes values unique in a table that others write"
		case strings.Contains(text, "NOT NULL") && !strings.Contains(text, "DEFAULT"):
			return "adds a column that others do not fill"
		}
		return reference(text)
	case writeRows.MatchString(text):
		return ""
	}
	return "does not only add"
}

// reference refuses a foreign key that would keep others from deleting rows.
func reference(text string) string {
	for _, m := range references.FindAllStringSubmatch(text, -1) {
		if m[1] == "" {
			return "refers to rows that others delete, and does not say ON DELETE CASCADE or SET NULL"
		}
	}
	return ""
}
