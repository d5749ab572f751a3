package worker

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/sdk/errs"
)

// settle is the time from the start to the first run, as in the product.
const settle = 5 * time.Second

// grace is how long operations may take to end after their context has.
const grace = 10 * time.Second

// Options of New.
type Options struct {
	// Locks are taken by operations that have one.
	Locks  lock.Locker
	Logger *slog.Logger
	// Metrics count; nil counts nothing.
	Metrics *Metrics
	// Idle says why nothing is done at all (a registry that is only read, say); empty
	// means that there is no reason.
	Idle string
	// Stagger puts the first run of an operation off by up to its interval, so that the
	// servers of a cluster do not all do the same at the same time (STAGGER_WORKERS).
	Stagger bool
	// Drain is how long the bites under way may take when the runner is told to end.
	Drain time.Duration
}

// Runner runs programs.
type Runner struct {
	programs []Program
	opts     Options
	tasks    []*task
}

// task is an operation and what became of it.
type task struct {
	program *Program
	Operation
	r *Runner

	mu     sync.Mutex
	status Status
}

// New makes a runner of programs.
func New(programs []Program, opts Options) *Runner {
	r := &Runner{programs: programs, opts: opts}
	for i := range programs {
		p := &programs[i]
		for _, op := range p.Operations {
			op.Every = max(op.Every, time.Second)
			r.tasks = append(r.tasks, &task{
				program: p, Operation: op, r: r,
				status: Status{Program: p.Name, Operation: op.Name, Off: p.Off},
			})
		}
	}
	return r
}

// Run runs the programs until ctx ends; then no bite is begun any more, and those under
// way have the time of Options.Drain before their contexts end. It fails with
// errs.Timeout when some do not end even then, and never for what an operation returns.
func (r *Runner) Run(ctx context.Context) error {
	if r.idle() {
		<-ctx.Done()
		return nil
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	var group sync.WaitGroup
	for _, t := range r.tasks {
		if t.program.Off == "" {
			group.Go(func() { t.loop(ctx, work) })
		}
	}
	ended := make(chan struct{})
	go func() {
		group.Wait()
		close(ended)
	}()
	<-ctx.Done()
	if within(ended, r.opts.Drain) {
		return nil
	}
	r.opts.Logger.Warn("work is broken off", "after", r.opts.Drain, "operations", r.running())
	cancel()
	if within(ended, grace) {
		return nil
	}
	return errs.New(errs.Timeout, "still running: %s", strings.Join(r.running(), ", "))
}

// within reports whether something happens in a time.
func within(done <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// idle reports whether there is nothing to do, and says why.
func (r *Runner) idle() bool {
	if r.opts.Idle != "" {
		r.opts.Logger.Info("background work does not begin", "reason", r.opts.Idle)
		return true
	}
	works := false
	for _, p := range r.programs {
		if p.Off != "" {
			r.opts.Logger.Info("a worker is off", "worker", p.Name, "reason", p.Off)
		}
		works = works || p.Off == ""
	}
	return !works
}

// Pauses of Await.
const (
	firstPause = time.Second
	lastPause  = 30 * time.Second
)

// Await calls try until it succeeds, with pauses that grow to half a minute, as long as
// passing says that its error may pass. It returns the last error.
func Await(ctx context.Context, logger *slog.Logger, passing func(error) bool, try func(context.Context) error) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := try(ctx)
		if err == nil || ctx.Err() != nil || !passing(err) {
			return err
		}
		logger.Warn("not ready yet", "error", errs.Loggable(err), "next", pause)
		timer := time.NewTimer(pause - rand.N(pause/4))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
	}
}

// loop runs an operation at its times until ctx ends. What it does lives as long as
// work.
func (t *task) loop(ctx, work context.Context) {
	delay := settle
	if t.r.opts.Stagger {
		delay += rand.N(t.Every)
	}
	next := time.Now().Add(delay)
	timer := time.NewTimer(delay)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		t.run(ctx, work)
		// The times are those of the clock that no one can set.
		for late := time.Since(next); late >= 0; late -= t.Every {
			next = next.Add(t.Every)
		}
		timer.Reset(time.Until(next))
	}
}

// run is one run: bites until there is nothing more to do, or ctx ends.
func (t *task) run(ctx, work context.Context) {
	begin := time.Now()
	t.begin(begin)
	skipped, err := t.locked(work, func(work context.Context) error {
		for {
			more, err := t.bite(work)
			if err != nil || !more || ctx.Err() != nil {
				return err
			}
		}
	})
	t.end(time.Since(begin), skipped, err)
}

// locked calls fn, under the operation's lock if it has one, and reports whether it has
// left the work to somebody else.
func (t *task) locked(ctx context.Context, fn func(context.Context) error) (skipped bool, err error) {
	if t.Lock.Name == "" {
		return false, fn(ctx)
	}
	begun := false
	err = lock.Do(ctx, t.r.opts.Locks, t.Lock.Name, lock.Options{TTL: t.Lock.TTL, Renew: true}, func(ctx context.Context) error {
		begun = true
		return fn(ctx)
	})
	if !begun && lock.Skips(err) {
		return true, nil
	}
	return false, err
}

// bite calls Run and keeps a defect in it from ending the host.
func (t *task) bite(ctx context.Context) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.New(errs.Internal, "panic: %v", p)
			t.r.opts.Logger.Error("a worker panicked", "worker", t.program.Name, "operation", t.Name, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	return t.Run(ctx)
}

// Once does every operation of the programs until there is nothing more to do, one after
// the other, whatever their intervals. It fails when one of them does, after all.
func (r *Runner) Once(ctx context.Context) error {
	if r.opts.Idle != "" {
		return errs.New(errs.Unsupported, "%s", r.opts.Idle)
	}
	for _, t := range r.tasks {
		if t.program.Off != "" {
			return errs.New(errs.Unsupported, "%s is off: %s", t.program.Name, t.program.Off)
		}
	}
	var failed []string
	for _, t := range r.tasks {
		t.run(ctx, ctx)
		if s := t.get(); s.LastError != "" {
			failed = append(failed, t.Name+": "+s.LastError)
		}
	}
	if len(failed) > 0 {
		return errs.New(errs.Unavailable, "%s", strings.Join(failed, "; "))
	}
	return ctx.Err()
}
