package config

import (
	"encoding/json"

	"github.com/quay/quay/sdk/config/jsonschema"
)

// describe returns the schema of a whole configuration.
func describe(root *node) *jsonschema.Schema {
	s := root.schema()
	s.Dialect = jsonschema.Dialect
	return s
}

// schema returns the schema of the values of n.
func (n *node) schema() *jsonschema.Schema {
	switch n.kind {
	case boolean:
		return &jsonschema.Schema{Type: jsonschema.Types{"boolean"}}
	case integer:
		return &jsonschema.Schema{Type: jsonschema.Types{"integer"}, Minimum: n.min, Maximum: n.max}
	case duration:
		return &jsonschema.Schema{
			Type: jsonschema.Types{"string"}, Meaning: jsonschema.MeaningDuration, Pattern: durationSyntax,
			Least: n.minText, Most: n.maxText,
		}
	case size:
		return &jsonschema.Schema{
			Type: jsonschema.Types{"string", "integer"}, Meaning: jsonschema.MeaningSize, Pattern: sizeSyntax,
			Least: n.minText, Most: n.maxText,
		}
	case path:
		return &jsonschema.Schema{
			Type: jsonschema.Types{"string"}, Meaning: jsonschema.MeaningPath, Pattern: "^/",
			Access: n.access, MinLength: n.min, MaxLength: n.max,
		}
	case secret:
		return &jsonschema.Schema{Type: jsonschema.Types{"string"}, WriteOnly: true, Secret: true}
	case list:
		return &jsonschema.Schema{Type: jsonschema.Types{"array"}, Items: n.elem.schema(), MinItems: n.min, MaxItems: n.max}
	case mapping:
		return &jsonschema.Schema{
			Type: jsonschema.Types{"object"}, Others: &jsonschema.Others{Schema: n.elem.schema()},
			MinProperties: n.min, MaxProperties: n.max,
		}
	case object:
		return n.objectSchema()
	}
	return n.textSchema()
}

func (n *node) textSchema() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: jsonschema.Types{"string"}, Format: n.format, MinLength: n.min, MaxLength: n.max}
	if n.pattern != nil {
		s.Pattern = n.pattern.String()
	}
	for _, v := range n.enum {
		s.Enum = append(s.Enum, encode(v))
	}
	return s
}

func (n *node) objectSchema() *jsonschema.Schema {
	s := &jsonschema.Schema{
		Type:       jsonschema.Types{"object"},
		Properties: make(map[string]*jsonschema.Schema, len(n.fields)),
		Others:     &jsonschema.Others{},
	}
	for _, f := range n.fields {
		p := f.schema()
		p.Title, p.Description = f.title, f.help
		if f.fallback != "" {
			v, _ := f.fromTag(f.fallback) // the declaration was checked
			p.Default = encode(v)
		}
		if f.example != "" {
			v, _ := f.fromTag(f.example)
			p.Examples = []json.RawMessage{encode(v)}
		}
		if f.required {
			s.Required = append(s.Required, f.name)
			if f.kind == text && p.MinLength == nil {
				one := int64(1)
				p.MinLength = &one
			}
		}
		s.Properties[f.name] = p
	}
	return s
}

// encode returns a text, a number or a bool as JSON.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("config: " + err.Error()) // none of them can fail
	}
	return b
}
