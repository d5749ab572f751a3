package schema

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// dumpPostgres prints every fact of the schema and every row of a database, one a line,
// in the form of testdata/golden.py. Things that the product's schema does not have
// (views, triggers, functions, types, rules and so on) are printed too, so that they
// show up as differences.
func dumpPostgres(t testing.TB, db *sql.DB) []string {
	t.Helper()
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	list := func(format, statement string, args ...any) {
		t.Helper()
		query(t, db, statement, func(scan func(...any)) {
			var line string
			scan(&line)
			add(format, line)
		}, args...)
	}
	const ours = `NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')`
	list("extension %s", "SELECT extname FROM pg_extension")
	list("sequence %s", "SELECT relname FROM pg_class o WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace")
	list("%s", `SELECT format('relation %s %s', relkind, relname) FROM pg_class o
		WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'S', 'i') AND `+ours)
	list("enum_type %s", "SELECT typname FROM pg_type o WHERE typtype IN ('e', 'd') AND typnamespace = 'public'::regnamespace AND "+ours)
	list("function %s", "SELECT proname FROM pg_proc o WHERE pronamespace = 'public'::regnamespace AND "+ours)
	list("schema %s", "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('public', 'information_schema')")

	var tables []string
	query(t, db, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
		func(scan func(...any)) {
			var name string
			scan(&name)
			tables = append(tables, name)
		})
	for _, table := range tables {
		add("table %s", table)
		id := `public."` + table + `"`
		columns := dumpPostgresColumns(t, db, table, id, add)
		list("index "+table+" %s", `
			SELECT format('%s [%s]', pg_get_indexdef(i.indexrelid), (
				SELECT string_agg(c.opcname, ', ' ORDER BY k.n)
				FROM unnest(i.indclass) WITH ORDINALITY k(oid, n) JOIN pg_opclass c ON c.oid = k.oid))
				|| CASE WHEN i.indisvalid THEN '' ELSE ' INVALID' END
			FROM pg_index i WHERE i.indrelid = to_regclass($1) AND NOT i.indisprimary`, id)
		list("%s", `
			SELECT CASE contype
				WHEN 'p' THEN format('primarykey %s %s (%s)', $2::text, conname, mine)
				WHEN 'f' THEN format('foreignkey %s %s (%s) -> %s (%s) %s%s%s', $2::text, conname, mine, confrelid::regclass, theirs,
					confupdtype, confdeltype, CASE WHEN condeferrable THEN ' DEFERRABLE' ELSE '' END)
				ELSE format('constraint %s %s %s', $2::text, conname, pg_get_constraintdef(oid)) END
			FROM pg_constraint, LATERAL (
				SELECT
					(SELECT string_agg(attname, ', ' ORDER BY n) FROM unnest(conkey) WITH ORDINALITY k(num, n)
					 JOIN pg_attribute ON attrelid = conrelid AND attnum = num) AS mine,
					(SELECT string_agg(attname, ', ' ORDER BY n) FROM unnest(confkey) WITH ORDINALITY k(num, n)
					 JOIN pg_attribute ON attrelid = confrelid AND attnum = num) AS theirs) names
			WHERE conrelid = to_regclass($1)`, id, table)
		list("trigger "+table+" %s", "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal", id)
		list("rule "+table+" %s", "SELECT rulename FROM pg_rewrite WHERE ev_class = to_regclass($1)", id)
		var terms []string
		for _, c := range columns {
			terms = append(terms, fmt.Sprintf(`'%s=' || quote_nullable("%s"::text)`, c, c))
		}
		list("row "+table+" %s", "SELECT "+strings.Join(terms, " || ' ' || ")+" FROM "+id)
	}
	return lines
}

func dumpPostgresColumns(t testing.TB, db *sql.DB, table, id string, add func(string, ...any)) (columns []string) {
	t.Helper()
	query(t, db, `
		SELECT row_number() OVER (ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
			pg_get_expr(d.adbin, d.adrelid), a.attidentity::text || a.attgenerated::text,
			CASE WHEN a.attcollation = 0 OR a.attcollation = 'pg_catalog.default'::regcollation THEN ''
				ELSE a.attcollation::regcollation::text END
		FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
		func(scan func(...any)) {
			var place int
			var name, kind, generated, collation string
			var notNull bool
			var value sql.NullString
			scan(&place, &name, &kind, &notNull, &value, &generated, &collation)
			columns = append(columns, name)
			add("column %s %d %s %s%s%s%s%s", table, place, name, kind,
				when(notNull, " NOT NULL"),
				when(value.Valid, " DEFAULT "+moment.ReplaceAllString(value.String, "<moment>")),
				when(generated != "", " GENERATED "+generated),
				when(collation != "", " COLLATE "+collation))
		}, id)
	return columns
}
