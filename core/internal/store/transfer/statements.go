package transfer

import (
	"fmt"
	"strings"

	"github.com/quay/quay/core/internal/store/record"
)

// The statements that there are of a table: all columns in the order of the key, from
// the start or from a key on; all columns in; all rows out.

func selectFirst(t *record.Table, column func(string) string) string {
	return selectAll(t, column, "")
}

// selectNext takes the last key of the rows before.
func selectNext(t *record.Table, column func(string) string) string {
	return selectAll(t, column, " WHERE "+quote(t.Key)+" > $1")
}

func selectAll(t *record.Table, column func(string) string, where string) string {
	var terms []string
	for _, c := range t.Columns {
		terms = append(terms, column(c.Name))
	}
	return fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s LIMIT %d",
		strings.Join(terms, ", "), quote(t.Name), where, quote(t.Key), batch)
}

func insertInto(t *record.Table) string {
	var names, places []string
	for i, c := range t.Columns {
		names = append(names, quote(c.Name))
		places = append(places, fmt.Sprintf("$%d", i+1))
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", quote(t.Name), strings.Join(names, ", "), strings.Join(places, ", "))
}

func deleteAll(t *record.Table) string { return "DELETE FROM " + quote(t.Name) }

func quote(name string) string { return `"` + name + `"` }
