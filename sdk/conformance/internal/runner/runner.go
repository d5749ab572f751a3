// Package runner runs the cases of a conformance suite, whatever the kind of the
// plugin, and has the cases that are the same for every kind.
package runner

import (
	"context"
	"os"
	"testing"
	"time"

	"google.golang.org/grpc"
)

// Target is a running plugin.
type Target struct {
	// Conn is the connection to its services.
	Conn grpc.ClientConnInterface
	// Receive makes a call with a ticket and returns the descriptor that the plugin
	// sent under it. It is for storage plugins: without it their cases about
	// descriptors are skipped.
	Receive func(ctx context.Context, call func(ticket uint64) error) (*os.File, error)
}

// Case is one promise. C is what a kind's cases are run with.
type Case[C any] struct {
	// Name is unique in the suite, and stable.
	Name string
	// Capability that the case needs; empty means every plugin keeps the promise.
	Capability string
	// Run checks the promise.
	Run func(C)
	// Long cases are left out of short runs.
	Long bool
}

// Result is the outcome of a case. It passed when Skipped is empty and Problems
// is, too.
type Result struct {
	Name string
	// Skipped is why it was not run.
	Skipped string
	// Problems are what was found.
	Problems []string
	Took     time.Duration
}

// Suite is the cases of one run. All fields must be set, except Short.
type Suite[C any] struct {
	Cases []Case[C]
	// Has reports whether the plugin has a capability.
	Has func(capability string) bool
	// Check makes what a case is run with.
	Check func(*Check) C
	// Timeout bounds each case.
	Timeout time.Duration
	// Short leaves out what takes long.
	Short bool
}

// applies reports whether the plugin has the capability that a case needs.
func (s Suite[C]) applies(c Case[C]) bool { return c.Capability == "" || s.Has(c.Capability) }

// Run runs the cases as subtests. Cases of capabilities that the plugin does not
// have are no subtests: they are logged.
func (s Suite[C]) Run(t *testing.T) {
	t.Helper()
	for _, c := range s.Cases {
		if !s.applies(c) {
			t.Logf("%s: the plugin does not have the capability %s", c.Name, c.Capability)
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			r := s.test(t.Context(), c)
			for _, p := range r.Problems {
				t.Error(p)
			}
			if r.Skipped != "" {
				t.Skip(r.Skipped)
			}
		})
	}
}

// Test runs the cases and calls report after each. It fails only when ctx ends.
func (s Suite[C]) Test(ctx context.Context, report func(Result)) error {
	for _, c := range s.Cases {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		report(s.test(ctx, c))
	}
	return nil
}

// test runs one case.
func (s Suite[C]) test(ctx context.Context, c Case[C]) Result {
	r := Result{Name: c.Name}
	switch {
	case !s.applies(c):
		r.Skipped = "the plugin does not have the capability " + c.Capability
		return r
	case c.Long && s.Short:
		r.Skipped = "it takes long"
		return r
	}
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	check := &Check{Ctx: ctx}
	begin := time.Now()
	check.Guard(func() { c.Run(s.Check(check)) })
	r.Took = time.Since(begin)
	r.Problems, r.Skipped = check.problems, check.skipped
	return r
}
