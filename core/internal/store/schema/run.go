package schema

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// batchSize is how many rows a statement does at once: few enough to be short, enough
// for the work and not its records to take the time.
const batchSize = 1000

// makeRecords makes the table of steps. That happens when the first step runs, so
// that a database that needs none is exactly the product's.
const makeRecords = `CREATE TABLE IF NOT EXISTS quay_migration (
    name      VARCHAR(255) NOT NULL,
    kind      VARCHAR(16) NOT NULL,
    checksum  VARCHAR(64) NOT NULL,
    started   TIMESTAMP NOT NULL,
    finished  TIMESTAMP,
    statement INTEGER NOT NULL,
    position  BIGINT NOT NULL,
    CONSTRAINT pk_quay_migration PRIMARY KEY (name)
)`

// record is a row of the table of steps.
type record struct {
	Progress
	Started  time.Time
	Finished *time.Time
	checksum string
}

// Progress is how far a step has come.
type Progress struct {
	// Name and Kind of the step; both are empty for the schema itself, which is made at
	// once.
	Name string
	Kind Kind
	// Statement is how many statements are done, and Position the highest id that the
	// next one has done if it works in batches.
	Statement int
	Position  int64
}

const selectRecords = `SELECT name, kind, checksum, started, finished, statement, position FROM quay_migration`

func (r *record) scan(row interface{ Scan(...any) error }) error {
	return row.Scan(&r.Name, &r.Kind, &r.checksum, &r.Started, &r.Finished, &r.Statement, &r.Position)
}

// records reads the table of steps in the order in which they were begun.
func (s *session) records(ctx context.Context) ([]record, error) {
	rows, err := s.conn.QueryContext(ctx, selectRecords+" ORDER BY started, name")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	var all []record
	for rows.Next() {
		var r record
		if err := r.scan(rows); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// run runs a step from where it stopped, and reports whether it did anything.
func (s *session) run(ctx context.Context, step Step, report func(Progress)) (ran bool, err error) {
	for {
		if err := s.outside(ctx, step); err != nil {
			return ran, fmt.Errorf("step %s: %w", step.Name, err)
		}
		at, did, err := s.advance(ctx, step)
		if err != nil {
			return ran, fmt.Errorf("step %s: statement %d: %w", step.Name, at.Statement+1, err)
		}
		if !did {
			return ran, nil // somebody else did the rest
		}
		ran = true
		report(at)
		if at.Statement == len(step.Statements) {
			return ran, nil
		}
	}
}

// outside runs the next statement of a step if it is one that cannot be in a
// transaction. Its record follows in one.
func (s *session) outside(ctx context.Context, step Step) error {
	if !slices.ContainsFunc(step.Statements, func(st Statement) bool { return s.alone(s.text(st)) }) {
		return nil
	}
	now, err := s.survey(ctx)
	if err != nil {
		return err
	}
	next := 0
	for _, r := range now.records {
		if r.Name == step.Name {
			next = r.Statement
		}
	}
	if next == len(step.Statements) || !s.alone(s.text(step.Statements[next])) {
		return nil
	}
	return s.runAlone(ctx, s.conn, s.text(step.Statements[next]))
}

// advance does the next part of a step and records it, in one transaction. did is false
// if the step is finished.
func (s *session) advance(ctx context.Context, step Step) (at Progress, did bool, err error) {
	err = s.transaction(ctx, func() error {
		r, err := s.begun(ctx, step)
		at, did = r.Progress, r.Finished == nil
		if err != nil || !did {
			return err
		}
		if r.checksum != step.checksum() {
			return &StepError{step.Name, "was begun in another form than this program's"}
		}
		if at.Statement < len(step.Statements) {
			if at, err = s.part(ctx, step.Statements[at.Statement], at); err != nil {
				return err
			}
		}
		var finished any
		if at.Statement == len(step.Statements) {
			finished = now()
		}
		_, err = s.conn.ExecContext(ctx, `UPDATE quay_migration SET statement = $1, position = $2, finished = $3 WHERE name = $4`,
			at.Statement, at.Position, finished, step.Name)
		return err
	})
	return at, did, err
}

// begun reads the record of a step, which it makes if there is none.
func (s *session) begun(ctx context.Context, step Step) (r record, err error) {
	if _, err := s.conn.ExecContext(ctx, makeRecords); err != nil {
		return r, err
	}
	if _, err := s.conn.ExecContext(ctx, `
		INSERT INTO quay_migration (name, kind, checksum, started, statement, position)
		VALUES ($1, $2, $3, $4, 0, 0) ON CONFLICT (name) DO NOTHING`,
		step.Name, string(step.Kind), step.checksum(), now()); err != nil {
		return r, err
	}
	err = r.scan(s.conn.QueryRowContext(ctx, selectRecords+" WHERE name = $1"+s.rowLock(), step.Name))
	return r, err
}

// part does a statement, or a batch of it, and tells how far the step has come.
func (s *session) part(ctx context.Context, st Statement, at Progress) (Progress, error) {
	text := s.text(st)
	switch {
	case text == "", s.alone(text): // there is nothing to do, or it has been done
	case st.Batch:
		last, err := s.batch(ctx, text, at.Position)
		if err != nil {
			return at, err
		}
		if last != 0 {
			at.Position = last
			return at, nil
		}
	default:
		if _, err := s.conn.ExecContext(ctx, text); err != nil {
			return at, err
		}
	}
	at.Statement++
	at.Position = 0
	return at, nil
}

// batch does a batch and returns the highest of its ids, or 0 if nothing was left to do.
func (s *session) batch(ctx context.Context, text string, after int64) (last int64, err error) {
	rows, err := s.conn.QueryContext(ctx, text, after, batchSize)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
		if id <= after {
			return 0, fmt.Errorf("the batch did the row %d again: it would never end", id)
		}
		last = max(last, id)
	}
	return last, rows.Err()
}

// now is the time as text that both engines read as one.
func now() string { return time.Now().UTC().Format(time.DateTime) }
