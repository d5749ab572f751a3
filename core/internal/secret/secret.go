// Package secret holds values that nobody may see: texts such as tokens, and the keys
// that the configuration's secrets are made into.
//
// A secret prints as "[secret]" in every way in which Go prints, logs or encodes.
// Reveal is the one way to the value, so that whoever reviews a change has one word to
// look for. The options of plugins have such a type of their own in the sdk.
package secret

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

const hidden = "[secret]"

// Opaque keeps a struct in which it is embedded from being printed, logged and encoded. Whatever the struct keeps must be a Text, a Key or in a Box all the same:
// package fmt prints what is in unexported fields of other structs without asking for
// methods.
type Opaque struct{}

// Format implements fmt.Formatter, for every verb.
func (Opaque) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// String implements fmt.Stringer.
func (Opaque) String() string { return hidden }

// GoString implements fmt.GoStringer.
func (Opaque) GoString() string { return hidden }

// MarshalText implements encoding.TextMarshaler, which JSON, XML and YAML ask for.
func (Opaque) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// LogValue implements slog.LogValuer.
func (Opaque) LogValue() slog.Value { return slog.StringValue(hidden) }

// Text is a secret text. The zero value is none: NULL in the database, which an empty
// text is not.
type Text struct {
	Opaque
	value *string
}

// New returns a secret text.
func New(value string) Text { return Text{value: &value} }

// IsSet reports whether there is a text, if only an empty one.
func (t Text) IsSet() bool { return t.value != nil }

// Reveal returns the text, empty when there is none.
func (t Text) Reveal() string {
	if t.value == nil {
		return ""
	}
	return *t.value
}

// Equal reports whether there is a text and it is s. The time that it takes depends on
// the lengths only.
func (t Text) Equal(s string) bool {
	return t.value != nil && subtle.ConstantTimeCompare([]byte(*t.value), []byte(s)) == 1
}

// Box keeps a value of any type from being printed. The zero value has the zero value of
// the type in it.
type Box[T any] struct {
	Opaque
	// A function, as package fmt prints its address only. A pointer to anything but
	// text would be followed, for some verbs.
	value func() T
}

// Enclose puts a value into a box.
func Enclose[T any](value T) Box[T] { return Box[T]{value: func() T { return value }} }

// Reveal returns the value.
func (b Box[T]) Reveal() T {
	if b.value == nil {
		var zero T
		return zero
	}
	return b.value()
}
