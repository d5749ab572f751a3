package replay

import (
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Database is the database of a server, as a reader beside it sees it.
type Database interface {
	// Rows are all rows of all tables. Tables in which nothing was written since the
	// last call are the same pointers.
	Rows(ctx context.Context) (Rows, error)
	Close() error
}

// Rows are the rows of a database, by table.
type Rows map[string]*Table

// Table has the rows of a table by their primary key. A row has its values by column.
type Table struct{ rows map[int64]map[string]any }

// ignored are tables that the rows of no case are in.
var ignored = []string{"alembic_version", "sqlite_sequence"}

// columnValue is what came from a database as a value that can be compared.
func columnValue(v any) any {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case float32:
		return float64(v)
	case []byte:
		if utf8.Valid(v) {
			return string(v)
		}
		return "b64:" + base64.StdEncoding.EncodeToString(v)
	}
	return v
}

// identities are the ids of the rows that a case has added, by table.
type identities map[string]map[int64]bool

func (ids identities) clone() identities {
	c := identities{}
	for table, known := range ids {
		c[table] = maps.Clone(known)
	}
	return c
}

func (ids identities) add(table string, id int64) {
	if ids[table] == nil {
		ids[table] = map[int64]bool{}
	}
	ids[table][id] = true
}

// name is an id as a recording has it: the id of a row that the case has added is
// called after its table, for it is not the same in every database.
func (ids identities) name(table string, id any) any {
	if n, ok := id.(int64); ok && ids[table][n] {
		return table + "#new"
	}
	return id
}

// tableChange is what happened to one table.
type tableChange struct {
	added, removed []map[string]any
	changed        map[int64]map[string]any
}

// changesBetween are the tables that differ.
func changesBetween(before, after Rows) map[string]tableChange {
	found := map[string]tableChange{}
	for table := range after {
		b, a := before[table], after[table]
		if a == b {
			continue
		}
		if b == nil {
			b = &Table{}
		}
		if c := b.changesTo(a); len(c.added)+len(c.removed)+len(c.changed) > 0 {
			found[table] = c
		}
	}
	return found
}

func (t *Table) changesTo(after *Table) tableChange {
	c := tableChange{changed: map[int64]map[string]any{}}
	for _, key := range slices.Sorted(maps.Keys(after.rows)) {
		row := after.rows[key]
		old, ok := t.rows[key]
		if !ok {
			c.added = append(c.added, row)
			continue
		}
		differing := map[string]any{}
		for column, value := range row {
			if !same(value, old[column]) {
				differing[column] = value
			}
		}
		if len(differing) > 0 {
			c.changed[key] = differing
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.rows)) {
		if _, ok := after.rows[key]; !ok {
			c.removed = append(c.removed, t.rows[key])
		}
	}
	return c
}

// effects are the changes between two states as a recording has them. The rows that
// were added become known to ids.
func effects(before, after Rows, ids identities, foreignKeys map[string]map[string]string) map[string]Changes {
	found := changesBetween(before, after)
	for table, c := range found {
		for _, row := range c.added {
			if id, ok := row["id"].(int64); ok {
				ids.add(table, id)
			}
		}
	}
	recorded := map[string]Changes{}
	for table, c := range found {
		keys := foreignKeys[table]
		var r Changes
		for _, row := range c.added {
			r.Added = append(r.Added, ids.mask(table, keys, row))
		}
		// The order in which rows are looked at has to be the same in every run.
		slices.SortFunc(r.Added, func(a, b any) int { return strings.Compare(encoded(a), encoded(b)) })
		for _, row := range c.removed {
			r.Removed = append(r.Removed, map[string]any{"id": ids.name(table, row["id"])})
		}
		for _, key := range slices.Sorted(maps.Keys(c.changed)) {
			r.Changed = append(r.Changed, map[string]any{
				"row": ids.name(table, key), "set": ids.mask(table, keys, c.changed[key]),
			})
		}
		recorded[table] = r
	}
	return recorded
}

// mask is a row without its own id, if that is new, and with references to new rows
// by name.
func (ids identities) mask(table string, foreignKeys map[string]string, row map[string]any) map[string]any {
	masked := map[string]any{}
	for column, value := range row {
		if id, ok := value.(int64); ok && column == "id" && ids[table][id] {
			continue
		}
		if target, ok := foreignKeys[column]; ok {
			value = ids.name(target, value)
		}
		masked[column] = value
	}
	return masked
}

// compareChanges compares what changed in all tables.
func (b Bindings) compareChanges(want, got map[string]Changes) []string {
	tables := map[string]bool{}
	for table := range want {
		tables[table] = true
	}
	for table := range got {
		tables[table] = true
	}
	var lines []string
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		lines = append(lines, b.compareParts("db."+table, want[table], got[table])...)
	}
	return lines
}

func (b Bindings) compareParts(path string, want, got Changes) []string {
	lines := b.compareUnordered(path+".added", want.Added, got.Added)
	lines = append(lines, b.compareUnordered(path+".removed", want.Removed, got.Removed)...)
	return append(lines, b.compareUnordered(path+".changed", want.Changed, got.Changed)...)
}
