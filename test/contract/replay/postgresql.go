package replay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// serverDatabase is a PostgreSQL database that a server writes to.
type serverDatabase struct {
	conn *pgx.Conn
	// prints is a query for the name of each table and a print of its rows, which is
	// another after any write.
	prints string
	last   Rows
	// seen are the prints of the last rows.
	seen map[string]string
}

// openPostgreSQL opens the database of a server that runs.
func openPostgreSQL(ctx context.Context, uri string) (Database, error) {
	conn, err := pgx.Connect(ctx, uri)
	if err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx, tablesQuery+" AND relname <> ALL ($1)", ignored)
	if err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	selects := make([]string, len(tables))
	for i, table := range tables {
		// Each version of a row has a place and a transaction of its own.
		selects[i] = fmt.Sprintf(`SELECT '%s', count(*) || ':' || coalesce(sum(hashtext(ctid::text || xmin::text)), 0) FROM %s`,
			table, pgx.Identifier{table}.Sanitize())
	}
	return &serverDatabase{conn: conn, prints: strings.Join(selects, " UNION ALL "), last: Rows{}, seen: map[string]string{}}, nil
}

func (d *serverDatabase) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return d.conn.Close(ctx)
}

func (d *serverDatabase) Rows(ctx context.Context) (Rows, error) {
	tx, err := d.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback(ctx) }() // it has only read
	prints, err := d.printAll(ctx, tx)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(d.last)
	for _, table := range slices.Sorted(maps.Keys(prints)) {
		if all[table] != nil && prints[table] == d.seen[table] {
			continue
		}
		if all[table], err = readTable(ctx, tx, table); err != nil {
			return nil, fmt.Errorf("%s: %w", table, err)
		}
	}
	d.last, d.seen = all, prints
	return all, nil
}

func (d *serverDatabase) printAll(ctx context.Context, tx pgx.Tx) (map[string]string, error) {
	rows, err := tx.Query(ctx, d.prints)
	if err != nil {
		return nil, err
	}
	prints := map[string]string{}
	var table, print string
	_, err = pgx.ForEachRow(rows, []any{&table, &print}, func() error {
		prints[table] = print
		return nil
	})
	return prints, err
}

func readTable(ctx context.Context, tx pgx.Tx, name string) (*Table, error) {
	rows, err := tx.Query(ctx, "SELECT * FROM "+pgx.Identifier{name}.Sanitize())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	t := &Table{rows: map[int64]map[string]any{}}
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return nil, err
		}
		row := make(map[string]any, len(values))
		for i, field := range rows.FieldDescriptions() {
			row[field.Name] = asInSQLite(field.DataTypeOID, values[i])
		}
		key, ok := row["id"].(int64)
		if !ok {
			return nil, fmt.Errorf("the row %s has no id", short(row))
		}
		t.rows[key] = row
	}
	return t, rows.Err()
}

// asInSQLite is a value as the product writes it into SQLite, where the recording was
// made.
func asInSQLite(oid uint32, v any) any {
	at, ok := v.(time.Time)
	switch {
	case !ok:
		return columnValue(v)
	case oid == pgtype.DateOID:
		return at.Format(time.DateOnly)
	default:
		return strings.TrimSuffix(at.Format("2006-01-02 15:04:05.000000"), ".000000")
	}
}
