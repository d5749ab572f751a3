package contract

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the engine that the recording has

	"github.com/quay/quay/test/postgres"
	"github.com/quay/quay/test/server"
)

// TestDatabaseSurvives proves that every row of every table of the product's own
// database is the same after it went through the types of this program: from SQLite to
// SQLite, and from there to PostgreSQL and back. Same means the same text of SQLite's
// quote for each value, and so the same form of each time.
func TestDatabaseSurvives(t *testing.T) {
	source := openDataset(t).Database()
	dir := t.TempDir()
	copied, back := filepath.Join(dir, "copied.db"), filepath.Join(dir, "back.db")
	onServer := postgres.Shared(t).Database(t)

	copyDatabase(t, "sqlite:///"+source, "sqlite:///"+copied)
	rows := copyDatabase(t, "sqlite:///"+copied, onServer)
	copyDatabase(t, onServer, "sqlite:///"+back)

	want := contents(t, source)
	if len(want) < 105 {
		t.Errorf("the recording has %d tables", len(want))
	}
	values, filled := 0, 0
	for _, path := range []string{copied, back} {
		got := contents(t, path)
		if len(got) != len(want) {
			t.Errorf("%s has %d tables, want %d", filepath.Base(path), len(got), len(want))
		}
		for table, lines := range want {
			compare(t, filepath.Base(path)+", "+table, got[table], lines)
		}
	}
	conn, err := pgx.Connect(t.Context(), onServer)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	total := 0
	for table, lines := range want {
		var count int
		err := conn.QueryRow(t.Context(), "SELECT count(*) FROM "+pgx.Identifier{table}.Sanitize()).Scan(&count)
		if err != nil || count != len(lines) || rows[table] != count {
			t.Errorf("%s has %d rows on PostgreSQL (%v), %d are said to be copied, want %d", table, count, err, rows[table], len(lines))
		}
		total += count
		if count > 0 {
			filled++
		}
		for _, line := range lines {
			values += len(line)
		}
	}
	t.Logf("%d rows with %d values in %d tables, %d of them with rows", total, values, len(want), filled)
}

// copyDatabase runs "quay db copy" and returns how many rows of each table it says it
// copied.
func copyDatabase(t *testing.T, from, to string) map[string]int {
	t.Helper()
	bin, err := server.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "quay"), "db", "copy", "--from", from, "--to", to, "--output", "json")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("copy %s to %s: %v\n%s", from, to, err, stderr.String())
	}
	var report struct {
		Tables []struct {
			Table string
			Rows  int
		}
		Rewritten []any
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	if len(report.Rewritten) > 0 {
		t.Errorf("values were written in another form: %v", report.Rewritten)
	}
	rows := map[string]int{}
	for _, table := range report.Tables {
		rows[table.Table] = table.Rows
	}
	return rows
}

// contents returns the rows of each table of a file, each value as quote writes it.
func contents(t *testing.T, path string) map[string][][]string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	columns := map[string][]string{}
	query(t, db, `SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
		WHERE t.type = 'table' ORDER BY t.name, c.cid`, func(row []string) {
		columns[row[0]] = append(columns[row[0]], fmt.Sprintf(`quote("%s")`, row[1]))
	})
	tables := map[string][][]string{}
	for table, terms := range columns {
		tables[table] = nil
		// The first column is the primary key.
		query(t, db, fmt.Sprintf(`SELECT %s FROM "%s" ORDER BY 1, 2`, strings.Join(append(terms, "1"), ", "), table), func(row []string) {
			tables[table] = append(tables[table], row[:len(terms)])
		})
	}
	return tables
}

// query calls fn with each row of a query, as text.
func query(t *testing.T, db *sql.DB, q string, fn func(row []string)) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		row, places := make([]string, len(names)), make([]any, len(names))
		for i := range row {
			places[i] = &row[i]
		}
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		fn(row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// compare reports the values that differ.
func compare(t *testing.T, what string, got, want [][]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d rows, want %d", what, len(got), len(want))
		return
	}
	for i, row := range want {
		for j, value := range row {
			if got[i][j] != value {
				t.Errorf("%s: row %s, value %d: %.200s, want %.200s", what, row[0], j, got[i][j], value)
			}
		}
	}
}
