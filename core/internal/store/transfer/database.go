package transfer

import (
	"context"
	"database/sql"
	"errors"
	"iter"

	"github.com/quay/quay/core/internal/store/record"
	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/sdk/errs"
)

// database is a transaction on a database that is at head: on the source one that
// sees one moment, on the target one that alone may write.
type database interface {
	// exact is whether the engine can hold values that the product would not write.
	exact() bool
	// tables is a query for the names of all tables.
	tables() string
	// column is the term of a SELECT that gives a column as it is stored.
	column(name string) string
	// query calls fn with the values of each row. They are fn's to keep.
	query(ctx context.Context, q string, args []any, fn func(values []any) error) error
	// row makes a row of values that query gave.
	row(t *record.Table, values []any) (record.Row, error)
	exec(ctx context.Context, q string) error
	insert(ctx context.Context, t *record.Table, rows iter.Seq2[record.Row, error]) error
	// dangling describes at most limit references to rows that are not there, and
	// counts all.
	dangling(ctx context.Context, limit int) (list []string, count int, err error)
	// commit makes the database ready for use: new rows get ids of their own.
	commit(ctx context.Context) error
	// close ends the transaction, without effect if it was not committed.
	close()
}

// role is what a database is opened for.
type role int

const (
	source role = iota
	target
)

// Location is where a database is: one of its fields is set.
type Location struct {
	// Path of a SQLite file.
	Path string
	// URL of a PostgreSQL database.
	URL string
}

func open(ctx context.Context, l Location, r role) (database, error) {
	if l.URL != "" {
		return openPostgres(ctx, l.URL, r)
	}
	return openSQLite(ctx, l.Path, r)
}

// prepare sees to the schema: it refuses what is not at head, and makes the tables of an
// empty target.
func prepare(ctx context.Context, db *sql.DB, engine schema.Engine, r role) error {
	steps := schema.Steps()
	err := schema.Check(ctx, db, engine, steps)
	var revision *schema.RevisionError
	var step *schema.StepError
	switch {
	case errors.As(err, &revision) && revision.Empty && r == source:
		return errs.New(errs.Invalid, "the database is empty")
	case errors.As(err, &revision) && revision.Empty:
		_, err = schema.Up(ctx, db, engine, schema.Options{Steps: steps})
		return err
	case errors.As(err, &revision), errors.As(err, &step):
		return errs.Wrap(errs.Invalid, err, "")
	}
	return errs.Wrap(errs.Unavailable, err, "")
}
