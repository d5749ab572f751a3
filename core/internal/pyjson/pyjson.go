// Package pyjson reads JSON with the order of its members and writes it byte for
// byte as Python's json module does. The product signs and hashes such texts, and
// what one of the two programs does not know has to survive in the other's hands.
//
// A value is nil, a bool, a string, a json.Number, a []any or an Object.
package pyjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/quay/quay/sdk/errs"
)

// Object is a JSON object with its members in their order. Names are unique.
type Object []Member

// Member is one member of an Object.
type Member struct {
	Name  string
	Value any
}

// Get returns a member's value, and whether there is one.
func (o Object) Get(name string) (any, bool) {
	for _, m := range o {
		if m.Name == name {
			return m.Value, true
		}
	}
	return nil, false
}

// String returns a member that is a string, or "".
func (o Object) String(name string) string {
	v, _ := o.Get(name)
	s, _ := v.(string)
	return s
}

// Set replaces a member where it stands, or adds it at the end.
func (o *Object) Set(name string, value any) {
	for i := range *o {
		if (*o)[i].Name == name {
			(*o)[i].Value = value
			return
		}
	}
	*o = append(*o, Member{name, value})
}

// Delete takes a member out; one that is not there is no error.
func (o *Object) Delete(name string) {
	for i, m := range *o {
		if m.Name == name {
			*o = append((*o)[:i:i], (*o)[i+1:]...)
			return
		}
	}
}

const (
	// maxDepth bounds the nesting of what is read; Python's own is about a thousand.
	maxDepth = 128
	// maxDigits is the length at which Python refuses to read an integer.
	maxDigits = 4300
)

// Parse reads one JSON text. Of members with the same name the last value counts, at
// the place of the first, as in Python. What is not valid is errs.Invalid; unlike
// Python it does not take NaN and Infinity, nor nesting beyond 128 levels, and half of
// a surrogate pair becomes U+FFFD.
func Parse(text []byte) (any, error) {
	if !utf8.Valid(text) {
		return nil, errs.New(errs.Invalid, "the JSON is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := parse(d, 0)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "the JSON is not valid")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errs.New(errs.Invalid, "there is more behind the JSON")
	}
	return v, nil
}

// ParseObject is Parse for a text that has to be an object.
func ParseObject(text []byte) (Object, error) {
	v, err := Parse(text)
	if err != nil {
		return nil, err
	}
	o, ok := v.(Object)
	if !ok {
		return nil, errs.New(errs.Invalid, "the JSON is not an object")
	}
	return o, nil
}

func parse(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		if depth >= maxDepth {
			return nil, errors.New("it is nested too deeply")
		}
		if t == '{' {
			return parseObject(d, depth)
		}
		return parseArray(d, depth)
	case json.Number:
		if len(t) > maxDigits {
			return nil, errors.New("a number is too long")
		}
		if _, err := t.Float64(); err != nil && !isInteger(string(t)) {
			return nil, errors.New("a number is too large")
		}
	}
	return t, nil
}

func parseArray(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := parse(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token() // the end
	return list, err
}

func parseObject(d *json.Decoder, depth int) (any, error) {
	o := Object{}
	var seen map[string]int
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name := t.(string) // the decoder takes nothing else here
		v, err := parse(d, depth+1)
		if err != nil {
			return nil, err
		}
		if seen == nil {
			seen = make(map[string]int)
		}
		if at, ok := seen[name]; ok {
			o[at].Value = v
			continue
		}
		seen[name] = len(o)
		o = append(o, Member{name, v})
	}
	_, err := d.Token() // the end
	return o, err
}

// isInteger tells an integer from a float as Python does: by its text.
func isInteger(n string) bool { return !strings.ContainsAny(n, ".eE") }

// number is a number as Python writes it after reading it.
func number(n json.Number) string {
	if isInteger(string(n)) {
		if n == "-0" {
			return "0"
		}
		return string(n)
	}
	f, err := n.Float64()
	if err != nil {
		return string(n) // Parse lets none of these in
	}
	// repr(): the shortest digits that read back the same, with an exponent below
	// 1e-4 and from 1e16 on.
	s := strconv.FormatFloat(f, 'e', -1, 64)
	exponent, err := strconv.Atoi(s[strings.IndexByte(s, 'e')+1:])
	if err == nil && (exponent < -4 || exponent >= 16) {
		return s
	}
	s = strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}
