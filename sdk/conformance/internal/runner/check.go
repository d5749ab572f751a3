package runner

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
)

// Check is one run of a case. Its methods that can go wrong end the case, like
// those of testing.T called Fatal. They may be called from many goroutines.
type Check struct {
	// Ctx ends with the time of the case.
	Ctx context.Context
	// Name is the case's.
	Name string

	mu       sync.Mutex
	problems []string
	skipped  string
}

// abort ends a case.
type abort struct{}

// Guard runs a part of a case to its end or its first failure.
func (c *Check) Guard(f func()) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(abort); !ok {
				panic(p)
			}
		}
	}()
	f()
}

// Errorf notes a problem.
func (c *Check) Errorf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// Fatalf notes a problem and ends the case.
func (c *Check) Fatalf(format string, args ...any) {
	c.Errorf(format, args...)
	panic(abort{})
}

// Skip ends the case, which says nothing about the plugin.
func (c *Check) Skip(reason string) {
	c.mu.Lock()
	c.skipped = reason
	c.mu.Unlock()
	panic(abort{})
}

// Must ends the case unless err is nil.
func (c *Check) Must(what string, err error) {
	if err != nil {
		c.Fatalf("%s: %v", what, err)
	}
}

// Want notes a problem unless err has one of the kinds.
func (c *Check) Want(what string, err error, kinds ...errs.Kind) {
	got := grpcerr.From(err)
	switch {
	case err == nil:
		c.Errorf("%s: it succeeded, but must fail as %v", what, kinds)
	case !slices.Contains(kinds, errs.KindOf(got)):
		c.Errorf("%s: it failed as %v, but must fail as %v: %v", what, errs.KindOf(got), kinds, got)
	}
}

// Together runs f n times at once and waits for all.
func (c *Check) Together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { c.Guard(func() { f(i) }) })
	}
	wg.Wait()
}
