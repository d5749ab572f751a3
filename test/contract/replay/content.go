package replay

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// content is all that a PostgreSQL database has: its rows and the state of its
// sequences.
type content struct {
	// tables have the rows of each table, in the binary form of COPY.
	tables map[string][]byte
	names  []string
	next   []int64
	used   []bool
}

const tablesQuery = `SELECT relname FROM pg_class
	WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`

func readContent(ctx context.Context, uri string) (*content, error) {
	conn, err := pgx.Connect(ctx, uri)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	c := &content{}
	if c.tables, err = copyTables(ctx, conn); err != nil {
		return nil, err
	}
	err = conn.QueryRow(ctx, `SELECT array_agg(quote_ident(sequencename)), array_agg(coalesce(last_value, start_value)),
		array_agg(last_value IS NOT NULL) FROM pg_sequences WHERE schemaname = current_schema()`).Scan(&c.names, &c.next, &c.used)
	return c, err
}

func copyTables(ctx context.Context, conn *pgx.Conn) (map[string][]byte, error) {
	rows, err := conn.Query(ctx, tablesQuery)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	tables := map[string][]byte{}
	for _, name := range names {
		var data bytes.Buffer
		if _, err := conn.PgConn().CopyTo(ctx, &data, "COPY "+pgx.Identifier{name}.Sanitize()+" TO STDOUT (FORMAT binary)"); err != nil {
			return nil, err
		}
		tables[name] = data.Bytes()
	}
	return tables, nil
}

// restore brings a database back to the content.
func (c *content) restore(ctx context.Context, uri string) error {
	conn, err := pgx.Connect(ctx, uri)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	now, err := copyTables(ctx, conn)
	if err != nil {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }() // without effect once it is committed
	// Rows may come and go in any order: no foreign key is looked after.
	if _, err := tx.Exec(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(now)) {
		if bytes.Equal(now[name], c.tables[name]) {
			continue
		}
		table := pgx.Identifier{name}.Sanitize()
		if _, err := tx.Exec(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
		if _, err := conn.PgConn().CopyFrom(ctx, bytes.NewReader(c.tables[name]), "COPY "+table+" FROM STDIN (FORMAT binary)"); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `SELECT setval(name::regclass, next, used)
		FROM unnest($1::text[], $2::bigint[], $3::bool[]) AS s (name, next, used)`, c.names, c.next, c.used); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
