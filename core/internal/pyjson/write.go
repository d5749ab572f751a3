package pyjson

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/python"
)

// Form is how a text looks. Its zero value is that of json.dumps without arguments: a
// blank behind each comma and colon, all on one line.
type Form struct {
	// Indent is the number of blanks per level; zero is all on one line.
	Indent int
	// Compact leaves the blanks out (separators=(",", ":")).
	Compact bool
	// Sorted orders members by their names (sort_keys=True).
	Sorted bool
}

// Append writes a value to dst. All but ASCII is escaped, and nothing for the sake of
// HTML. Besides the types of the package it takes int and int64; any other is a defect
// of the caller and panics.
func (f Form) Append(dst []byte, value any) []byte { return f.append(dst, value, 0) }

func (f Form) append(dst []byte, value any, level int) []byte {
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		return fmt.Appendf(dst, "%t", v)
	case int, int64:
		return fmt.Appendf(dst, "%d", v)
	case json.Number:
		return append(dst, number(v)...)
	case string:
		return python.AppendJSONString(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			dst = f.append(f.next(dst, i, level+1), e, level+1)
		}
		return append(f.last(dst, len(v), level), ']')
	case Object:
		if f.Sorted {
			v = slices.Clone(v)
			slices.SortStableFunc(v, func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
		}
		dst = append(dst, '{')
		for i, m := range v {
			dst = python.AppendJSONString(f.next(dst, i, level+1), m.Name)
			dst = append(dst, ':')
			if !f.Compact {
				dst = append(dst, ' ')
			}
			dst = f.append(dst, m.Value, level+1)
		}
		return append(f.last(dst, len(v), level), '}')
	}
	panic(fmt.Sprintf("pyjson: a %T is no JSON value", value))
}

// next writes what is in front of an element.
func (f Form) next(dst []byte, i, level int) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	if f.Indent > 0 {
		return f.line(dst, level)
	}
	if i > 0 && !f.Compact {
		dst = append(dst, ' ')
	}
	return dst
}

// last writes what is behind the last of n elements.
func (f Form) last(dst []byte, n, level int) []byte {
	if n == 0 || f.Indent == 0 {
		return dst
	}
	return f.line(dst, level)
}

func (f Form) line(dst []byte, level int) []byte {
	dst = append(dst, '\n')
	for range f.Indent * level {
		dst = append(dst, ' ')
	}
	return dst
}
