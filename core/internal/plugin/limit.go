package plugin

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Limits bound what one plugin is asked at once, so that a slow one holds back
// its own callers only.
type Limits struct {
	// Calls is the number of calls under way. Zero means 256.
	Calls int
	// Leases is the number of leases, each of which is a transfer of any length.
	// Zero means 1,024.
	Leases int
	// Queue is how many calls, and how many leases, may wait for their turn; more
	// are refused at once. Zero means 1,024.
	Queue int
}

func (l *Limits) setDefaults() {
	for _, d := range []struct {
		value *int
		zero  int
	}{{&l.Calls, 256}, {&l.Leases, 1024}, {&l.Queue, 1024}} {
		if *d.value == 0 {
			*d.value = d.zero
		}
	}
}

// turnstile admits a bounded number of users at once and lets a bounded number
// wait.
type turnstile struct {
	slots  chan struct{}
	queue  int64
	queued atomic.Int64
}

func newTurnstile(slots, queue int) *turnstile {
	return &turnstile{slots: make(chan struct{}, slots), queue: int64(queue)}
}

// enter waits for a slot, which leave gives back, until ctx or the timeout ends.
func (t *turnstile) enter(ctx context.Context, timeout time.Duration) error {
	select {
	case t.slots <- struct{}{}:
		return nil
	default:
	}
	defer t.queued.Add(-1)
	if t.queued.Add(1) > t.queue {
		return errs.New(errs.Unavailable, "the plugin is overloaded: %d calls are under way and %d wait", cap(t.slots), t.queue)
	}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case t.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return errs.New(errs.Unavailable, "the plugin is overloaded: %d calls are under way, and none ended within %v", cap(t.slots), timeout)
	}
}

func (t *turnstile) leave() { <-t.slots }

// inside is the number of users.
func (t *turnstile) inside() int { return len(t.slots) }

// waiting is the number of those who wait.
func (t *turnstile) waiting() int { return int(t.queued.Load()) }
