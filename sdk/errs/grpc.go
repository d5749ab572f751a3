package errs

import (
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// codeOf maps kinds to gRPC codes; kindOf is its inverse.
var codeOf = map[Kind]codes.Code{
	Internal:        codes.Internal,
	NotFound:        codes.NotFound,
	Exists:          codes.AlreadyExists,
	Invalid:         codes.InvalidArgument,
	Unauthenticated: codes.Unauthenticated,
	Denied:          codes.PermissionDenied,
	Conflict:        codes.FailedPrecondition,
	OutOfRange:      codes.OutOfRange,
	TooLarge:        codes.Aborted,
	Exhausted:       codes.ResourceExhausted,
	Unsupported:     codes.Unimplemented,
	Unavailable:     codes.Unavailable,
	Timeout:         codes.DeadlineExceeded,
	Canceled:        codes.Canceled,
	Corrupt:         codes.DataLoss,
}

var kindOf = func() map[codes.Code]Kind {
	m := make(map[codes.Code]Kind, len(codeOf))
	for k, c := range codeOf {
		m[c] = k
	}
	return m
}()

// ToStatus turns err into what a gRPC handler returns. Only the kind and the
// message cross the wire; the cause stays in the sender's log.
func ToStatus(err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) && e.Message != "" {
		return status.Error(codeOf[e.Kind], e.Message)
	}
	if _, ok := status.FromError(err); ok {
		return err
	}
	return status.Error(codeOf[KindOf(err)], err.Error())
}

// FromStatus turns the error of a gRPC call into an *Error. Errors that did not
// come from gRPC keep the kind that KindOf gives them, and so does an *Error that
// wraps a status.
func FromStatus(err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if s, ok := status.FromError(err); ok {
		kind, known := kindOf[s.Code()]
		if !known {
			kind = Internal
		}
		return &Error{Kind: kind, Message: s.Message(), Err: err}
	}
	return err
}
