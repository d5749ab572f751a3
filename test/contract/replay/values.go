package replay

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strings"
	"unicode/utf8"
)

// Values that are compared are those of JSON: nil, bool, int64, float64, string, []any
// and map[string]any.

// decode reads one JSON text.
func decode(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, errors.New("the text is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return plain(v)
}

// plain makes numbers of the numbers in a decoded value.
func plain(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		return v.Float64()
	case []any:
		for i := range v {
			if v[i], err = plain(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k := range v {
			if v[k], err = plain(v[k]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// same tells whether two values are equal; 1 and 1.0 are, 1 and true are not.
func same(a, b any) bool {
	if x, ok := number(a); ok {
		y, ok := number(b)
		return ok && x == y
	}
	return reflect.DeepEqual(a, b)
}

// number returns a value as a number, if it is one. Integers that a float64 cannot hold
// are compared by reflect: both are int64 then.
func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		if v > 1<<53 || v < -1<<53 {
			return 0, false
		}
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v)
	}
	return 0, false
}

// text is how a bound value stands in a request or inside a longer text.
func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return encoded(v)
}

// encoded is a value as JSON with sorted keys.
func encoded(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// short is a value for a message.
func short(v any) string {
	const most = 160
	s := []rune(encoded(v))
	if len(s) <= most {
		return string(s)
	}
	return string(s[:most]) + "…"
}
