// Package store is the product's database: every SQL statement of the host is
// here, and nothing above this package knows SQL.
//
// The schema is that of the Python product (package schema), so a file that one
// wrote opens in the other. Statements are constants of type statement; a test
// prepares each of them, so a wrong column is found there.
package store

import (
	"context"
	"errors"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

// Options of Open. The zero value of each field but Path and URL has a meaning.
type Options struct {
	// Path of a SQLite file; it is made when it does not exist.
	Path string
	// Readers is the number of SQLite connections for reading; zero means twice the
	// number of processors, at least four.
	Readers int

	// URL of a PostgreSQL database, instead of Path. Its schema must be there.
	URL string
	// Replicas are the URLs of copies that answer the reads of WithReplica.
	Replicas []string
	// Connections is the greatest number of connections to one PostgreSQL server;
	// zero means four times the number of processors, at least sixteen.
	Connections int

	// Queued is told of the items that a change has put into queues, after its commit.
	// It must not block. Nil means that nobody wants to know.
	Queued func([]domain.NewQueueItem)
}

// Store is an open database. Close it when nothing uses it any more.
type Store struct {
	engine engine
	enums  enums
	queued func([]domain.NewQueueItem)
}

// statement is one SQL text with parameters $1, $2, … in any order, for both
// engines. The constants of this type are all the SQL that the host sends.
type statement string

// Open opens a database, and makes a SQLite one that does not exist. Another schema
// revision than schema.Head is refused with a *schema.RevisionError.
func Open(ctx context.Context, opts Options) (*Store, error) {
	s := &Store{queued: opts.Queued}
	var err error
	if opts.URL != "" {
		s.engine, err = openPostgres(ctx, opts)
	} else {
		s.engine, err = openSQLite(ctx, opts.Path, opts.Readers)
	}
	if err != nil {
		return nil, err
	}
	if err := s.loadEnums(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close waits for the writes that were accepted and closes the database.
func (s *Store) Close() error { return s.engine.close() }

// Stats counts the connections to the database, replicas aside.
func (s *Store) Stats() Stats { return s.engine.stats() }

// Ping asks the database something trivial.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return classify(s.row(ctx, ping).Scan(&one))
}

const ping statement = `SELECT 1`

// row runs a query for one row.
func (s *Store) row(ctx context.Context, q statement, args ...any) scanner {
	return s.engine.row(ctx, q, args)
}

// rows runs a query and calls fn for each row.
func (s *Store) rows(ctx context.Context, q statement, fn func(scanner) error, args ...any) error {
	return s.engine.rows(ctx, q, fn, args)
}

// change runs fn in a transaction and returns when it is committed. A durable
// change has survived the loss of power when it returns; another one survives at
// least the end of the process, on SQLite, and the same on PostgreSQL. fn may not
// be run at all when ctx ends first; once it has begun, the call waits for its
// outcome whatever ctx does. fn may run more than once, each time in a new
// transaction: what it keeps outside of it, it must assign and not add to.
func (s *Store) change(ctx context.Context, durable bool, fn func(*Tx) error) error {
	var last *Tx
	err := s.engine.change(ctx, durable, func(tx *Tx) error {
		last = tx
		return fn(tx)
	})
	if err == nil && s.queued != nil && len(last.queued) > 0 {
		s.queued(last.queued)
	}
	return err
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
