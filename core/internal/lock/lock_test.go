package lock

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestAdvisoryID proves that a lock of the product has the number that the product
// computes; the numbers are Python's.
func TestAdvisoryID(t *testing.T) {
	for _, tc := range []struct {
		namespace string
		key       int64
		want      int64
	}{
		{"retarget_tag", 1, 6389721433979953103},
		{"retarget_tag", 4711, 9105559075525958967},
		{"bootstrap_token", 0, 2468769807656562489},
	} {
		if got := domain.AdvisoryLock(tc.namespace, tc.key); got != tc.want {
			t.Errorf("%s:%d is %d, want %d", tc.namespace, tc.key, got, tc.want)
		}
	}
}

// TestProcess proves that of many who want a lock one at a time has it, that names
// do not disturb each other, and how waiting ends.
func TestProcess(t *testing.T) {
	p := NewProcess()
	exclusive(t, p)
	synctest.Test(t, func(t *testing.T) {
		p := NewProcess()
		held, err := p.Acquire(t.Context(), "a", Options{TTL: time.Second})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := p.Acquire(t.Context(), "a", Options{}); !errors.Is(err, ErrHeld) || time.Since(start) != DefaultWait {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		if _, err := p.Acquire(t.Context(), "a", Options{Wait: -1}); !errors.Is(err, ErrHeld) {
			t.Errorf("without waiting: %v", err)
		}
		if held.Context().Err() != nil {
			t.Error("a lock of a process ends by itself")
		}
		other, err := p.Acquire(t.Context(), "b", Options{Wait: -1})
		if err != nil {
			t.Errorf("another name: %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := p.Acquire(ctx, "c", Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller that has gone: %v", err)
		}
		for _, l := range []*Lock{held, other} {
			if err := l.Release(t.Context()); err != nil || l.Context().Err() == nil {
				t.Errorf("release: %v", err)
			}
		}
	})
}

// exclusive proves that a locker lets one holder in at a time, and all of them in
// the end.
func exclusive(t *testing.T, l Locker) {
	t.Helper()
	var inside, most, done atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 5 {
				err := Do(t.Context(), l, "exclusive", Options{Wait: time.Minute}, func(context.Context) error {
					most.Store(max(most.Load(), inside.Add(1)))
					time.Sleep(time.Millisecond)
					inside.Add(-1)
					done.Add(1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if most.Load() != 1 || done.Load() != 40 {
		t.Errorf("%d holders at once, %d in all", most.Load(), done.Load())
	}
}

// TestDo proves what Do returns of the work's error and the lock's.
func TestDo(t *testing.T) {
	own := errors.New("own")
	if err := Do(t.Context(), NewProcess(), "a", Options{}, func(context.Context) error { return own }); !errors.Is(err, own) {
		t.Errorf("got %v", err)
	}
	lost := lockerFunc(func(ctx context.Context, _ string, _ Options) (*Lock, error) {
		l := hold(ctx, func(context.Context) error { return nil })
		l.cancel(ErrLost)
		return l, nil
	})
	if err := Do(t.Context(), lost, "a", Options{}, func(ctx context.Context) error { return ctx.Err() }); !errors.Is(err, ErrLost) {
		t.Errorf("a lock that was lost: %v", err)
	}
	held := lockerFunc(func(context.Context, string, Options) (*Lock, error) { return nil, ErrHeld })
	if err := Do(t.Context(), held, "a", Options{}, func(context.Context) error { panic("not held") }); !errors.Is(err, ErrHeld) {
		t.Errorf("a lock of somebody else: %v", err)
	}
}

type lockerFunc func(context.Context, string, Options) (*Lock, error)

func (f lockerFunc) Acquire(ctx context.Context, name string, opts Options) (*Lock, error) {
	return f(ctx, name, opts)
}

// TestSkips proves which failures leave the work to another time.
func TestSkips(t *testing.T) {
	for err, want := range map[error]bool{
		ErrHeld: true, errs.New(errs.Unavailable, "down"): true, ErrLost: false, context.Canceled: false, nil: false,
	} {
		if Skips(err) != want {
			t.Errorf("%v: %v", err, !want)
		}
	}
}
