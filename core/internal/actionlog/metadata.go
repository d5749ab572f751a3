package actionlog

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/pyjson"
)

// Metadata is what an entry says beyond its columns. The order of its members is
// part of the stored text.
type Metadata []Member

// Member is one member of Metadata. Its value is one that pyjson writes, or
// Metadata.
type Member struct {
	Name  string
	Value any
}

// Value is JSON that a client sent and that metadata repeats.
type Value struct{ v any }

// ParseValue reads JSON as the product does. errs.Invalid when it is not JSON.
func ParseValue(text []byte) (Value, error) {
	v, err := pyjson.Parse(text)
	return Value{v}, err
}

// object is metadata as package pyjson knows it.
func (m Metadata) object() pyjson.Object {
	object := make(pyjson.Object, len(m))
	for i, member := range m {
		object[i] = pyjson.Member{Name: member.Name, Value: member.Value}
		if nested, ok := member.Value.(Metadata); ok {
			object[i].Value = nested.object()
		}
	}
	return object
}

// text is metadata as the product stores it: what Python's json.dumps writes.
func (m Metadata) text() string {
	return string(pyjson.Form{}.Append(make([]byte, 0, 256), m.object()))
}

// merge sets members; one that is there keeps its place, as in a Python dict.
func (m *Metadata) merge(members []Member) {
	for _, member := range members {
		if i := slices.IndexFunc(*m, func(have Member) bool { return have.Name == member.Name }); i >= 0 {
			(*m)[i].Value = member.Value
		} else {
			*m = append(*m, member)
		}
	}
}

// orNull is a string of which the empty one means null.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// pointed is what a pointer points to; nil is null.
func pointed[T string | bool](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// seconds is a time as the product stores it: seconds since 1970. The zero time is
// null.
func seconds(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// number is an integer, or a float as Python writes it.
func number[N int64 | float64](n N) any {
	if f, ok := any(n).(float64); ok {
		return json.Number(strconv.FormatFloat(f, 'e', -1, 64))
	}
	return int64(n)
}

// headerText is the text of a header's value: the product reads headers as
// ISO 8859-1, and stores what it read.
func headerText(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			var b strings.Builder
			for j := range len(s) {
				b.WriteRune(rune(s[j]))
			}
			return b.String()
		}
	}
	return s
}
