// Package errs is the closed set of error kinds that the host and its plugins
// share. A kind tells a caller what to do next; the message tells a person what
// happened. Kinds are mapped to gRPC in package grpcerr and to HTTP in the host's
// front end, and nowhere else.
package errs

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Kind classifies an error. The numbers are not stable; the names are.
type Kind uint8

const (
	// Internal is a defect or an unclassified failure. Do not retry.
	Internal Kind = iota
	// NotFound says that the thing named does not exist, or the caller may not know of it.
	NotFound
	// Exists says that the thing to be made is there already.
	Exists
	// Invalid says that the request is malformed. Retrying it cannot help.
	Invalid
	// Unauthenticated says that the caller is not known; credentials may help.
	Unauthenticated
	// Denied says that the caller is known and may not do this.
	Denied
	// Conflict says that the state of the thing forbids it now.
	Conflict
	// OutOfRange says that an offset or byte range does not fit the thing.
	OutOfRange
	// TooLarge says that the request exceeds a size limit.
	TooLarge
	// Exhausted says that quota, rate or disk space is used up.
	Exhausted
	// Unsupported says that the operation is not offered.
	Unsupported
	// Unavailable says that a part is down. An idempotent call may be retried.
	Unavailable
	// Timeout says that the deadline passed; whether it took effect is unknown.
	Timeout
	// Canceled says that the caller went away.
	Canceled
	// Corrupt says that stored bytes do not match what is known of them.
	Corrupt
)

var kindNames = [...]string{
	"internal", "not found", "exists", "invalid", "unauthenticated", "denied",
	"conflict", "out of range", "too large", "exhausted", "unsupported",
	"unavailable", "timeout", "canceled", "corrupt",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Error is an error with a kind.
type Error struct {
	// Kind classifies it.
	Kind Kind
	// Reason names the rule that was broken where the kind alone is not enough
	// for a front end, for instance "blob_unknown". Often empty.
	Reason string
	// Message is one sentence that may be shown to a client: no secrets, no paths
	// of the server.
	Message string
	// Detail is further data for the client, encodable as JSON. Often nil.
	Detail any
	// Err is the cause, for logs. Often nil.
	Err error
}

func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	if e.Message == "" {
		return e.Err.Error()
	}
	return e.Message + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, template) true when template's kind, and its reason if
// it has one, are those of e: package-level *Error values serve as sentinels.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && (t.Reason == "" || t.Reason == e.Reason)
}

// New makes an error of a kind from a format.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Wrap gives err a kind and a message. It returns nil for a nil err.
func Wrap(kind Kind, err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...), Err: err}
}

// Public returns what an error says to whoever may see it: the messages of the *Errors
// in its chain, without causes of other kinds, which belong into logs. It is the
// kind's name when there is no message.
func Public(err error) string {
	kind := KindOf(err)
	var text []string
	for e := (*Error)(nil); errors.As(err, &e); err = e.Err {
		if e.Message != "" && (len(text) == 0 || text[len(text)-1] != e.Message) {
			text = append(text, e.Message)
		}
	}
	if len(text) == 0 {
		return kind.String()
	}
	return strings.Join(text, ": ")
}

// KindOf returns the kind of err: that of the outermost *Error in its chain, or
// what a context error means, or Internal.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	case errors.Is(err, context.Canceled):
		return Canceled
	}
	return Internal
}

// Is reports whether err has the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
