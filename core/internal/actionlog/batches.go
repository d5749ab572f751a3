package actionlog

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const (
	defaultQueue = 4096
	// maxBatch bounds the entries of one transaction.
	maxBatch = 256
	// A database that is down is asked again after these waits, doubled each time.
	firstRetry = 100 * time.Millisecond
	lastRetry  = 5 * time.Second

	defaultPatience = 10 * time.Second
)

// pending is an action whose entry waits to be written.
type pending struct {
	kind   Kind
	action Action
	entry  *domain.LogEntry // once it is made
}

// batches writes entries in the order in which they came, as many at a time as have
// come while the ones before were written: one at a time on a quiet registry, with
// no delay, and hundreds on a busy one.
type batches struct {
	store  Store
	policy Policy
	logger *slog.Logger

	patience time.Duration
	queue    chan pending
	ctx      context.Context // ends the writing
	stop     context.CancelFunc
	finished chan struct{}

	mu     sync.RWMutex // held for reading while an entry is handed over
	closed bool
	// closing ends the waits of those who hand over, so that close gets the lock.
	closing chan struct{}
	once    sync.Once

	written, dropped atomic.Int64
}

func startBatches(store Store, opts Options) *batches {
	size := opts.Queue
	if size <= 0 {
		size = defaultQueue
	}
	ctx, stop := context.WithCancel(context.Background())
	b := &batches{
		store: store, policy: opts.Policy, logger: opts.Logger, patience: cmp.Or(opts.Patience, defaultPatience),
		queue: make(chan pending, size), ctx: ctx, stop: stop,
		finished: make(chan struct{}), closing: make(chan struct{}),
	}
	go b.run()
	return b
}

var (
	errClosed = errs.New(errs.Unavailable, "the action log is closed")
	errFull   = errs.New(errs.Unavailable, "the action log cannot keep up")
)

// add hands an action over. It waits while the queue is full, for as long as ctx and
// its patience last.
func (b *batches) add(ctx context.Context, e pending) error {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.closed {
		return errClosed
	}
	select {
	case b.queue <- e:
		return nil
	default:
	}
	patience := time.NewTimer(b.patience)
	defer patience.Stop()
	select {
	case b.queue <- e:
		return nil
	case <-patience.C:
		return errFull
	case <-ctx.Done():
		return ctx.Err()
	case <-b.closing:
		return errClosed
	}
}

// close writes what waits until ctx ends, and ends the goroutine.
func (b *batches) close(ctx context.Context) error {
	defer b.stop()
	b.once.Do(func() {
		close(b.closing)
		b.mu.Lock()
		b.closed = true
		close(b.queue)
		b.mu.Unlock()
	})
	select {
	case <-b.finished:
	case <-ctx.Done():
		b.stop()
		<-b.finished
	}
	if n := b.dropped.Load(); n > 0 {
		return errs.New(errs.Unavailable, "%d entries of the action log could not be written", n)
	}
	return nil
}

func (b *batches) counts() Counts {
	return Counts{Waiting: int64(len(b.queue)), Written: b.written.Load(), Dropped: b.dropped.Load()}
}

func (b *batches) run() {
	defer close(b.finished)
	batch := make([]pending, 0, maxBatch)
	for first := range b.queue {
		batch = append(batch[:0], first)
	gather:
		for len(batch) < maxBatch {
			select {
			case e, open := <-b.queue:
				if !open {
					break gather
				}
				batch = append(batch, e)
			default:
				break gather
			}
		}
		b.write(batch)
		clear(batch) // what was written is not kept
	}
}

// write writes a batch; entries that stand in the way of the others are written one
// by one, and dropped where the database will never take them.
func (b *batches) write(batch []pending) {
	err := b.persist(batch)
	switch {
	case err == nil:
		b.written.Add(int64(len(batch)))
	case len(batch) > 1 && !transient(err) && b.ctx.Err() == nil:
		for i := range batch {
			b.write(batch[i : i+1])
		}
	default:
		b.dropped.Add(int64(len(batch)))
		b.logger.Error("entries of the action log were not written", "count", len(batch), "kind", string(batch[0].kind), "error", err)
	}
}

// persist tries until the database is there again. A batch of nothing but what the
// policy lets go ahead without an entry is tried once.
func (b *batches) persist(batch []pending) error {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		err := b.try(batch)
		if !transient(err) || !slices.ContainsFunc(batch, b.needed) {
			return err
		}
		b.logger.Warn("the action log waits for the database", "entries", len(batch), "wait", wait, "error", err)
		select {
		case <-time.After(wait):
		case <-b.ctx.Done():
			return err
		}
	}
}

// try makes those entries of a batch that are not made yet, and writes all.
func (b *batches) try(batch []pending) error {
	entries := make([]domain.LogEntry, len(batch))
	for i := range batch {
		p := &batch[i]
		if p.entry == nil {
			e, at, err := p.action.Entry(b.ctx)
			if err != nil {
				return err
			}
			entry := b.policy.entry(e, at)
			p.entry = &entry
		}
		entries[i] = *p.entry
	}
	return b.store.AppendLogs(b.ctx, false, entries...)
}

// needed reports whether an action must not go ahead without its entry.
func (b *batches) needed(p pending) bool { return !b.policy.forgives(p.kind) }

func transient(err error) bool {
	switch {
	case err == nil:
		return false
	case errs.Is(err, errs.Unavailable), errs.Is(err, errs.Timeout), errs.Is(err, errs.Exhausted):
		return true
	}
	return false
}
