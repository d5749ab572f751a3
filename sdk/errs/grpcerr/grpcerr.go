// Package grpcerr is the one place where kinds of errors become codes of gRPC and
// the other way round. It stands apart from package errs so that rules, which use
// the kinds, do not come to depend on a transport.
package grpcerr

import (
	"errors"
	"strings"

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

// To turns err into what a gRPC handler returns. Only the kind and the
// message cross the wire; the cause stays in the sender's log.
func To(err error) error {
	if err == nil {
		return nil
	}
	var e *errs.Error
	if errors.As(err, &e) && e.Message != "" {
		return status.Error(codeOf[e.Kind], e.Message)
	}
	if _, ok := status.FromError(err); ok {
		return err
	}
	return status.Error(codeOf[errs.KindOf(err)], err.Error())
}

// From turns the error of a gRPC call into an *errs.Error. Errors that did not
// come from gRPC keep the kind that KindOf gives them, and so does an *errs.Error that
// wraps a status.
func From(err error) error {
	var known *errs.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if s, ok := status.FromError(err); ok {
		kind, known := kindOf[s.Code()]
		if !known || s.Code() == codes.ResourceExhausted && strings.HasPrefix(s.Message(), "grpc: ") {
			// gRPC itself uses the code for a message that is too large: that is a
			// defect of the sender and no full store.
			kind = errs.Internal
		}
		return &errs.Error{Kind: kind, Message: s.Message(), Err: err}
	}
	return err
}
