package record

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/sdk/config"
)

// TestTablesAreWhole proves that every table has a key, a field of the right type for
// each column, and refers only to tables before it or to itself.
func TestTablesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, table := range Tables() {
		fields := table.New().Fields()
		if len(fields) != len(table.Columns) || table.KeyIndex() < 0 {
			t.Fatalf("%s: %d fields, %d columns, key %q", table.Name, len(fields), len(table.Columns), table.Key)
		}
		names := map[string]bool{}
		for i, c := range table.Columns {
			names[c.Name] = true
			field := reflect.TypeOf(fields[i]).Elem()
			if nullable := field.Kind() == reflect.Pointer; nullable != c.Nullable {
				t.Errorf("%s.%s: nullable %v, the field is a %v", table.Name, c.Name, c.Nullable, field)
			}
			if v := get(c, fields[i]); c.Nullable != (v == nil) {
				t.Errorf("%s.%s: the new row has %v", table.Name, c.Name, v)
			}
		}
		for _, r := range table.References {
			if !names[r.Column] || !seen[r.Table] && r.Table != table.Name {
				t.Errorf("%s: %+v comes too early", table.Name, r)
			}
		}
		if Lookup(table.Name) != table {
			t.Errorf("%s is not found by its name", table.Name)
		}
		seen[table.Name] = true
	}
	if len(seen) != 105 || Lookup("songs") != nil {
		t.Errorf("%d tables", len(seen))
	}
}

// TestTimes proves which forms of times are understood, and that a form which is not
// what the product writes is written again as it was.
func TestTimes(t *testing.T) {
	at := func(h, m, s, us int) time.Time { return time.Date(2026, 8, 1, h, m, s, us*1000, time.UTC) }
	for _, tc := range []struct {
		raw   any
		want  time.Time
		plain bool
	}{
		{"2026-08-01 12:00:00", at(12, 0, 0, 0), true},
		{"2026-08-01 12:00:00.000001", at(12, 0, 0, 1), true},
		{"2026-08-01 12:00:00.500000", at(12, 0, 0, 500_000), true},
		{"0001-01-01 00:00:00", time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), true},
		{"9999-12-31 23:59:59.999999", time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC), true},

		{"2026-08-01 12:00:00.000000", at(12, 0, 0, 0), false},
		{"2026-08-01 12:00:00.5", at(12, 0, 0, 500_000), false},
		{"2026-08-01 12:00:00.123456789", at(12, 0, 0, 123_456), false},
		{"2026-08-01T12:00:00", at(12, 0, 0, 0), false},
		{"2026-08-01T12:00:00.25Z", at(12, 0, 0, 250_000), false},
		{"2026-08-01 12:00:00+00:00", at(12, 0, 0, 0), false},
		{"2026-08-01 12:00:00.000007+02:00", at(10, 0, 0, 7), false},
		{"2026-08-01 12:30", at(12, 30, 0, 0), false},
		{"2026-08-01", at(0, 0, 0, 0), false},

		{"", time.Time{}, false},
		{"soon", time.Time{}, false},
		{"T", time.Time{}, false},
		{"2026-02-30 12:00:00", time.Time{}, false},
		{"0000-01-01 00:00:00", time.Time{}, false},
		{"9999-12-31 23:59:59-01:00", time.Time{}, false},
		{int64(1785585600), time.Time{}, false},
		{[]byte("2026-08-01 12:00:00"), time.Time{}, false},
		{nil, time.Time{}, false},
	} {
		values := []any{int64(7), int64(1), int64(2), tc.raw}
		table := Lookup("star")
		r := table.FromSQLite(values)
		odd, isOdd := OddOf(r)["created"]
		if got := r.(*Star).Created; !got.Equal(tc.want) || isOdd == tc.plain || isOdd && odd.Understood == tc.want.IsZero() {
			t.Errorf("%v: got %v, odd %v, understood %v", tc.raw, got, isOdd, odd.Understood)
		}
		if got := table.ToSQLite(r); !reflect.DeepEqual(got, values) {
			t.Errorf("%v is written as %v", tc.raw, got[3])
		}
	}
}

// TestDates proves the same of dates.
func TestDates(t *testing.T) {
	for raw, plain := range map[string]bool{"2026-08-01": true, "0001-01-01": true, "2026-08-01 00:00:00": false, "x": false} {
		values := []any{int64(1), int64(2), int64(3), raw}
		table := Lookup("repositoryactioncount")
		r := table.FromSQLite(values)
		if _, odd := OddOf(r)["date"]; odd == plain {
			t.Errorf("%s: odd %v", raw, odd)
		}
		if got := table.ToSQLite(r); !reflect.DeepEqual(got, values) {
			t.Errorf("%s is written as %v", raw, got[3])
		}
	}
}

// labelSource is a row of labelsourcetype with the values given.
func labelSource(id, name, mutable any) []any { return []any{id, name, mutable} }

// TestOddValues proves that whatever SQLite may hold in a column is written to it
// again as it was, and that PostgreSQL gets what it means or nothing.
func TestOddValues(t *testing.T) {
	table := Lookup("labelsourcetype")
	for name, tc := range map[string]struct {
		values  []any
		odd     string
		problem string
		want    []any // on PostgreSQL
	}{
		"plain":             {labelSource(int64(1), "api", int64(1)), "", "", []any{int64(1), "api", true}},
		"a boolean of two":  {labelSource(int64(1), "api", int64(2)), "mutable", "", []any{int64(1), "api", true}},
		"a boolean of text": {labelSource(int64(1), "api", "true"), "mutable", "is no boolean", nil},
		"a boolean of NULL": {labelSource(int64(1), "api", nil), "mutable", "is no boolean", nil},
		"a real":            {labelSource(1.5, "api", int64(0)), "id", "is no integer", nil},
		"a blob":            {labelSource(int64(1), []byte{0, 255}, int64(0)), "name", "is no text", nil},
		"an empty text":     {labelSource(int64(1), "", int64(0)), "", "", []any{int64(1), "", false}},
		"a long text":       {labelSource(int64(1), strings.Repeat("é", 256), int64(0)), "", "256 characters, more than 255", nil},
		"the longest text":  {labelSource(int64(1), strings.Repeat("é", 255), int64(0)), "", "", []any{int64(1), strings.Repeat("é", 255), false}},
		"a NUL":             {labelSource(int64(1), "a\x00b", int64(0)), "", "NUL", nil},
		"no UTF-8":          {labelSource(int64(1), "a\xffb", int64(0)), "", "UTF-8", nil},
		"a great integer":   {labelSource(int64(math.MaxInt32+1), "api", int64(0)), "", "32 bits", nil},
		"a small integer":   {labelSource(int64(math.MinInt32-1), "api", int64(0)), "", "32 bits", nil},
	} {
		r := table.FromSQLite(tc.values)
		if got := table.ToSQLite(r); !reflect.DeepEqual(got, tc.values) {
			t.Errorf("%s: %v is written as %v", name, tc.values, got)
		}
		if _, odd := OddOf(r)[tc.odd]; odd != (tc.odd != "") || len(OddOf(r)) > 1 {
			t.Errorf("%s: odd are %v, want %q", name, OddOf(r), tc.odd)
		}
		got, problems := table.ToPostgres(r)
		switch {
		case tc.problem == "" && (len(problems) > 0 || !reflect.DeepEqual(got, tc.want)):
			t.Errorf("%s: PostgreSQL gets %v, %v", name, got, problems)
		case tc.problem != "" && (len(problems) != 1 || !strings.Contains(problems[0].Error(), tc.problem)):
			t.Errorf("%s: problems %v, want %q", name, problems, tc.problem)
		}
	}
}

// TestFromPostgresRefuses proves that a time which the product cannot hold is told of
// and not taken for another one.
func TestFromPostgresRefuses(t *testing.T) {
	table := Lookup("star")
	for _, at := range []any{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC), "infinity"} {
		_, err := table.FromPostgres([]any{int32(7), int32(1), int32(2), at})
		if err == nil || !strings.Contains(err.Error(), "star 7: created") {
			t.Errorf("%v: %v", at, err)
		}
	}
}

// TestSecretsDoNotPrint proves that no way of printing a row shows what nobody may see.
func TestSecretsDoNotPrint(t *testing.T) {
	const secret = "v0$$hunter2"
	token := RobotAccountToken{Token: config.NewSecret(secret)}
	hash := config.NewSecret(secret)
	user := User{PasswordHash: &hash}
	odd := Lookup("robotaccounttoken").FromSQLite([]any{int64(1), int64(2), []byte(secret), int64(0)})
	for _, row := range []any{token, &token, user, &user, odd} {
		encoded, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("row", "row", row)
		shown := fmt.Sprintf("%v %+v %#v %s %q %s", row, row, row, row, encoded, log.String())
		for _, leak := range []string{"hunter2", "68756e74657232", "104 117 110", "0x68, 0x75"} {
			if strings.Contains(shown, leak) {
				t.Errorf("%T shows %q: %s", row, leak, shown)
			}
		}
	}
	_, problems := Lookup("robotaccounttoken").ToPostgres(odd)
	if len(problems) != 1 || strings.Contains(problems[0].Error(), "hunter2") {
		t.Errorf("problems: %v", problems)
	}
}

// FuzzAnyValueSurvives proves that any text in any column is written as it was read.
func FuzzAnyValueSurvives(f *testing.F) {
	for _, seed := range []string{"", "2026-08-01T12:00:00Z", "2026-08-01 1:2:3,4", "\x00\xff", "true", "1e5"} {
		f.Add(seed)
	}
	table := Lookup("user")
	f.Fuzz(func(t *testing.T, text string) {
		values := make([]any, len(table.Columns))
		for i := range values {
			values[i] = text
		}
		if got := table.ToSQLite(table.FromSQLite(values)); !reflect.DeepEqual(got, values) {
			t.Errorf("%q became %q", values, got)
		}
	})
}
