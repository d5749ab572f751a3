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
// begun is finished, also when ctx ends. An urgent one breaks off a replacement that
// is under way.
func (s *Supervisor) command(ctx context.Context, queue chan<- command, run func(ctx context.Context) error) error {
	c := command{run: run, done: make(chan error, 1)}
	closed := errs.New(errs.Unavailable, "the plugin %s is being stopped", s.opts.id())
	select {
	case queue <- c:
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
	return s.command(ctx, s.commands, func(ctx context.Context) error {
		if r.Path == "" {
			r.Path = s.version.path
		}
		if r.Instances == nil {
			r.Instances = s.instances
		}
		if r.Trial == 0 {
			r.Trial = s.opts.Trial
		}
		v, err := s.open(ctx, r.Path)
		if err != nil {
			return err
		}
		return s.replace(ctx, v, r.Instances, r.Trial)
	})
}

// Reconfigure replaces the configuration of one instance on the running generation.
// Calls that are under way finish on the old one; when the plugin refuses the new
// one, or it does not work, the old one stays. A configuration that needs paths
// which the process may not use makes it Replace.
func (s *Supervisor) Reconfigure(ctx context.Context, spec Instance) error {
	return s.command(ctx, s.commands, func(ctx context.Context) error {
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
			return s.replace(ctx, s.version, instances, s.opts.Trial)
		}
		if err := s.serving.reconfigure(ctx, spec); err != nil {
			return err
		}
		s.instances = instances
		return nil
	})
}

// Restart ends the running generation after its calls, if there is one, reads the
// binary anew and starts the next generation with the instances, nil means those that
// the plugin has, and with a clean record. It is the way out of a quarantine. When the
// binary may not be run nothing is changed.
func (s *Supervisor) Restart(ctx context.Context, instances []Instance) error {
	return s.command(ctx, s.commands, func(ctx context.Context) error {
		v, err := s.open(ctx, s.version.path)
		if err != nil {
			return err
		}
		s.version.close()
		s.version = v
		if instances != nil {
			s.instances = instances
		}
		s.failures = record{}
		s.end(ctx, Starting, "it is restarted")
		g, err := startGeneration(ctx, &s.opts, s.plan(s.version, s.instances, anything))
		if err != nil {
			s.note(err)
			s.fail(err)
			return err
		}
		s.serve(ctx, g)
		return nil
	})
}

// Quarantine takes the plugin out of service: the running generation finishes its
// calls and ends, and no other is started until Restart or Replace. A replacement
// that is under way is broken off.
func (s *Supervisor) Quarantine(ctx context.Context, reason string) error {
	return s.command(ctx, s.urgent, func(ctx context.Context) error {
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
		st.State, st.Reason = Failed, fmt.Sprintf("%s: when that is put right, say \"quay plugin restart %s\"", reason(err), s.opts.id())
	})
}
