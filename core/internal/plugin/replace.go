package plugin

import (
	"context"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// aside does something that takes its time in a goroutine of its own, and looks after
// the serving generation meanwhile. An urgent command makes it give up.
func (s *Supervisor) aside(ctx context.Context, do func(ctx context.Context) error) error {
	doing, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan error, 1)
	go func() { done <- do(doing) }()
	urgent := s.urgent
	for {
		var lost <-chan struct{}
		if s.serving != nil {
			lost = s.serving.process.Done()
		}
		select {
		case err := <-done:
			return err
		case <-lost:
			s.crashed("")
		case g := <-s.hung:
			s.foundHung(g)
		case <-s.retry:
			s.restart(ctx)
		case c := <-urgent:
			s.pending, urgent = &c, nil
			cancel(errs.New(errs.Canceled, "another command came in between"))
		}
	}
}

// open reads a binary and asks whether it may run.
func (s *Supervisor) open(ctx context.Context, path string) (v version, err error) {
	err = s.aside(ctx, func(ctx context.Context) (err error) {
		v, err = s.opts.open(ctx, path)
		return err
	})
	return v, err
}

// replace lets a new generation take over from the serving one. The version becomes
// the supervisor's; on failure it is closed unless it is that already.
func (s *Supervisor) replace(ctx context.Context, v version, instances []Instance, trial time.Duration) error {
	if err := s.takeOver(ctx, v, instances, trial); err != nil {
		if v.binary != s.version.binary {
			v.close()
		}
		return err
	}
	if v.binary != s.version.binary {
		s.version.close()
	}
	s.version, s.instances = v, instances
	s.failures = record{}
	return nil
}

// takeOver starts a generation and lets it take over from the serving one for as long
// as it is not worse.
func (s *Supervisor) takeOver(ctx context.Context, v version, instances []Instance, trial time.Duration) error {
	tolerates := outOfReach
	if s.serving != nil {
		sick := s.serving.sick()
		tolerates = func(instance string, _ error) bool { return sick[instance] != nil }
	}
	var next *Generation
	p := s.plan(v, instances, tolerates)
	err := s.aside(ctx, func(ctx context.Context) (err error) {
		next, err = startGeneration(ctx, &s.opts, p)
		return err
	})
	if err != nil {
		s.note(err)
		return errs.Wrap(errs.KindOf(err), err, "the new generation is not good enough, nothing was changed")
	}
	// The one that is to be replaced may be another than before.
	old := s.serving
	s.serve(ctx, next)
	if old == nil {
		return nil
	}
	switch reason, dead := s.try(ctx, next, old, trial); {
	case reason != "":
		return s.rollBack(ctx, next, old, reason, dead)
	case old.lost():
		s.bury(old, time.Since(old.born), "")
	default:
		s.handOver(ctx, old)
	}
	return nil
}

// try watches a generation that has taken over for the trial time. It returns why
// it is worse than the old one, and whether it is dead; nothing when it is not worse,
// or when there is no old one any more.
func (s *Supervisor) try(ctx context.Context, next, old *Generation, trial time.Duration) (reason string, dead bool) {
	over := time.NewTimer(trial)
	defer over.Stop()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	defer next.probeOften(ctx, trial)()
	budget := s.opts.Health
	// A few calls that fail are enough: the old one has shown that they need not.
	budget.MinCalls, budget.ErrorRatio = min(budget.MinCalls, 10), budget.ErrorRatio/2
	healthy := old.sick() == nil
	for {
		select {
		case <-next.process.Done():
			return "it crashed", true
		case g := <-s.hung:
			if g == next {
				return "it does not answer", true
			}
		case <-old.process.Done():
			return "", false // Nobody is left to take over.
		case <-over.C:
			return "", false
		case <-ctx.Done():
			return "", false
		case c := <-s.urgent:
			s.pending = &c
			return "another command came in between", false
		case now := <-look.C:
			if state, text := next.verdict(now); healthy && state != Healthy && next.sick() != nil {
				return text, false
			}
			complaint := next.calls.sum(now).complaint(budget)
			if complaint != "" && old.calls.sum(next.born).complaint(budget) == "" {
				return complaint, false
			}
		}
	}
}

// probeOften examines the instances several times within a trial, until the function
// that it returns is called.
func (g *Generation) probeOften(ctx context.Context, trial time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for tick(ctx, min(max(trial/10, 50*time.Millisecond), time.Second)) {
			for _, in := range g.instances {
				g.examine(ctx, in)
			}
		}
	}()
	return func() {
		cancel()
		<-ended
	}
}

// rollBack lets the old generation take over again.
func (s *Supervisor) rollBack(ctx context.Context, next, old *Generation, reason string, dead bool) error {
	s.logger.Error("the new generation is given up, the old one takes over again", "generation", next.number, "reason", reason)
	s.serve(ctx, old)
	next.retire()
	switch {
	case next.lost():
		s.bury(next, time.Since(next.born), "")
	case dead:
		s.bury(next, time.Since(next.born), reason)
	default:
		s.handOver(ctx, next)
	}
	return errs.New(errs.Unavailable, "the new generation was given up after %v, the old one serves again: %s",
		time.Since(next.born).Round(time.Millisecond), reason)
}

// handOver ends a generation that another one has replaced after its calls, which
// may take its time.
func (s *Supervisor) handOver(ctx context.Context, g *Generation) {
	g.retire()
	s.replaced.Go(func() {
		wait, cancel := context.WithTimeout(ctx, s.opts.HandoverTimeout)
		defer cancel()
		g.drained(wait)
		stop := ctx
		if ctx.Err() != nil { // The supervisor itself is being closed.
			stop = s.drainContext
		}
		stop, cancel = context.WithTimeout(stop, s.opts.DrainTimeout)
		defer cancel()
		g.stop(stop)
		s.logger.Info("the replaced generation has ended", "generation", g.number)
	})
}
