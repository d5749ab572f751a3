package replay

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Level is how far a case got.
type Level int

// Each level includes those before it.
const (
	// None is a status that is not the recorded one.
	None Level = iota
	// Status is that every status is right.
	Status
	// Response is that headers and bodies are, too.
	Response
	// Effects is that rows, mails and stored objects are, too: the case passes.
	Effects
)

var levelNames = []string{"none", "status", "response", "effects"}

func (l Level) String() string { return levelNames[l] }

// MarshalText writes a level by its name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads the name of a level.
func (l *Level) UnmarshalText(name []byte) error {
	i := slices.Index(levelNames, string(name))
	if i < 0 {
		return fmt.Errorf("%q is no level", name)
	}
	*l = Level(i)
	return nil
}

// Result is what came of a case.
type Result struct {
	ID    string `json:"id"`
	Level Level  `json:"level"`
	// Differences has one line for each.
	Differences []string `json:"differences"`
}

// reach lowers the level and keeps the differences, if there are any.
func (r *Result) reach(level Level, where string, lines []string) {
	if len(lines) == 0 {
		return
	}
	r.Level = min(r.Level, level)
	for _, line := range lines {
		r.Differences = append(r.Differences, where+line)
	}
}

// Options say how to play a case. The zero value looks for effects once.
type Options struct {
	// Patience is how long the effects of an answer may take to come.
	Patience time.Duration
	// Trace gets every request and its answer; nil writes none.
	Trace io.Writer
}

// play is a case that is being played.
type play struct {
	Options
	c       *Case
	stage   *Stage
	visitor visitor
	result  Result
	// rows and added are the state of the database after the last request, and the ids
	// of the rows that this case has added so far.
	rows  Rows
	added identities
}

// Play plays a case on a stage and returns how far it got. An error is one of the test,
// not of the server.
func Play(ctx context.Context, c *Case, stage *Stage, o Options) (Result, error) {
	p := &play{
		Options: o, c: c, stage: stage, added: identities{},
		result: Result{ID: c.ID, Level: Effects, Differences: []string{}},
		visitor: visitor{
			dataset: stage.dataset, bound: Bindings{"now": time.Now().UTC().Format(http.TimeFormat)},
		},
	}
	if c.ReadsOnly() {
		return p.result, p.steps(ctx)
	}
	var err error
	if p.rows, err = stage.database.Rows(ctx); err != nil {
		return p.result, err
	}
	objects, err := objectSizes(stage.objects)
	if err != nil {
		return p.result, err
	}
	if err := p.steps(ctx); err != nil || p.result.Level < Effects {
		return p.result, err
	}
	after, err := objectSizes(stage.objects)
	if err != nil {
		return p.result, err
	}
	var want Changes
	if c.Storage != nil {
		want = *c.Storage
	}
	p.result.reach(Response, "", p.visitor.bound.compareParts("storage", want, objectChanges(objects, after)))
	return p.result, nil
}

// steps plays all steps, up to an answer with another status than the recorded one: what
// comes after it is another story.
func (p *play) steps(ctx context.Context) error {
	for i, step := range p.c.Steps {
		if step.Request == nil {
			if err := p.stage.restart(step.RestartWith); err != nil {
				p.result.reach(None, fmt.Sprintf("step %d: ", i), []string{err.Error()})
				return nil
			}
			continue
		}
		where := fmt.Sprintf("step %d %s %s: ", i, step.Request.Method, step.Request.Path)
		p.stage.mail.empty()
		p.visitor.address = p.stage.address
		got, err := p.visitor.send(ctx, step.Request)
		if err != nil {
			p.result.reach(None, where, []string{"no answer: " + err.Error()})
			return nil //nolint:nilerr // it is the server's, and in the result
		}
		p.trace(step.Request, got)
		if got.status != step.Expect.Status {
			p.result.reach(None, where, []string{fmt.Sprintf("status: want %d, got %d %s",
				step.Expect.Status, got.status, short(string(got.body)))})
			return nil
		}
		p.result.reach(Status, where, p.visitor.bound.compareResponse(&step.Expect, got))
		if p.rows == nil {
			continue
		}
		lines, err := p.effects(ctx, &step.Expect)
		if err != nil {
			return err
		}
		p.result.reach(Response, where, lines)
	}
	return nil
}

// lookAgain is how often effects that have not come are looked for, and impatience how
// long in a case that has already missed some.
const (
	lookAgain  = 10 * time.Millisecond
	impatience = 50 * time.Millisecond
)

// outcome is the comparison of one state of the database and the mailbox with what was
// recorded.
type outcome struct {
	lines []string
	rows  Rows
	added identities
	bound Bindings
}

// effects compares what a request has done to the database and who got mail for it. Rows
// may be written just after the answer, so it waits for those that are missing.
func (p *play) effects(ctx context.Context, want *Expect) ([]string, error) {
	patience := p.Patience
	if p.result.Level <= Response {
		patience = min(patience, impatience)
	}
	deadline := time.Now().Add(patience)
	var o *outcome
	mails := 0
	for {
		rows, err := p.stage.database.Rows(ctx)
		if err != nil {
			return nil, err
		}
		received := p.stage.mail.received()
		if o == nil || !maps.Equal(o.rows, rows) || mails != len(received) {
			o, mails = p.outcome(want, rows, received), len(received)
		}
		if len(o.lines) == 0 || time.Now().After(deadline) {
			break
		}
		time.Sleep(lookAgain)
	}
	p.rows, p.added, p.visitor.bound = o.rows, o.added, o.bound
	return o.lines, nil
}

func (p *play) outcome(want *Expect, rows Rows, received []any) *outcome {
	o := &outcome{rows: rows, added: p.added.clone(), bound: p.visitor.bound.clone()}
	o.lines = o.bound.compareChanges(want.DB, effects(p.rows, rows, o.added, p.stage.dataset.ForeignKeys))
	o.lines = append(o.lines, o.bound.compareUnordered("mail", want.Mail, received)...)
	return o
}

// trace shows a request and its answer to a reader.
func (p *play) trace(r *Request, got *exchange) {
	if p.Trace == nil {
		return
	}
	request, err := json.Marshal(r)
	if err != nil {
		request = []byte(err.Error())
	}
	fmt.Fprintf(p.Trace, "> %.2000s\n< %d\n", request, got.status)
	for _, name := range slices.Sorted(maps.Keys(got.headers)) {
		fmt.Fprintf(p.Trace, "< %s: %s\n", name, got.headers[name])
	}
	fmt.Fprintf(p.Trace, "< %.2000q\n", got.body)
}
