// Package grpcerr is the one place where kinds of errors become codes of gRPC and
// the other way round. It stands apart from package errs so that rules, which use
// the kinds, do not come to depend on a transport.
package grpcerr

import (
	"errors"
	"strings"
	"unicode"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/quay/quay/sdk/errs"
)

// codeOf maps kinds to gRPC codes; kindOf is its inverse.
var codeOf = map[errs.Kind]codes.Code{
	errs.Internal:        codes.Internal,
	errs.NotFound:        codes.NotFound,
	errs.Exists:          codes.AlreadyExists,
	errs.Invalid:         codes.InvalidArgument,
	errs.Unauthenticated: codes.Unauthenticated,
	errs.Denied:          codes.PermissionDenied,
	errs.Conflict:        codes.FailedPrecondition,
	errs.OutOfRange:      codes.OutOfRange,
	errs.TooLarge:        codes.Aborted,
	errs.Exhausted:       codes.ResourceExhausted,
	errs.Unsupported:     codes.Unimplemented,
	errs.Unavailable:     codes.Unavailable,
	errs.Timeout:         codes.DeadlineExceeded,
	errs.Canceled:        codes.Canceled,
	errs.Corrupt:         codes.DataLoss,
}

var kindOf = func() map[codes.Code]errs.Kind {
	m := make(map[codes.Code]errs.Kind, len(codeOf))
	for k, c := range codeOf {
		m[c] = k
	}
	return m
}()

// To turns err into what a gRPC handler returns. Only the kind crosses the wire and, of
// an *errs.Error, the message. The text of any other error was written for nobody in
// particular and may have anything in it, such as a signed URL: it stays in the sender's
// log, and what crosses is a sentence of the kind.
func To(err error) error {
	if err == nil {
		return nil
	}
	var e *errs.Error
	if errors.As(err, &e) && e.Message != "" {
		return status.Error(codeOf[e.Kind], e.Message)
	}
	kind := errs.KindOf(From(err))
	return status.Error(codeOf[kind], sentence(kind))
}

// sentence is what is said of an error that has no message.
func sentence(kind errs.Kind) string {
	switch kind {
	case errs.Internal, errs.Unavailable, errs.Exhausted, errs.Corrupt:
		return "the plugin failed: its log says why"
	}
	return kind.String()
}

// From turns the error of a gRPC call into an *errs.Error, whose message is one line of
// at most MaxMessageBytes whatever the other side sent. Errors that did not come from
// gRPC keep the kind that KindOf gives them, and so does an *errs.Error that wraps a
// status.
func From(err error) error {
	var known *errs.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	s, ok := status.FromError(err)
	if !ok {
		return err
	}
	kind, ok := kindOf[s.Code()]
	if !ok || s.Code() == codes.ResourceExhausted && strings.HasPrefix(s.Message(), "grpc: ") {
		// gRPC itself uses the code for a message that is too large: that is a
		// defect of the sender and no full store.
		kind = errs.Internal
	}
	message := line(s.Message())
	if message != s.Message() {
		err = status.Error(s.Code(), message)
	}
	return &errs.Error{Kind: kind, Message: message, Err: err}
}

// MaxMessageBytes bounds the messages of From.
const MaxMessageBytes = 1 << 10

// line makes text one line of valid UTF-8 and of at most MaxMessageBytes.
func line(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), MaxMessageBytes)], "")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}
