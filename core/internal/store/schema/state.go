package schema

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// State is what a database has.
type State struct {
	Engine Engine `json:"engine"`
	// Revision is what the product's migrations recorded; an empty database has none.
	Revision string `json:"revision,omitempty"`
	Empty    bool   `json:"empty"`
	// Head is the revision that this program needs.
	Head string `json:"head"`
	// Steps are those of this program in their order, then those that only the database
	// knows.
	Steps []StepState `json:"steps"`
	// Problem says why the database cannot be used as it is, and what to do; it is empty
	// if it can.
	Problem string `json:"problem,omitempty"`
}

// StepState is how far a step is.
type StepState struct {
	Name  string `json:"name"`
	Kind  Kind   `json:"kind"`
	State string `json:"state"` // pending, unfinished, done, or unknown to this program
	// Statement is how many of Statements are done, and Position the highest id that the
	// next one has done.
	Statement  int        `json:"statement"`
	Statements int        `json:"statements,omitempty"`
	Position   int64      `json:"position,omitempty"`
	Started    *time.Time `json:"started,omitempty"`
	Finished   *time.Time `json:"finished,omitempty"`
}

// Read tells what a database has. It changes nothing and refuses no database that can be
// read.
func Read(ctx context.Context, db *sql.DB, engine Engine, steps []Step) (State, error) {
	s, err := open(ctx, db, engine)
	if err != nil {
		return State{}, err
	}
	defer s.close()
	now, err := s.survey(ctx)
	if err != nil {
		return State{}, err
	}
	state := State{
		Engine: engine, Revision: now.revision, Empty: now.empty, Head: Head,
		Steps: stepStates(steps, now.records),
	}
	if err := now.usable(steps); err != nil {
		state.Problem = err.Error()
	}
	return state, nil
}

func stepStates(steps []Step, records []record) []StepState {
	states := []StepState{}
	ran := map[string]record{}
	for _, r := range records {
		ran[r.Name] = r
	}
	for _, step := range steps {
		state := StepState{Name: step.Name, Kind: step.Kind, State: "pending", Statements: len(step.Statements)}
		if r, ok := ran[step.Name]; ok {
			state.record(r)
			delete(ran, step.Name)
		}
		states = append(states, state)
	}
	for _, r := range records {
		if _, ok := ran[r.Name]; ok {
			state := StepState{Name: r.Name, Kind: r.Kind}
			state.record(r)
			state.State = "unknown"
			states = append(states, state)
		}
	}
	return states
}

func (s *StepState) record(r record) {
	s.State, s.Statement, s.Position, s.Started, s.Finished = "unfinished", r.Statement, r.Position, &r.Started, r.Finished
	if r.Finished != nil {
		s.State = "done"
	}
}

// Planned is something that Up would run.
type Planned struct {
	// Step is empty for the schema itself.
	Step string
	// Of what the SQL is: a file of the schema, or a statement of the step.
	Of string
	// SQL is one statement or several.
	SQL string
}

// Plan tells what Up would run, in order, or why it would run nothing. It changes
// nothing.
func Plan(ctx context.Context, db *sql.DB, engine Engine, opts Options) ([]Planned, error) {
	if err := validate(opts.Steps); err != nil {
		return nil, err
	}
	s, err := open(ctx, db, engine)
	if err != nil {
		return nil, err
	}
	defer s.close()
	now, err := s.survey(ctx)
	if err != nil {
		return nil, err
	}
	todo, err := now.todo(opts.Steps, opts.Contract)
	if err != nil {
		return nil, err
	}
	var plan []Planned
	if todo.create {
		files, err := s.schema()
		if err != nil {
			return nil, err
		}
		for _, file := range append(files, revision) {
			plan = append(plan, Planned{Of: file.name, SQL: file.text})
		}
	}
	for _, step := range todo.steps {
		plan = append(plan, s.rest(step, now.records)...)
	}
	return plan, nil
}

// rest is what is left to run of a step.
func (s *session) rest(step Step, records []record) []Planned {
	var at Progress
	for _, r := range records {
		if r.Name == step.Name {
			at = r.Progress
		}
	}
	var plan []Planned
	for i, st := range step.Statements {
		if text := s.text(st); text != "" && i >= at.Statement {
			of := fmt.Sprintf("statement %d", i+1)
			if st.Batch {
				after := int64(0)
				if i == at.Statement {
					after = at.Position
				}
				of += fmt.Sprintf(", until it returns no row, with $1 from %d and $2 = %d", after, batchSize)
			}
			plan = append(plan, Planned{Step: step.Name, Of: of, SQL: text})
		}
	}
	return plan
}
