// Package reference writes the reference page of a plugin, in Markdown, from what the
// plugin says of itself.
package reference

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/quay/quay/sdk/config/jsonschema"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// Page returns the page of a plugin. drivers are the names by which a configuration
// names a storage plugin; there is an example for the first of them, and none when
// there are none. The page depends on nothing else: not on the machine, the time or
// the build.
func Page(d protocol.Description, drivers []string) ([]byte, error) {
	var schema jsonschema.Schema
	if len(d.ConfigSchema) > 0 {
		if err := json.Unmarshal(d.ConfigSchema, &schema); err != nil {
			return nil, errs.Wrap(errs.Invalid, err, "the configuration schema of %s cannot be read", protocol.BinaryName(d.Kind, d.Name))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- Made by \"quay plugin docs\" from what the plugin says of itself. -->\n\n")
	fmt.Fprintf(&b, "# %s\n\n", protocol.BinaryName(d.Kind, d.Name))
	if d.Summary != "" {
		fmt.Fprintf(&b, "%s\n\n", strings.TrimSpace(d.Summary))
	}
	facts(&b, d, drivers)
	options(&b, &schema)
	if d.Kind == protocol.KindStorage && len(drivers) > 0 {
		if err := example(&b, &schema, drivers[0]); err != nil {
			return nil, err
		}
	}
	return []byte(b.String()), nil
}

// facts writes the table of what the plugin is.
func facts(b *strings.Builder, d protocol.Description, drivers []string) {
	fmt.Fprintf(b, "| | |\n|---|---|\n")
	fmt.Fprintf(b, "| kind | %s |\n", d.Kind)
	fmt.Fprintf(b, "| version | %s |\n", cell(d.Version))
	fmt.Fprintf(b, "| API | %s |\n", codes(d.API))
	if d.Offline {
		fmt.Fprintf(b, "| network | none |\n")
	} else {
		fmt.Fprintf(b, "| network | needed |\n")
	}
	if len(d.Capabilities) > 0 {
		fmt.Fprintf(b, "| capabilities | %s |\n", codes(d.Capabilities))
	}
	if len(drivers) > 0 {
		fmt.Fprintf(b, "| drivers | %s |\n", codes(drivers))
	}
}

// options writes the table of the options.
func options(b *strings.Builder, schema *jsonschema.Schema) {
	rows := table(schema)
	if len(rows) == 0 {
		fmt.Fprintf(b, "\n## Options\n\nIt has no options.\n")
		return
	}
	fmt.Fprintf(b, "\n## Options\n\n| option | type | required | default | limits | meaning |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", code(r.name), r.what, r.required, r.fallback, r.limits, cell(r.meaning))
	}
}

// codes returns words as code, one after the other.
func codes(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = code(w)
	}
	return strings.Join(quoted, " ")
}

// code returns a text as code in a cell of a table.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + cell(text) + fence
}

// cell returns a text as a cell of a table: on one line, with its bars escaped.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}
