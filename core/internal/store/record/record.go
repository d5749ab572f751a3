// Package record has a type for the rows of each table of the product's database,
// and the forms that the values of a row have on SQLite and on PostgreSQL.
//
// The types and the descriptions of their tables (*_gen.go) are generated from the
// schema by the program in generate/. A column is a field: integers are int64, times
// and dates time.Time in UTC, a column that may be NULL is a pointer, text of JSON is
// kept as it is, and what nobody may see is a config.Secret.
//
// The package knows no SQL: package transfer reads and writes rows of either engine.
package record

//go:generate go run ./generate

import "slices"

// Row is a row of a table: a pointer to one of the generated types.
type Row interface {
	// Fields are pointers to the fields, in the order of the table's columns.
	Fields() []any
	// odd is the row's Odd.
	odd() *Odd
}

// Table describes a table of the schema. It is the same on both engines, but for
// the types of columns.
type Table struct {
	Name string
	// New makes a row with all columns zero.
	New     func() Row
	Columns []Column
	// Key is the column of the primary key. No table has a key of several columns.
	Key string
	// References are the foreign keys. No table has one of several columns.
	References []Reference
}

// Column describes a column.
type Column struct {
	Name string
	Kind Kind
	// Length is how many characters the text may have, and zero for any number.
	// SQLite does not enforce it.
	Length   int
	Nullable bool
}

// Reference is a foreign key: Column has the value of To in a row of Table.
type Reference struct{ Column, Table, To string }

// Kind is what a column holds.
type Kind int

// The kinds, with the types of their columns on PostgreSQL.
const (
	Integer   Kind = iota + 1 // integer, 32 bits
	Bigint                    // bigint, 64 bits
	Boolean                   // boolean
	Text                      // text or varchar
	Document                  // the same, its text being JSON
	Secret                    // the same, which nobody may see
	Timestamp                 // timestamp without time zone, always UTC
	Date                      // date
)

// JSON is the text of a JSON document as the database has it. The product writes
// what Python's json.dumps writes; the empty text stands for the empty document.
type JSON string

// Tables returns all tables of the schema, each after those that it refers to. Some
// refer to themselves.
func Tables() []*Table { return slices.Clone(tables) }

// Lookup returns the table of a name, or nil.
func Lookup(name string) *Table {
	for _, t := range tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// KeyIndex is the place of the primary key among the columns.
func (t *Table) KeyIndex() int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == t.Key })
}

// RefersToItself reports whether rows of the table refer to other rows of it.
func (t *Table) RefersToItself() bool {
	return slices.ContainsFunc(t.References, func(r Reference) bool { return r.Table == t.Name })
}

// Values returns the values of a row's columns: int64, bool, string, time.Time, or
// nil for NULL. Secrets are revealed.
func (t *Table) Values(r Row) []any {
	fields := r.Fields()
	values := make([]any, len(fields))
	for i, c := range t.Columns {
		values[i] = get(c, fields[i])
	}
	return values
}
