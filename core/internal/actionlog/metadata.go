package actionlog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/quay/quay/sdk/errs"
)

// Metadata is what an entry says beyond its columns: a JSON object whose members
// keep the order in which they were set, as in a Python dict. The order is part of
// the stored text.
//
// A value is nil, a string, bool, int, int64, float64, time.Time (stored as whole
// seconds since 1970), Metadata, []any of these, []string, []Metadata, a pointer
// to a string or int64 (nil is null), or a Value. Anything else is a defect and
// panics when the text is made.
type Metadata []Member

// Member is one member of Metadata.
type Member struct {
	Name  string
	Value any
}

// Set returns m with a member set. One that is there keeps its place.
func (m Metadata) Set(name string, value any) Metadata { return m.Merge(Metadata{{name, value}}) }

// Merge returns m with all members of other set.
func (m Metadata) Merge(other Metadata) Metadata {
	return append(make(Metadata, 0, len(m)+len(other)), m...).put(other)
}

// put is Merge for whoever owns m.
func (m Metadata) put(other Metadata) Metadata {
	for _, member := range other {
		if i := slices.IndexFunc(m, func(have Member) bool { return have.Name == member.Name }); i >= 0 {
			m[i].Value = member.Value
		} else {
			m = append(m, member)
		}
	}
	return m
}

// Text returns the metadata as the product stores it: what Python's json.dumps
// writes, with a space after commas and colons, and in ASCII. Bytes that are not
// UTF-8 become U+FFFD.
func (m Metadata) Text() string { return string(m.appendTo(make([]byte, 0, 256))) }

func (m Metadata) appendTo(b []byte) []byte {
	b = append(b, '{')
	for i, member := range m {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendString(b, member.Name)
		b = append(b, ": "...)
		b = appendValue(b, member.Value)
	}
	return append(b, '}')
}

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return appendString(b, v)
	case *string:
		if v == nil {
			return append(b, "null"...)
		}
		return appendString(b, *v)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case *int64:
		if v == nil {
			return append(b, "null"...)
		}
		return strconv.AppendInt(b, *v, 10)
	case float64:
		return appendFloat(b, v)
	case time.Time:
		return strconv.AppendInt(b, v.Unix(), 10)
	case Metadata:
		return v.appendTo(b)
	case Value:
		return appendValue(b, v.v)
	case integer:
		return append(b, v...)
	case []string:
		return appendList(b, v)
	case []Metadata:
		return appendList(b, v)
	case []any:
		return appendList(b, v)
	}
	panic(fmt.Sprintf("actionlog: metadata cannot hold a %T", v))
}

func appendList[T any](b []byte, list []T) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendValue(b, v)
	}
	return append(b, ']')
}

const hexDigits = "0123456789abcdef"

// appendString writes a string with everything escaped that is not printable ASCII;
// characters beyond U+FFFF are two surrogates.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			i += size
			if r > 0xffff {
				r -= 0x10000
				b = appendEscape(b, 0xd800+uint16(r>>10))
				r = 0xdc00 + r&0x3ff
			}
			b = appendEscape(b, uint16(r))
			continue
		}
		i++
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		case '\b':
			b = append(b, '\\', 'b')
		case '\f':
			b = append(b, '\\', 'f')
		default:
			if c < ' ' || c > '~' {
				b = appendEscape(b, uint16(c))
			} else {
				b = append(b, c)
			}
		}
	}
	return append(b, '"')
}

func appendEscape(b []byte, unit uint16) []byte {
	return append(b, '\\', 'u', hexDigits[unit>>12], hexDigits[unit>>8&0xf], hexDigits[unit>>4&0xf], hexDigits[unit&0xf])
}

// appendFloat writes the shortest decimal form, as Python's repr: with an exponent
// of at least two digits below 1e-4 and from 1e16 on, and never without a point or
// an exponent.
func appendFloat(b []byte, f float64) []byte {
	switch {
	case math.IsNaN(f):
		return append(b, "NaN"...)
	case math.IsInf(f, 1):
		return append(b, "Infinity"...)
	case math.IsInf(f, -1):
		return append(b, "-Infinity"...)
	}
	if abs := math.Abs(f); abs != 0 && (abs < 1e-4 || abs >= 1e16) {
		return strconv.AppendFloat(b, f, 'e', -1, 64)
	}
	start := len(b)
	b = strconv.AppendFloat(b, f, 'f', -1, 64)
	if !bytes.ContainsRune(b[start:], '.') {
		b = append(b, ".0"...)
	}
	return b
}

// integer is a number without fraction and exponent, in its digits: Python's
// integers have no bound.
type integer string

// Value is JSON that a client sent and that metadata repeats.
type Value struct{ v any }

// maxDepth bounds the nesting of a client's JSON.
const maxDepth = 100

// ParseValue reads JSON as Python does: members keep their order, of members with
// one name the last value stays in the first one's place, and numbers with a
// fraction or an exponent are floats. errs.Invalid when it is not JSON.
func ParseValue(text []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := parse(d, maxDepth)
	if err == nil {
		if _, end := d.Token(); !errors.Is(end, io.EOF) {
			err = errors.New("something follows the value")
		}
	}
	if err != nil {
		return Value{}, errs.Wrap(errs.Invalid, err, "not JSON")
	}
	return Value{v}, nil
}

func parse(d *json.Decoder, depth int) (any, error) {
	if depth == 0 {
		return nil, errors.New("nested too deeply")
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Number:
		return parseNumber(token.String())
	case json.Delim:
		if token == '{' {
			return parseObject(d, depth)
		}
		list := []any{}
		for d.More() {
			v, err := parse(d, depth-1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err = d.Token()
		return list, err
	}
	return token, nil // nil, a bool or a string
}

func parseObject(d *json.Decoder, depth int) (any, error) {
	object := Metadata{}
	at := make(map[string]int)
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := parse(d, depth-1)
		if err != nil {
			return nil, err
		}
		key := name.(string) // the decoder accepts nothing else here
		if i, again := at[key]; again {
			object[i].Value = v
			continue
		}
		at[key] = len(object)
		object = append(object, Member{key, v})
	}
	_, err := d.Token()
	return object, err
}

func parseNumber(digits string) (any, error) {
	if bytes.ContainsAny([]byte(digits), ".eE") {
		f, err := strconv.ParseFloat(digits, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) { // out of range is infinite, in Python too
			return nil, err
		}
		return f, nil
	}
	if digits == "-0" {
		digits = "0"
	}
	return integer(digits), nil
}
