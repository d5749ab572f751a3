package imageconfig

import (
	"encoding/json"

	"github.com/quay/quay/core/internal/pyjson"
)

// form is a set of the kinds of JSON values.
type form uint8

const (
	null form = 1 << iota
	boolean
	number
	text
	list
	object
)

func formOf(value any) form {
	switch value.(type) {
	case nil:
		return null
	case bool:
		return boolean
	case json.Number:
		return number
	case string:
		return text
	case []any:
		return list
	}
	return object
}

// member is a rule about one member of an object.
type member struct {
	name     string
	forms    form
	required bool
}

// The product's schemas. They say nothing about other members.
var (
	documents = map[Kind][]member{
		Docker: {{"history", list, true}, {"rootfs", object, true}},
		OCI: {
			{"rootfs", object, true},
			{"architecture", text, true},
			{"os", text, true},
			{"created", text | null, false},
			{"author", text | null, false},
			{"config", object | null, false},
			{"history", list, false},
		},
	}
	roots = map[Kind][]member{
		Docker: {{"type", text, true}},
		OCI:    {{"type", text, true}, {"diff_ids", list, true}},
	}
	entries = []member{
		{"empty_layer", boolean, false},
		{"created", text, false},
		{"created_by", text, false},
		{"comment", text, false},
		{"author", text, false},
	}
	settings = []member{ // of OCI
		{"User", text | null, false},
		{"ExposedPorts", object | null, false},
		{"Env", list | null, false},
		{"Entrypoint", list | null, false},
		{"Cmd", list | null, false},
		{"Volumes", object | null, false},
		{"WorkingDir", text | null, false},
		{"Labels", object | null, false},
		{"StopSignal", text | null, false},
	}
)

func check(kind Kind, doc pyjson.Object) error {
	if err := match(doc, documents[kind]); err != nil {
		return err
	}
	rootfs := child(doc, "rootfs")
	if err := match(rootfs, roots[kind]); err != nil {
		return err
	}
	history, _ := doc.Get("history")
	steps, _ := history.([]any)
	for _, s := range steps {
		o, ok := s.(pyjson.Object)
		if !ok {
			return mismatch("an entry of history is not an object")
		}
		if err := match(o, entries); err != nil {
			return err
		}
	}
	if kind == Docker {
		return nil
	}
	if rootfs.String("type") != "layers" {
		return mismatch("the type of rootfs is not \"layers\"")
	}
	ids, _ := rootfs.Get("diff_ids")
	for _, id := range ids.([]any) { // matched
		if formOf(id) != text {
			return mismatch("diff_ids are not strings")
		}
	}
	return match(child(doc, "config"), settings)
}

// child returns a member that is an object, or an empty one.
func child(o pyjson.Object, name string) pyjson.Object {
	v, _ := o.Get(name)
	c, _ := v.(pyjson.Object)
	return c
}

func match(o pyjson.Object, members []member) error {
	for _, m := range members {
		value, there := o.Get(m.name)
		switch {
		case !there && m.required:
			return mismatch("'%s' is a required property", m.name)
		case there && formOf(value)&m.forms == 0:
			return mismatch("'%s' is of another type", m.name)
		}
	}
	return nil
}
