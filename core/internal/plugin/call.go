package plugin

import (
	"context"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// deathNotice is how long a call that failed as unavailable waits for the news
// that its generation died: the news of a lost connection reach calls first.
const deathNotice = 100 * time.Millisecond

// Call says how a call may be treated.
type Call struct {
	// Idempotent calls are made once more on the next generation when the first one
	// died under them.
	Idempotent bool
	// Timeout bounds each attempt. Zero means the supervisor's CallTimeout, a
	// negative one none beside ctx.
	Timeout time.Duration
}

// Do calls fn with the generation that serves, for which it waits as Lease does.
// fn must not keep the generation. Errors of gRPC are turned into those of errs.
func (s *Supervisor) Do(ctx context.Context, call Call, fn func(ctx context.Context, g *Generation) error) error {
	g, err := s.acquire(ctx, nil)
	if err != nil {
		return err
	}
	err = s.attempt(ctx, g, call, fn)
	if !call.Idempotent || !errs.Is(err, errs.Unavailable) || !g.Died(ctx) {
		return err
	}
	g, err = s.acquire(ctx, g)
	if err != nil {
		return err
	}
	return s.attempt(ctx, g, call, fn)
}

func (s *Supervisor) attempt(ctx context.Context, g *Generation, call Call, fn func(ctx context.Context, g *Generation) error) error {
	defer g.leave()
	timeout := call.Timeout
	if timeout == 0 {
		timeout = s.opts.CallTimeout
	}
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	return errs.FromStatus(fn(ctx, g))
}

// Died reports whether the generation is lost, after a call on it that failed with
// errs.Unavailable: it waits a moment for the news.
func (g *Generation) Died(ctx context.Context) bool {
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
