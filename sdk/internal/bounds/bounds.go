// Package bounds checks the texts and JSON objects that cross a plugin's boundary.
package bounds

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/quay/quay/sdk/errs"
)

// Text is a text with the most bytes that it may have.
type Text struct {
	// What names it in the error, for instance "the password".
	What  string
	Value string
	Limit int
}

// Size returns errs.Invalid when a text is too long, or is not UTF-8 and so could not
// cross.
func Size(texts ...Text) error {
	for _, t := range texts {
		if !utf8.ValidString(t.Value) {
			return errs.New(errs.Invalid, "%s is not UTF-8", t.What)
		}
		if len(t.Value) > t.Limit {
			return errs.New(errs.Invalid, "%s has %d bytes, more than %d", t.What, len(t.Value), t.Limit)
		}
	}
	return nil
}

// Given is Size for texts that must not be empty either.
func Given(texts ...Text) error {
	for _, t := range texts {
		if t.Value == "" {
			return errs.New(errs.Invalid, "%s is empty", t.What)
		}
	}
	return Size(texts...)
}

// Line is Size for texts that must be one line, without control characters.
func Line(texts ...Text) error {
	for _, t := range texts {
		if strings.ContainsFunc(t.Value, control) {
			return errs.New(errs.Invalid, "%s has control characters", t.What)
		}
	}
	return Size(texts...)
}

func control(r rune) bool { return r < ' ' || r == 0x7f }

// Object returns errs.Invalid unless object is one JSON object of at most limit
// bytes.
func Object(what string, object json.RawMessage, limit int) error {
	if len(object) > limit {
		return errs.New(errs.Invalid, "%s has %d bytes, more than %d", what, len(object), limit)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil || members == nil {
		return errs.New(errs.Invalid, "%s is not a JSON object", what)
	}
	return nil
}
