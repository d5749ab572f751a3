package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/quay/quay/sdk/errs"
)

// secretName matches keys whose values nobody may see.
var secretName = regexp.MustCompile(`(?i)(secret|passw(or)?d|token|credentials?|psk|(secret|access|account|api|encryption|token|private|signing)_?key)$`)

// Secrets returns the values in a file that are secrets by the names of their keys,
// by the path of those, and passwords in URLs. A file that does not exist has none.
func Secrets(path string) (map[string]string, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "read the configuration")
	}
	var document any
	if err := yaml.Unmarshal(b, &document); err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "%s", path)
	}
	found := make(map[string]string)
	collectSecrets(found, "", false, document)
	return found, nil
}

func collectSecrets(found map[string]string, path string, secret bool, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			collectSecrets(found, strings.TrimPrefix(path+"."+key, "."), secretName.MatchString(key), value)
		}
	case []any:
		for i, value := range v {
			collectSecrets(found, fmt.Sprintf("%s[%d]", path, i), secret, value)
		}
	case string:
		if secret {
			found[path] = v
		} else if part := databaseURL.FindStringSubmatch(v); part != nil && part[3] != "" {
			found[path] = unescape(part[3])
		}
	}
}
