package transfer

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"net/url"

	_ "modernc.org/sqlite" // the engine

	"github.com/quay/quay/core/internal/store/record"
	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/sdk/errs"
)

type sqliteDatabase struct {
	db   *sql.DB
	conn *sql.Conn
}

func openSQLite(ctx context.Context, path string, r role) (_ database, err error) {
	name := ":memory:"
	if path != name {
		name = "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(10000)"
		if r == source {
			name += "&mode=ro"
		}
	}
	s := &sqliteDatabase{}
	if s.db, err = sql.Open("sqlite", name); err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "open %s", path)
	}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	s.db.SetMaxOpenConns(1)
	if err := prepare(ctx, s.db, schema.SQLite, r); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "open %s", path)
	}
	begin := "BEGIN IMMEDIATE"
	if r == source {
		begin = "BEGIN"
	}
	if err := s.exec(ctx, begin); err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "lock %s", path)
	}
	return s, nil
}

func (s *sqliteDatabase) exact() bool { return true }

func (s *sqliteDatabase) tables() string {
	return "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
}

// A plain column is converted by the driver after its declared type; an expression
// has none.
func (s *sqliteDatabase) column(name string) string { return "+" + quote(name) }

func (s *sqliteDatabase) query(ctx context.Context, q string, args []any, fn func([]any) error) error {
	rows, err := s.conn.QueryContext(ctx, q, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err below tells what matters
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if err := fn(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *sqliteDatabase) row(t *record.Table, values []any) (record.Row, error) {
	return t.FromSQLite(values), nil
}

func (s *sqliteDatabase) exec(ctx context.Context, q string) error {
	_, err := s.conn.ExecContext(ctx, q)
	return err
}

// insert does not check references, which is what SQLite does unless told otherwise:
// dangling does it at the end, once.
func (s *sqliteDatabase) insert(ctx context.Context, t *record.Table, rows iter.Seq2[record.Row, error]) error {
	st, err := s.conn.PrepareContext(ctx, insertInto(t))
	if err != nil {
		return err
	}
	defer st.Close()
	for r, err := range rows {
		if err != nil {
			return err
		}
		if _, err := st.ExecContext(ctx, t.ToSQLite(r)...); err != nil {
			return fmt.Errorf("%v: %w", t.Values(r)[t.KeyIndex()], err)
		}
	}
	return nil
}

func (s *sqliteDatabase) dangling(ctx context.Context, limit int) (list []string, count int, err error) {
	err = s.query(ctx, `SELECT f."table", f.rowid, k."from", f.parent FROM pragma_foreign_key_check() f
		JOIN pragma_foreign_key_list(f."table") k ON k.id = f.fkid`, nil, func(v []any) error {
		if count++; count <= limit {
			list = append(list, fmt.Sprintf("%v %v: %v refers to a row that %v does not have", v...))
		}
		return nil
	})
	return list, count, err
}

func (s *sqliteDatabase) commit(ctx context.Context) error {
	return errs.Wrap(errs.Unavailable, s.exec(ctx, "COMMIT"), "commit")
}

func (s *sqliteDatabase) close() {
	if s.conn != nil {
		_ = s.exec(context.Background(), "ROLLBACK") // fails when there is nothing to undo
		_ = s.conn.Close()
	}
	_ = s.db.Close()
}
