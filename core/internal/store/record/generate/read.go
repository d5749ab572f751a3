package main

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the engine that the schema is made in

	"github.com/quay/quay/core/internal/store/schema"
)

// table is what the schema says of a table.
type table struct {
	name    string
	key     string
	columns []column
	refers  []reference // in the order of their columns
}

type column struct {
	name     string
	kind     string // a constant of package record
	nullable bool
	length   int
}

type reference struct{ column, table, to string }

// read makes the schema in memory and returns its tables: all but that in which package
// schema keeps what was done to one database.
func read(ctx context.Context) (_ map[string]*table, err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1) // each connection would have a memory of its own
	if _, err := schema.Up(ctx, db, schema.SQLite, schema.Options{Steps: schema.Steps()}); err != nil {
		return nil, err
	}
	tables := map[string]*table{}
	err = each(ctx, db, `
		SELECT t.name, c.name, c.type, NOT c."notnull", c.pk
		FROM sqlite_schema t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name <> 'quay_migration' ORDER BY t.name, c.cid`, func(rows *sql.Rows) error {
		var name, declared string
		var c column
		var key int
		if err := rows.Scan(&name, &c.name, &declared, &c.nullable, &key); err != nil {
			return err
		}
		if tables[name] == nil {
			tables[name] = &table{name: name}
		}
		t := tables[name]
		if key > 1 {
			return fmt.Errorf("%s: a key of several columns", name)
		}
		if key == 1 {
			t.key = c.name
		}
		if c.kind, c.length, err = kind(name+"."+c.name, declared); err != nil {
			return err
		}
		t.columns = append(t.columns, c)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(ctx, db, `
		SELECT t.name, f.seq, f."from", f."table", f."to"
		FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f JOIN pragma_table_info(t.name) c ON c.name = f."from"
		WHERE t.type = 'table' ORDER BY t.name, c.cid`, func(rows *sql.Rows) error {
		var name string
		var r reference
		var part int
		if err := rows.Scan(&name, &part, &r.column, &r.table, &r.to); err != nil {
			return err
		}
		if part > 0 {
			return fmt.Errorf("%s: a reference of several columns", name)
		}
		tables[name].refers = append(tables[name].refers, r)
		return nil
	})
	return tables, err
}

func each(ctx context.Context, db *sql.DB, query string, fn func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err below tells what matters
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// kind returns the kind and the length of a column.
func kind(name, declared string) (kind string, length int, err error) {
	declared, rest, _ := strings.Cut(declared, "(")
	if rest != "" {
		if length, err = strconv.Atoi(strings.TrimSuffix(rest, ")")); err != nil {
			return "", 0, fmt.Errorf("%s: length %s", name, rest)
		}
	}
	switch declared {
	case "INTEGER":
		if wide[name] {
			return "Bigint", 0, nil
		}
		return "Integer", 0, nil
	case "BIGINT":
		return "Bigint", 0, nil
	case "BOOLEAN":
		return "Boolean", 0, nil
	case "DATETIME":
		return "Timestamp", 0, nil
	case "DATE":
		return "Date", 0, nil
	case "VARCHAR", "TEXT":
		switch {
		case json[name]:
			return "Document", length, nil
		case secret[name]:
			return "Secret", length, nil
		}
		return "Text", length, nil
	}
	return "", 0, fmt.Errorf("%s: type %s", name, declared)
}

// ordered returns the names of the tables, each after those that it refers to, and
// in the order of the alphabet where nothing else decides.
func ordered(tables map[string]*table) ([]string, error) {
	var order []string
	done := map[string]bool{}
	for len(order) < len(tables) {
		next := ""
		for name, t := range tables {
			if !done[name] && ready(t, done) && (next == "" || name < next) {
				next = name
			}
		}
		if next == "" {
			return nil, fmt.Errorf("tables refer to each other in a circle; only %d are not part of it", len(order))
		}
		done[next] = true
		order = append(order, next)
	}
	return order, nil
}

func ready(t *table, done map[string]bool) bool {
	for _, r := range t.refers {
		if r.table != t.name && !done[r.table] {
			return false
		}
	}
	return true
}
