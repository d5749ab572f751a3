// Package imageconfig reads the configuration of an image as the product does
// (image/docker/schema2/config.py, image/oci/config.py): the JSON blob with the image's
// history and settings, beside its layers.
package imageconfig

import (
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/sdk/errs"
)

// MaxSize is the largest configuration that is read, in bytes.
const MaxSize = 4 << 20

// Kind is who defined a configuration.
type Kind int

// Kinds.
const (
	Docker Kind = iota
	OCI
)

// Config is a configuration that was read.
type Config struct {
	kind Kind
	// Document is the whole of it. Nobody may change it.
	Document pyjson.Object
	// History has an entry for each step that made the image, the first step first. OCI
	// leaves it out where nobody noted the steps.
	History []Entry
}

// Entry is one step of an image's history.
type Entry struct {
	// Document is the entry as it was written.
	Document pyjson.Object
	// Command is the text of the command of the step, nil without one. Where the history
	// was left out it is a list of texts.
	Command any
	// Created is a time in RFC 3339 as it was written; Author and Comment are for
	// people. Each may be empty.
	Created, Author, Comment string
	// Empty steps made no layer.
	Empty bool
}

// Parse reads a configuration. What the product does not accept is errs.Invalid, with
// the product's words for it as far as they do not depend on its libraries.
func Parse(kind Kind, text []byte) (*Config, error) {
	value, err := pyjson.Parse(text)
	if err != nil {
		return nil, errs.New(errs.Invalid, "malformed config data: %v", err)
	}
	doc, ok := value.(pyjson.Object)
	if !ok {
		return nil, mismatch("it is not an object")
	}
	c := &Config{kind: kind, Document: doc}
	if kind == OCI && len(doc) == 0 { // artifacts have no more to say
		return c, nil
	}
	if err := check(kind, doc); err != nil {
		return nil, err
	}
	history, _ := doc.Get("history")
	entries, _ := history.([]any)
	for _, e := range entries {
		o, _ := e.(pyjson.Object) // checked
		c.History = append(c.History, newEntry(o))
	}
	return c, nil
}

func newEntry(o pyjson.Object) Entry {
	e := Entry{Document: o, Created: o.String("created"), Author: o.String("author"), Comment: o.String("comment")}
	e.Command, _ = o.Get("created_by")
	empty, _ := o.Get("empty_layer")
	e.Empty, _ = empty.(bool)
	return e
}

// Whole is the one step that stands for an image whose history was left out.
func (c *Config) Whole() Entry {
	e := Entry{Created: c.Document.String("created"), Author: c.Document.String("author")}
	settings, _ := c.Document.Get("config")
	o, _ := settings.(pyjson.Object)
	e.Command, _ = o.Get("Cmd")
	return e
}

func mismatch(format string, args ...any) error {
	return errs.New(errs.Invalid, "config data does not match schema: "+format, args...)
}
