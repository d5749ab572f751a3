// Package config declares the configuration of a plugin's instance: as a struct,
// whose tags say what the host, the documentation and the administrator need to
// know.
//
//	type Config struct {
//		Root    config.Path   `json:"root" required:"true" access:"write" help:"Directory of the objects."`
//		Region  string        `json:"region" default:"eu" enum:"eu,us" help:"Where the bucket is."`
//		Key     config.Secret `json:"key" required:"true" help:"Key of the account."`
//		Timeout time.Duration `json:"timeout" default:"30s" min:"1s" max:"5m" help:"Longest wait for an answer."`
//	}
//
// Schema describes it as JSON Schema, for sdk.Plugin, and Parse reads it. They know
// these types:
//
//   - bool, string and every int and uint,
//   - [time.Duration] ("30s"), [Size] ("64MiB"), [Path] and [Secret],
//   - slices of all but Secret, and maps of them by string,
//   - structs, whose fields are options again, and pointers to structs, which are nil
//     where the option is missing. The fields of an embedded struct belong to the
//     struct that it is in.
//
// These tags:
//
//   - json: the option's name. Every exported field has one, and a help.
//   - help: what it means, in full sentences, in Markdown.
//   - title: a short name for forms.
//   - required: "true" when it must be given and, if it is a text, not be empty.
//   - default: the value when it is missing, for what is not a list, map or struct. The
//     default of a duration or a size is in its notation.
//   - example: a value for the documentation, in the notation of default.
//   - min, max: bounds of a number, a duration or a size, of the number of characters
//     of a text, or of the number of elements of a list or map. Both are included.
//   - enum: the texts that are allowed, separated by commas.
//   - pattern: a regular expression that a text must match. It is not anchored.
//   - format: "uri" (absolute, with a host), "hostname" or "email".
//   - access: "read" or "write", for a Path only, which must have it.
//
// On a list or map, enum, pattern, format and access are about its elements. What
// tags cannot say is checked by the method of [Validator].
//
// The host passes secrets apart from the other options, by the path of the option:
// "key", or "endpoints[1].key" in a list of structs. References such as names of
// environment variables or files are resolved by the host; here values are plain.
package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"

	"github.com/quay/quay/sdk/errs"
)

// Problem is one thing that is wrong with a configuration.
type Problem struct {
	// Field is the path of the option at fault, for instance "endpoints[1].url";
	// empty means the whole.
	Field string
	// Message is one sentence for the administrator. It never has a value of the
	// configuration in it.
	Message string
}

// Validator is a configuration, or a struct within one, with rules that tags cannot
// express. Validate is called when nothing else is wrong with the struct. The fields
// of its problems are relative to it. It has no side effects and reaches for nothing
// outside.
type Validator interface {
	Validate() []Problem
}

// Parse reads a configuration: defaults are filled in, and everything that is wrong
// is reported, not only the first thing. T is a struct as the package describes;
// Parse panics when it is declared wrongly, as Schema does.
//
// Options are a JSON object; nothing, or null, is an empty one. Names are exact, and
// an option that is null is as if it were missing. A secret among the options, where
// it could be logged, is a problem. The T is not to be used unless there are no
// problems.
func Parse[T any](options json.RawMessage, secrets map[string]string) (T, []Problem) {
	var result T
	root := declare[T]()
	object, err := readObject(options)
	if err != nil {
		return result, []Problem{{Message: "The options cannot be read: " + err.Error() + "."}}
	}
	d := decoder{secrets: secrets, known: map[string]bool{}}
	d.object(root, object, reflect.ValueOf(&result).Elem(), "")
	d.unknownSecrets()
	return result, d.problems
}

// Check is Parse for those who want only the problems, nil when there are none.
func Check[T any](options json.RawMessage, secrets map[string]string) []Problem {
	_, problems := Parse[T](options, secrets)
	return problems
}

// Schema returns the JSON Schema of a configuration (see package jsonschema). It
// panics when T is declared wrongly, with a sentence for its author: a plugin calls it
// when it starts, and every test that starts the plugin does.
func Schema[T any]() json.RawMessage {
	b, err := json.Marshal(describe(declare[T]()))
	if err != nil {
		panic("config: " + err.Error())
	}
	return b
}

// Error returns problems as one error of the kind errs.Invalid, or nil when there are
// none. It is what a driver returns from Open.
func Error(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	var text bytes.Buffer
	for i, p := range problems {
		if i > 0 {
			text.WriteByte(' ')
		}
		if p.Field != "" {
			text.WriteString(p.Field + ": ")
		}
		text.WriteString(p.Message)
	}
	return errs.New(errs.Invalid, "%s", text.String())
}

// readObject reads exactly one JSON object. Numbers keep their text.
func readObject(options json.RawMessage) (map[string]any, error) {
	if len(bytes.TrimSpace(options)) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(options))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, errors.New("they are no JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows them")
	}
	switch value := value.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return value, nil
	}
	return nil, errors.New("they are no JSON object")
}
