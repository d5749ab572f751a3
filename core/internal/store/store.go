// Package store is the product's database: every SQL statement of the host is
// here, and nothing above this package knows SQL.
//
// The schema is that of the Python product (package schema), so a file that one
// wrote opens in the other. Statements are constants of type statement; a test
// prepares each of them, so a wrong column is found there.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"sync"
	"time"

	// The SQLite engine, in Go.
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/sdk/errs"
)

// Options of Open. The zero value of each field but Path has a meaning.
type Options struct {
	// Path of the SQLite file; it is made when it does not exist.
	Path string
	// Readers is the number of connections for reading; zero means twice the
	// number of processors, at least four.
	Readers int
}

// Store is an open database. Close it when nothing uses it any more.
type Store struct {
	read   *sql.DB
	write  *sql.DB
	writer *writer

	mu       sync.RWMutex
	prepared map[statement]*sql.Stmt
	enums    enums
}

// statement is one SQL text with parameters $1, $2, … in any order. The constants
// of this type are all the SQL that the host sends.
type statement string

// pragmas of every connection: those that the product sets (data/database.py),
// and foreign keys, which SQLite leaves off.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=cache_size(-2000)&_pragma=temp_store(2)"

// Open opens or makes a database. A file at another schema revision than
// schema.Head is refused with a *schema.RevisionError.
func Open(ctx context.Context, opts Options) (*Store, error) {
	if opts.Readers == 0 {
		opts.Readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	file := "file:" + (&url.URL{Path: opts.Path}).EscapedPath() + "?" + pragmas
	write, err := sql.Open("sqlite", file+"&_txlock=immediate&_pragma=journal_mode(wal)&_pragma=wal_autocheckpoint(1000)&_pragma=synchronous(normal)")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", opts.Path, err)
	}
	write.SetMaxOpenConns(1)
	s := &Store{write: write, prepared: make(map[statement]*sql.Stmt)}
	if _, err := schema.Ensure(ctx, write); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", opts.Path, err), write.Close())
	}
	if s.writer, err = startWriter(ctx, write); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	if s.read, err = sql.Open("sqlite", file+"&_pragma=query_only(1)"); err != nil {
		return nil, errors.Join(err, s.writer.close(), write.Close())
	}
	s.read.SetMaxOpenConns(opts.Readers)
	s.read.SetMaxIdleConns(opts.Readers)
	s.read.SetConnMaxIdleTime(5 * time.Minute)
	if err := s.loadEnums(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close waits for the writes that were accepted and closes the database.
func (s *Store) Close() error {
	err := s.writer.close()
	if s.read != nil {
		err = errors.Join(err, s.read.Close())
	}
	return errors.Join(err, s.write.Close())
}

// Ping asks the database something trivial.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return classify(s.row(ctx, ping).Scan(&one))
}

const ping statement = `SELECT 1`

// prepare returns the reader's prepared form of a statement. database/sql
// prepares it again on each connection that comes to run it.
func (s *Store) prepare(ctx context.Context, q statement) (*sql.Stmt, error) {
	s.mu.RLock()
	st := s.prepared[q]
	s.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.prepared[q]; st != nil {
		return st, nil
	}
	// It outlives the request that happens to be the first.
	st, err := s.read.PrepareContext(context.WithoutCancel(ctx), string(q))
	if err != nil {
		return nil, classify(err)
	}
	s.prepared[q] = st
	return st, nil
}

// scanner is a row or the failure to get one.
type scanner interface{ Scan(dest ...any) error }

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

// row runs a query for one row on a reader.
func (s *Store) row(ctx context.Context, q statement, args ...any) scanner {
	st, err := s.prepare(ctx, q)
	if err != nil {
		return failed{err}
	}
	return st.QueryRowContext(ctx, args...)
}

// rows runs a query on a reader and calls fn for each row.
func (s *Store) rows(ctx context.Context, q statement, fn func(scanner) error, args ...any) error {
	st, err := s.prepare(ctx, q)
	if err != nil {
		return err
	}
	return eachRow(fn)(st.QueryContext(ctx, args...))
}

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

// errNoRow is what a lookup that found nothing returns.
var errNoRow = &errs.Error{Kind: errs.NotFound, Message: "no such row"}

// classify gives a database error its kind. Errors of the host pass through.
func classify(err error) error {
	var e *errs.Error
	var se *sqlite.Error
	switch {
	case err == nil || errors.As(err, &e):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return errNoRow
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return errs.Wrap(errs.Unavailable, err, "the database is closed")
	case errors.As(err, &se):
		return errs.Wrap(sqliteKind(se.Code()), err, "database")
	}
	return errs.Wrap(errs.Internal, err, "database")
}

// sqliteKind classifies SQLite's result codes; the low byte is the primary code.
func sqliteKind(code int) errs.Kind {
	switch {
	case code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return errs.Exists
	case code&0xff == sqlite3.SQLITE_BUSY || code&0xff == sqlite3.SQLITE_LOCKED:
		return errs.Unavailable
	case code&0xff == sqlite3.SQLITE_FULL:
		return errs.Exhausted
	case code&0xff == sqlite3.SQLITE_READONLY || code&0xff == sqlite3.SQLITE_CANTOPEN || code&0xff == sqlite3.SQLITE_IOERR:
		return errs.Unavailable
	case code&0xff == sqlite3.SQLITE_CORRUPT || code&0xff == sqlite3.SQLITE_NOTADB:
		return errs.Corrupt
	}
	return errs.Internal
}

// The product's text forms of times on SQLite: naive UTC, with microseconds
// unless they are zero.
const (
	timeLayout  = "2006-01-02 15:04:05.000000"
	timeSeconds = "2006-01-02 15:04:05"
)

// timeText is a time as a column of the product has it.
func timeText(t time.Time) string {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Nanosecond() == 0 {
		return t.Format(timeSeconds)
	}
	return t.Format(timeLayout)
}

// millis is an instant as the tag table counts it.
func millis(t time.Time) int64 { return t.UnixMilli() }

// never stands for "no end" where SQL takes the maximum of tag lifetimes.
const never = int64(1<<63 - 1)

// fromMillis is the inverse of millis; never becomes the zero time.
func fromMillis(ms int64) time.Time {
	if ms == never {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
