package plugin

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// command is something that a person wants done.
type command struct {
	run  func(ctx context.Context) error
	done chan error // buffered
}

// command has the supervisor's goroutine do something, and waits for it. What has
// begun is finished, also when ctx ends.
func (s *Supervisor) command(ctx context.Context, run func(ctx context.Context) error) error {
	c := command{run: run, done: make(chan error, 1)}
	closed := errs.New(errs.Unavailable, "the plugin %s is being stopped", s.opts.id())
	select {
	case s.commands <- c:
	case <-s.stopped:
		return closed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case err := <-c.done:
		return err
	case <-s.stopped:
		return closed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Replacement says what is to take the place of a running generation.
type Replacement struct {
	// Path of the binary. Empty means the plugin's, as it is now.
	Path string
	// Instances to configure. Nil means those that the plugin has.
	Instances []Instance
	// Trial replaces Options.Trial unless it is zero.
	Trial time.Duration
}

// Replace replaces the running generation by another one without losing a call: the
// new one is started, configured and probed while the old one serves, takes over,
// and only when it has proved itself for the trial time does the old one finish its
// calls and end. When the new one is not as good as the old one the old one goes
// on, or takes over again, and Replace fails and says why. Later generations are
// started as the new one was.
func (s *Supervisor) Replace(ctx context.Context, r Replacement) error {
	return s.command(ctx, func(ctx context.Context) error {
		if r.Path == "" {
			r.Path = s.version.path
		}
		if r.Instances == nil {
			r.Instances = s.instances
		}
		if r.Trial == 0 {
			r.Trial = s.opts.Trial
		}
		return s.replace(ctx, r)
	})
}

// Reconfigure replaces the configuration of one instance on the running generation.
// Calls that are under way finish on the old one; when the plugin refuses the new
// one, or it does not work, the old one stays. A configuration that needs paths
// which the process may not use makes it Replace.
func (s *Supervisor) Reconfigure(ctx context.Context, spec Instance) error {
	return s.command(ctx, func(ctx context.Context) error {
		i := slices.IndexFunc(s.instances, func(in Instance) bool { return in.Name == spec.Name })
		switch {
		case i < 0:
			return errs.New(errs.NotFound, "the plugin %s has no instance %q", s.opts.id(), spec.Name)
		case s.serving == nil:
			return errs.New(errs.Unavailable, "the plugin %s does not run", s.opts.id())
		}
		instances := slices.Clone(s.instances)
		instances[i] = spec
		if !s.serving.confined(instances) {
			// No process can be granted more than it was when it began.
			return s.replace(ctx, Replacement{Path: s.version.path, Instances: instances, Trial: s.opts.Trial})
		}
		if err := s.serving.reconfigure(ctx, spec); err != nil {
			return err
		}
		s.instances = instances
		return nil
	})
}

// Restart ends the running generation after its calls, if there is one, reads the
// binary anew and starts the next generation, with a clean record. It is the way
// out of a quarantine. When the binary may not be run nothing is changed.
func (s *Supervisor) Restart(ctx context.Context) error {
	return s.command(ctx, func(ctx context.Context) error {
		v, err := s.opts.open(ctx, s.version.path)
		if err != nil {
			return err
		}
		s.version.close()
		s.version = v
		s.failures = record{}
		s.end(ctx, Starting, "it is restarted")
		g, err := s.begin(ctx, s.version, func(string, error) bool { return true })
		if err != nil {
			s.fail(err)
			return err
		}
		s.serve(ctx, g)
		return nil
	})
}

// Quarantine takes the plugin out of service: the running generation finishes its
// calls and ends, and no other is started until Restart or Replace.
func (s *Supervisor) Quarantine(ctx context.Context, reason string) error {
	return s.command(ctx, func(ctx context.Context) error {
		s.end(ctx, Draining, reason)
		s.quarantine(reason, -1)
		return nil
	})
}

// end ends the serving generation after its calls.
func (s *Supervisor) end(ctx context.Context, state State, reason string) {
	s.retry = nil
	g := s.serving
	s.serving = nil
	s.set(nil, func(st *Status) { st.State, st.Reason = state, reason })
	s.unwatch()
	if g == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, s.opts.DrainTimeout)
	defer cancel()
	g.stop(ctx)
}

// fail says that the plugin cannot run until somebody has done something.
func (s *Supervisor) fail(err error) {
	s.logger.Error("the plugin cannot run", "error", err)
	s.set(nil, func(st *Status) {
		st.State, st.Reason = Failed, fmt.Sprintf("%v: when that is put right, say \"quay plugin restart %s\"", err, s.opts.id())
	})
}

// replace lets a new generation take over from the serving one.
func (s *Supervisor) replace(ctx context.Context, r Replacement) error {
	v, err := s.opts.open(ctx, r.Path)
	if err != nil {
		return err
	}
	before := s.instances
	s.instances = r.Instances
	if err := s.takeOver(ctx, v, r.Trial); err != nil {
		v.close()
		s.instances = before
		return err
	}
	s.version.close()
	s.version = v
	s.failures = record{}
	return nil
}

// takeOver starts a generation of a version and lets it take over from the serving
// one for as long as it is not worse.
func (s *Supervisor) takeOver(ctx context.Context, v version, trial time.Duration) error {
	old := s.serving
	var sick map[string]error
	if old != nil {
		sick = old.sick()
	}
	next, err := s.begin(ctx, v, func(instance string, _ error) bool { return sick[instance] != nil })
	if err != nil {
		return errs.Wrap(errs.KindOf(err), err, "the new generation is not good enough, the old one was left alone")
	}
	s.serve(ctx, next)
	if old == nil {
		return nil
	}
	if reason := s.try(ctx, next, old, trial); reason != "" {
		return s.rollBack(ctx, next, old, reason)
	}
	if old.lost() {
		s.bury(old, time.Since(old.born), "")
	} else {
		s.handOver(ctx, old)
	}
	return nil
}

// try watches a generation that has taken over for the trial time. It returns why
// it is worse than the old one; nothing when it is not, or when there is no old one
// any more.
func (s *Supervisor) try(ctx context.Context, next, old *Generation, trial time.Duration) string {
	over := time.NewTimer(trial)
	defer over.Stop()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	budget := s.opts.Health
	// A few calls that fail are enough: the old one has shown that they need not.
	budget.MinCalls, budget.ErrorRatio = min(budget.MinCalls, 10), budget.ErrorRatio/2
	for {
		select {
		case <-next.process.Done():
			return "it crashed"
		case g := <-s.hung:
			if g == next {
				return "it does not answer"
			}
		case <-old.process.Done():
			return "" // Nobody is left to take over.
		case <-over.C:
			return ""
		case <-ctx.Done():
			return ""
		case now := <-look.C:
			complaint := next.calls.sum(now).complaint(budget)
			if complaint != "" && old.calls.sum(next.born).complaint(budget) == "" {
				return complaint
			}
		}
	}
}

// rollBack lets the old generation take over again.
func (s *Supervisor) rollBack(ctx context.Context, next, old *Generation, reason string) error {
	s.logger.Error("the new generation is given up, the old one takes over again", "generation", next.number, "reason", reason)
	s.serve(ctx, old)
	next.retire()
	if next.lost() {
		s.bury(next, time.Since(next.born), "")
	} else {
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
