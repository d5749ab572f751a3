package plugin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/sdk/errs"
)

// Supervisor keeps one plugin running: when a generation is lost it starts the
// next one and configures all instances on it, and when the plugin is upgraded it
// lets the next one take over while the old one finishes its calls. Its methods may
// be called from many goroutines.
//
// One goroutine of its own decides what runs: it alone starts generations, replaces
// the current one and changes the state, one thing after the other.
type Supervisor struct {
	opts   Options
	logger *slog.Logger
	calls  *turnstile
	leases *turnstile

	retries atomic.Int64

	current atomic.Pointer[Generation] // nil while none serves

	mu      sync.Mutex
	status  Status
	changed chan struct{} // closed and replaced when current or state changes

	commands chan command
	urgent   chan command     // what need not wait for the end of a replacement
	hung     chan *Generation // those that no longer answer

	stop    context.CancelFunc
	stopped chan struct{} // closed when the supervisor's goroutines have ended

	closing      sync.Once
	drainContext context.Context // set before stop is called

	// The following belong to the supervisor's goroutine.

	number    int // of the last generation that was started
	version   version
	instances []Instance
	serving   *Generation // the current one, until it is known to be lost
	watch     *watcher    // of serving
	retry     <-chan time.Time
	pending   *command // an urgent one that broke off another
	failures  record
	replaced  sync.WaitGroup // the generations that finish their calls
}

// Start runs a plugin. It returns when the first generation serves, or fails with
// the reason why it does not; it does not try again. An instance whose store or
// service is out of reach is no such reason: it is tried again and again, and the
// plugin is degraded meanwhile. The supervisor lives until Close, whatever becomes
// of ctx.
func Start(ctx context.Context, opts Options) (*Supervisor, error) {
	opts.setDefaults()
	s := &Supervisor{
		opts:      opts,
		logger:    opts.Logger.With("plugin", opts.id()),
		calls:     newTurnstile(opts.Limits.Calls, opts.Limits.Queue),
		leases:    newTurnstile(opts.Limits.Leases, opts.Limits.Queue),
		changed:   make(chan struct{}),
		commands:  make(chan command),
		urgent:    make(chan command),
		hung:      make(chan *Generation),
		stopped:   make(chan struct{}),
		status:    Status{Kind: opts.Kind, Name: opts.Name, State: Starting, Since: time.Now()},
		instances: slices.Clone(opts.Instances),
	}
	var err error
	if s.version, err = s.opts.open(ctx, opts.Path); err != nil {
		return nil, err
	}
	first, err := startGeneration(ctx, &s.opts, s.plan(s.version, s.instances, outOfReach))
	if err != nil {
		s.version.close()
		return nil, err
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.serve(run, first)
	go s.run(run)
	return s, nil
}

// outOfReach tolerates instances whose store or service does not answer: it may do so
// later.
func outOfReach(_ string, problem error) bool {
	return errs.Is(problem, errs.Unavailable) || errs.Is(problem, errs.Timeout)
}

// anything tolerates all that is wrong with an instance.
func anything(string, error) bool { return true }

// run is the supervisor's goroutine. It begins with a generation that serves.
func (s *Supervisor) run(ctx context.Context) {
	defer close(s.stopped)
	defer func() { s.version.close() }()
	for {
		var lost <-chan struct{}
		if s.serving != nil {
			lost = s.serving.process.Done()
		}
		select {
		case <-ctx.Done():
			s.shutdown()
			return
		case <-lost:
			s.crashed("")
		case g := <-s.hung:
			s.foundHung(g)
		case <-s.retry:
			s.restart(ctx)
		case c := <-s.commands:
			c.done <- c.run(ctx)
		case c := <-s.urgent:
			c.done <- c.run(ctx)
		}
		if c := s.pending; c != nil {
			s.pending = nil
			c.done <- c.run(ctx)
		}
	}
}

// plan is that of the next generation.
func (s *Supervisor) plan(v version, instances []Instance, tolerates func(string, error) bool) plan {
	s.number++
	return plan{number: s.number, version: v, instances: instances, tolerates: tolerates}
}

// restart starts the next generation when none serves. Of the instances it wants
// nothing: one that cannot be used must not take the others with it.
func (s *Supervisor) restart(ctx context.Context) {
	s.retry = nil
	g, err := startGeneration(ctx, &s.opts, s.plan(s.version, s.instances, anything))
	switch {
	case err == nil:
		s.update(func(st *Status) { st.Restarts++ })
		s.serve(ctx, g)
	case ctx.Err() == nil:
		s.logger.Error("the plugin did not start", "error", err)
		s.note(err)
		s.failed(reason(err))
	}
}

// serve makes a generation the current one.
func (s *Supervisor) serve(ctx context.Context, g *Generation) {
	s.unwatch()
	s.retry = nil
	s.serving = g
	state, reason := g.verdict(time.Now())
	s.set(g, func(st *Status) { st.State, st.Reason = state, reason })
	s.watch = s.startWatch(ctx, g)
}

// foundHung takes a generation out of service that no longer answers.
func (s *Supervisor) foundHung(g *Generation) {
	if g == s.serving {
		s.crashed(fmt.Sprintf("it did not answer %d questions whether it is alive", s.opts.Health.Pings))
	}
}

// crashed takes the serving generation, which is lost or hung, out of service and
// arranges for the next.
func (s *Supervisor) crashed(hung string) {
	g := s.serving
	s.serving = nil
	lived := time.Since(g.born)
	if lived >= s.opts.Backoff.Stable {
		s.failures.inRow = 0
	}
	// Calls must not find it any more, whatever cleaning up takes.
	s.set(nil, func(st *Status) { st.State, st.Reason = BackingOff, "the plugin crashed" })
	s.unwatch()
	crash := s.bury(g, lived, hung)
	s.failed("the plugin crashed: " + crash.Reason)
}

// bury ends a lost generation and keeps the report of its crash.
func (s *Supervisor) bury(g *Generation, lived time.Duration, hung string) *Crash {
	crash := g.crash(g.kill(), lived)
	if hung != "" {
		crash.Reason = hung
	}
	s.update(func(st *Status) { st.Crashes, st.LastCrash = st.Crashes+1, crash })
	s.logger.Error("the plugin crashed", "generation", g.number, "pid", crash.PID, "reason", crash.Reason, "lived", lived)
	return crash
}

// note keeps the report of a crash that kept a generation from serving.
func (s *Supervisor) note(err error) {
	var c *startCrash
	if errors.As(err, &c) {
		s.update(func(st *Status) { st.Crashes, st.LastCrash = st.Crashes+1, c.Crash })
	}
}

// failed counts a failure and arranges for the next start.
func (s *Supervisor) failed(reason string) {
	s.failures.add(time.Now(), s.opts.Quarantine.Window)
	if s.failures.exceeds(s.opts.Quarantine) {
		s.quarantine(fmt.Sprintf("it failed %d times in the last %v; the last time: %s", len(s.failures.recent), s.opts.Quarantine.Window, reason), s.opts.Quarantine.Retry)
		return
	}
	delay := s.opts.Backoff.delay(s.failures.inRow)
	s.retry = time.After(delay)
	s.set(nil, func(st *Status) { st.State, st.Reason = BackingOff, reason })
	if delay > 0 {
		s.logger.Warn("the plugin is started again later", "in", delay, "failures", s.failures.inRow)
	}
}

// quarantine takes the plugin out of service, for about as long as retry says; for
// good when that is negative.
func (s *Supervisor) quarantine(reason string, retry time.Duration) {
	s.retry = nil
	way := fmt.Sprintf("\"quay plugin restart %s\" ends the quarantine", s.opts.id())
	if retry >= 0 {
		retry = jitter(retry)
		s.retry = time.After(retry)
		way += fmt.Sprintf("; one more start is tried in %v", retry.Round(time.Second))
	}
	s.set(nil, func(st *Status) { st.State, st.Reason = Quarantined, reason+": "+way })
	s.logger.Error("the plugin is quarantined", "reason", reason)
}

// shutdown ends the last generation, if there is one, and waits for those that it
// replaced.
func (s *Supervisor) shutdown() {
	g := s.serving
	s.serving = nil
	s.set(nil, func(st *Status) { st.State, st.Reason = Draining, "the server stops the plugin" })
	s.unwatch()
	if g != nil {
		ctx, cancel := context.WithTimeout(s.drainContext, s.opts.DrainTimeout)
		g.stop(ctx)
		cancel()
	}
	s.replaced.Wait()
	s.set(nil, func(st *Status) { st.State, st.Reason = Stopped, "the server stopped the plugin" })
}

// set changes the current generation and the state, and tells those who wait.
func (s *Supervisor) set(g *Generation, change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Store(g)
	change(&s.status)
	st := &s.status
	st.Since = time.Now()
	st.PID, st.Started, st.StartTook = 0, time.Time{}, 0
	if g != nil {
		st.PID, st.Started, st.StartTook = g.process.PID(), g.born, g.took
		st.Generation, st.Path, st.Binary = g.number, g.version.path, g.version.status()
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// update changes the status without changing what serves.
func (s *Supervisor) update(change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.status)
}

// Status returns a snapshot.
func (s *Supervisor) Status() Status {
	s.mu.Lock()
	st, g := s.status, s.current.Load()
	s.mu.Unlock()
	st.Retries = int(s.retries.Load())
	st.InFlight = s.calls.inside() + s.leases.inside()
	st.Queued = s.calls.waiting() + s.leases.waiting()
	if g != nil {
		if c, ok := g.process.(interface{ Confinement() []confine.Applied }); ok {
			st.Confinement = c.Confinement()
		}
		for _, name := range g.names {
			st.Instances = append(st.Instances, g.instances[name].status())
		}
	}
	return st
}

// Close refuses new calls, lets the others finish until ctx or the drain timeout
// ends, and ends the plugin. It returns when the process is gone; repeating it
// does no harm.
func (s *Supervisor) Close(ctx context.Context) {
	s.closing.Do(func() {
		s.drainContext = ctx
		s.stop()
	})
	<-s.stopped
}
