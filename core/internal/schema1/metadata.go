package schema1

import (
	"encoding/json"
	"strings"

	"github.com/quay/quay/core/internal/pyjson"
)

// Metadata is what counts of a layer's V1Compatibility.
type Metadata struct {
	// ID and Parent are ids of images of /v1. Parent is empty for the lowest layer.
	ID, Parent string
	// Created is a time in RFC 3339, as it is in the text; Comment and Author are for
	// people. Each may be empty.
	Created, Comment, Author string
	// Command is the canonical JSON of the command that made the layer, or empty.
	Command string
	// Labels are those of the image's configuration; nil without.
	Labels map[string]string
	// Size is that of the layer as it is stored, in bytes; negative when it is not said.
	Size int64
}

// Metadata reads a layer's metadata, which must have an id.
func (l Layer) Metadata() (Metadata, error) {
	v, err := pyjson.Parse([]byte(l.V1Compatibility))
	if err != nil {
		return Metadata{}, invalid("could not parse metadata string: %v", err)
	}
	o, ok := v.(pyjson.Object)
	if _, hasID := o.Get("id"); !ok || !hasID {
		return Metadata{}, invalid("id field missing from v1Compatibility JSON")
	}
	m := Metadata{
		ID: o.String("id"), Parent: o.String("parent"), Created: o.String("created"),
		Comment: o.String("comment"), Author: o.String("author"), Size: -1,
	}
	if command, ok := object(o, "container_config").Get("Cmd"); ok && !empty(command) {
		m.Command = Canonical(command)
	}
	for _, label := range object(object(o, "config"), "Labels") {
		if m.Labels == nil {
			m.Labels = make(map[string]string)
		}
		m.Labels[label.Name], _ = label.Value.(string)
	}
	size, _ := o.Get("Size")
	if n, ok := size.(json.Number); ok {
		if i, err := n.Int64(); err == nil {
			m.Size = i
		}
	}
	return m, nil
}

func object(o pyjson.Object, name string) pyjson.Object {
	v, _ := o.Get(name)
	inner, _ := v.(pyjson.Object)
	return inner
}

// empty tells what is false in Python.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case pyjson.Object:
		return len(v) == 0
	}
	return false
}

// CheckParents checks that each layer's parent is one of those below it.
func (i Image) CheckParents() error {
	below := make(map[string]bool, len(i.Layers))
	for n := len(i.Layers) - 1; n >= 0; n-- {
		m, err := i.Layers[n].Metadata()
		if err != nil {
			return err
		}
		if m.Parent != "" && !below[m.Parent] {
			return invalid("Unknown parent image %s", m.Parent)
		}
		below[m.ID] = true
	}
	return nil
}

// Canonical is the canonical JSON of a value of package pyjson: sorted and compact. A
// string by itself is safe in HTML, strings inside of something are not, as in the
// product, since the ids of images depend on it.
func Canonical(value any) string {
	text := string(pyjson.Form{Compact: true, Sorted: true}.Append(nil, value))
	if _, ok := value.(string); ok {
		text = strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(text)
	}
	return text
}
