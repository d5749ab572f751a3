package transfer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/quay/quay/core/internal/store/record"
	"github.com/quay/quay/core/internal/store/schema"
)

// rowsPerTable is how many rows generated tables have. Row i refers to row i of other
// tables and, backwards and forwards, to row rowsPerTable-1-i of its own.
const rowsPerTable = 6

var (
	integers = [rowsPerTable]int64{math.MaxInt32, math.MinInt32, 0, 42, -1, 1}
	bigints  = [rowsPerTable]int64{9007199254740993, math.MinInt64, 0, math.MaxInt64, -9007199254740993, 1}
	keys     = [rowsPerTable]int64{3, 1, math.MaxInt32, 1000, 70000, 12}
	wideKeys = [rowsPerTable]int64{3, 1, math.MaxInt64, 9007199254740993, 9007199254740992, 12}
	times    = [rowsPerTable]string{
		"0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "2026-02-28 23:59:59.000001",
		"2024-02-29 12:00:00", "1969-12-31 23:59:59.500000", "2026-10-25 01:30:00.123456",
	}
	dates = [rowsPerTable]string{"0001-01-01", "9999-12-31", "2024-02-29", "1969-12-31", "1970-01-01", "2026-11-24"}
	texts = [rowsPerTable]string{
		"é", // repeated to the greatest length
		"\U0001F433 \u200f\u202e\ufeffa\u0301 日本語", // beyond 16 bits, right to left, combining
		"'\"\\ \t\r\n$1 ? %s \x01\x7f\\N;--",
		"",
		" plain ",
		"\\.\n\\N\n", // what COPY takes for signs of its own, in its form as text
	}
	documents = [rowsPerTable]string{
		`{"a": 1, "a": 9007199254740993, "b": [1.10, 1e400, "\ud800"]}`, "{}", "", "null", " [ ] ", `{"é":"\u00e9"}`,
	}
)

// generated is the value of a column in row i.
func generated(t *record.Table, c record.Column, i int) any {
	for _, r := range t.References {
		if r.Column != c.Name {
			continue
		}
		if c.Nullable && i == 3 {
			return nil
		}
		to := record.Lookup(r.Table)
		if to == t {
			i = rowsPerTable - 1 - i
		}
		return key(to, i)
	}
	if c.Name == t.Key {
		return key(t, i)
	}
	// Every column that may be NULL is so in one row, and in another one alone.
	if c.Nullable && (i == 3 || i == 4 && len(c.Name)%2 == 0 || i == 5 && len(c.Name)%2 == 1) {
		return nil
	}
	switch c.Kind {
	case record.Integer:
		return integers[i]
	case record.Bigint:
		return bigints[i]
	case record.Boolean:
		return int64(i % 2)
	case record.Timestamp:
		return times[i]
	case record.Date:
		return dates[i]
	case record.Document:
		return documents[i]
	}
	text := texts[i]
	switch {
	case i == 0 && c.Length > 0:
		return strings.Repeat(text, c.Length)
	case i == 0:
		return strings.Repeat(text, 100_000)
	case c.Length > 0:
		return string([]rune(text)[:min(c.Length, len([]rune(text)))])
	}
	return text
}

func key(t *record.Table, i int) int64 {
	if t.Columns[t.KeyIndex()].Kind == record.Bigint {
		return wideKeys[i]
	}
	return keys[i]
}

// generate makes a SQLite database with rows of every table and returns its path.
func generate(t *testing.T) string {
	t.Helper()
	path := newSQLite(t)
	db := openFile(t, path)
	run(t, db, "BEGIN") // one commit is enough
	for _, table := range slices.Backward(record.Tables()) {
		if table.Key == "id" {
			run(t, db, deleteAll(table))
		}
	}
	for _, table := range record.Tables() {
		if table.Key != "id" { // the revision
			continue
		}
		for i := range rowsPerTable {
			var values []any
			for _, c := range table.Columns {
				values = append(values, generated(table, c, i))
			}
			run(t, db, insertInto(table), values...)
		}
	}
	run(t, db, "COMMIT")
	return path
}

// template is a SQLite database at head: to copy it is faster than to make it anew.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "transfer")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "quay.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return nil, err
	}
	_, err = schema.Up(context.Background(), db, schema.SQLite, schema.Options{Steps: schema.Steps()})
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newSQLite makes a database at head.
func newSQLite(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "quay.db")
	data, err := template()
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func openFile(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	return db
}

func run(t testing.TB, db *sql.DB, q string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), q, args...); err != nil {
		t.Fatalf("%.200s: %v", q, err)
	}
}

// dump returns every row of every table of a file, as SQLite itself writes its values.
// Beside quote, which ends at a NUL, it asks for the bytes and their storage class.
func dump(t *testing.T, path string) []string {
	t.Helper()
	db := openFile(t, path)
	var lines []string
	for _, table := range record.Tables() {
		var terms []string
		for _, c := range table.Columns {
			terms = append(terms, fmt.Sprintf(`'%s=' || quote(%[2]s) || ' ' || typeof(%[2]s) || ' ' || coalesce(hex(CAST(%[2]s AS BLOB)), '')`,
				c.Name, quote(c.Name)))
		}
		rows, err := db.QueryContext(t.Context(), fmt.Sprintf("SELECT %s FROM %s ORDER BY %s",
			strings.Join(terms, " || ', ' || "), quote(table.Name), quote(table.Key)))
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, table.Name+": "+line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		_ = rows.Close()
	}
	return lines
}

// wantSame compares two dumps.
func wantSame(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("got  %.600s\nwant %.600s", got[i], want[i])
		}
	}
}
