// Package jsonschema is the part of JSON Schema (draft 2020-12) in which a plugin
// describes the configuration of an instance. Package config writes it; a host and
// the makers of forms and documentation read it.
//
// Three annotations are ours. An option with "x-quay-secret" is taken out of the
// options and passed apart, as a secret. One with "x-quay-access" is a path of this
// machine that the plugin reads, or reads and writes, so that a host can confine
// it. "x-quay-type" says what a text means where JSON has no type for it.
package jsonschema

import "encoding/json"

// Dialect is the value of "$schema".
const Dialect = "https://json-schema.org/draft/2020-12/schema"

// Values of Schema.Meaning.
const (
	// MeaningDuration is a text such as "1m30s", with the units h, m, s, ms, us and
	// ns.
	MeaningDuration = "duration"
	// MeaningSize is a number of bytes, or a text such as "64MiB" or "20G". Units
	// with an i are powers of 1,024, the others of 1,000.
	MeaningSize = "size"
	// MeaningPath is an absolute path of this machine.
	MeaningPath = "path"
)

// Values of Schema.Access.
const (
	// AccessRead says that the plugin reads the file, or what is below the directory.
	AccessRead = "read"
	// AccessWrite says that the plugin reads and writes it, and may make it.
	AccessWrite = "write"
)

// Schema describes one value. Keywords that are not listed are ignored when one is
// read; the zero value allows everything.
type Schema struct {
	Dialect     string            `json:"$schema,omitempty"`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	Type        Types             `json:"type,omitempty"`
	Default     json.RawMessage   `json:"default,omitempty"`
	Examples    []json.RawMessage `json:"examples,omitempty"`

	Enum    []json.RawMessage `json:"enum,omitempty"`
	Pattern string            `json:"pattern,omitempty"`
	Format  string            `json:"format,omitempty"`

	Minimum       *int64 `json:"minimum,omitempty"`
	Maximum       *int64 `json:"maximum,omitempty"`
	MinLength     *int64 `json:"minLength,omitempty"`
	MaxLength     *int64 `json:"maxLength,omitempty"`
	MinItems      *int64 `json:"minItems,omitempty"`
	MaxItems      *int64 `json:"maxItems,omitempty"`
	MinProperties *int64 `json:"minProperties,omitempty"`
	MaxProperties *int64 `json:"maxProperties,omitempty"`

	// Items describes the elements of a list.
	Items *Schema `json:"items,omitempty"`
	// Properties are the options of an object, and Required the names of those that
	// must be there.
	Properties map[string]*Schema `json:"properties,omitempty"`
	Required   []string           `json:"required,omitempty"`
	// Others describes the options that Properties does not name; nil allows all of
	// them.
	Others *Others `json:"additionalProperties,omitempty"`

	// WriteOnly and Secret are both set for a secret.
	WriteOnly bool `json:"writeOnly,omitempty"`
	Secret    bool `json:"x-quay-secret,omitempty"`
	// Meaning is one of the Meaning constants, or empty.
	Meaning string `json:"x-quay-type,omitempty"`
	// Least and Most bound a duration or a size, in its own notation.
	Least string `json:"x-quay-min,omitempty"`
	Most  string `json:"x-quay-max,omitempty"`
	// Access is one of the Access constants for a path, or empty.
	Access string `json:"x-quay-access,omitempty"`
}

// Types are the names of the JSON types that a value may have. One alone is written
// as a string.
type Types []string

// MarshalJSON implements json.Marshaler.
func (t Types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Types) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = Types{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// Others says what "additionalProperties" does: a schema for them, or false where
// Schema is nil.
type Others struct{ Schema *Schema }

// MarshalJSON implements json.Marshaler.
func (o Others) MarshalJSON() ([]byte, error) {
	if o.Schema == nil {
		return []byte("false"), nil
	}
	return json.Marshal(o.Schema)
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *Others) UnmarshalJSON(b []byte) error {
	var allowed bool
	if json.Unmarshal(b, &allowed) != nil {
		return json.Unmarshal(b, &o.Schema)
	}
	if allowed {
		o.Schema = &Schema{}
	}
	return nil
}
