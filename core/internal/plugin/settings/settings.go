// Package settings takes the configuration of a plugin's instance apart by the
// schema that the plugin gives: its secrets, which travel alone, and the paths of
// this machine that it may use, from everything else.
package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/quay/quay/sdk/config/jsonschema"
	"github.com/quay/quay/sdk/errs"
)

// Settings are a configuration taken apart.
type Settings struct {
	// Options is a JSON object without the secrets.
	Options json.RawMessage
	// Secrets by the path of the option: "key", "endpoints[1].key".
	Secrets map[string]string
	// Read and Write are the paths that the options name for the plugin to use.
	Read, Write []string
}

// Divide takes options, a JSON object or nothing, apart by a schema. A plugin without a schema
// has no secrets and no paths. A number in the place of a text becomes one; what else
// does not fit the schema is left where it is: the plugin refuses it, and its words are
// better.
func Divide(schema, options json.RawMessage) (Settings, error) {
	if len(schema) == 0 || len(options) == 0 {
		return Settings{Options: options}, nil
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(schema, &s); err != nil {
		return Settings{}, errs.Wrap(errs.Invalid, err, "the plugin's configuration schema cannot be read")
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(options))
	decoder.UseNumber() // No digit of a number may be lost on the way through.
	if err := decoder.Decode(&value); err != nil {
		return Settings{}, errs.Wrap(errs.Invalid, err, "the configuration cannot be read")
	}
	d := divider{Settings{Secrets: map[string]string{}}}
	d.visit(&s, value, "")
	var err error
	d.Options, err = json.Marshal(value)
	return d.Settings, err
}

type divider struct{ Settings }

// visit looks at a value, whose path is at, and takes the secrets out of it.
func (d *divider) visit(s *jsonschema.Schema, value any, at string) {
	switch value := value.(type) {
	case map[string]any:
		for name, v := range value {
			property := s.Properties[name]
			if property == nil && s.Others != nil {
				property = s.Others.Schema
			}
			if property == nil {
				continue
			}
			path := name
			if at != "" {
				path = at + "." + name
			}
			if text, ok := secretText(v); ok && property.Secret {
				d.Secrets[path] = text
				delete(value, name)
				continue
			}
			value[name] = asText(property, v)
			d.visit(property, value[name], path)
		}
		d.visitMissing(s, value, at)
	case []any:
		if s.Items != nil {
			for i, v := range value {
				value[i] = asText(s.Items, v)
				d.visit(s.Items, value[i], fmt.Sprintf("%s[%d]", at, i))
			}
		}
	case string:
		switch s.Access {
		case jsonschema.AccessRead:
			d.Read = append(d.Read, value)
		case jsonschema.AccessWrite:
			d.Write = append(d.Write, value)
		}
	}
}

// visitMissing looks at the options that an object does not have: the plugin uses a
// path that is a default as one that was given.
func (d *divider) visitMissing(s *jsonschema.Schema, object map[string]any, at string) {
	for name, property := range s.Properties {
		var fallback string
		switch {
		case property == nil || property.Secret || object[name] != nil:
		case len(property.Properties) > 0:
			d.visit(property, map[string]any{}, at)
		case json.Unmarshal(property.Default, &fallback) == nil:
			d.visit(property, fallback, at)
		}
	}
}

// asText returns the text of a number where the schema wants a text that has no meaning
// of its own, as a path has: in YAML one that consists of digits is a number unless it is
// quoted.
func asText(s *jsonschema.Schema, v any) any {
	if n, ok := v.(json.Number); ok && slices.Equal(s.Type, jsonschema.Types{"string"}) && s.Meaning == "" {
		return n.String()
	}
	return v
}

// secretText returns the text that a secret is, a number as it is written.
func secretText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	return "", false
}
