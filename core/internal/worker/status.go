package worker

import (
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Status is what became of an operation.
type Status struct {
	Program   string `json:"program"`
	Operation string `json:"operation"`
	// Off says why it does nothing.
	Off string `json:"off,omitempty"`
	// Since is when the run under way began; zero without one.
	Since time.Time `json:"running_since,omitzero"`
	// Runs ended, Failures of them with an error, Skipped ones because somebody else had
	// the lock.
	Runs     int `json:"runs"`
	Failures int `json:"failures"`
	Skipped  int `json:"skipped"`
	// LastSuccess is when a run ended well, LastTook how long the last one took.
	LastSuccess time.Time     `json:"last_success,omitzero"`
	LastTook    time.Duration `json:"-"`
	// LastError is that of the last run; empty when it ended well.
	LastError string `json:"last_error,omitempty"`
	// InRow is how many runs have failed since the last that did not.
	InRow int `json:"failures_in_row"`
}

// Status lists the operations in the order of the programs.
func (r *Runner) Status() []Status {
	list := make([]Status, len(r.tasks))
	for i, t := range r.tasks {
		list[i] = t.get()
	}
	return list
}

// sick is how many failures in a row make an operation one that does not work.
const sick = 3

// Failing says of each operation that does not work why.
func (r *Runner) Failing() map[string]string {
	failing := make(map[string]string)
	for _, s := range r.Status() {
		if s.InRow >= sick {
			failing[s.Program+"/"+s.Operation] = s.LastError
		}
	}
	return failing
}

// running lists the operations that run.
func (r *Runner) running() (list []string) {
	for _, s := range r.Status() {
		if !s.Since.IsZero() {
			list = append(list, s.Program+"/"+s.Operation)
		}
	}
	return list
}

func (t *task) get() Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.status
}

func (t *task) begin(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status.Since = now
	if m := t.r.opts.Metrics; m != nil {
		m.begin(t.program.Class, t.Name)
	}
}

func (t *task) end(took time.Duration, skipped bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := &t.status
	s.Since, s.LastTook, s.LastError = time.Time{}, took, ""
	s.Runs++
	switch {
	case err != nil:
		s.Failures++
		s.InRow++
		s.LastError = errs.Loggable(err)
		t.r.opts.Logger.Error("a worker failed", "worker", t.program.Name, "operation", t.Name, "error", errs.Loggable(err))
	case skipped:
		s.Skipped++
	default:
		s.InRow, s.LastSuccess = 0, time.Now()
	}
	if m := t.r.opts.Metrics; m != nil {
		m.end(t.program.Class, t.Name, took, err != nil, skipped)
	}
}
