package schema

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	moment     = regexp.MustCompile(`'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'`)
	constraint = regexp.MustCompile(`CONSTRAINT (\w+) (PRIMARY KEY|FOREIGN KEY|UNIQUE|CHECK) ?\(([^)]*)\)`)
	where      = regexp.MustCompile(`\) (WHERE .*)$`)
)

// dumpSQLite prints every fact of the schema and every row of a database, one a
// line, in the form of testdata/golden.py. Things that the product's schema
// does not have (triggers, descending indexes, generated columns and so on)
// are printed too, so that they show up as differences.
func dumpSQLite(t testing.TB, db *sql.DB) []string {
	t.Helper()
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }

	query(t, db, `SELECT s.type, s.name, coalesce(s.sql, ''), coalesce(l.wr, 0), coalesce(l.strict, 0)
		FROM sqlite_schema s LEFT JOIN pragma_table_list l ON l.schema = 'main' AND l.name = s.name
		WHERE s.type <> 'index' ORDER BY s.name`, func(scan func(...any)) {
		var kind, table, text string
		var withoutRowid, strict bool
		scan(&kind, &table, &text, &withoutRowid, &strict)
		add("%s %s%s%s", kind, table, when(withoutRowid, " WITHOUT ROWID"), when(strict, " STRICT"))
		if kind != "table" {
			return
		}
		columns := dumpColumns(t, db, table, add)
		for _, m := range constraint.FindAllStringSubmatch(text, -1) {
			add("constraint %s %s %s (%s)", table, m[1], m[2], strings.ReplaceAll(m[3], `"`, ""))
		}
		dumpIndexes(t, db, table, add)
		dumpForeignKeys(t, db, table, add)
		dumpRows(t, db, table, columns, add)
	})
	return lines
}

func dumpColumns(t testing.TB, db *sql.DB, table string, add func(string, ...any)) (columns []string) {
	t.Helper()
	query(t, db, `SELECT cid + 1, name, type, "notnull", dflt_value, pk, hidden
		FROM pragma_table_xinfo(?) ORDER BY cid`, func(scan func(...any)) {
		var id, pk, hidden int
		var name, kind string
		var notNull bool
		var value sql.NullString
		scan(&id, &name, &kind, &notNull, &value, &pk, &hidden)
		columns = append(columns, name)
		add("column %s %d %s %s%s%s%s%s", table, id, name, kind,
			when(notNull, " NOT NULL"),
			when(value.Valid, " DEFAULT "+moment.ReplaceAllString(value.String, "<moment>")),
			when(pk > 0, fmt.Sprint(" PK ", pk)),
			when(hidden > 0, fmt.Sprint(" HIDDEN ", hidden)))
	}, table)
	return columns
}

func dumpIndexes(t testing.TB, db *sql.DB, table string, add func(string, ...any)) {
	t.Helper()
	query(t, db, `SELECT i.name, i."unique", i.origin, coalesce(s.sql, '')
		FROM pragma_index_list(?) i LEFT JOIN sqlite_schema s ON s.name = i.name
		ORDER BY i.name`, func(scan func(...any)) {
		var name, origin, text string
		var unique bool
		scan(&name, &unique, &origin, &text)
		var columns []string
		query(t, db, `SELECT coalesce(name, '<expression>'), "desc", coll
			FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno`, func(scan func(...any)) {
			var column, collation string
			var desc bool
			scan(&column, &desc, &collation)
			columns = append(columns, column+when(collation != "BINARY", " COLLATE "+collation)+when(desc, " DESC"))
		}, name)
		clause := where.FindStringSubmatch(text)
		add("index %s %s (%s)%s%s%s", table, name, strings.Join(columns, ", "),
			when(origin != "c", " ORIGIN "+origin),
			when(unique, " UNIQUE"),
			when(clause != nil, " "+strings.Join(clause[min(1, len(clause)):], "")))
	}, table)
}

func dumpForeignKeys(t testing.TB, db *sql.DB, table string, add func(string, ...any)) {
	t.Helper()
	query(t, db, `SELECT group_concat("from", ', '), "table", group_concat("to", ', '), on_update, on_delete
		FROM (SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq)
		GROUP BY id ORDER BY 1`, func(scan func(...any)) {
		var from, target, to, onUpdate, onDelete string
		scan(&from, &target, &to, &onUpdate, &onDelete)
		add("foreignkey %s (%s) -> %s (%s)%s%s", table, from, target, to,
			when(onUpdate != "NO ACTION", " ON UPDATE "+onUpdate),
			when(onDelete != "NO ACTION", " ON DELETE "+onDelete))
	}, table)
}

func dumpRows(t testing.TB, db *sql.DB, table string, columns []string, add func(string, ...any)) {
	t.Helper()
	var terms []string
	for _, c := range columns {
		terms = append(terms, fmt.Sprintf(`'%s=' || quote("%s")`, c, c))
	}
	query(t, db, fmt.Sprintf(`SELECT %s FROM "%s" ORDER BY 1`, strings.Join(terms, " || ' ' || "), table),
		func(scan func(...any)) {
			var row string
			scan(&row)
			add("row %s %s", table, row)
		})
}

// query calls row for each row that the statement returns.
func query(t testing.TB, db *sql.DB, statement string, row func(scan func(...any)), args ...any) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), statement, args...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	for rows.Next() {
		row(func(dest ...any) {
			t.Helper()
			if err := rows.Scan(dest...); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		})
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func when(condition bool, text string) string {
	if condition {
		return text
	}
	return ""
}

// differences lists the lines that only one side has: "-" marks those that
// are missing from got, "+" those that it has in excess. The order of the
// lines does not count.
func differences(want, got []string) []string {
	count := map[string]int{}
	for _, l := range want {
		count[l]--
	}
	for _, l := range got {
		count[l]++
	}
	var diff []string
	for l, n := range count {
		for ; n < 0; n++ {
			diff = append(diff, "- "+l)
		}
		for ; n > 0; n-- {
			diff = append(diff, "+ "+l)
		}
	}
	// By content first, so that the two forms of one line stand together.
	slices.SortFunc(diff, func(a, b string) int {
		return strings.Compare(a[2:]+a[:1], b[2:]+b[:1])
	})
	return diff
}
