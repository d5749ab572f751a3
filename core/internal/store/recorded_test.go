package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// effects is what a change does to the rows of tables, in the form in which the
// product's were recorded: a mark such as {{uuid}} stands for any value of its kind,
// "@name" for the id of a row that the test knows, and "table#new" for that of the row
// that the change adds to a table. Booleans are 0 and 1, on both engines.
type effects map[string]struct {
	Added   []map[string]any `json:"added"`
	Removed []struct {
		ID string `json:"id"`
	} `json:"removed"`
	Changed []struct {
		Row string         `json:"row"`
		Set map[string]any `json:"set"`
	} `json:"changed"`
}

// loadEffects reads the effects of a file in testdata by the names of the changes.
// Each says where it was recorded or in which source it can be read.
func loadEffects(t *testing.T, file string) map[string]effects {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var cases map[string]struct {
		Recorded, Source string
		Rows             effects
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	loaded := make(map[string]effects, len(cases))
	for name, c := range cases {
		if c.Recorded == "" && c.Source == "" {
			t.Errorf("%s: nothing says where this is from", name)
		}
		loaded[name] = c.Rows
	}
	return loaded
}

// fields are a row without its id.
type fields map[string]any

// snapshot reads tables whole, by id.
func (f *fixture) snapshot(tables []string) map[string]map[int64]fields {
	f.t.Helper()
	all := make(map[string]map[int64]fields, len(tables))
	for _, table := range tables {
		columns := f.columns(table)
		rows := make(map[int64]fields)
		q := statement(`SELECT id, "` + strings.Join(columns, `", "`) + `" FROM "` + table + `"`)
		f.must(f.rows(f.ctx, q, func(r scanner) error {
			var id int64
			values := make([]any, len(columns))
			into := []any{&id}
			for i := range values {
				into = append(into, &values[i])
			}
			if err := r.Scan(into...); err != nil {
				return err
			}
			rows[id] = make(fields, len(columns))
			for i, c := range columns {
				rows[id][c] = plain(values[i])
			}
			return nil
		}))
		all[table] = rows
	}
	return all
}

// columns are the columns of a table without its id.
func (f *fixture) columns(table string) []string {
	f.t.Helper()
	q := statement(`SELECT column_name FROM information_schema.columns WHERE table_name = $1`)
	if _, ok := f.engine.(*sqlite); ok {
		q = `SELECT name FROM pragma_table_info($1)`
	}
	var names []string
	f.must(f.rows(f.ctx, q, func(r scanner) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	}, table))
	names = slices.DeleteFunc(names, func(s string) bool { return s == "id" })
	if len(names) == 0 {
		f.t.Fatalf("there is no table %s", table)
	}
	return names
}

// plain is a value in the form that both engines' values have here.
func plain(v any) any {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	case int32:
		return int64(v)
	case int16:
		return int64(v)
	case []byte:
		return string(v)
	}
	return v
}

// wantEffects runs a change and compares what it does to the tables, which are all that
// any effects of the file name, with what is wanted. Rows that are not mentioned must
// stay as they are.
func (f *fixture) wantEffects(tables []string, want effects, ids map[string]int64, change func()) {
	f.t.Helper()
	before := f.snapshot(tables)
	change()
	after := f.snapshot(tables)
	known := maps.Clone(ids)
	if known == nil {
		known = make(map[string]int64)
	}
	added := make(map[string][]int64)
	for _, table := range tables {
		for _, id := range slices.Sorted(maps.Keys(after[table])) {
			if _, old := before[table][id]; !old {
				added[table] = append(added[table], id)
				known[table+"#new"] = id
			}
		}
	}
	for _, table := range tables {
		f.wantAdded(table, want[table].Added, added[table], after[table], known)
		f.wantRemoved(table, want, before[table], after[table], known)
		f.wantChanged(table, want, before[table], after[table], known)
	}
}

func (f *fixture) wantAdded(table string, want []map[string]any, ids []int64, rows map[int64]fields, known map[string]int64) {
	f.t.Helper()
	if len(ids) != len(want) {
		f.t.Errorf("%s: %d rows were added, want %d", table, len(ids), len(want))
		return
	}
	for i, id := range ids {
		if len(want[i]) != len(rows[id]) {
			f.t.Errorf("%s: the row has %d columns, want %d", table, len(rows[id]), len(want[i]))
		}
		for column, value := range want[i] {
			f.wantValue(table+"."+column, rows[id][column], value, known)
		}
	}
}

func (f *fixture) wantRemoved(table string, want effects, before, after map[int64]fields, known map[string]int64) {
	f.t.Helper()
	gone := make(map[int64]bool)
	for _, r := range want[table].Removed {
		gone[f.id(r.ID, known)] = true
	}
	for id := range before {
		if _, stays := after[id]; stays == gone[id] {
			f.t.Errorf("%s: row %d is there: %v", table, id, stays)
		}
	}
}

func (f *fixture) wantChanged(table string, want effects, before, after map[int64]fields, known map[string]int64) {
	f.t.Helper()
	changes := make(map[int64]map[string]any)
	for _, c := range want[table].Changed {
		changes[f.id(c.Row, known)] = c.Set
	}
	for id, was := range before {
		is, stays := after[id]
		if !stays {
			continue
		}
		for column, value := range was {
			wanted, changed := changes[id][column]
			switch {
			case changed && is[column] == value:
				f.t.Errorf("%s.%s of row %d stays %v", table, column, id, value)
			case changed:
				f.wantValue(table+"."+column, is[column], wanted, known)
			case is[column] != value:
				f.t.Errorf("%s.%s of row %d was %v and is %v", table, column, id, value, is[column])
			}
		}
	}
}

// id is the id that a reference means.
func (f *fixture) id(reference string, known map[string]int64) int64 {
	f.t.Helper()
	id, ok := known[strings.TrimPrefix(reference, "@")]
	if !ok {
		f.t.Fatalf("the test does not know %s", reference)
	}
	return id
}

var (
	uuidText  = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	tokenText = regexp.MustCompile(`^[A-Za-z0-9$./+=]{16,}$`)
	newRow    = regexp.MustCompile(`\w+#new`)
)

// wantValue compares a value with one, or with a mark.
func (f *fixture) wantValue(what string, got, want any, known map[string]int64) {
	f.t.Helper()
	text, isText := want.(string)
	var ok bool
	switch {
	case text == "{{uuid}}":
		s, is := got.(string)
		ok = is && uuidText.MatchString(s)
	case text == "{{token}}":
		s, is := got.(string)
		ok = is && tokenText.MatchString(s)
	case text == "{{time}}":
		at, is := got.(time.Time)
		ok = is && !at.IsZero()
	case isText && (strings.HasPrefix(text, "@") || newRow.FindString(text) == text && text != ""):
		ok = got == f.id(text, known)
	case isText:
		text = newRow.ReplaceAllStringFunc(text, func(r string) string { return fmt.Sprint(f.id(r, known)) })
		ok = got == text
	case want == nil:
		ok = got == nil
	default: // JSON has no integers
		n, is := want.(float64)
		ok = is && got == int64(n)
	}
	if !ok {
		f.t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// tablesOf are the tables that any of the effects name.
func tablesOf(cases map[string]effects) []string {
	all := make(map[string]bool)
	for _, c := range cases {
		for table := range c {
			all[table] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
