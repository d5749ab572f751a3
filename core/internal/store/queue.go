package store

import (
	"context"
	"math/rand/v2"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// The table queueitem is shared with the workers of the Python product (data/queue.py).
// Whoever changes an item gives it another state_id, and takes one only if that is what
// it has read before: of many who try, one succeeds.

const (
	insertQueueItem statement = `
INSERT INTO queueitem (queue_name, body, available_after, available, retries_remaining, state_id)
VALUES ($1, $2, $3, TRUE, $4, $5) RETURNING id`

	// Some of the items of a queue ($1 is the beginning of their names) that may be taken
	// at $2. Those that nobody has had, those whose taker let his time run out and those
	// that were given back before are three ranges of one index; each gets its share, so
	// that a crowd of the one does not keep the others waiting.
	availableItems statement = `
SELECT id, body, retries_remaining, state_id FROM queueitem WHERE id IN (SELECT id FROM (
  SELECT id FROM (
    SELECT id FROM queueitem
    WHERE processing_expires IS NULL AND available_after <= $2 AND available AND retries_remaining > 0
      AND substr(queue_name, 1, length(CAST($1 AS text))) = $1 LIMIT 50) AS untouched
  UNION ALL SELECT id FROM (
    SELECT id FROM queueitem
    WHERE processing_expires <= $2 AND available_after <= $2 AND retries_remaining > 0
      AND substr(queue_name, 1, length(CAST($1 AS text))) = $1 LIMIT 50) AS expired
  UNION ALL SELECT id FROM (
    SELECT id FROM queueitem
    WHERE processing_expires > $2 AND available_after <= $2 AND available AND retries_remaining > 0
      AND substr(queue_name, 1, length(CAST($1 AS text))) = $1 LIMIT 50) AS returned
) AS page ORDER BY random() LIMIT 8)`

	// The oldest item that may be taken and of whose name none is running.
	oldestAvailableItem statement = `
SELECT id, body, retries_remaining, state_id FROM queueitem WHERE id = (SELECT MIN(id) FROM (
  SELECT id, queue_name FROM queueitem
  WHERE processing_expires IS NULL AND available_after <= $2 AND available AND retries_remaining > 0
    AND substr(queue_name, 1, length(CAST($1 AS text))) = $1
  UNION ALL SELECT id, queue_name FROM queueitem
  WHERE processing_expires <= $2 AND available_after <= $2 AND retries_remaining > 0
    AND substr(queue_name, 1, length(CAST($1 AS text))) = $1
  UNION ALL SELECT id, queue_name FROM queueitem
  WHERE processing_expires > $2 AND available_after <= $2 AND available AND retries_remaining > 0
    AND substr(queue_name, 1, length(CAST($1 AS text))) = $1
) AS page WHERE NOT EXISTS (
  SELECT 1 FROM queueitem r WHERE r.queue_name = page.queue_name AND NOT r.available AND r.processing_expires > $2))`

	claimItem statement = `
UPDATE queueitem SET available = FALSE, processing_expires = $3, retries_remaining = retries_remaining - 1, state_id = $4
WHERE id = $1 AND state_id = $2`

	itemForChange statement = `SELECT body, retries_remaining, processing_expires, state_id FROM queueitem WHERE id = $1`

	extendItem statement = `UPDATE queueitem SET processing_expires = $2, body = $3, state_id = $4 WHERE id = $1`

	returnItem statement = `
UPDATE queueitem SET available = TRUE, available_after = $2, retries_remaining = $3, state_id = $4 WHERE id = $1`

	deleteItem statement = `DELETE FROM queueitem WHERE id = $1`

	// The product matches names with LIKE, where an underscore stands for any
	// character: deleting a_b would drop what is queued for axb.
	dropQueuedItems statement = `DELETE FROM queueitem WHERE substr(queue_name, 1, length(CAST($1 AS text))) = $1`

	itemAlive statement = `
SELECT 1 FROM queueitem WHERE queue_name = $1 AND (
  (available_after <= $2 AND (available OR processing_expires <= $2) AND retries_remaining > 0)
  OR (NOT available AND processing_expires > $2)) LIMIT 1`

	// The names that are running, that may be taken, and that are the second and not the
	// first.
	countItems statement = `
SELECT COALESCE(SUM(running), 0), COALESCE(SUM(waiting), 0), COALESCE(SUM(waiting - running * waiting), 0) FROM (
  SELECT queue_name, MAX(running) AS running, MAX(waiting) AS waiting FROM (
    SELECT queue_name, 1 AS running, 0 AS waiting FROM queueitem
    WHERE processing_expires > $2 AND NOT available AND substr(queue_name, 1, length(CAST($1 AS text))) = $1
    UNION ALL SELECT queue_name, 0, 1 FROM queueitem
    WHERE processing_expires IS NULL AND available_after <= $2 AND available AND retries_remaining > 0
      AND substr(queue_name, 1, length(CAST($1 AS text))) = $1
    UNION ALL SELECT queue_name, 0, 1 FROM queueitem
    WHERE processing_expires <= $2 AND available_after <= $2 AND retries_remaining > 0
      AND substr(queue_name, 1, length(CAST($1 AS text))) = $1
    UNION ALL SELECT queue_name, 0, 1 FROM queueitem
    WHERE processing_expires > $2 AND available_after <= $2 AND available AND retries_remaining > 0
      AND substr(queue_name, 1, length(CAST($1 AS text))) = $1
  ) AS page GROUP BY queue_name) AS page`
)

// maxQueueName is the length of the column, in characters.
const maxQueueName = 1024

// PutQueueItems puts items into their queues, all or none, and returns their ids.
func (s *Store) PutQueueItems(ctx context.Context, items ...domain.NewQueueItem) ([]domain.QueueItemID, error) {
	if len(items) == 0 {
		return nil, nil
	}
	var ids []domain.QueueItemID
	err := s.change(ctx, true, func(tx *Tx) (err error) {
		ids, err = tx.enqueue(items...)
		return err
	})
	return ids, err
}

// enqueue puts items into their queues in the transaction of what they are about: both
// are committed, or neither is.
func (t *Tx) enqueue(items ...domain.NewQueueItem) ([]domain.QueueItemID, error) {
	ids := make([]domain.QueueItemID, 0, len(items))
	for i := range items {
		item := &items[i]
		name := item.Name()
		if utf8.RuneCountInString(name) > maxQueueName {
			return nil, errs.New(errs.Invalid, "the name of an item of the queue %s is longer than %d characters", item.Queue, maxQueueName)
		}
		id, err := t.insert(insertQueueItem, name, item.Body, item.Available, item.Retries, uuid.NewString())
		if err != nil {
			return nil, err
		}
		ids = append(ids, domain.QueueItemID(id))
	}
	t.queued = append(t.queued, items...)
	return ids, nil
}

// ClaimQueueItem takes an item out of a queue until an instant, and returns nil when
// there is none that may be taken. With ordered it is the oldest, and none that has the
// name of one that is running; otherwise any. errs.Conflict when others were faster
// with all that was found.
func (s *Store) ClaimQueueItem(ctx context.Context, queue string, ordered bool, now, until time.Time) (*domain.QueueItem, error) {
	find := availableItems
	if ordered {
		find = oldestAvailableItem
	}
	var items []domain.QueueItem
	err := s.rows(ctx, find, func(r scanner) error {
		var i domain.QueueItem
		err := r.Scan(&i.ID, &i.Body, &i.Retries, &i.State)
		items = append(items, i)
		return err
	}, domain.QueueName(queue), now)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	rand.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	for i := range items {
		item := &items[i]
		state := uuid.NewString()
		n, err := s.execute(ctx, claimItem, item.ID, item.State, until, state)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			item.Retries--
			item.State = state
			return item, nil
		}
	}
	return nil, errs.New(errs.Conflict, "others took the items of the queue %s", queue)
}

// execute runs one statement in a change of its own that need not survive the loss of
// power, and returns the number of rows that it changed. What it says of a queue is
// said again when it is lost: work is done at least once.
func (s *Store) execute(ctx context.Context, q statement, args ...any) (n int64, err error) {
	err = s.change(ctx, false, func(tx *Tx) (err error) {
		n, err = tx.exec(q, args...)
		return err
	})
	return n, err
}

// ExtendQueueItem keeps an item until an instant, unless that adds less than a minimum,
// and gives it another body, unless that is empty. It reports whether the row was
// changed, and then sets the item's state. errs.Conflict when the item is with somebody
// else or gone.
func (s *Store) ExtendQueueItem(ctx context.Context, item *domain.QueueItem, until time.Time, minimum time.Duration, body string) (bool, error) {
	state := uuid.NewString()
	var row *heldItem
	var changed bool
	err := s.change(ctx, false, func(tx *Tx) (err error) {
		if row, err = tx.heldItem(item); err != nil {
			return err
		}
		longer, other := until.Sub(row.expires) > minimum, body != "" && body != row.body
		if changed = longer || other; !changed {
			return nil
		}
		if longer {
			row.expires = until
		}
		if other {
			row.body = body
		}
		_, err = tx.exec(extendItem, item.ID, row.expires, row.body, state)
		return err
	})
	if err == nil && changed {
		item.State, item.Body = state, row.body
	}
	return changed, err
}

// ReturnQueueItem lets others take an item from an instant on, and reports whether it
// may be taken again. With restore the take does not count. errs.Conflict when the
// item is with somebody else or gone.
func (s *Store) ReturnQueueItem(ctx context.Context, item *domain.QueueItem, available time.Time, restore bool) (bool, error) {
	var retries int
	err := s.change(ctx, false, func(tx *Tx) error {
		row, err := tx.heldItem(item)
		if err != nil {
			return err
		}
		if retries = row.retries; restore {
			retries++
		}
		_, err = tx.exec(returnItem, item.ID, available, retries, uuid.NewString())
		return err
	})
	return retries > 0, err
}

// heldItem is what is stored of an item that somebody has.
type heldItem struct {
	body    string
	retries int
	expires time.Time
}

// heldItem locks the row of an item that is with whoever has it here.
func (t *Tx) heldItem(item *domain.QueueItem) (*heldItem, error) {
	var row heldItem
	var state string
	err := classify(t.rowForUpdate(itemForChange, item.ID).Scan(&row.body, &row.retries, &row.expires, &state))
	if errs.Is(err, errs.NotFound) || err == nil && state != item.State {
		return nil, errs.New(errs.Conflict, "the item %d is with somebody else", item.ID)
	}
	return &row, err
}

// DeleteQueueItem takes an item away for good. One that is gone is no error: the work
// was done twice.
func (s *Store) DeleteQueueItem(ctx context.Context, id domain.QueueItemID) error {
	_, err := s.execute(ctx, deleteItem, id)
	return err
}

// DeleteQueueItems takes away the items about a path, and what is below it, and returns
// how many there were.
func (s *Store) DeleteQueueItems(ctx context.Context, queue string, path ...string) (int, error) {
	var n int64
	err := s.change(ctx, true, func(tx *Tx) (err error) {
		n, err = tx.exec(dropQueuedItems, domain.QueueName(queue, path...))
		return err
	})
	return int(n), err
}

// QueueItemAlive reports whether an item about a path is running or may be taken.
func (s *Store) QueueItemAlive(ctx context.Context, queue string, now time.Time, path ...string) (bool, error) {
	return s.exists(ctx, itemAlive, domain.QueueName(queue, path...), now)
}

// QueueCounts counts the names of the items of a queue.
func (s *Store) QueueCounts(ctx context.Context, queue string, now time.Time) (c domain.QueueCounts, err error) {
	err = classify(s.row(ctx, countItems, domain.QueueName(queue), now).Scan(&c.Running, &c.Available, &c.Waiting))
	return c, err
}
