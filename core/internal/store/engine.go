package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

// engine is what differs between the two database products.
type engine interface {
	// row runs a query for one row outside a transaction.
	row(ctx context.Context, q statement, args []any) scanner
	// rows runs a query outside a transaction and calls fn for each row.
	rows(ctx context.Context, q statement, fn func(scanner) error, args []any) error
	// change runs fn in a transaction; see Store.change.
	change(ctx context.Context, durable bool, fn func(*Tx) error) error
	// close waits for what was accepted and closes all connections.
	close() error
	// stats counts connections.
	stats() Stats
}

// session is a transaction under way on an engine.
type session interface {
	exec(ctx context.Context, q statement, args []any) (int64, error)
	row(ctx context.Context, q statement, args []any) scanner
	rows(ctx context.Context, q statement, fn func(scanner) error, args []any) error
	// forUpdate makes a SELECT that locks its rows until the transaction ends.
	forUpdate(q statement) statement
	// lock waits for the advisory locks of some ids, one after the other, which end with
	// the transaction.
	lock(ctx context.Context, ids []int64) error
}

// Stats counts the connections of a pool.
type Stats struct {
	// Max is how many there may be, Open how many there are, InUse how many of
	// those run something.
	Max, Open, InUse int
	// Waits is how many times something had to wait for a connection since the
	// start, and Waited for how long in all.
	Waits  int64
	Waited time.Duration
}

// scanner is a row or the failure to get one.
type scanner interface{ Scan(dest ...any) error }

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

// Tx is a transaction under way. It is valid inside the function that got it.
type Tx struct {
	ctx    context.Context
	s      session
	queued []domain.NewQueueItem
}

// exec runs a statement and returns the number of rows it changed.
func (t *Tx) exec(q statement, args ...any) (int64, error) { return t.s.exec(t.ctx, q, args) }

// insert runs an INSERT … RETURNING id.
func (t *Tx) insert(q statement, args ...any) (int64, error) {
	var id int64
	err := t.s.row(t.ctx, q, args).Scan(&id)
	return id, classify(err)
}

func (t *Tx) row(q statement, args ...any) scanner { return t.s.row(t.ctx, q, args) }

func (t *Tx) rows(q statement, fn func(scanner) error, args ...any) error {
	return t.s.rows(t.ctx, q, fn, args)
}

// rowForUpdate is row for a SELECT whose row nobody else changes before the
// transaction ends, the Python product included. SQLite has one writer anyway.
func (t *Tx) rowForUpdate(q statement, args ...any) scanner {
	return t.s.row(t.ctx, t.s.forUpdate(q), args)
}

// rowsForUpdate is rowForUpdate for any number of rows.
func (t *Tx) rowsForUpdate(q statement, fn func(scanner) error, args ...any) error {
	return t.s.rows(t.ctx, t.s.forUpdate(q), fn, args)
}

// lock makes transactions that lock the same id follow each other.
func (t *Tx) lock(ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	return t.s.lock(t.ctx, ids)
}

// eachRow calls fn for each row of database/sql's answer to a query.
func eachRow(fn func(scanner) error) func(*sql.Rows, error) error {
	return func(rows *sql.Rows, err error) error {
		if err != nil {
			return classify(err)
		}
		defer func() { _ = rows.Close() }() // rows.Err below tells what matters
		for rows.Next() {
			if err := fn(rows); err != nil {
				return classify(err)
			}
		}
		return classify(rows.Err())
	}
}
