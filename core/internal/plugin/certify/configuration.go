package certify

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/quay/quay/core/internal/plugin/reference"
	"github.com/quay/quay/sdk/config/jsonschema"
	"github.com/quay/quay/sdk/errs"
)

// knownKey is the member of a configuration file that is for the suite.
const knownKey = "conformance"

// Configuration is that of the instance to test. Its zero value means one that needs
// nothing but directories, which are made for the run.
type Configuration struct {
	// Options is a JSON object, with its secrets; nil when there is none.
	Options json.RawMessage
	// Known is what the suite of the kind is told of the service behind the plugin: the
	// Known of sdk/conformance/KIND, as JSON. Nil when there is nothing to tell.
	Known json.RawMessage
}

// ReadConfiguration reads a file in YAML or JSON: the options of one instance, as they
// are in config.yaml, and beside them, under "conformance", what is for the suite.
func ReadConfiguration(path string) (Configuration, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Configuration{}, errs.Wrap(errs.NotFound, err, "the configuration cannot be read")
	}
	var file map[string]any
	if err := yaml.Unmarshal(data, &file); err != nil {
		return Configuration{}, errs.Wrap(errs.Invalid, err, "%s is no configuration: write the options of one instance, as YAML or JSON", path)
	}
	var c Configuration
	if known, ok := file[knownKey]; ok {
		delete(file, knownKey)
		if c.Known, err = json.Marshal(known); err != nil {
			return Configuration{}, errs.Wrap(errs.Invalid, err, "the part %q of %s", knownKey, path)
		}
	}
	if file == nil {
		file = map[string]any{} // Nothing at all is a configuration, too.
	}
	c.Options, err = json.Marshal(file)
	return c, errs.Wrap(errs.Invalid, err, "the configuration %s", path)
}

// readSchema reads a configuration schema, of which there may be none.
func readSchema(text json.RawMessage) (*jsonschema.Schema, error) {
	var s jsonschema.Schema
	if len(text) == 0 {
		return &s, nil
	}
	return &s, errs.Wrap(errs.Invalid, json.Unmarshal(text, &s), "the plugin's configuration schema cannot be read")
}

// ownDirectories returns options with a directory below dir for each option of a
// schema that is a path which the plugin writes, unless it may be left out. It fails
// when anything else is required, and says what.
func ownDirectories(schema json.RawMessage, dir string) (json.RawMessage, error) {
	s, err := readSchema(schema)
	if err != nil {
		return nil, err
	}
	options := map[string]string{}
	var missing []string
	for name, option := range s.Properties {
		required := slices.Contains(s.Required, name)
		switch {
		// A default would be a directory that somebody may be using.
		case option.Access == jsonschema.AccessWrite && (required || len(option.Default) > 0):
			options[name] = filepath.Join(dir, name)
			if err := os.Mkdir(options[name], 0o700); err != nil {
				return nil, errs.Wrap(errs.Unavailable, err, "make a directory for the option %s", name)
			}
		case required:
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return nil, needsFile(s, "the plugin cannot be tested without "+strings.Join(missing, ", "))
	}
	return json.Marshal(options)
}

// needsFile is an error that shows what a configuration file looks like.
func needsFile(s *jsonschema.Schema, why string) error {
	example, err := reference.Options(s)
	if err != nil {
		return err
	}
	return errs.New(errs.Invalid, "%s: name a file with the options of one instance by --config, for instance with\n\n%s", why, example)
}
