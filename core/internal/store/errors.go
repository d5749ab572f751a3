package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"
	sqlitedriver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/quay/quay/sdk/errs"
)

// errNoRow is what a lookup that found nothing returns.
var errNoRow = &errs.Error{Kind: errs.NotFound, Message: "no such row"}

// classify gives a database error its kind. Errors of the host pass through.
func classify(err error) error {
	var e *errs.Error
	var se *sqlitedriver.Error
	var pe *pgconn.PgError
	switch {
	case err == nil || errors.As(err, &e):
		return err
	case errors.Is(err, sql.ErrNoRows): // pgx.ErrNoRows is one, too
		return errNoRow
	case unconnected(err) && lost(err): // its deadline is not the caller's
		return errs.Wrap(errs.Unavailable, err, "the database cannot be reached")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone), errors.Is(err, puddle.ErrClosedPool):
		return errs.Wrap(errs.Unavailable, err, "the database is closed")
	case errors.As(err, &se):
		return errs.Wrap(sqliteKind(se.Code()), err, "database")
	case errors.As(err, &pe):
		return errs.Wrap(postgresKind(pe.Code), err, "database")
	case lost(err):
		return errs.Wrap(errs.Unavailable, err, "the database cannot be reached")
	}
	return errs.Wrap(errs.Internal, err, "database")
}

// sqliteKind classifies SQLite's result codes; the low byte is the primary code.
func sqliteKind(code int) errs.Kind {
	switch {
	case code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return errs.Exists
	case code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return errs.Conflict
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

// Conditions of PostgreSQL (its manual, appendix A) that are not told by their
// class, the first two characters.
const (
	foreignKeyViolation  = "23503"
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	diskFull             = "53100"
	tooManyConnections   = "53300"
	adminShutdown        = "57P01"
	crashShutdown        = "57P02"
	cannotConnectNow     = "57P03"
	readOnlyTransaction  = "25006"
)

// postgresKind classifies PostgreSQL's condition codes.
func postgresKind(code string) errs.Kind {
	switch code {
	case uniqueViolation:
		return errs.Exists
	case foreignKeyViolation: // what is referred to is gone
		return errs.Conflict
	case diskFull:
		return errs.Exhausted
	case readOnlyTransaction:
		return errs.Unavailable
	}
	if len(code) != 5 {
		return errs.Internal
	}
	switch code[:2] {
	case "08", "40", "53", "55", "57", "58":
		// connection, transaction rollback, resources, object state, operator, system
		return errs.Unavailable
	case "22": // a value that the column cannot hold
		return errs.Invalid
	case "28": // who we are
		return errs.Unavailable
	case "XX":
		return errs.Corrupt
	}
	return errs.Internal
}

// lost reports whether the connection broke or could not be made: what was asked
// was not answered, and another connection may answer it, now or soon. A server that
// became a standby is such a case, since another one takes its place. A deadline that
// passed is not, there is no time left: but for that of making a connection, which is
// one of its own and shorter.
func lost(err error) bool {
	var pe *pgconn.PgError
	switch {
	case unconnected(err) && !errors.Is(err, context.Canceled) && !errors.As(err, &pe):
		return true
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false
	case errors.As(err, &pe):
		return slices.Contains([]string{adminShutdown, crashShutdown, cannotConnectNow, tooManyConnections, readOnlyTransaction}, pe.Code) ||
			strings.HasPrefix(pe.Code, "08")
	}
	var ne net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, pgconn.ErrConnClosed) || errors.Is(err, pgx.ErrTxClosed) || errors.As(err, &ne)
}

// unconnected reports whether a connection could not be made.
func unconnected(err error) bool {
	var ce *pgconn.ConnectError
	return errors.As(err, &ce)
}

// conflicted reports whether PostgreSQL rolled a transaction back because of
// another one; it may be run again.
func conflicted(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == serializationFailure || pe.Code == deadlockDetected)
}

// replicaConflict reports whether a standby server broke a query off because what
// the query needs was changed on the primary, or because it is not ready.
func replicaConflict(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && postgresKind(pe.Code) == errs.Unavailable
}
