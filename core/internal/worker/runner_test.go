package worker

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/sdk/errs"
)

var silent = slog.New(slog.DiscardHandler)

func one(op Operation) []Program {
	return []Program{{Name: "w", Class: "W", Operations: []Operation{op}}}
}

// start runs a runner until the function that it returns is called, which waits for its
// end.
func start(t *testing.T, r *Runner) (stop func() error) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	return func() error {
		cancel()
		return <-ended
	}
}

// TestIntervals proves when an operation is run: five seconds after the start, then at
// its interval, once for all times that a long run has let pass, and again at once as
// long as there is more to do.
func TestIntervals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var at []time.Duration
		bites := []struct {
			takes time.Duration
			more  bool
		}{{0, true}, {1 * time.Second, false}, {25 * time.Second, false}, {0, false}}
		r := New(one(Operation{Name: "op", Every: 10 * time.Second, Run: func(context.Context) (bool, error) {
			at = append(at, time.Since(begin))
			bite := bites[min(len(at), len(bites))-1]
			time.Sleep(bite.takes)
			return bite.more, nil
		}}), Options{Logger: silent, Drain: time.Second})
		stop := start(t, r)
		time.Sleep(58 * time.Second)
		if err := stop(); err != nil {
			t.Error(err)
		}
		want := []time.Duration{5 * time.Second, 5 * time.Second, 15 * time.Second, 45 * time.Second, 55 * time.Second}
		if !slices.Equal(at, want) {
			t.Errorf("bites at %v, want %v", at, want)
		}
		if s := r.Status()[0]; s.Runs != 4 || s.Failures != 0 || s.LastSuccess.IsZero() {
			t.Errorf("got %+v", s)
		}
	})
}

// TestStagger proves that the first run is put off by less than an interval, and not
// always by the same time.
func TestStagger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		delays := make(map[time.Duration]bool)
		for range 10 {
			begin := time.Now()
			ran := make(chan time.Duration, 100)
			stop := start(t, New(one(Operation{Name: "op", Every: time.Hour, Run: func(context.Context) (bool, error) {
				ran <- time.Since(begin)
				return false, nil
			}}), Options{Logger: silent, Stagger: true}))
			delay := <-ran
			if delay < settle || delay >= settle+time.Hour {
				t.Errorf("after %v", delay)
			}
			delays[delay] = true
			if err := stop(); err != nil {
				t.Error(err)
			}
		}
		if len(delays) < 5 {
			t.Errorf("ten delays were %v", delays)
		}
	})
}

// TestFailures proves that errors and panics end nothing, are counted and shown, and
// that an operation counts as one that does not work after the third in a row.
func TestFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		registry := prometheus.NewRegistry()
		runs := 0
		r := New(one(Operation{Name: "op", Every: time.Minute, Run: func(context.Context) (bool, error) {
			runs++
			switch runs {
			case 1:
				return true, errors.New("no")
			case 2, 3:
				panic("a defect")
			}
			return false, nil
		}}), Options{Logger: silent, Metrics: NewMetrics(registry)})
		stop := start(t, r)
		time.Sleep(100 * time.Second) // two runs
		if f := r.Failing(); len(f) != 0 {
			t.Errorf("failing too early: %v", f)
		}
		time.Sleep(time.Minute)
		if f := r.Failing(); !strings.Contains(f["w/op"], "a defect") {
			t.Errorf("failing: %v", f)
		}
		time.Sleep(time.Minute)
		if f := r.Failing(); len(f) != 0 {
			t.Errorf("still failing: %v", f)
		}
		if err := stop(); err != nil {
			t.Error(err)
		}
		if err := testutil.GatherAndCompare(registry, strings.NewReader(`
# HELP quay_worker_operation_failures_total runs of a worker's operation that failed
# TYPE quay_worker_operation_failures_total counter
quay_worker_operation_failures_total{operation="op",worker="W"} 3
# HELP quay_worker_operation_in_progress whether a worker's operation runs
# TYPE quay_worker_operation_in_progress gauge
quay_worker_operation_in_progress{operation="op",worker="W"} 0
`), "quay_worker_operation_failures_total", "quay_worker_operation_in_progress"); err != nil {
			t.Error(err)
		}
	})
}

// TestIdle proves that nothing is done where the configuration says so, and that a
// runner with nothing to do waits for its end.
func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		op := Operation{Name: "op", Every: time.Second, Run: func(context.Context) (bool, error) {
			t.Error("it ran")
			return false, nil
		}}
		off := one(op)
		off[0].Off = "FEATURE_X is false"
		for _, r := range []*Runner{
			New(one(op), Options{Logger: silent, Idle: "REGISTRY_STATE is readonly"}),
			New(off, Options{Logger: silent}),
		} {
			stop := start(t, r)
			time.Sleep(time.Hour)
			if err := stop(); err != nil {
				t.Error(err)
			}
			if err := r.Once(t.Context()); !errs.Is(err, errs.Unsupported) {
				t.Errorf("once: %v", err)
			}
		}
	})
}

// TestDrain proves that a runner that is told to end begins no bite, lets the one under
// way end, ends its context when that takes too long, and says which one does not end
// even then.
func TestDrain(t *testing.T) {
	for _, tc := range []struct {
		what   string
		takes  time.Duration
		stays  bool // whatever its context says
		broken bool
		fails  bool
		ended  time.Duration
	}{
		{"quick", 20 * time.Second, false, false, false, 15 * time.Second},
		{"slow", time.Hour, false, true, false, 30 * time.Second},
		{"stuck", time.Hour, true, true, true, 40 * time.Second},
	} {
		t.Run(tc.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				bites, broken := 0, false
				r := New(one(Operation{Name: "op", Every: time.Minute, Run: func(ctx context.Context) (bool, error) {
					bites++
					select {
					case <-time.After(tc.takes):
					case <-ctx.Done():
						broken = true
						if tc.stays {
							time.Sleep(time.Hour)
						}
					}
					return true, ctx.Err()
				}}), Options{Logger: silent, Drain: 30 * time.Second})
				stop := start(t, r)
				time.Sleep(10 * time.Second)
				told := time.Now()
				err := stop()
				synctest.Wait()
				if took := time.Since(told); took != tc.ended || bites != 1 || broken != tc.broken {
					t.Errorf("ended after %v, %d bites, broken off: %v", took, bites, broken)
				}
				if tc.fails != errs.Is(err, errs.Timeout) || tc.fails != (err != nil) || tc.fails && !strings.Contains(err.Error(), "w/op") {
					t.Errorf("got %v", err)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

// TestLock proves that of two runners one does an operation that has a lock, that the
// other does not take this for a failure, and that an error of the work is one even if
// it looks like one of the lock.
func TestLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		locks := lock.NewProcess()
		var inside, most atomic.Int32
		op := Operation{Name: "op", Every: time.Minute, Lock: Lock{Name: "L"}, Run: func(context.Context) (bool, error) {
			most.Store(max(most.Load(), inside.Add(1)))
			time.Sleep(20 * time.Second)
			inside.Add(-1)
			return false, nil
		}}
		a, b := New(one(op), Options{Logger: silent, Locks: locks, Drain: time.Hour}), New(one(op), Options{Logger: silent, Locks: locks, Drain: time.Hour})
		stopA, stopB := start(t, a), start(t, b)
		time.Sleep(5 * time.Minute)
		if err := errors.Join(stopA(), stopB()); err != nil {
			t.Error(err)
		}
		sa, sb := a.Status()[0], b.Status()[0]
		if most.Load() != 1 || sa.Skipped+sb.Skipped != 5 || sa.Failures+sb.Failures != 0 || sa.Runs+sb.Runs != 10 {
			t.Errorf("%d at once; %+v; %+v", most.Load(), sa, sb)
		}
		op.Run = func(context.Context) (bool, error) { return false, errs.New(errs.Unavailable, "the store") }
		c := New(one(op), Options{Logger: silent, Locks: locks})
		if err := c.Once(t.Context()); err == nil || c.Status()[0].Failures != 1 {
			t.Errorf("%v, %+v", err, c.Status()[0])
		}
	})
}

// TestOnce proves that all is done that there is to do, of every operation, although one
// fails.
func TestOnce(t *testing.T) {
	left := 3
	var late bool
	programs := []Program{{Name: "w", Operations: []Operation{
		{Name: "bad", Run: func(context.Context) (bool, error) { return false, errors.New("no") }},
		{Name: "long", Run: func(context.Context) (bool, error) { left--; return left > 0, nil }},
		{Name: "late", Run: func(context.Context) (bool, error) { late = true; return false, nil }},
	}}}
	err := New(programs, Options{Logger: silent}).Once(t.Context())
	if err == nil || !strings.Contains(err.Error(), "bad: no") || left != 0 || !late {
		t.Errorf("%v, %d left, %v", err, left, late)
	}
}

// TestAwait proves that what is not there yet is waited for with growing pauses, and
// that what will not pass is not.
func TestAwait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin, tries := time.Now(), 0
		unavailable := func(err error) bool { return errs.Is(err, errs.Unavailable) }
		err := Await(t.Context(), silent, unavailable, func(context.Context) error {
			if tries++; tries < 10 {
				return errs.New(errs.Unavailable, "down")
			}
			return nil
		})
		if took := time.Since(begin); err != nil || took < 100*time.Second || took > 151*time.Second {
			t.Errorf("after %v: %v", took, err)
		}
		err = Await(t.Context(), silent, unavailable, func(context.Context) error { return errs.New(errs.Invalid, "wrong") })
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("got %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err = Await(ctx, silent, unavailable, func(context.Context) error { return errs.New(errs.Unavailable, "down") })
		if err == nil || ctx.Err() == nil {
			t.Errorf("got %v", err)
		}
	})
}

// TestCatalog proves that the catalog has each of the product's programs once.
func TestCatalog(t *testing.T) {
	names := make(map[string]bool)
	for _, e := range Catalog() {
		if names[e.Name] || e.Does == "" || e.Where == "" {
			t.Errorf("%+v", e)
		}
		names[e.Name] = true
	}
	if len(names) != 36 || !names[ManifestBackfill] || !names[ManifestSubjectBackfill] {
		t.Errorf("%d programs", len(names))
	}
}
