package plugin

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Supervisor keeps one plugin running: when a generation is lost it starts the
// next one and configures all instances on it. Its methods may be called from
// many goroutines.
type Supervisor struct {
	opts   Options
	logger *slog.Logger

	current atomic.Pointer[Generation] // nil while none serves
	retries atomic.Int64

	mu      sync.Mutex
	status  Status
	changed chan struct{} // closed and replaced when current or state changes

	stop    context.CancelFunc
	stopped chan struct{} // closed when the running goroutine has ended

	closing      sync.Once
	drainContext context.Context // set before stop is called
}

// Start runs a plugin. It returns when the first generation is healthy, or fails
// with the reason why it does not become so; it does not try again. The
// supervisor lives until Close, whatever becomes of ctx.
func Start(ctx context.Context, opts Options) (*Supervisor, error) {
	opts.setDefaults()
	s := &Supervisor{
		opts:    opts,
		logger:  opts.Logger.With("plugin", opts.Name),
		changed: make(chan struct{}),
		stopped: make(chan struct{}),
		status:  Status{Kind: opts.Kind, Name: opts.Name, State: Starting, Since: time.Now(), Generation: 1},
	}
	first, err := startGeneration(ctx, &s.opts, 1)
	if err != nil {
		return nil, err
	}
	s.serve(first)
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go s.run(run, first)
	return s, nil
}

// run is the supervisor's goroutine. It begins with a generation that serves.
func (s *Supervisor) run(ctx context.Context, g *Generation) {
	defer close(s.stopped)
	failures := 0
	for {
		select {
		case <-ctx.Done():
			s.shutdown(g)
			return
		case <-g.process.Done():
		}
		lived := time.Since(g.born)
		if lived >= s.opts.Backoff.Stable {
			failures = 0
		}
		failures++
		s.crashed(g, lived)
		for g = nil; g == nil; {
			if !s.wait(ctx, failures) {
				s.shutdown(nil)
				return
			}
			number := s.starting()
			next, err := startGeneration(ctx, &s.opts, number)
			if err != nil {
				failures++
				s.failed(ctx, err)
				continue
			}
			g = next
			s.serve(g)
		}
	}
}

// wait waits until the next generation may be started. It returns false when the
// supervisor is to stop.
func (s *Supervisor) wait(ctx context.Context, failures int) bool {
	d := s.opts.Backoff.delay(failures)
	if d > 0 {
		s.logger.Warn("the plugin is started again later", "in", d, "failures", failures)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}

// The functions below change the state; each says so to those who wait.

func (s *Supervisor) set(g *Generation, change func(*Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Store(g)
	change(&s.status)
	s.status.Since = time.Now()
	s.status.PID = 0
	if g != nil {
		s.status.PID = g.process.PID()
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Supervisor) starting() (number int) {
	s.set(nil, func(st *Status) {
		st.State = Starting
		st.Generation++
		number = st.Generation
	})
	return number
}

func (s *Supervisor) serve(g *Generation) {
	s.set(g, func(st *Status) { st.State, st.Reason = Healthy, "" })
}

func (s *Supervisor) failed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	s.logger.Error("the plugin did not start", "error", err)
	s.set(nil, func(st *Status) { st.State, st.Reason = BackingOff, err.Error() })
}

// crashed takes a lost generation out of service.
func (s *Supervisor) crashed(g *Generation, lived time.Duration) {
	// Calls must not find it any more, whatever cleaning up takes.
	s.set(nil, func(st *Status) { st.State, st.Reason = BackingOff, "the plugin crashed" })
	exit := g.process.Kill()
	crash := &Crash{
		Generation: g.number,
		PID:        g.process.PID(),
		At:         time.Now(),
		Lived:      lived,
		Reason:     exit.Reason,
		Stderr:     exit.Stderr,
	}
	s.set(nil, func(st *Status) {
		st.Reason = "the plugin crashed: " + crash.Reason
		st.LastCrash = crash
	})
	s.logger.Error("the plugin crashed", "generation", g.number, "pid", crash.PID, "reason", crash.Reason, "lived", lived)
}

// shutdown ends the last generation, if there is one.
func (s *Supervisor) shutdown(g *Generation) {
	s.set(nil, func(st *Status) { st.State, st.Reason = Draining, "the server stops the plugin" })
	if g != nil {
		ctx, cancel := context.WithTimeout(s.drainContext, s.opts.DrainTimeout)
		g.stop(ctx)
		cancel()
	}
	s.set(nil, func(st *Status) { st.State, st.Reason = Stopped, "the server stopped the plugin" })
}

// Status returns a snapshot.
func (s *Supervisor) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.status
	st.Retries = int(s.retries.Load())
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

// Lease is the right to use a generation. It keeps the generation from being
// stopped in good order, though not from crashing.
type Lease struct {
	*Generation
	once sync.Once
}

// Release gives the lease back. Repeating it does no harm.
func (l *Lease) Release() { l.once.Do(l.leave) }

// Lease returns the generation that serves. While there is none it waits for the
// next until ctx or the wait timeout ends. It fails with errs.Unavailable.
func (s *Supervisor) Lease(ctx context.Context) (*Lease, error) {
	g, err := s.acquire(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Lease{Generation: g}, nil
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
		if status.State == Draining || status.State == Stopped {
			return nil, errs.New(errs.Unavailable, "the plugin %s is being stopped", s.opts.Name)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-timer.C:
			return nil, errs.New(errs.Unavailable, "the plugin %s is not up: it is %s", s.opts.Name, status.State)
		}
	}
}
