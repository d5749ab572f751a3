package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/quay/quay/sdk/errs"
)

// sessionCheck is how often the session of a holder is looked after, and
// sessionTimeout how long it may take to answer.
const (
	sessionCheck   = 5 * time.Second
	sessionTimeout = 5 * time.Second
)

// HoldAdvisory takes the advisory lock of an id, waiting for another holder no longer
// than it is told (errs.Conflict), and keeps it until release is called; lost is
// closed when it ends before. The lock belongs to a session, so it takes a connection
// of its own beside the pool, and a pooler between the host and the server must keep
// sessions apart. errs.Unsupported on SQLite, whose database is one process's own.
func (s *Store) HoldAdvisory(ctx context.Context, id int64, wait time.Duration) (lost <-chan struct{}, release func(context.Context) error, err error) {
	p, ok := s.engine.(*postgresEngine)
	if !ok {
		return nil, nil, errs.New(errs.Unsupported, "SQLite has no advisory locks")
	}
	conn, err := pgx.ConnectConfig(ctx, p.pool.Config().ConnConfig)
	if err == nil {
		if err = takeAdvisory(ctx, conn, id, wait); err == nil {
			h := &advisory{conn: conn, id: id, lost: make(chan struct{}), stop: make(chan struct{}), stopped: make(chan struct{})}
			go h.watch()
			return h.lost, h.release, nil
		}
		err = errors.Join(err, closeSession(conn))
	}
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	return nil, nil, classify(err)
}

func takeAdvisory(ctx context.Context, conn *pgx.Conn, id int64, wait time.Duration) error {
	held := errs.New(errs.Conflict, "another session has the advisory lock")
	if wait <= 0 {
		var taken bool
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, id).Scan(&taken); err != nil {
			return err
		}
		if !taken {
			return held
		}
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	_, err := conn.Exec(waiting, `SELECT pg_advisory_lock($1)`, id)
	if err != nil && waiting.Err() != nil && ctx.Err() == nil {
		return held
	}
	return err
}

// advisory is a lock that is held.
type advisory struct {
	conn                *pgx.Conn
	id                  int64
	lost, stop, stopped chan struct{}
}

// watch finds out when the session has ended. The connection is its own until it
// stops.
func (h *advisory) watch() {
	defer close(h.stopped)
	tick := time.NewTicker(sessionCheck)
	defer tick.Stop()
	for {
		select {
		case <-h.stop:
			return
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), sessionTimeout)
		err := h.conn.Ping(ctx)
		cancel()
		if err != nil {
			close(h.lost)
			return
		}
	}
}

func (h *advisory) release(ctx context.Context) error {
	close(h.stop)
	<-h.stopped
	_, err := h.conn.Exec(ctx, `SELECT pg_advisory_unlock($1)`, h.id)
	// The end of the session releases it in any case.
	return classify(errors.Join(err, closeSession(h.conn)))
}

func closeSession(conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(context.Background(), sessionTimeout)
	defer cancel()
	return conn.Close(ctx)
}
