package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// decoder fills a declaration from values of package json, and collects what is
// wrong with them.
type decoder struct {
	secrets  map[string]string
	known    map[string]bool // paths of the secrets that the configuration can have
	problems []Problem
}

func (d *decoder) problem(at, format string, args ...any) {
	d.problems = append(d.problems, Problem{Field: at, Message: fmt.Sprintf(format, args...)})
}

// object fills a struct. at is its path, empty for the whole.
func (d *decoder) object(n *node, value map[string]any, into reflect.Value, at string) {
	before := len(d.problems)
	for _, f := range n.fields {
		d.field(f, value, into.FieldByIndex(f.index), join(at, f.name))
	}
	var names []string
	for _, f := range n.fields {
		names = append(names, f.name)
	}
	for _, name := range slices.Sorted(maps.Keys(value)) {
		if !slices.Contains(names, name) {
			d.problem(join(at, name), "There is no such option%s", suggest(name, names))
		}
	}
	if len(d.problems) > before {
		return
	}
	if v, ok := into.Addr().Interface().(Validator); ok {
		for _, p := range v.Validate() {
			d.problem(join(at, p.Field), "%s", p.Message)
		}
	}
}

// field fills one option of an object, which is from.
func (d *decoder) field(f field, from map[string]any, into reflect.Value, at string) {
	value := from[f.name]
	if f.kind == secret {
		d.secret(f, value, into, at)
		return
	}
	if value == nil && f.fallback != "" {
		value, _ = f.fromTag(f.fallback) // the declaration was checked
	}
	if value == nil && f.kind == object && (into.Kind() != reflect.Pointer || d.hasSecretBelow(at)) {
		value = map[string]any{} // for the defaults in it
	}
	switch {
	case f.required && (from[f.name] == nil || value == ""):
		d.problem(at, "It must be set.")
	case value != nil:
		d.value(f.node, value, into, at)
	}
}

// secret fills a secret; value is what the options have in its place.
func (d *decoder) secret(f field, value any, into reflect.Value, at string) {
	d.known[at] = true
	switch s := d.secrets[at]; {
	case value != nil:
		d.problem(at, "It is a secret: it must be passed as one, apart from the other options.")
	case s != "":
		into.Set(reflect.ValueOf(NewSecret(s)))
	case f.required:
		d.problem(at, "It must be set; it is a secret.")
	}
}

func (d *decoder) hasSecretBelow(at string) bool {
	for name := range d.secrets {
		if strings.HasPrefix(name, at+".") {
			return true
		}
	}
	return false
}

// unknownSecrets reports the secrets that no option asked for, unless they are in
// something that could not be read.
func (d *decoder) unknownSecrets() {
	unreadable := slices.Clone(d.problems)
	for _, name := range slices.Sorted(maps.Keys(d.secrets)) {
		if d.known[name] || slices.ContainsFunc(unreadable, func(p Problem) bool {
			return p.Field != "" && (strings.HasPrefix(name, p.Field+".") || strings.HasPrefix(name, p.Field+"["))
		}) {
			continue
		}
		d.problem(name, "There is no such secret%s", suggest(name, slices.Sorted(maps.Keys(d.known))))
	}
}

// value fills anything but a secret from a value that is not nil.
func (d *decoder) value(n *node, value any, into reflect.Value, at string) {
	if into.Kind() == reflect.Pointer {
		into.Set(reflect.New(n.typ))
		into = into.Elem()
	}
	switch n.kind {
	case boolean:
		if b, ok := value.(bool); ok {
			into.SetBool(b)
		} else {
			d.problem(at, "It must be true or false.")
		}
	case text, path:
		if s, ok := value.(string); ok {
			d.text(n, s, at)
			into.SetString(s)
		} else {
			d.problem(at, "It must be a text; a number needs quotes.")
		}
	case integer, duration, size:
		d.number(n, value, into, at)
	case list:
		d.list(n, value, into, at)
	case mapping:
		d.mapping(n, value, into, at)
	case object:
		if o, ok := value.(map[string]any); ok {
			d.object(n, o, into, at)
		} else {
			d.problem(at, "It must be an object, with options of its own.")
		}
	}
}

// text checks a text.
func (d *decoder) text(n *node, s, at string) {
	d.count(n, utf8.RuneCountInString(s), "characters", at)
	switch format := formats[n.format]; {
	case n.kind == path && (!filepath.IsAbs(s) || strings.ContainsRune(s, 0)):
		d.problem(at, "It must be an absolute path.")
	case n.enum != nil && !slices.Contains(n.enum, s):
		d.problem(at, "It must be one of %s.", strings.Join(n.enum, ", "))
	case n.pattern != nil && !n.pattern.MatchString(s):
		d.problem(at, "It must match the regular expression %s.", n.pattern)
	case format.check != nil && !format.check(s):
		d.problem(at, "It must be %s.", format.what)
	}
}

// number fills a number, a duration or a size.
func (d *decoder) number(n *node, value any, into reflect.Value, at string) {
	v, err := n.read(value)
	switch {
	case err != nil:
		d.problem(at, "It %s.", strings.TrimPrefix(err.Error(), "it "))
	case n.min != nil && v < *n.min:
		d.problem(at, "It must be at least %s.", n.minText)
	case n.max != nil && v > *n.max:
		d.problem(at, "It must be at most %s.", n.maxText)
	case into.CanInt():
		into.SetInt(v)
	default:
		into.SetUint(uint64(v))
	}
}

// read returns the number that a value is or, for a duration or a size, stands for.
func (n *node) read(value any) (int64, error) {
	var s string
	switch value := value.(type) {
	case string:
		if n.kind != integer {
			s = value
		}
	case json.Number:
		if n.kind != duration {
			s = value.String()
		}
	}
	switch n.kind {
	case duration:
		return parseDuration(s)
	case size:
		return parseSize(s)
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, errors.New("it must be a whole number")
	}
	return v, nil
}

func (d *decoder) list(n *node, value any, into reflect.Value, at string) {
	elements, ok := value.([]any)
	if !ok {
		d.problem(at, "It must be a list.")
		return
	}
	d.count(n, len(elements), "elements", at)
	into.Set(reflect.MakeSlice(n.typ, len(elements), len(elements)))
	for i, e := range elements {
		d.element(n.elem, e, into.Index(i), fmt.Sprintf("%s[%d]", at, i))
	}
}

func (d *decoder) mapping(n *node, value any, into reflect.Value, at string) {
	elements, ok := value.(map[string]any)
	if !ok {
		d.problem(at, "It must be an object, of names and values.")
		return
	}
	d.count(n, len(elements), "elements", at)
	into.Set(reflect.MakeMapWithSize(n.typ, len(elements)))
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		element := reflect.New(n.typ.Elem()).Elem()
		d.element(n.elem, elements[key], element, join(at, key))
		into.SetMapIndex(reflect.ValueOf(key).Convert(n.typ.Key()), element)
	}
}

// element fills an element of a list or a mapping, which must not be null.
func (d *decoder) element(n *node, value any, into reflect.Value, at string) {
	if value == nil {
		d.problem(at, "It must not be null.")
		return
	}
	d.value(n, value, into, at)
}

// count checks how much there is of something.
func (d *decoder) count(n *node, have int, what, at string) {
	switch v := int64(have); {
	case n.min != nil && v < *n.min:
		d.problem(at, "It must have at least %s %s.", n.minText, what)
	case n.max != nil && v > *n.max:
		d.problem(at, "It must have at most %s %s.", n.maxText, what)
	}
}

// join returns the path of an option of an object; either may be empty.
func join(at, name string) string {
	switch {
	case at == "":
		return name
	case name == "":
		return at
	case strings.HasPrefix(name, "["):
		return at + name
	}
	return at + "." + name
}
