package distributiondriver

import (
	"encoding/json"
	"fmt"
	"strings"
)

// place puts a secret among parameters, at its path of names with dots between them.
func place(parameters map[string]any, path, secret string) error {
	name, rest, nested := strings.Cut(path, ".")
	if !nested {
		parameters[name] = secret
		return nil
	}
	inner, ok := parameters[name].(map[string]any)
	if !ok {
		if parameters[name] != nil {
			return fmt.Errorf("%s is no object, but has the secret %s", name, rest)
		}
		inner = make(map[string]any)
		parameters[name] = inner
	}
	return place(inner, rest, secret)
}

// plain replaces the numbers in a value of package json by those that drivers look
// for.
func plain(value any) any {
	switch value := value.(type) {
	case json.Number:
		if n, err := value.Int64(); err == nil {
			return n
		}
		if f, err := value.Float64(); err == nil {
			return f
		}
		return value.String()
	case []any:
		for i := range value {
			value[i] = plain(value[i])
		}
	case map[string]any:
		for name := range value {
			value[name] = plain(value[name])
		}
	}
	return value
}
