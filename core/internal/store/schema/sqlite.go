package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"time"

	// The SQLite engine, in Go.
	_ "modernc.org/sqlite"
)

// lockWait is how long SQLite is waited for while another process makes the schema.
const lockWait = 10 * time.Second

// OpenSQLite opens a file for Up, which makes it if it does not exist.
func OpenSQLite(path string) (*sql.DB, error) {
	return openSQLite(path, "_pragma=journal_mode(wal)")
}

// OpenSQLiteReadOnly opens a file for Read and Plan. One that does not exist is an empty
// database, and still does not exist afterwards.
func OpenSQLiteReadOnly(path string) (*sql.DB, error) {
	_, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return openSQLite(":memory:", "")
	case err != nil:
		return nil, err
	}
	return openSQLite(path, "_pragma=query_only(1)&mode=rw")
}

// openSQLite opens a file with options. It has one connection, so that one in memory
// stays the same.
func openSQLite(path, options string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+options)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

type sqlite struct{}

// connect opens a connection that waits for locks for at least lockWait. It tries again
// for as long while the database is locked, because SQLite does not wait when two
// connections turn on WAL mode at the same time, whatever the busy timeout is.
func (sqlite) connect(ctx context.Context, db *sql.DB) (*sql.Conn, func(), error) {
	deadline := time.Now().Add(lockWait)
	for {
		conn, err := db.Conn(ctx)
		if err == nil {
			restore, err := setBusyTimeout(ctx, conn)
			if err != nil {
				return nil, nil, errors.Join(err, conn.Close())
			}
			return conn, restore, nil
		}
		if !isBusy(err) || time.Now().After(deadline) {
			return nil, nil, err
		}
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// isBusy reports whether err is SQLite's SQLITE_BUSY or one of its extended forms.
func isBusy(err error) bool {
	const busy = 5
	var coded interface{ Code() int }
	return errors.As(err, &coded) && coded.Code()&0xff == busy
}

// setBusyTimeout makes the connection wait for locks for at least lockWait and returns a
// function that puts the former time back.
func setBusyTimeout(ctx context.Context, conn *sql.Conn) (restore func(), err error) {
	var before int64
	if err := conn.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&before); err != nil {
		return nil, err
	}
	set := func(ctx context.Context, ms int64) error {
		_, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", ms))
		return err
	}
	if before >= lockWait.Milliseconds() {
		return func() {}, nil
	}
	return func() { _ = set(context.WithoutCancel(ctx), before) }, set(ctx, lockWait.Milliseconds())
}

// serialise does nothing: a transaction that begins with the write lock is enough, as
// each looks again at what there is to do.
func (sqlite) serialise(context.Context, *sql.Conn, func()) (func(), error) { return func() {}, nil }

func (sqlite) begin() string { return "BEGIN IMMEDIATE" }

func (sqlite) objects(ctx context.Context, conn *sql.Conn) (n int, revisions, steps bool, err error) {
	err = conn.QueryRowContext(ctx, `
		SELECT count(*),
			count(*) FILTER (WHERE type = 'table' AND name = 'alembic_version') > 0,
			count(*) FILTER (WHERE type = 'table' AND name = 'quay_migration') > 0
		FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'`).Scan(&n, &revisions, &steps)
	return n, revisions, steps, err
}

func (sqlite) readRevision() string {
	return "SELECT coalesce(group_concat(version_num), '') FROM alembic_version"
}

func (sqlite) schema() ([]script, error) { return scripts("sqlite", "rows.sql") }

func (sqlite) explain(_ string, err error) error { return err }

func (sqlite) text(s Statement) string { return s.SQLite }

func (sqlite) alone(string) bool { return false }

func (sqlite) runAlone(context.Context, *sql.Conn, string) error { return nil }

// rowLock is nothing: the transaction has the write lock.
func (sqlite) rowLock() string { return "" }
