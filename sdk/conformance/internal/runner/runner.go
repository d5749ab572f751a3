// Package runner runs the cases of a conformance suite, whatever the kind of the
// plugin, and has the cases that are the same for every kind.
package runner

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/errs"
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
	// Promise is what the plugin must keep, in one sentence. May be empty.
	Promise string
	// Capability that the case needs; empty means every plugin keeps the promise.
	Capability string
	// Run checks the promise.
	Run func(C)
	// Long cases are left out of short runs, and have longTimes as much time.
	Long bool
}

// longTimes is how many times the time of another case a long one has.
const longTimes = 5

// Result is the outcome of a case. It passed when Skipped is empty and Problems
// is, too.
type Result struct {
	Name string
	// Promise is what was tested, in one sentence. May be empty.
	Promise string
	// Skipped is why it was not run.
	Skipped string
	// Problems are what was found.
	Problems []string
	Took     time.Duration
}

// Suite is the cases of one run. Cases, Has, Check and Timeout must be set.
type Suite[C any] struct {
	Cases []Case[C]
	// Has reports whether the plugin has a capability.
	Has func(capability string) bool
	// Check makes what a case is run with.
	Check func(*Check) C
	// After cleans up after a case, also one that failed. May be nil.
	After func(C)
	// Timeout bounds each case.
	Timeout time.Duration
	// Short leaves out what takes long.
	Short bool
}

// without returns why a case is left out, or nothing.
func (s Suite[C]) without(c Case[C]) string {
	switch {
	case c.Capability != "" && !s.Has(c.Capability):
		return "the plugin does not have the capability " + c.Capability
	case c.Long && s.Short:
		return "it takes long"
	}
	return ""
}

// Only returns the suite with the cases that are named and no others. It fails with
// errs.Invalid when there is none of a name.
func (s Suite[C]) Only(names []string) (Suite[C], error) {
	var cases []Case[C]
	for _, name := range names {
		i := slices.IndexFunc(s.Cases, func(c Case[C]) bool { return c.Name == name })
		if i < 0 {
			return s, errs.New(errs.Invalid, "the suite has no case %q", name)
		}
		cases = append(cases, s.Cases[i])
	}
	s.Cases = cases
	return s, nil
}

// Run runs the cases as subtests. Those of capabilities that the plugin does not
// have, and those that Short leaves out, are no subtests: they are logged.
func (s Suite[C]) Run(t *testing.T) {
	t.Helper()
	for _, c := range s.Cases {
		if why := s.without(c); why != "" {
			t.Logf("%s: %s", c.Name, why)
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
	r := Result{Name: c.Name, Promise: c.Promise, Skipped: s.without(c)}
	if r.Skipped != "" {
		return r
	}
	timeout := s.Timeout
	if c.Long {
		timeout *= longTimes
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	check := &Check{Ctx: ctx, Name: c.Name}
	begin := time.Now()
	k := s.Check(check)
	check.Guard(func() { c.Run(k) })
	if s.After != nil {
		check.Guard(func() { s.After(k) })
	}
	r.Took = time.Since(begin)
	r.Problems, r.Skipped = check.problems, check.skipped
	return r
}
