// Package schema makes the tables of an empty SQLite database.
//
// The schema is the one that the Alembic migrations of the Python product
// reach at the revision Head. The product is the authority: a change is made
// there first, and the files in sqlite/ and the constant Head follow it. Both
// programs can therefore use one database, and a database that either of them
// made is usable by the other.
//
// This package never changes a database that has tables. Upgrading one is the
// work of the product's migrations.
//
// One value cannot be the product's. The column blobupload.created has a
// moment as its default, and the migration that adds it takes the moment at
// which it runs. Here it is a fixed literal; nothing relies on it, because
// every writer sets the column.
package schema

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Head is the Alembic revision of the schema that Ensure makes and accepts.
const Head = "9fa37f66a9b6"

// lockWait is how long Ensure waits for another process that makes the schema.
const lockWait = 10 * time.Second

//go:embed sqlite/*.sql
var statements embed.FS

//go:embed revisions.txt
var revisions string

// RevisionError says that a database cannot be used because it is not at the
// wanted revision. Found is empty if the database has no revision at all.
type RevisionError struct {
	Found, Want string
}

// Error says what is wrong and what to do about it.
func (e *RevisionError) Error() string {
	switch {
	case e.Found == "":
		return fmt.Sprintf("the database has tables but no Alembic revision, so it is not known to be Quay's: "+
			"use an empty database, or one that the Python product's migrations brought to %s", e.Want)
	case e.older():
		return fmt.Sprintf("the database is at revision %s, which is older than %s: "+
			"upgrade it with the Python product's migrations to %s first", e.Found, e.Want, e.Want)
	default:
		return fmt.Sprintf("the database is at revision %s, which this program does not know (it needs %s): "+
			"it was made by a newer version; use that version, or a copy of the database from before its upgrade",
			e.Found, e.Want)
	}
}

// older reports whether the found revision is a known one that comes before
// Head.
func (e *RevisionError) older() bool {
	return e.Found != Head && slices.Contains(strings.Split(revisions, "\n"), e.Found)
}

// Ensure makes the schema, with the rows that the migrations insert, if the
// database is empty, and reports whether it did. A database at Head is left as
// it is. Any other database is refused with a *RevisionError.
//
// Everything happens in one transaction, so a failure leaves the database
// empty. Several processes may call Ensure on one database at the same time:
// one makes the schema, and the others wait for it. Call it before db has any
// other use: until a file is in WAL mode, every new connection that turns it on
// can meet another one that does the same, and only Ensure tries again.
func Ensure(ctx context.Context, db *sql.DB) (created bool, err error) {
	conn, err := connect(ctx, db)
	if err != nil {
		return false, fmt.Errorf("schema: connect: %w", err)
	}
	defer conn.Close()
	restore, err := setBusyTimeout(ctx, conn)
	if err != nil {
		return false, fmt.Errorf("schema: set the lock wait: %w", err)
	}
	defer restore()

	// The first look takes no write lock: most starts find a finished schema,
	// and the file may be read-only.
	if empty, err := check(ctx, conn); err != nil || !empty {
		return false, err
	}
	defer func() {
		// A context that ends during BEGIN may leave a transaction behind all
		// the same. Where there is none, this statement fails, and that is fine.
		if err != nil {
			_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		}
	}()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return false, fmt.Errorf("schema: lock the database: %w", err)
	}
	empty, err := check(ctx, conn)
	if err != nil {
		return false, err
	}
	if empty {
		if err := create(ctx, conn); err != nil {
			return false, err
		}
	}
	// The work is done; a context that ends now must not make it uncertain
	// whether it was kept.
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return false, fmt.Errorf("schema: commit: %w", err)
	}
	return empty, nil
}

// connect opens a connection. It tries again for lockWait while the database
// is locked, because SQLite does not wait when two connections turn on WAL mode
// at the same time, whatever the busy timeout is.
func connect(ctx context.Context, db *sql.DB) (*sql.Conn, error) {
	deadline := time.Now().Add(lockWait)
	for {
		conn, err := db.Conn(ctx)
		if err == nil || !isBusy(err) || time.Now().After(deadline) {
			return conn, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// isBusy reports whether err is SQLite's SQLITE_BUSY or one of its extended
// forms.
func isBusy(err error) bool {
	const busy = 5
	var coded interface{ Code() int }
	return errors.As(err, &coded) && coded.Code()&0xff == busy
}

// setBusyTimeout makes the connection wait for locks for at least lockWait and
// returns a function that puts the former time back.
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

// check reports whether the database is empty. It returns a *RevisionError if
// the database is neither empty nor at Head.
func check(ctx context.Context, conn *sql.Conn) (empty bool, err error) {
	var objects, versioned int
	err = conn.QueryRowContext(ctx, `
		SELECT count(*), count(*) FILTER (WHERE type = 'table' AND name = 'alembic_version')
		FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'`).Scan(&objects, &versioned)
	if err != nil {
		return false, fmt.Errorf("schema: list the tables: %w", err)
	}
	if objects == 0 {
		return true, nil
	}
	var found string
	if versioned > 0 {
		err = conn.QueryRowContext(ctx,
			"SELECT coalesce(group_concat(version_num), '') FROM alembic_version").Scan(&found)
		if err != nil {
			return false, fmt.Errorf("schema: read the revision: %w", err)
		}
	}
	if found != Head {
		return false, &RevisionError{Found: found, Want: Head}
	}
	return false, nil
}

// create runs the embedded files in the order of their names and sets the
// revision.
func create(ctx context.Context, conn *sql.Conn) error {
	files, err := fs.Glob(statements, "sqlite/*.sql")
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errors.New("schema: no statements are embedded")
	}
	for _, name := range files {
		text, err := statements.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("schema: %s: %w", name, err)
		}
	}
	if _, err := conn.ExecContext(ctx, "INSERT INTO alembic_version (version_num) VALUES (?)", Head); err != nil {
		return fmt.Errorf("schema: set the revision: %w", err)
	}
	return nil
}
