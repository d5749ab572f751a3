package replay

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the engine of the recording
)

// sqliteFile is a SQLite database that a server writes to.
type sqliteFile struct {
	db *sql.DB
	// conn sees by the version of the data whether another connection wrote.
	conn    *sql.Conn
	version int64
	// queries read a table, by its name.
	queries map[string]string
	columns map[string][]string
	last    Rows
}

func sqliteSource(path, options string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + options
}

// openSQLite opens the file of a server that runs.
func openSQLite(ctx context.Context, path string) (Database, error) {
	db, err := sql.Open("sqlite", sqliteSource(path, "mode=ro&_pragma=busy_timeout(20000)"))
	if err != nil {
		return nil, err
	}
	f := &sqliteFile{db: db, version: -1, queries: map[string]string{}, columns: map[string][]string{}}
	if f.conn, err = db.Conn(ctx); err == nil {
		err = f.readTables(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

func (f *sqliteFile) Close() error {
	f.conn.Close()
	return f.db.Close()
}

func (f *sqliteFile) readTables(ctx context.Context) error {
	rows, err := f.conn.QueryContext(ctx, `SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return err
		}
		if !slices.Contains(ignored, table) {
			f.columns[table] = append(f.columns[table], column)
		}
	}
	for table, columns := range f.columns {
		// The sign takes the type from a column, which the driver would act on.
		f.queries[table] = fmt.Sprintf(`SELECT rowid, +"%s" FROM "%s"`, strings.Join(columns, `", +"`), table)
	}
	return rows.Err()
}

func (f *sqliteFile) Rows(ctx context.Context) (Rows, error) {
	var version int64
	if err := f.conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version); err != nil {
		return nil, err
	}
	if version == f.version {
		return f.last, nil
	}
	tx, err := f.conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // it has only read
	all := Rows{}
	for table := range f.queries {
		if all[table], err = f.table(ctx, tx, table); err != nil {
			return nil, fmt.Errorf("%s: %w", table, err)
		}
	}
	f.version, f.last = version, all
	return all, nil
}

func (f *sqliteFile) table(ctx context.Context, tx *sql.Tx, name string) (*Table, error) {
	rows, err := tx.QueryContext(ctx, f.queries[name])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns := f.columns[name]
	t := &Table{rows: map[int64]map[string]any{}}
	for rows.Next() {
		var key int64
		values, places := make([]any, len(columns)), []any{&key}
		for i := range values {
			places = append(places, &values[i])
		}
		if err := rows.Scan(places...); err != nil {
			return nil, err
		}
		row := make(map[string]any, len(columns))
		for i, column := range columns {
			row[column] = columnValue(values[i])
		}
		t.rows[key] = row
	}
	return t, rows.Err()
}
