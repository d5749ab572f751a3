package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quay/quay/sdk/config/jsonschema"
)

// kind is what a value is to an administrator.
type kind int

const (
	boolean kind = iota
	integer
	text
	secret
	path
	duration
	size
	list
	mapping
	object
)

// node is a type of a declaration, together with the limits of its values.
type node struct {
	kind kind
	typ  reflect.Type // never a pointer

	min, max         *int64
	minText, maxText string // as they were declared
	enum             []string
	pattern          *regexp.Regexp
	format           string
	access           string

	elem   *node   // of a list or mapping
	fields []field // of an object
}

// field is an option of an object.
type field struct {
	*node
	name     string
	index    []int
	title    string
	help     string
	required bool
	// fallback and example are texts as a tag has them; empty means none.
	fallback, example string
}

// declare reads the declaration T. It panics when it is wrong.
func declare[T any]() *node {
	typ := reflect.TypeFor[T]()
	n, err := declareType(typ, nil)
	if err == nil && n.kind != object {
		err = errors.New("a configuration is a struct")
	}
	if err != nil {
		panic(fmt.Sprintf("config: %v is declared wrongly: %v", typ, err))
	}
	return n
}

// declareType reads a type. above are the structs that it is in.
func declareType(typ reflect.Type, above []reflect.Type) (*node, error) {
	n := &node{typ: typ}
	switch typ {
	case reflect.TypeFor[Secret]():
		n.kind = secret
		return n, nil
	case reflect.TypeFor[Path]():
		n.kind = path
		return n, nil
	case reflect.TypeFor[Size]():
		n.kind = size
		return n, nil
	case reflect.TypeFor[time.Duration]():
		n.kind = duration
		return n, nil
	}
	switch typ.Kind() {
	case reflect.Bool:
		n.kind = boolean
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n.kind = integer
		n.fit()
	case reflect.String:
		n.kind = text
	case reflect.Slice:
		if typ.Elem().Kind() == reflect.Uint8 {
			return nil, fmt.Errorf("there are no options of type %v", typ)
		}
		return declareElements(n, list, above)
	case reflect.Map:
		if typ.Key().Kind() != reflect.String {
			return nil, errors.New("the keys of a map are strings")
		}
		return declareElements(n, mapping, above)
	case reflect.Struct:
		if slices.Contains(above, typ) {
			return nil, fmt.Errorf("%v contains itself", typ)
		}
		n.kind = object
		return n, n.declareFields(typ, nil, append(slices.Clone(above), typ))
	case reflect.Pointer:
		if typ.Elem().Kind() == reflect.Struct && typ.Elem() != reflect.TypeFor[Secret]() {
			return declareType(typ.Elem(), above)
		}
		return nil, errors.New("only structs have pointers")
	default:
		return nil, fmt.Errorf("there are no options of type %v", typ)
	}
	return n, nil
}

// fit bounds an integer by what its type holds, where that is less than an int64.
func (n *node) fit() {
	set := func(bound **int64, text *string, v int64) {
		*bound, *text = &v, strconv.FormatInt(v, 10)
	}
	bits := n.typ.Bits()
	switch signed := n.typ.Kind() <= reflect.Int64; {
	case signed && bits < 64:
		set(&n.min, &n.minText, -1<<(bits-1))
		set(&n.max, &n.maxText, 1<<(bits-1)-1)
	case !signed:
		set(&n.min, &n.minText, 0)
		if bits < 64 {
			set(&n.max, &n.maxText, 1<<bits-1)
		}
	}
}

func declareElements(n *node, kind kind, above []reflect.Type) (_ *node, err error) {
	n.kind = kind
	if n.elem, err = declareType(n.typ.Elem(), above); err != nil {
		return nil, err
	}
	if n.elem.kind == secret {
		return nil, errors.New("a secret is a field of a struct, not an element of a list or map")
	}
	return n, nil
}

// declareFields adds the fields of a struct to n; index leads to it from n's type.
func (n *node) declareFields(typ reflect.Type, index []int, above []reflect.Type) error {
	for i := range typ.NumField() {
		sf := typ.Field(i)
		at := append(slices.Clone(index), i)
		if sf.Anonymous && sf.Type.Kind() == reflect.Struct && sf.Tag.Get("json") == "" {
			if err := n.declareFields(sf.Type, at, append(above, sf.Type)); err != nil {
				return err
			}
			continue
		}
		if !sf.IsExported() {
			return fmt.Errorf("the field %s is not exported", sf.Name)
		}
		f, err := declareField(sf, at, above)
		if err != nil {
			return fmt.Errorf("the field %s: %w", sf.Name, err)
		}
		if slices.ContainsFunc(n.fields, func(other field) bool { return other.name == f.name }) {
			return fmt.Errorf("the field %s: there is another option %q", sf.Name, f.name)
		}
		n.fields = append(n.fields, f)
	}
	return nil
}

// tags are those that a field may have.
var tags = []string{"json", "help", "title", "required", "default", "example", "min", "max", "enum", "pattern", "format", "access"}

func declareField(sf reflect.StructField, index []int, above []reflect.Type) (field, error) {
	n, err := declareType(sf.Type, above)
	if err != nil {
		return field{}, err
	}
	name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
	f := field{
		node: n, name: name, index: index,
		title: sf.Tag.Get("title"), help: sf.Tag.Get("help"),
		fallback: sf.Tag.Get("default"), example: sf.Tag.Get("example"),
	}
	switch {
	case name == "" || name == "-" || strings.ContainsAny(name, ".[]"):
		return f, errors.New("the tag json must have the option's name, without dots and brackets")
	case f.help == "":
		return f, errors.New("the tag help must say what the option means")
	}
	for _, tag := range tagNames(sf.Tag) {
		if !slices.Contains(tags, tag) {
			return f, fmt.Errorf("there is no tag %q, only %s", tag, strings.Join(tags, ", "))
		}
	}
	switch sf.Tag.Get("required") {
	case "":
	case "true":
		f.required = true
	default:
		return f, errors.New(`the tag required is "true" or missing`)
	}
	if f.required && f.fallback != "" {
		return f, errors.New("an option that is required has no default")
	}
	if err := f.limit(sf.Tag); err != nil {
		return f, err
	}
	return f, f.checkValues()
}

// tagNames returns the keys of a well-formed tag.
func tagNames(tag reflect.StructTag) []string {
	var names []string
	for rest := strings.TrimSpace(string(tag)); rest != ""; rest = strings.TrimSpace(rest) {
		name, value, ok := strings.Cut(rest, ":")
		quoted, err := strconv.QuotedPrefix(value)
		if !ok || err != nil {
			return append(names, rest)
		}
		names = append(names, name)
		rest = value[len(quoted):]
	}
	return names
}

// limit reads the tags that bound an option, or the elements of one.
func (f *field) limit(tag reflect.StructTag) (err error) {
	n := f.node
	if err := n.bound(&n.min, &n.minText, tag.Get("min")); err != nil {
		return fmt.Errorf("the tag min: %w", err)
	}
	if err := n.bound(&n.max, &n.maxText, tag.Get("max")); err != nil {
		return fmt.Errorf("the tag max: %w", err)
	}
	for n.kind == list || n.kind == mapping {
		n = n.elem
	}
	if s := tag.Get("enum"); s != "" {
		n.enum = strings.Split(s, ",")
	}
	if s := tag.Get("pattern"); s != "" {
		if n.pattern, err = regexp.Compile(s); err != nil {
			return fmt.Errorf("the tag pattern: %w", err)
		}
	}
	n.format, n.access = tag.Get("format"), tag.Get("access")
	if (n.enum != nil || n.pattern != nil || n.format != "") && n.kind != text {
		return errors.New("enum, pattern and format are for texts")
	}
	if _, ok := formats[n.format]; !ok && n.format != "" {
		return fmt.Errorf("there is no format %q", n.format)
	}
	good := n.access == jsonschema.AccessRead || n.access == jsonschema.AccessWrite
	if n.kind == path && !good || n.kind != path && n.access != "" {
		return errors.New(`the tag access is "read" or "write", and is for each config.Path`)
	}
	return nil
}

// bound reads a limit of the values of n from a tag, which may narrow the one that
// is there.
func (n *node) bound(limit **int64, notation *string, tag string) error {
	if tag == "" {
		return nil
	}
	var value int64
	var err error
	switch n.kind {
	case duration:
		value, err = parseDuration(tag)
	case size:
		value, err = parseSize(tag)
	case integer, text, list, mapping:
		value, err = strconv.ParseInt(tag, 10, 64)
	default:
		err = errors.New("there is nothing to bound")
	}
	if err == nil && (n.min != nil && value < *n.min || n.max != nil && value > *n.max) {
		err = errors.New("it is beyond the type or the other bound")
	}
	*limit, *notation = &value, tag
	return err
}

// checkValues checks default and example, which must be values of the option.
func (f *field) checkValues() error {
	for tag, s := range map[string]string{"default": f.fallback, "example": f.example} {
		if s == "" {
			continue
		}
		value, err := f.fromTag(s)
		if err != nil {
			return fmt.Errorf("the tag %s: %w", tag, err)
		}
		var d decoder
		d.value(f.node, value, reflect.New(f.typ).Elem(), "")
		if len(d.problems) > 0 {
			return fmt.Errorf("the tag %s: %s", tag, d.problems[0].Message)
		}
	}
	return nil
}

// fromTag returns the text of a tag as the JSON value that it stands for.
func (f *field) fromTag(s string) (any, error) {
	switch f.kind {
	case boolean:
		b, err := strconv.ParseBool(s)
		if err != nil {
			return nil, errors.New("it is true or false")
		}
		return b, nil
	case integer:
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return nil, errors.New("it is a whole number")
		}
		return json.Number(strconv.FormatInt(n, 10)), nil
	case text, path, duration, size:
		return s, nil
	}
	return nil, errors.New("only a bool, a number, a text, a path, a duration and a size can have one")
}
