package record

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// Problem is a value that cannot be copied. It does not show the value, which may be
// a secret.
type Problem struct {
	Table, Column string
	// Key is the value of the row's primary key.
	Key any
	// Why completes the sentence "TABLE KEY: COLUMN …".
	Why string
}

// Error says which value it is and what is wrong with it.
func (p Problem) Error() string {
	return fmt.Sprintf("%s %v: %s %s", p.Table, p.Key, p.Column, p.Why)
}

// FromPostgres makes a row of its columns' values as pgx returns them: nil, int32,
// int64, bool, string or time.Time. The error is a Problem: an infinite time, or one
// that is not in the years 1 to 9999, which the product cannot hold.
func (t *Table) FromPostgres(values []any) (Row, error) {
	r := t.New()
	fields := r.Fields()
	for i, c := range t.Columns {
		if err := set(c, fields[i], values[i]); err != nil {
			return nil, Problem{t.Name, c.Name, values[t.KeyIndex()], fmt.Sprintf("has a value that a %T cannot hold", fields[i])}
		}
	}
	return r, nil
}

// ToPostgres returns the values of a row's columns as pgx takes them. The problems
// are what SQLite holds and PostgreSQL refuses; with any, the row cannot be written.
func (t *Table) ToPostgres(r Row) ([]any, []Problem) {
	values := t.Values(r)
	odd := *r.odd()
	var problems []Problem
	for i, c := range t.Columns {
		why := misfit(c, values[i])
		if v, ok := odd[c.Name]; ok && !v.Understood {
			why = fmt.Sprintf("holds something that is no %s", c.Kind)
		}
		if why != "" {
			problems = append(problems, Problem{t.Name, c.Name, values[t.KeyIndex()], why})
		}
	}
	return values, problems
}

// misfit says why a column of PostgreSQL does not take a value.
func misfit(c Column, value any) string {
	switch v := value.(type) {
	case int64:
		if c.Kind == Integer && (v < math.MinInt32 || v > math.MaxInt32) {
			return "is beyond 32 bits"
		}
	case string:
		switch {
		case strings.ContainsRune(v, 0):
			return "has a NUL character"
		case !utf8.ValidString(v):
			return "is not UTF-8"
		case c.Length > 0 && utf8.RuneCountInString(v) > c.Length:
			return fmt.Sprintf("has %d characters, more than %d", utf8.RuneCountInString(v), c.Length)
		}
	}
	return ""
}

// String is the kind in words.
func (k Kind) String() string {
	switch k {
	case Integer, Bigint:
		return "integer"
	case Boolean:
		return "boolean"
	case Timestamp:
		return "time"
	case Date:
		return "date"
	}
	return "text"
}
