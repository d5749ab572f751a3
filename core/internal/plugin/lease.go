package plugin

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Lease is the right to use a generation for a transfer of any length. It keeps
// the generation from being stopped in good order, though not from crashing.
type Lease struct {
	*Generation
	turnstile *turnstile
	once      sync.Once
	failed    atomic.Bool
}

// Failure is that of the generation. A failure of the plugin's counts for its health.
func (l *Lease) Failure(ctx context.Context, err error) (died bool, _ error) {
	died, err = l.Generation.Failure(ctx, err)
	if faulty(err) {
		l.failed.Store(true)
	}
	return died, err
}

// Release gives the lease back. Repeating it does no harm.
func (l *Lease) Release() {
	l.once.Do(func() {
		l.calls.add(time.Now(), 0, l.failed.Load())
		l.leave()
		l.turnstile.leave()
	})
}

// Lease returns the generation that serves. While there is none it waits for the
// next until ctx or the wait timeout ends; where none comes soon, or too many
// leases are out already, it fails with errs.Unavailable.
func (s *Supervisor) Lease(ctx context.Context) (*Lease, error) {
	if err := s.leases.enter(ctx, s.opts.WaitTimeout); err != nil {
		return nil, err
	}
	g, err := s.acquire(ctx, nil)
	if err != nil {
		s.leases.leave()
		return nil, err
	}
	return &Lease{Generation: g, turnstile: s.leases}, nil
}

// Has reports whether an instance has a capability now. It asks nobody and waits for
// nobody: while nothing serves, nothing is had.
func (s *Supervisor) Has(instance, capability string) bool {
	g := s.current.Load()
	return g != nil && g.Has(instance, capability)
}

// acquire enters the generation that serves, but not the one called not.
func (s *Supervisor) acquire(ctx context.Context, not *Generation) (*Generation, error) {
	if g := s.current.Load(); g != nil && g != not && g.enter() {
		return g, nil
	}
	timer := time.NewTimer(s.opts.WaitTimeout)
	defer timer.Stop()
	for {
		s.mu.Lock()
		g, status, changed := s.current.Load(), s.status, s.changed
		s.mu.Unlock()
		if g != nil && g != not && g.enter() {
			return g, nil
		}
		if status.State.refuses() {
			return nil, errs.New(errs.Unavailable, "the plugin %s is %s: %s", s.opts.id(), status.State, status.Reason)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-timer.C:
			return nil, errs.New(errs.Unavailable, "the plugin %s is not up: it is %s", s.opts.id(), status.State)
		}
	}
}
