package reference

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/quay/quay/sdk/config/jsonschema"
	"github.com/quay/quay/sdk/errs"
)

// example writes a part of config.yaml with a storage location.
func example(b *strings.Builder, schema *jsonschema.Schema, driver string) error {
	fmt.Fprintf(b, "\n## Example\n\nIn `config.yaml`:\n\n```yaml\n")
	e := yaml.NewEncoder(b)
	e.SetIndent(2)
	err := e.Encode(map[string]any{
		"DISTRIBUTED_STORAGE_CONFIG":     map[string]any{"default": []any{driver, exampleObject(schema)}},
		"DISTRIBUTED_STORAGE_PREFERENCE": []string{"default"},
	})
	if err != nil {
		return errs.Wrap(errs.Invalid, err, "write the example")
	}
	fmt.Fprintf(b, "```\n")
	return nil
}

// Options returns an example of an instance's options, as YAML: those that a schema
// requires, and those that it has an example of.
func Options(schema *jsonschema.Schema) ([]byte, error) {
	b, err := yaml.Marshal(exampleObject(schema))
	return b, errs.Wrap(errs.Invalid, err, "write the example")
}

// exampleObject has the options of an object that are required or have an example,
// also one further in.
func exampleObject(object *jsonschema.Schema) map[string]any {
	values := map[string]any{}
	for name, s := range object.Properties {
		if slices.Contains(object.Required, name) || hasExample(s) {
			values[name] = exampleValue(s)
		}
	}
	return values
}

func hasExample(s *jsonschema.Schema) bool {
	return len(s.Examples) > 0 || slices.ContainsFunc(slices.Collect(maps.Values(s.Properties)), hasExample)
}

func exampleValue(s *jsonschema.Schema) any {
	given := slices.Concat(s.Examples, []json.RawMessage{s.Default}, s.Enum)
	for _, v := range given {
		var value any
		if json.Unmarshal(v, &value) == nil && value != nil {
			return value
		}
	}
	switch {
	case s.Items != nil:
		return []any{exampleValue(s.Items)}
	case len(s.Properties) > 0:
		return exampleObject(s)
	case s.Secret:
		return "SECRET"
	case s.Format == "uri":
		return "https://example.com"
	case s.Format == "hostname":
		return "example.com"
	case slices.Contains(s.Type, "integer"):
		return 1
	case slices.Contains(s.Type, "boolean"):
		return true
	case slices.Contains(s.Type, "object"):
		return map[string]any{}
	case s.Meaning == jsonschema.MeaningPath:
		return "/PATH"
	}
	return "TEXT"
}
