package config

import (
	"encoding/json"

	"go.yaml.in/yaml/v3"

	"github.com/quay/quay/sdk/errs"
)

// option is a value of a driver's options. Unlike package yaml it keeps a number as it
// is written: where the driver wants a text, a password perhaps, 1.50 is not 1.5.
type option struct{ value any }

// MarshalJSON implements json.Marshaler.
func (o option) MarshalJSON() ([]byte, error) { return json.Marshal(o.value) }

// UnmarshalYAML implements yaml.Unmarshaler. It is not called for null.
func (o *option) UnmarshalYAML(n *yaml.Node) error {
	switch n.Kind {
	case yaml.MappingNode:
		var m map[string]option
		err := n.Decode(&m)
		o.value = m
		return err
	case yaml.SequenceNode:
		var list []*option // Package yaml leaves null out of a list of values.
		err := n.Decode(&list)
		o.value = list
		return err
	}
	switch n.ShortTag() {
	case "!!int", "!!float":
		if !json.Valid([]byte(n.Value)) {
			// YAML would read 0123 as 83, and what was meant is not known here.
			return errs.New(errs.Invalid, "line %d: %s is a number in an unusual form: put it into quotes if it is a text, or else write it with decimal digits only", n.Line, n.Value)
		}
		o.value = json.Number(n.Value)
		return nil
	case "!!timestamp":
		o.value = n.Value
		return nil
	}
	return n.Decode(&o.value)
}

// readOptions reads the options of a driver as a JSON object.
func readOptions(n *yaml.Node) (json.RawMessage, error) {
	// Package yaml refuses what grows without end by aliases of aliases, though only
	// within one pass: the one that follows begins anew for each option.
	var bounded map[string]any
	if err := n.Decode(&bounded); err != nil {
		return nil, err
	}
	options := map[string]option{}
	if err := n.Decode(&options); err != nil {
		return nil, err
	}
	if options == nil { // it says null
		options = map[string]option{}
	}
	return json.Marshal(options)
}
