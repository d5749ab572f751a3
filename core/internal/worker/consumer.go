package worker

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/queue"
	"github.com/quay/quay/sdk/errs"
)

// Consumer works a queue off, one item after the other. What became of the work decides
// what becomes of the item:
//
//   - nil completes it;
//   - an error of Later gives it back, and the take does not count;
//   - so does an error of lock.ErrHeld: somebody else does such work now;
//   - any other error, and a panic, gives it back and the take counts. An item that
//     fails as often as it may is left in the table, where nobody takes it any more.
//
// As long as the work goes on the item is kept, however long that is. Who loses it all
// the same, because the database could not be reached for too long, is told by the end
// of the context.
type Consumer struct {
	Queue *queue.Queue
	// Work does what an item's body says.
	Work func(ctx context.Context, body json.RawMessage) error
	// Poll is the time between two looks at an empty queue; zero is 30 seconds.
	Poll time.Duration
	// Reservation is how long an item is kept from others when its taker has died; zero
	// is five minutes.
	Reservation time.Duration
	// Retry is after how long an item that was given back may be taken again; zero is
	// five minutes.
	Retry time.Duration
	// Ordered takes the oldest item first, and none of a name that is running.
	Ordered bool
	// Count is how often the items are counted (QUEUE_WORKER_METRICS_REFRESH_SECONDS);
	// zero is five minutes.
	Count   time.Duration
	Metrics *Metrics
	Logger  *slog.Logger
}

// breath is how long a consumer pauses when somebody else does its work.
const breath = 5 * time.Second

// outcomeTime bounds the change that says what became of an item.
const outcomeTime = 30 * time.Second

// laterError says that an item must come back.
type laterError struct{ err error }

func (l laterError) Error() string { return l.err.Error() }
func (l laterError) Unwrap() error { return l.err }

// Later makes an error that says that nothing is wrong with the item: what it needs is
// not there now.
func Later(err error) error { return laterError{err} }

// errUnreadable says that an item's body is no JSON.
var errUnreadable = errs.New(errs.Invalid, "the body of the item is no JSON")

// Operations are what a program does that works the queue off; their names are the
// product's.
func (c Consumer) Operations() []Operation {
	for _, d := range []struct {
		value *time.Duration
		usual time.Duration
	}{{&c.Poll, 30 * time.Second}, {&c.Reservation, 5 * time.Minute}, {&c.Retry, 5 * time.Minute}, {&c.Count, 5 * time.Minute}} {
		if *d.value <= 0 {
			*d.value = d.usual
		}
	}
	list := []Operation{{Name: "poll_queue", Every: c.Poll, Run: c.next}}
	if c.Metrics != nil {
		list = append(list, Operation{Name: "update_queue_metrics", Every: c.Count, Run: c.count})
	}
	return list
}

func (c Consumer) count(ctx context.Context) (bool, error) {
	counts, err := c.Queue.Counts(ctx)
	if err == nil {
		c.Metrics.counted(c.Queue.Name(), counts)
	}
	return false, err
}

// next takes an item and deals with it.
func (c Consumer) next(ctx context.Context) (more bool, err error) {
	item, err := c.Queue.Get(ctx, c.Reservation, c.Ordered)
	if err != nil || item == nil {
		return false, err
	}
	h := &hold{Consumer: c, item: item}
	err = h.keep(ctx, func(ctx context.Context) error { return c.call(ctx, item) })
	return h.settle(ctx, err)
}

// call does an item's work and keeps a defect in it from ending the host.
func (c Consumer) call(ctx context.Context, item *domain.QueueItem) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.New(errs.Internal, "panic: %v", p)
			c.Logger.Error("the work of an item panicked", "queue", c.Queue.Name(), "item", item.ID, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	if !json.Valid([]byte(item.Body)) {
		return errUnreadable
	}
	return c.Work(ctx, json.RawMessage(item.Body))
}

// hold is an item that is worked on.
type hold struct {
	Consumer
	item *domain.QueueItem
	lost bool
}

// keep calls work and extends the item's time until it returns. The context of work ends
// when the item is lost.
func (h *hold) keep(ctx context.Context, work func(context.Context) error) error {
	ctx, lose := context.WithCancelCause(ctx)
	defer lose(nil)
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		h.watch(watching, lose)
	}()
	err := work(ctx)
	stop()
	<-watched
	return err
}

// watch extends an item's time, three times in it, until ctx ends or the item is lost.
func (h *hold) watch(ctx context.Context, lose context.CancelCauseFunc) {
	tick := time.NewTicker(h.Reservation / 3)
	defer tick.Stop()
	end := time.Now().Add(h.Reservation)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := time.Now()
		err := h.extend(ctx, end)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			end = now.Add(h.Reservation)
		case errs.Is(err, errs.Conflict) || !time.Now().Before(end):
			h.lost = true
			lose(lock.ErrLost)
			return
		default:
			h.Logger.Warn("the time of an item could not be extended", "queue", h.Queue.Name(), "item", h.item.ID, "error", errs.Loggable(err))
		}
	}
}

// extend extends the item's time, and gives up when that is over.
func (h *hold) extend(ctx context.Context, end time.Time) error {
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	_, err := h.Queue.Extend(ctx, h.item, h.Reservation, "")
	return err
}

// settle says what became of the item, whatever became of ctx, and reports whether the
// consumer goes on.
func (h *hold) settle(ctx context.Context, err error) (more bool, failure error) {
	outcome, cancel := context.WithTimeout(context.WithoutCancel(ctx), outcomeTime)
	defer cancel()
	logger := h.Logger.With("queue", h.Queue.Name(), "item", h.item.ID)
	var later laterError
	switch {
	case err == nil:
		h.became("completed")
		return true, h.Queue.Complete(outcome, h.item)
	case h.lost:
		h.became("lost")
		logger.Warn("an item was lost while it was worked on", "error", errs.Loggable(err))
		return true, nil
	case ctx.Err() != nil: // the program ends: somebody else may have it at once
		h.became("returned")
		return false, h.giveBack(outcome, 0, true)
	case errors.Is(err, lock.ErrHeld):
		h.became("returned")
		logger.Debug("somebody else does such work now")
		err := h.giveBack(outcome, h.Retry, true)
		return err == nil && sleep(ctx, breath), err
	case errors.As(err, &later):
		h.became("returned")
		return false, errors.Join(err, h.giveBack(outcome, h.Retry, true))
	}
	h.became("failed")
	logger.Warn("the work of an item failed", "error", errs.Loggable(err), "tries_left", h.item.Retries)
	return true, h.giveBack(outcome, h.Retry, false)
}

// became counts what became of an item.
func (h *hold) became(outcome string) {
	if h.Metrics != nil {
		h.Metrics.items.WithLabelValues(h.Queue.Name(), outcome).Inc()
	}
}

// giveBack lets others have the item. One that is gone needs nothing.
func (h *hold) giveBack(ctx context.Context, after time.Duration, restore bool) error {
	_, err := h.Queue.Incomplete(ctx, h.item, after, restore)
	if errs.Is(err, errs.Conflict) {
		return nil
	}
	return err
}

// sleep pauses, and reports whether ctx lives.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
