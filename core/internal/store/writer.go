package store

import (
	"context"
	"database/sql"
	"sync"

	"github.com/quay/quay/sdk/errs"
)

// SQLite has one writer. All changes go through one goroutine that owns the only
// writing connection: nobody waits for a lock inside SQLite, and changes that
// queue up while the disk syncs are committed together, each in a savepoint of
// its own, so that one failure does not take the others with it.

// maxBatch bounds the changes of one commit, and so how long a reader's snapshot
// can hold back the log.
const maxBatch = 64

type change struct {
	ctx     context.Context
	durable bool
	fn      func(*Tx) error
	done    chan error
}

type writer struct {
	conn     *sql.Conn
	prepared map[statement]*sql.Stmt
	full     bool // the connection's synchronous setting
	queue    chan *change
	finished chan struct{}

	mu     sync.RWMutex // held for reading while a change is handed over
	closed bool
}

func startWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, classify(err)
	}
	w := &writer{
		conn:     conn,
		prepared: make(map[statement]*sql.Stmt),
		queue:    make(chan *change, maxBatch),
		finished: make(chan struct{}),
	}
	go w.run()
	return w, nil
}

// close refuses new changes, waits for those in the queue and ends the goroutine.
func (w *writer) close() error {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return nil
	}
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.finished
	return w.conn.Close()
}

var errClosed = errs.New(errs.Unavailable, "the database is closed")

// change hands fn over and waits for its outcome; see Store.change.
func (w *writer) change(ctx context.Context, durable bool, fn func(*Tx) error) error {
	c := &change{ctx: ctx, durable: durable, fn: fn, done: make(chan error, 1)}
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return errClosed
	}
	select {
	case w.queue <- c:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return ctx.Err()
	}
	return <-c.done
}

func (w *writer) run() {
	defer close(w.finished)
	for first := range w.queue {
		batch := []*change{first}
		for more := true; more && len(batch) < maxBatch; {
			select {
			case c, open := <-w.queue:
				if more = open; open {
					batch = append(batch, c)
				}
			default:
				more = false
			}
		}
		w.commit(batch)
	}
	for _, st := range w.prepared {
		_ = st.Close() // the connection is closed next
	}
}

// commit runs a batch in one transaction and tells each change how it went.
func (w *writer) commit(batch []*change) {
	// The transaction is the batch's, not one caller's: none of their contexts
	// may cancel it.
	ctx := context.Background()
	outcome := make([]error, len(batch))
	err := w.begin(ctx, batch)
	if err == nil {
		for i, c := range batch {
			if outcome[i], err = w.apply(ctx, c); err != nil {
				break
			}
		}
		if err == nil {
			err = w.exec(ctx, "COMMIT")
		}
		if err != nil {
			// It fails where SQLite has rolled back by itself.
			_ = w.exec(ctx, "ROLLBACK")
		}
	}
	for i, c := range batch {
		if err != nil {
			outcome[i] = classify(err)
		}
		c.done <- outcome[i]
	}
}

// begin sets how the commit is to be synced and opens the transaction.
func (w *writer) begin(ctx context.Context, batch []*change) error {
	full := false
	for _, c := range batch {
		full = full || c.durable
	}
	if full != w.full {
		level := statement("PRAGMA synchronous = NORMAL")
		if full {
			level = "PRAGMA synchronous = FULL"
		}
		if err := w.exec(ctx, level); err != nil {
			return err
		}
		w.full = full
	}
	return w.exec(ctx, "BEGIN IMMEDIATE")
}

// apply runs one change in a savepoint. With broken, the whole transaction is over:
// SQLite gives it up by itself when the disk is full or fails. Whatever ran after that
// would be committed on its own.
func (w *writer) apply(ctx context.Context, c *change) (outcome, broken error) {
	if err := c.ctx.Err(); err != nil {
		return err, nil
	}
	if err := w.exec(ctx, "SAVEPOINT c"); err != nil {
		return nil, err
	}
	if err := protect(&Tx{ctx: ctx, s: sqliteTx{w}}, c.fn); err != nil {
		if w.exec(ctx, "ROLLBACK TO c") != nil || w.exec(ctx, "RELEASE c") != nil {
			return nil, err
		}
		return classify(err), nil
	}
	return nil, w.exec(ctx, "RELEASE c")
}

func (w *writer) exec(ctx context.Context, q statement, args ...any) error {
	st, err := w.prepare(ctx, q)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx, args...)
	return err
}

func (w *writer) prepare(ctx context.Context, q statement) (*sql.Stmt, error) {
	if st := w.prepared[q]; st != nil {
		return st, nil
	}
	st, err := w.conn.PrepareContext(ctx, string(q))
	if err != nil {
		return nil, err
	}
	w.prepared[q] = st
	return st, nil
}

// sqliteTx is a change under way, in its savepoint.
type sqliteTx struct{ w *writer }

func (t sqliteTx) exec(ctx context.Context, q statement, args []any) (int64, error) {
	st, err := t.w.prepare(ctx, q)
	if err != nil {
		return 0, classify(err)
	}
	res, err := st.ExecContext(ctx, texts(args)...)
	if err != nil {
		return 0, classify(err)
	}
	n, err := res.RowsAffected()
	return n, classify(err)
}

func (t sqliteTx) row(ctx context.Context, q statement, args []any) scanner {
	st, err := t.w.prepare(ctx, q)
	if err != nil {
		return failed{classify(err)}
	}
	return st.QueryRowContext(ctx, texts(args)...)
}

func (t sqliteTx) rows(ctx context.Context, q statement, fn func(scanner) error, args []any) error {
	st, err := t.w.prepare(ctx, q)
	if err != nil {
		return classify(err)
	}
	return eachRow(fn)(st.QueryContext(ctx, texts(args)...))
}

// forUpdate has nothing to add: there is one writer, and a change holds the lock of
// the file from its beginning.
func (t sqliteTx) forUpdate(q statement) statement { return q }

func (t sqliteTx) lock(context.Context, []int64) error { return nil }
