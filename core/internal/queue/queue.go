// Package queue has the product's queues of work, which live in the database (table
// queueitem) and are shared with the workers of the Python product (data/queue.py).
//
// Work is done at least once: whoever takes an item has it until its time is over, and
// then others get it. An item is gone when it is completed, or when it has been taken
// as often as it may.
package queue

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	PutQueueItems(ctx context.Context, items ...domain.NewQueueItem) ([]domain.QueueItemID, error)
	ClaimQueueItem(ctx context.Context, queue string, ordered bool, now, until time.Time) (*domain.QueueItem, error)
	ExtendQueueItem(ctx context.Context, item *domain.QueueItem, until time.Time, minimum time.Duration, body string) (bool, error)
	ReturnQueueItem(ctx context.Context, item *domain.QueueItem, available time.Time, restore bool) (bool, error)
	DeleteQueueItem(ctx context.Context, id domain.QueueItemID) error
	DeleteQueueItems(ctx context.Context, queue string, path ...string) (int, error)
	QueueItemAlive(ctx context.Context, queue string, now time.Time, path ...string) (bool, error)
	QueueCounts(ctx context.Context, queue string, now time.Time) (domain.QueueCounts, error)
}

// Watcher is told what becomes of those who ask for items.
type Watcher interface {
	// Got counts a Get with what came of it.
	Got(queue string, o Outcome)
}

// Outcome is what came of a Get, in the product's words (quay_queue_item_gets_total).
type Outcome string

// Outcomes.
const (
	Acquired Outcome = "acquired"
	Claimed  Outcome = "claimed"     // by others who were faster
	Nothing  Outcome = "nonexistant" // the product's spelling
)

// Options of New.
type Options struct {
	// Now is the clock; nil is the system's.
	Now func() time.Time
	// Watcher counts; nil counts nothing.
	Watcher Watcher
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// retries is how many times an item may be taken unless its maker says otherwise.
const retries = 5

// minimumExtension is the least that is worth a change of the database, of times that
// are long enough.
const minimumExtension = 20 * time.Second

// races is how many times a Get looks again when others were faster.
const races = 3

// batch is how many items one transaction puts into a queue.
const batch = 1000

// Queue is one queue.
type Queue struct {
	name       string
	namespaced bool
	store      Store
	opts       Options
}

// Name returns what the queue is called in the database.
func (q *Queue) Name() string { return q.name }

// Item makes an item that may be taken at once, five times. Its maker may change both
// (Available, Retries). It is in no queue before it is put there: by Put, or by a change
// of the store that takes items and commits them together with what they are about.
func (q *Queue) Item(body pyjson.Object, path ...string) domain.NewQueueItem {
	return domain.NewQueueItem{
		Queue: q.name, Path: path, Body: string(pyjson.Form{}.Append(nil, body)), Available: q.opts.Now(), Retries: retries,
	}
}

// Put puts items of Item into the queue, in transactions of a thousand, and returns the
// ids of those that were committed. errs.Invalid when an item's name is longer than the
// database takes.
func (q *Queue) Put(ctx context.Context, items ...domain.NewQueueItem) ([]domain.QueueItemID, error) {
	ids := make([]domain.QueueItemID, 0, len(items))
	for len(items) > 0 {
		n := min(len(items), batch)
		put, err := q.store.PutQueueItems(ctx, items[:n]...)
		if err != nil {
			return ids, err
		}
		ids = append(ids, put...)
		items = items[n:]
	}
	return ids, nil
}

// Get takes an item and keeps it from others
// for a time. It returns nil when there is nothing to do. With ordered it is the oldest
// item, and none whose name somebody works on.
func (q *Queue) Get(ctx context.Context, processing time.Duration, ordered bool) (*domain.QueueItem, error) {
	for attempt := 1; ; attempt++ {
		now := q.opts.Now()
		item, err := q.store.ClaimQueueItem(ctx, q.name, ordered, now, now.Add(processing))
		switch {
		case errs.Is(err, errs.Conflict) && attempt < races:
			continue
		case errs.Is(err, errs.Conflict):
			q.got(Claimed)
			return nil, nil
		case err != nil:
			return nil, err
		case item == nil:
			q.got(Nothing)
			return nil, nil
		}
		q.got(Acquired)
		return item, nil
	}
}

func (q *Queue) got(o Outcome) {
	if q.opts.Watcher != nil {
		q.opts.Watcher.Got(q.name, o)
	}
}

// Extend keeps an item for a time from now, and changes its body unless that is empty.
// It reports whether anything was changed: less than twenty seconds more, or a quarter of
// the time, are not worth it. errs.Conflict when the item is with somebody else, or gone: whoever works on it
// must stop.
func (q *Queue) Extend(ctx context.Context, item *domain.QueueItem, processing time.Duration, body string) (bool, error) {
	return q.store.ExtendQueueItem(ctx, item, q.opts.Now().Add(processing), min(minimumExtension, processing/4), body)
}

// Complete takes an item away whose work is done. One that is gone is no error.
func (q *Queue) Complete(ctx context.Context, item *domain.QueueItem) error {
	return q.store.DeleteQueueItem(ctx, item.ID)
}

// Incomplete gives an item back, to be taken again after a time, and reports whether it
// may be. With restore the take does not count. errs.Conflict when the item is with
// somebody else, or gone.
func (q *Queue) Incomplete(ctx context.Context, item *domain.QueueItem, after time.Duration, restore bool) (bool, error) {
	return q.store.ReturnQueueItem(ctx, item, q.opts.Now().Add(after), restore)
}

// Alive reports whether an item about a path is running or may be taken. One that must
// wait still is not.
func (q *Queue) Alive(ctx context.Context, path ...string) (bool, error) {
	return q.store.QueueItemAlive(ctx, q.name, q.opts.Now(), path...)
}

// DeleteNamespaced takes away the items about a namespace, or about a path below it, and
// returns how many there were. The items of queues that are not of namespaces stay.
func (q *Queue) DeleteNamespaced(ctx context.Context, namespace string, below ...string) (int, error) {
	if !q.namespaced {
		return 0, nil
	}
	return q.store.DeleteQueueItems(ctx, q.name, append([]string{namespace}, below...)...)
}

// Counts counts the names of the queue's items.
func (q *Queue) Counts(ctx context.Context) (domain.QueueCounts, error) {
	return q.store.QueueCounts(ctx, q.name, q.opts.Now())
}
