// Package outbox sends in the background what may be lost: a bounded number of things
// wait for one goroutine, which sends as many at a time as have come. Who adds something
// never waits; what does not fit is dropped and counted.
package outbox

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// ErrGivenUp in what Send returns says that the batch must not be sent again.
var ErrGivenUp = errors.New("it is not sent again")

// Options of Start.
type Options[T any] struct {
	// Send sends a batch, all or as much of it as it can. What it kept of the slice
	// changes after it has returned.
	Send func(ctx context.Context, batch []T) error
	// What is sent, for the program's own log: "user events".
	What string
	// Size is how many may wait; zero is 4,096.
	Size int
	// Batch is how many are sent at once; zero is 256.
	Batch int
	// Tries is how often a batch is sent that could not be; zero is three.
	Tries int
	// Pause is the time between two tries; zero is a second.
	Pause  time.Duration
	Logger *slog.Logger
}

// Outbox is started by Start and has one goroutine until Close.
type Outbox[T any] struct {
	opts     Options[T]
	queue    chan T
	ctx      context.Context // ends the sending
	stop     context.CancelFunc
	finished chan struct{}

	mu     sync.RWMutex // held for reading while something is added
	closed bool

	sent, dropped atomic.Int64
}

// Start returns an outbox that sends until it is closed.
func Start[T any](opts Options[T]) *Outbox[T] {
	opts.Batch = cmp.Or(opts.Batch, 256)
	opts.Tries = cmp.Or(opts.Tries, 3)
	opts.Pause = cmp.Or(opts.Pause, time.Second)
	ctx, stop := context.WithCancel(context.Background())
	o := &Outbox[T]{
		opts: opts, queue: make(chan T, cmp.Or(opts.Size, 4096)), ctx: ctx, stop: stop, finished: make(chan struct{}),
	}
	go o.run()
	return o
}

// Add hands something over, and drops it when too much waits or the outbox is closed.
func (o *Outbox[T]) Add(v T) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if !o.closed {
		select {
		case o.queue <- v:
			return
		default:
		}
	}
	o.dropped.Add(1)
}

// Close sends what waits, until ctx ends, and ends the goroutine. Closing again does
// nothing.
func (o *Outbox[T]) Close(ctx context.Context) error {
	defer o.stop()
	o.mu.Lock()
	if !o.closed {
		o.closed = true
		close(o.queue)
	}
	o.mu.Unlock()
	select {
	case <-o.finished:
	case <-ctx.Done():
		o.stop()
		<-o.finished
	}
	return nil
}

// Counts are numbers of things since the start.
type Counts struct{ Waiting, Sent, Dropped int64 }

// Counts returns what became of what was added.
func (o *Outbox[T]) Counts() Counts {
	return Counts{int64(len(o.queue)), o.sent.Load(), o.dropped.Load()}
}

func (o *Outbox[T]) run() {
	defer close(o.finished)
	batch := make([]T, 0, o.opts.Batch)
	for first := range o.queue {
		batch = append(batch[:0], first)
		for len(batch) < cap(batch) && len(o.queue) > 0 {
			batch = append(batch, <-o.queue) // nobody else takes
		}
		o.send(batch)
		clear(batch)
	}
}

// send sends a batch, tries again when it cannot, and gives it up in the end.
func (o *Outbox[T]) send(batch []T) {
	for try := 1; ; try++ {
		err := o.opts.Send(o.ctx, batch)
		if err == nil {
			o.sent.Add(int64(len(batch)))
			return
		}
		if try == o.opts.Tries || o.ctx.Err() != nil || errors.Is(err, ErrGivenUp) {
			o.dropped.Add(int64(len(batch)))
			o.opts.Logger.Warn(o.opts.What+" could not be sent", "count", len(batch), "error", err)
			return
		}
		select {
		case <-time.After(o.opts.Pause):
		case <-o.ctx.Done():
		}
	}
}
