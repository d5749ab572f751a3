package plugin

import (
	"context"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
)

// deathNotice is how long a call that failed as unavailable waits for the news
// that its generation died: the news of a lost connection reach calls first.
const deathNotice = 100 * time.Millisecond

// Call says how a call may be treated.
type Call struct {
	// Idempotent calls are made once more on the next generation when the first one
	// died under them.
	Idempotent bool
	// Instance that the call is for, which must be usable; empty when it does not
	// matter.
	Instance string
	// Timeout bounds each attempt. Zero means the supervisor's CallTimeout, a
	// negative one none beside ctx. How long a call with a timeout of its own takes
	// says nothing about the plugin's health.
	Timeout time.Duration
}

// Do calls fn with the generation that serves, for which it waits as Lease does.
// fn must not keep the generation. Errors of gRPC are turned into those of errs.
func (s *Supervisor) Do(ctx context.Context, call Call, fn func(ctx context.Context, g *Generation) error) error {
	if err := s.calls.enter(ctx, s.opts.WaitTimeout); err != nil {
		return err
	}
	defer s.calls.leave()
	g, err := s.acquire(ctx, nil)
	if err != nil {
		return err
	}
	died, err := s.attempt(ctx, g, call, fn)
	if !died || !call.Idempotent {
		return err
	}
	s.retries.Add(1)
	g, err = s.acquire(ctx, g)
	if err != nil {
		return err
	}
	_, err = s.attempt(ctx, g, call, fn)
	return err
}

// attempt calls fn and reports whether it failed because the generation died. When
// it did, calls that begin afterwards do not find that generation any more.
func (s *Supervisor) attempt(ctx context.Context, g *Generation, call Call, fn func(ctx context.Context, g *Generation) error) (died bool, err error) {
	defer g.leave()
	if call.Instance != "" {
		if err := g.usable(call.Instance); err != nil {
			return false, err
		}
	}
	timeout := call.Timeout
	if timeout == 0 {
		timeout = s.opts.CallTimeout
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	begin := time.Now()
	died, err = g.Failure(ctx, fn(ctx, g))
	now := time.Now()
	var took time.Duration
	if call.Timeout == 0 {
		took = now.Sub(begin)
	}
	g.calls.add(now, took, faulty(err))
	return died, err
}

// Failure turns the error of a call on the generation, or nil, into one of package
// errs, and reports whether the call failed because the generation died: then it
// is errs.Unavailable. It may have to wait a moment for the news.
func (g *Generation) Failure(ctx context.Context, err error) (died bool, _ error) {
	err = grpcerr.From(err)
	if !g.diedUnder(ctx, err) {
		return false, err
	}
	// The message of the transport is no sentence for a client.
	return true, errs.Wrap(errs.Unavailable, err, "the plugin crashed")
}

func (g *Generation) diedUnder(ctx context.Context, err error) bool {
	switch {
	case errs.Is(err, errs.Unavailable):
	case errs.Is(err, errs.Canceled) && ctx.Err() == nil:
		// Not the caller gave up: the connection of a lost plugin was closed.
	default:
		return false
	}
	if g.lost() {
		return true
	}
	timer := time.NewTimer(deathNotice)
	defer timer.Stop()
	select {
	case <-g.process.Done():
		return true
	case <-ctx.Done():
	case <-timer.C:
	}
	return false
}
