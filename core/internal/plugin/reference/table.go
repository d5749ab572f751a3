package reference

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quay/quay/sdk/config/jsonschema"
)

// row is an option in the table. Its texts are Markdown, except for name and meaning.
type row struct{ name, what, required, fallback, limits, meaning string }

// table returns the options of an object, those that are required first, each before
// its own options.
func table(object *jsonschema.Schema) []row {
	var rows []row
	for _, name := range optionNames(object) {
		s := object.Properties[name]
		r := row{name: name, what: what(s), limits: limits(s), meaning: s.Description}
		if slices.Contains(object.Required, name) {
			r.required = "yes"
		}
		if s.Default != nil {
			r.fallback = code(plain(s.Default))
		}
		rows = append(rows, r)
		inner, suffix := s, "."
		for inner.Items != nil {
			inner, suffix = inner.Items, "[]"+suffix
		}
		if others := inner.Others; others != nil && others.Schema != nil {
			inner, suffix = others.Schema, strings.TrimSuffix(suffix, ".")+".NAME."
		}
		for _, below := range table(inner) {
			below.name = name + suffix + below.name
			rows = append(rows, below)
		}
	}
	return rows
}

// optionNames returns the names of an object's options in the order of the page.
func optionNames(object *jsonschema.Schema) []string {
	names := slices.Sorted(maps.Keys(object.Properties))
	slices.SortStableFunc(names, func(a, b string) int {
		order := func(name string) int {
			if slices.Contains(object.Required, name) {
				return 0
			}
			return 1
		}
		return order(a) - order(b)
	})
	return names
}

// what returns the type of an option.
func what(s *jsonschema.Schema) string {
	switch {
	case s.Secret:
		return "secret"
	case s.Access == jsonschema.AccessRead:
		return "path, read"
	case s.Access == jsonschema.AccessWrite:
		return "path, read and written"
	case s.Meaning != "":
		return s.Meaning
	case s.Items != nil:
		return "list of " + plural(s.Items)
	case s.Others != nil && s.Others.Schema != nil:
		return "map of " + plural(s.Others.Schema)
	}
	names := map[string]string{"string": "text", "boolean": "true or false", "integer": "number", "array": "list"}
	var types []string
	for _, t := range s.Type {
		if name := names[t]; name != "" {
			t = name
		}
		types = append(types, t)
	}
	return strings.Join(types, " or ")
}

// plural returns the type of the elements of a list or map.
func plural(s *jsonschema.Schema) string {
	switch w := what(s); w {
	case "path, read", "path, read and written":
		return strings.Replace(w, "path", "paths", 1)
	case "true or false", "":
		return strings.TrimSpace(w + " values")
	default:
		if kind, rest, ok := strings.Cut(w, " of "); ok {
			return kind + "s of " + rest
		}
		return w + "s"
	}
}

// limits returns what an option, or the elements of one, must keep to. The syntax of
// paths, durations and sizes is known by their type.
func limits(s *jsonschema.Schema) string {
	var parts []string
	number := func(format string, n *int64) {
		if n != nil {
			parts = append(parts, fmt.Sprintf(format, *n))
		}
	}
	text := func(format, s string) {
		if s != "" {
			parts = append(parts, fmt.Sprintf(format, s))
		}
	}
	number("at least %d", s.Minimum)
	number("at most %d", s.Maximum)
	text("at least %s", s.Least)
	text("at most %s", s.Most)
	if s.MinLength != nil && *s.MinLength > 1 {
		number("at least %d characters", s.MinLength)
	}
	number("at most %d characters", s.MaxLength)
	number("at least %d elements", s.MinItems)
	number("at most %d elements", s.MaxItems)
	number("at least %d elements", s.MinProperties)
	number("at most %d elements", s.MaxProperties)
	if len(s.Enum) > 0 {
		var values []string
		for _, v := range s.Enum {
			values = append(values, code(plain(v)))
		}
		parts = append(parts, "one of "+strings.Join(values, ", "))
	}
	text("format %s", s.Format)
	if s.Pattern != "" && s.Meaning == "" {
		parts = append(parts, "matches "+code(s.Pattern))
	}
	for _, elements := range []*jsonschema.Schema{s.Items, othersOf(s)} {
		if elements != nil {
			text("each: %s", limits(elements))
		}
	}
	return strings.Join(parts, ", ")
}

func othersOf(s *jsonschema.Schema) *jsonschema.Schema {
	if s.Others == nil {
		return nil
	}
	return s.Others.Schema
}

// plain returns a JSON value without the quotes of a text.
func plain(v json.RawMessage) string {
	var text string
	if json.Unmarshal(v, &text) == nil {
		return text
	}
	return string(v)
}
