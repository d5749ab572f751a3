package record

import (
	"strings"
	"time"
)

// Odd has the values of a row that SQLite holds and that are not what the product
// writes, by column. SQLite lets any column hold anything, and a row has to survive
// being read and written: so what is here is written to SQLite in place of the field.
// It is nil for a row that has no such value, which is nearly every row.
type Odd map[string]OddValue

// OddValue is a value in a form that the product does not write.
type OddValue struct {
	// raw is the value as SQLite has it: nil, int64, float64, string or []byte. It
	// may be a secret.
	raw any
	// Understood is whether the field has what the value means. If not, the field is
	// zero, and the row cannot go to PostgreSQL.
	Understood bool
}

// String keeps a secret in an odd form from being printed.
func (OddValue) String() string { return "[odd value]" }

// GoString does the same.
func (v OddValue) GoString() string { return v.String() }

func (o *Odd) odd() *Odd { return o }

// OddOf returns the odd values of a row, nil if it has none.
func OddOf(r Row) Odd { return *r.odd() }

// FromSQLite makes a row of its columns' values: nil, int64, float64, string or
// []byte, as SQLite stores them.
func (t *Table) FromSQLite(values []any) Row {
	r := t.New()
	fields := r.Fields()
	for i, c := range t.Columns {
		err := set(c, fields[i], values[i])
		// The value is as the product writes it exactly if writing it gives it again.
		if err == nil && values[i] == sqliteValue(c, get(c, fields[i])) {
			continue
		}
		if *r.odd() == nil {
			*r.odd() = Odd{}
		}
		(*r.odd())[c.Name] = OddValue{raw: values[i], Understood: err == nil}
	}
	return r
}

// ToSQLite returns the values of a row's columns as SQLite stores them.
func (t *Table) ToSQLite(r Row) []any {
	values := t.Values(r)
	odd := *r.odd()
	for i, c := range t.Columns {
		values[i] = sqliteValue(c, values[i])
		if v, ok := odd[c.Name]; ok {
			values[i] = v.raw
		}
	}
	return values
}

// sqliteValue is a value as the product writes it on SQLite.
func sqliteValue(c Column, value any) any {
	switch v := value.(type) {
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	case time.Time:
		return timeText(c.Kind, v)
	}
	return value
}

// The product's text forms of times: naive UTC, with microseconds unless they are
// zero.
const (
	secondsLayout = "2006-01-02 15:04:05"
	microsLayout  = "2006-01-02 15:04:05.000000"
	dateLayout    = "2006-01-02"
)

func timeText(k Kind, at time.Time) string {
	at = at.UTC()
	switch {
	case k == Date:
		return at.Format(dateLayout)
	case at.Nanosecond()/1000 == 0:
		return at.Format(secondsLayout)
	}
	return at.Format(microsLayout)
}

// parseTime reads the forms in which times are found in text: the product's, and
// those with a "T", with an offset, without seconds or without a time of day. Without
// an offset a time is UTC. What is beyond microseconds is cut off.
func parseTime(text string) (time.Time, error) {
	if len(text) > len(dateLayout) && text[len(dateLayout)] == 'T' {
		text = strings.Replace(text, "T", " ", 1)
	}
	for _, layout := range []string{secondsLayout, secondsLayout + "Z07:00", dateLayout, "2006-01-02 15:04"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, errForm
}
