package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// migrationLock is the advisory lock of who changes the schema: "quaymigr".
const migrationLock = 0x717561796d696772

// SQLSTATEs of PostgreSQL.
const (
	notPermitted = "42501" // insufficient_privilege
	noSuchFile   = "58P01" // undefined_file
	notSupported = "0A000" // feature_not_supported
	noSuchObject = "42704" // undefined_object
)

// OpenPostgres opens a PostgreSQL database for Up, Check and Read: it has one
// connection. No error has the URL, which has a password.
func OpenPostgres(url string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("schema: the URL of the PostgreSQL database cannot be read")
	}
	config.RuntimeParams["application_name"] = "quay migrate"
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(1)
	return db, nil
}

type postgres struct{}

// connect takes a connection whose statements may take as long as they need, but wait
// for a lock only briefly: whoever comes after them in the queue for that lock waits,
// too, and that would be the clients.
func (postgres) connect(ctx context.Context, db *sql.DB) (*sql.Conn, func(), error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, nil, err
	}
	if _, err := conn.ExecContext(ctx, "SET statement_timeout = 0; SET lock_timeout = '5s'"); err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	return conn, func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "RESET statement_timeout; RESET lock_timeout")
	}, nil
}

// serialise takes the advisory lock. It asks for it again and again: a session that
// waits in a statement would itself be waited for by CREATE INDEX CONCURRENTLY.
func (postgres) serialise(ctx context.Context, conn *sql.Conn, waiting func()) (func(), error) {
	for first := true; ; first = false {
		var mine bool
		err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", int64(migrationLock)).Scan(&mine)
		if err != nil {
			return nil, err
		}
		if mine {
			return func() {
				// Without a connection there is no lock either.
				_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
			}, nil
		}
		if first && waiting != nil {
			waiting()
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (postgres) begin() string { return "BEGIN" }

// objects counts the relations of the current schema. Those of extensions, which an
// administrator may have made before, are none of ours.
func (postgres) objects(ctx context.Context, conn *sql.Conn) (n int, revisions, steps bool, err error) {
	var encoding string
	err = conn.QueryRowContext(ctx, `
		SELECT count(c.oid),
			count(*) FILTER (WHERE c.relname = 'alembic_version' AND c.relkind IN ('r', 'p')) > 0,
			count(*) FILTER (WHERE c.relname = 'quay_migration' AND c.relkind IN ('r', 'p')) > 0,
			current_setting('server_encoding')
		FROM pg_class c
		WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND NOT EXISTS (
			SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
		`).Scan(&n, &revisions, &steps, &encoding)
	if err == nil && n == 0 && encoding != "UTF8" {
		err = fmt.Errorf("the database's encoding is %s: make it with the encoding UTF8", encoding)
	}
	return n, revisions, steps, err
}

func (postgres) readRevision() string {
	return "SELECT coalesce(string_agg(version_num, ','), '') FROM alembic_version"
}

// extension has the operators of the indexes that search in the middle of texts. Whoever
// owns a database may make it, as long as the server's administrator lets him.
var extension = script{"the extension pg_trgm", "CREATE EXTENSION IF NOT EXISTS pg_trgm"}

func (postgres) schema() ([]script, error) {
	files, err := scripts("postgres", "rows.sql", "sequences.sql")
	return append([]script{extension}, files...), err
}

func (postgres) explain(script string, err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case script != extension.name && e.Code == notPermitted:
		return fmt.Errorf("%w: the user needs the right to create tables in the database's schema", err)
	case script != extension.name && e.Code == noSuchObject:
		return fmt.Errorf("%w: the extension pg_trgm has to be in a schema of the user's search_path", err)
	case script != extension.name:
		return err
	case e.Code == notPermitted:
		return fmt.Errorf("%w: let a superuser run CREATE EXTENSION IF NOT EXISTS pg_trgm in this database, then try again", err)
	case e.Code == noSuchFile || e.Code == notSupported:
		return fmt.Errorf("%w: install PostgreSQL's contrib package on the server, then try again", err)
	}
	return err
}

func (postgres) text(s Statement) string { return s.PostgreSQL }

// concurrently matches the one kind of statement that makes an index without stopping
// writers, which PostgreSQL refuses inside a transaction.
var concurrently = regexp.MustCompile(`(?is)^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(\w+)\s+ON\b`)

func (postgres) alone(text string) bool { return concurrently.MatchString(text) }

// runAlone makes an index. One that was cut short stays behind as an invalid one, under
// the same name; one that is valid was made before its record could say so.
func (postgres) runAlone(ctx context.Context, conn *sql.Conn, text string) error {
	name := concurrently.FindStringSubmatch(text)[1]
	var valid bool
	err := conn.QueryRowContext(ctx, "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)", name).Scan(&valid)
	switch {
	case valid:
		return nil
	case err == nil:
		if _, err := conn.ExecContext(ctx, "DROP INDEX CONCURRENTLY "+name); err != nil {
			return err
		}
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	_, err = conn.ExecContext(ctx, text)
	return err
}

func (postgres) rowLock() string { return " FOR UPDATE" }
