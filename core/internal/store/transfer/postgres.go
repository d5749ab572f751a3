package transfer

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/quay/quay/core/internal/store/record"
	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/sdk/errs"
)

type postgresDatabase struct {
	pool *pgxpool.Pool
	tx   pgx.Tx
}

func openPostgres(ctx context.Context, url string, r role) (_ database, err error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errs.New(errs.Invalid, "the database's URL cannot be read") // err has the password
	}
	if params := cfg.ConnConfig.RuntimeParams; params["application_name"] == "" {
		params["application_name"] = "quay db copy"
	}
	p := &postgresDatabase{}
	if p.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "connect")
	}
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	db := stdlib.OpenDBFromPool(p.pool)
	if err := errors.Join(prepare(ctx, db, schema.PostgreSQL, r), db.Close()); err != nil {
		return nil, err
	}
	mode := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	if r == target {
		mode = pgx.TxOptions{}
	}
	if p.tx, err = p.pool.BeginTx(ctx, mode); err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "begin")
	}
	// What the server allows a request is not what a copy takes.
	for _, q := range []string{
		"SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0",
		"SET LOCAL lock_timeout = '10s'",
	} {
		if err := p.exec(ctx, q); err != nil {
			return nil, errs.Wrap(errs.Unavailable, err, "prepare")
		}
	}
	if r == target {
		return p, p.lock(ctx)
	}
	return p, nil
}

// lock keeps everybody from writing.
func (p *postgresDatabase) lock(ctx context.Context) error {
	var names []string
	for _, t := range record.Tables() {
		names = append(names, quote(t.Name))
	}
	err := p.exec(ctx, "LOCK TABLE "+strings.Join(names, ", ")+" IN SHARE ROW EXCLUSIVE MODE")
	return errs.Wrap(errs.Conflict, err, "somebody else writes to the target")
}

func (p *postgresDatabase) exact() bool { return false }

func (p *postgresDatabase) tables() string {
	return `SELECT table_name::text FROM information_schema.tables
		WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name`
}

func (p *postgresDatabase) column(name string) string { return quote(name) }

func (p *postgresDatabase) query(ctx context.Context, q string, args []any, fn func([]any) error) error {
	rows, err := p.tx.Query(ctx, q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		if err := fn(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (p *postgresDatabase) row(t *record.Table, values []any) (record.Row, error) {
	r, err := t.FromPostgres(values)
	return r, errs.Wrap(errs.Invalid, err, "")
}

func (p *postgresDatabase) exec(ctx context.Context, q string) error {
	_, err := p.tx.Exec(ctx, q)
	return err
}

// copyRows is how many rows one COPY takes. At its end PostgreSQL checks their
// references, and has them all in memory until then.
const copyRows = 5 * batch

func (p *postgresDatabase) insert(ctx context.Context, t *record.Table, rows iter.Seq2[record.Row, error]) error {
	next, stop := iter.Pull2(rows)
	defer stop()
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	from := &copySource{table: t, next: next}
	for !from.ended {
		from.left = copyRows
		if t.RefersToItself() { // to any row, so all have to be there at the end
			from.left = math.MaxInt
		}
		if _, err := p.tx.CopyFrom(ctx, pgx.Identifier{t.Name}, names, from); err != nil {
			return err
		}
	}
	return nil
}

// copySource gives rows to COPY.
type copySource struct {
	table *record.Table
	next  func() (record.Row, error, bool)
	left  int
	ended bool
	row   record.Row
	err   error
}

func (s *copySource) Next() bool {
	if s.left == 0 || s.ended {
		return false
	}
	s.left--
	var more bool
	s.row, s.err, more = s.next()
	s.ended = !more || s.err != nil
	return !s.ended
}

func (s *copySource) Values() ([]any, error) {
	values, problems := s.table.ToPostgres(s.row)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	return values, nil
}

func (s *copySource) Err() error { return s.err }

// dangling has nothing to look for: PostgreSQL enforces what its schema says.
func (p *postgresDatabase) dangling(context.Context, int) ([]string, int, error) { return nil, 0, nil }

func (p *postgresDatabase) commit(ctx context.Context) error {
	for _, t := range record.Tables() {
		if err := p.setSequence(ctx, t); err != nil {
			return fmt.Errorf("the sequence of %s: %w", t.Name, err)
		}
	}
	if err := p.tx.Commit(ctx); err != nil {
		return errs.Wrap(errs.Unavailable, err, "commit: look whether the target has the rows now")
	}
	// The server would do it by itself, but only after some minutes of bad plans. So it is
	// no failure of the copy if it does not succeed.
	_, _ = p.pool.Exec(ctx, "ANALYZE")
	return nil
}

// setSequence makes new rows get the ids after those of the copy.
func (p *postgresDatabase) setSequence(ctx context.Context, t *record.Table) error {
	if t.Columns[t.KeyIndex()].Kind == record.Text {
		return nil
	}
	var set *int64
	err := p.tx.QueryRow(ctx, fmt.Sprintf(`
		SELECT setval(pg_get_serial_sequence($1, $2), greatest(max(%[1]s), 1), coalesce(max(%[1]s), 0) >= 1) FROM %[2]s`,
		quote(t.Key), quote(t.Name)), quote(t.Name), t.Key).Scan(&set)
	if err == nil && set == nil {
		return errs.New(errs.Invalid, "the key has none")
	}
	return err
}

func (p *postgresDatabase) close() {
	if p.tx != nil {
		_ = p.tx.Rollback(context.Background()) // fails when there is nothing to undo
	}
	p.pool.Close()
}
