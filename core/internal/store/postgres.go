package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/sdk/errs"
)

const (
	// connectTimeout is for one connection, where the URL does not say.
	connectTimeout = 5 * time.Second
	// readTimeout bounds a query, and changeTimeout a transaction, whatever the
	// caller's deadline: a database that hangs must not hang its clients.
	readTimeout   = 30 * time.Second
	changeTimeout = 30 * time.Second
	// attempts is how many times something is tried that failed for a reason that
	// passes.
	attempts = 4
	// firstPause is the pause before the second attempt; each further one is three
	// times as long, and each is shortened at random by up to half.
	firstPause = 30 * time.Millisecond
)

// postgresEngine is a PostgreSQL server and its replicas.
type postgresEngine struct {
	pool     *pgxpool.Pool
	replicas replicas
	// early lets changes that others wait for give up their locks before the disk is
	// synced; see attempt.
	early bool
}

func openPostgres(ctx context.Context, opts Options) (*postgresEngine, error) {
	pool, err := newPool(ctx, opts.URL, opts.Connections)
	if err != nil {
		return nil, err
	}
	p := &postgresEngine{pool: pool}
	err = checkSchema(ctx, pool)
	if err == nil {
		err = classify(pool.QueryRow(ctx, canSync).Scan(&p.early))
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	for _, url := range opts.Replicas {
		r, err := newPool(ctx, url, opts.Connections)
		if err != nil {
			return nil, errors.Join(err, p.close())
		}
		p.replicas = append(p.replicas, &replica{pool: r})
	}
	return p, nil
}

// newPool makes a pool. It connects when it is first used.
func newPool(ctx context.Context, url string, connections int) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The URL has a password, and pgx's message repeats it redacted only in part.
		return nil, errs.New(errs.Invalid, "the URL of the PostgreSQL database cannot be read")
	}
	cfg.MaxConns = int32(connections)
	if connections == 0 {
		cfg.MaxConns = int32(max(16, 4*runtime.GOMAXPROCS(0)))
	}
	cfg.MaxConnLifetime = time.Hour
	cfg.MaxConnLifetimeJitter = 6 * time.Minute
	cfg.MaxConnIdleTime = 5 * time.Minute
	conn := cfg.ConnConfig
	if conn.ConnectTimeout == 0 {
		conn.ConnectTimeout = connectTimeout
	}
	if conn.RuntimeParams["application_name"] == "" {
		conn.RuntimeParams["application_name"] = "quay"
	}
	// A client that hangs up ends its query, not the connection.
	conn.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: time.Second}
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, classify(err)
	}
	return pool, nil
}

// checkSchema refuses a database that is not at head. What it opens over the pool has no
// connections of its own.
func checkSchema(ctx context.Context, pool *pgxpool.Pool) error {
	db := stdlib.OpenDBFromPool(pool)
	err := errors.Join(schema.Check(ctx, db, schema.PostgreSQL, schema.Steps()), db.Close())
	if lost(err) {
		return classify(err)
	}
	return err
}

func (p *postgresEngine) close() error {
	p.replicas.close()
	p.pool.Close()
	return nil
}

func (p *postgresEngine) stats() Stats {
	s := p.pool.Stat()
	return Stats{
		Max: int(s.MaxConns()), Open: int(s.TotalConns()), InUse: int(s.AcquiredConns()),
		Waits: s.EmptyAcquireCount(), Waited: s.EmptyAcquireWaitTime(),
	}
}

// retry calls try until it succeeds, fails for good or has had its attempts.
// passing says whether an error may pass.
func retry(ctx context.Context, passing func(error) bool, try func() error) error {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		err := try()
		if err == nil || attempt == attempts || !passing(err) {
			return err
		}
		timer := time.NewTimer(pause - rand.N(pause/2))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		pause *= 3
	}
}

// read asks a replica, if the caller allows it, and the primary if that fails.
func (p *postgresEngine) read(ctx context.Context, try func(context.Context, *pgxpool.Pool) error) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	if r := p.replicas.pick(ctx); r != nil {
		if answered, err := r.ask(ctx, try); answered {
			return err
		}
	}
	err := retry(ctx, p.dropped, func() error { return try(ctx, p.pool) })
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // the server only says that it was asked to stop
	}
	return err
}

// dropped reports whether a connection was lost, and drops the idle ones: after a
// restart of the server all of them are dead. One that could not be made says nothing
// about the others: a server that takes no more would get rid of those that it has.
func (p *postgresEngine) dropped(err error) bool {
	if !lost(err) {
		return false
	}
	if !unconnected(err) {
		p.pool.Reset()
	}
	return true
}

// postgresRow is a query for one row that has not been sent yet.
type postgresRow struct {
	p    *postgresEngine
	ctx  context.Context
	q    statement
	args []any
}

// Scan sends the query and reads its row.
func (r postgresRow) Scan(dest ...any) error {
	return r.p.read(r.ctx, func(ctx context.Context, pool *pgxpool.Pool) error {
		return pool.QueryRow(ctx, string(r.q), r.args...).Scan(dest...)
	})
}

func (p *postgresEngine) row(ctx context.Context, q statement, args []any) scanner {
	return postgresRow{p, ctx, q, instants(args)}
}

func (p *postgresEngine) rows(ctx context.Context, q statement, fn func(scanner) error, args []any) error {
	args = instants(args)
	begun := false // rows that fn has seen cannot be taken back
	var late error
	err := p.read(ctx, func(ctx context.Context, pool *pgxpool.Pool) error {
		err := eachPostgresRow(func(r scanner) error {
			begun = true
			return fn(r)
		})(pool.Query(ctx, string(q), args...))
		if begun {
			late = err
			return nil
		}
		return err
	})
	if err == nil {
		err = late
	}
	return classify(err)
}

// eachPostgresRow calls fn for each row of pgx's answer to a query.
func eachPostgresRow(fn func(scanner) error) func(pgx.Rows, error) error {
	return func(rows pgx.Rows, err error) error {
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := fn(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	}
}

// uncertain is a commit whose outcome is not known: the connection was lost while
// it was under way.
type uncertain struct{ err error }

func (u uncertain) Error() string {
	return "the database was lost while it committed: " + u.err.Error()
}
func (u uncertain) Unwrap() error { return u.err }

// change runs fn in a transaction, and again when the server rolled it back for a
// reason that passes. A transaction that may have been committed is never
// repeated.
func (p *postgresEngine) change(ctx context.Context, _ bool, fn func(*Tx) error) error {
	passing := func(err error) bool {
		var u uncertain
		if errors.As(err, &u) {
			return false
		}
		return conflicted(err) || p.dropped(err)
	}
	err := retry(ctx, passing, func() error { return p.attempt(ctx, fn) })
	var u uncertain
	switch {
	case errors.As(err, &u):
		return errs.Wrap(errs.Unavailable, err, "database")
	case unconnected(err) && ctx.Err() != nil:
		return ctx.Err()
	}
	return classify(err)
}

const (
	// With takeEarly the commit does not wait for the disk, and so gives the lock to the
	// next one before that.
	takeLocks = `SELECT pg_advisory_xact_lock(id) FROM unnest(CAST($1 AS bigint[])) AS id`
	takeEarly = `SELECT pg_advisory_xact_lock(id), set_config('synchronous_commit', 'off', TRUE) FROM unnest(CAST($1 AS bigint[])) AS id`

	// canSync asks whether syncAll may be run, and syncAll writes a message that nobody
	// reads: with its commit the log is synced up to here, and with it all earlier commits.
	canSync = `SELECT EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'pg_logical_emit_message' AND has_function_privilege(oid, 'EXECUTE'))`
	syncAll = `SELECT pg_logical_emit_message(TRUE, 'quay', '')`
)

// attempt runs fn in one transaction. Only waiting for a connection ends with the
// caller's context: once begun, the outcome has to be known.
//
// Who holds a lock for which others wait commits without waiting for the disk, and syncs
// the log when the lock is free: otherwise pushes to one repository would take a sync
// each, one after the other. Nobody is told of an outcome before it is synced. Commits
// are synced in their order, so nothing that followed outlives it.
func (p *postgresEngine) attempt(ctx context.Context, fn func(*Tx) error) error {
	waiting, cancel := context.WithTimeout(ctx, changeTimeout)
	conn, err := p.pool.Acquire(waiting)
	cancel()
	if err != nil {
		return err
	}
	defer conn.Release()
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), changeTimeout)
	defer cancel()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	session := &postgresTx{tx: tx, early: p.early}
	if err := protect(&Tx{ctx: ctx, s: session}, fn); err != nil {
		return errors.Join(err, ignoreClosed(tx.Rollback(ctx)))
	}
	if err := tx.Commit(ctx); err != nil {
		if lost(err) || ctx.Err() != nil {
			return uncertain{err}
		}
		return err
	}
	if session.unsynced {
		if _, err := conn.Exec(ctx, syncAll); err != nil {
			return uncertain{err}
		}
	}
	return nil
}

// ignoreClosed drops what a rollback says on a connection that was lost: the
// server rolls back what it hears no more of.
func ignoreClosed(err error) error {
	if lost(err) || errors.Is(err, pgx.ErrTxClosed) {
		return nil
	}
	return err
}

// protect keeps a defect in one change from ending the host.
func protect(tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.New(errs.Internal, "panic in a transaction: %v", p)
		}
	}()
	return fn(tx)
}

// postgresTx is a transaction.
type postgresTx struct {
	tx pgx.Tx
	// early lets the commit go before the disk is synced when there is a lock to give up;
	// unsynced says that it does.
	early, unsynced bool
}

func (t *postgresTx) exec(ctx context.Context, q statement, args []any) (int64, error) {
	tag, err := t.tx.Exec(ctx, string(q), instants(args)...)
	return tag.RowsAffected(), classify(err)
}

func (t *postgresTx) row(ctx context.Context, q statement, args []any) scanner {
	return t.tx.QueryRow(ctx, string(q), instants(args)...)
}

func (t *postgresTx) rows(ctx context.Context, q statement, fn func(scanner) error, args []any) error {
	return classify(eachPostgresRow(fn)(t.tx.Query(ctx, string(q), instants(args)...)))
}

func (t *postgresTx) forUpdate(q statement) statement { return q + " FOR UPDATE" }

func (t *postgresTx) lock(ctx context.Context, ids []int64) error {
	q := takeLocks
	if t.early && !t.unsynced {
		q, t.unsynced = takeEarly, true
	}
	_, err := t.tx.Exec(ctx, q, ids)
	return classify(err)
}

// instants puts the times among the arguments of a statement into UTC: the columns
// have no zone, and what is written is the wall clock of the value.
func instants(args []any) []any {
	for i, arg := range args {
		switch v := arg.(type) {
		case time.Time:
			args[i] = v.UTC().Truncate(time.Microsecond)
		case *time.Time:
			args[i] = nil
			if v != nil {
				args[i] = v.UTC().Truncate(time.Microsecond)
			}
		}
	}
	return args
}
