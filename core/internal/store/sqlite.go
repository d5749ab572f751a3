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
	_ "modernc.org/sqlite"

	"github.com/quay/quay/core/internal/store/schema"
)

// pragmas of every connection: those that the product sets (data/database.py),
// and foreign keys, which SQLite leaves off.
const pragmas = "_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=cache_size(-2000)&_pragma=temp_store(2)"

// sqlite is a file in WAL mode: many connections that read, one that writes.
type sqlite struct {
	read   *sql.DB
	write  *sql.DB
	writer *writer

	mu       sync.RWMutex
	prepared map[statement]*sql.Stmt
}

func openSQLite(ctx context.Context, path string, readers int) (*sqlite, error) {
	if readers == 0 {
		readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	if err := refuse(ctx, path); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	file := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas
	write, err := sql.Open("sqlite", file+"&_txlock=immediate&_pragma=journal_mode(wal)&_pragma=wal_autocheckpoint(1000)&_pragma=synchronous(normal)")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	s := &sqlite{write: write, prepared: make(map[statement]*sql.Stmt)}
	if _, err := schema.Up(ctx, write, schema.SQLite, schema.Options{Steps: schema.Steps()}); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", path, err), write.Close())
	}
	if s.writer, err = startWriter(ctx, write); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	if s.read, err = sql.Open("sqlite", file+"&_pragma=query_only(1)"); err != nil {
		return nil, errors.Join(err, s.writer.close(), write.Close())
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	s.read.SetConnMaxIdleTime(5 * time.Minute)
	return s, nil
}

// refuse refuses a file at another revision before it is opened for writing: that
// turns on WAL mode, which stays in a file that is somebody else's.
func refuse(ctx context.Context, path string) error {
	db, err := schema.OpenSQLiteReadOnly(path)
	if err != nil {
		return err
	}
	err = schema.Check(ctx, db, schema.SQLite, schema.Steps())
	var revision *schema.RevisionError
	if !errors.As(err, &revision) || revision.Empty {
		err = nil // what else is wrong is found, or made good, later
	}
	return errors.Join(err, db.Close())
}

func (s *sqlite) close() error {
	return errors.Join(s.writer.close(), s.read.Close(), s.write.Close())
}

func (s *sqlite) stats() Stats {
	r := s.read.Stats()
	return Stats{
		Max: r.MaxOpenConnections + 1, Open: r.OpenConnections + 1, InUse: r.InUse,
		Waits: r.WaitCount, Waited: r.WaitDuration,
	}
}

func (s *sqlite) change(ctx context.Context, durable bool, fn func(*Tx) error) error {
	return s.writer.change(ctx, durable, fn)
}

// prepare returns the reader's prepared form of a statement. database/sql
// prepares it again on each connection that comes to run it.
func (s *sqlite) prepare(ctx context.Context, q statement) (*sql.Stmt, error) {
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

func (s *sqlite) row(ctx context.Context, q statement, args []any) scanner {
	st, err := s.prepare(ctx, q)
	if err != nil {
		return failed{err}
	}
	return st.QueryRowContext(ctx, texts(args)...)
}

func (s *sqlite) rows(ctx context.Context, q statement, fn func(scanner) error, args []any) error {
	st, err := s.prepare(ctx, q)
	if err != nil {
		return err
	}
	return eachRow(fn)(st.QueryContext(ctx, texts(args)...))
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

// texts replaces the times among the arguments of a statement by their texts.
func texts(args []any) []any {
	for i, arg := range args {
		switch v := arg.(type) {
		case time.Time:
			args[i] = timeText(v)
		case *time.Time:
			args[i] = nil
			if v != nil {
				args[i] = timeText(*v)
			}
		}
	}
	return args
}
