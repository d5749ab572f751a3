package distributiondriver

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"

	"github.com/quay/quay/sdk/errs"
)

// failure gives an error of the driver its kind and a sentence without the driver's
// words, which may name what clients must not see; the cause keeps them for the log.
// what says what was tried: "read the object". Errors that have a kind, such as those
// of the reader of a Put, are returned as they are.
func (s *store) failure(ctx context.Context, err error, what string) error {
	var known *errs.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case context.Cause(ctx) != nil:
		return context.Cause(ctx)
	}
	kind, _ := kindOf(err, s.options.Kind)
	switch kind {
	case errs.NotFound:
		return errs.Wrap(kind, err, "cannot %s: it does not exist", what)
	case errs.Exhausted:
		return errs.Wrap(kind, err, "cannot %s: the storage is full or its quota is used up", what)
	case errs.Denied:
		return errs.Wrap(kind, err, "cannot %s: the storage denies it; check the credentials and their rights", what)
	case errs.Invalid:
		return errs.Wrap(kind, err, "cannot %s: the storage does not take the path", what)
	case errs.Unavailable:
		return errs.Wrap(kind, err, "cannot %s: the storage does not answer", what)
	}
	return errs.Wrap(kind, err, "cannot %s: the storage driver %s failed", what, s.driver.Name())
}

// notDirectory tells whether a driver refused to look below an object. There is no
// type for it in distribution: its drivers say it in these words, which are also the
// system's.
func notDirectory(err error) bool {
	return err != nil && strings.Contains(err.Error(), "not a directory")
}

// kindOf classifies an error of a driver; known, which may be nil, is asked first. It
// returns Internal and false for one that says nothing.
func kindOf(err error, known func(error) (errs.Kind, bool)) (errs.Kind, bool) {
	err = expose(err)
	if known != nil {
		if kind, ok := known(err); ok {
			return kind, true
		}
	}
	if kind, ok := driverKind(err); ok {
		return kind, true
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		if kind, ok := systemKind(errno); ok {
			return kind, true
		}
	}
	if answer, ok := errors.AsType[statusError](err); ok {
		if kind, ok := StatusKind(answer.StatusCode()); ok {
			return kind, true
		}
	}
	_, connection := errors.AsType[*net.OpError](err)
	_, request := errors.AsType[*url.Error](err)
	// The context of the call goes on: a deadline is one of the driver's own.
	if connection || request || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.DeadlineExceeded) {
		return errs.Unavailable, true
	}
	return errs.Internal, false
}

// statusError is the error of a client of an HTTP service.
type statusError interface {
	error
	StatusCode() int
}

// expose makes package errors find what err wraps. The errors of distribution have no
// Unwrap, and those of the first AWS SDK call it OrigErr.
func expose(err error) error {
	type original interface {
		error
		OrigErr() error
	}
	if e, ok := errors.AsType[storagedriver.Error](err); ok && e.Detail != nil {
		return errors.Join(err, expose(e.Detail))
	}
	if many, ok := errors.AsType[storagedriver.Errors](err); ok {
		all := []error{err}
		for _, e := range many.Errs {
			all = append(all, expose(e))
		}
		return errors.Join(all...)
	}
	if e, ok := errors.AsType[original](err); ok && e.OrigErr() != nil {
		return errors.Join(err, expose(e.OrigErr()))
	}
	return err
}

// driverKind classifies the errors that distribution has types for.
func driverKind(err error) (errs.Kind, bool) {
	if _, ok := errors.AsType[storagedriver.PathNotFoundError](err); ok {
		return errs.NotFound, true
	}
	if _, ok := errors.AsType[storagedriver.InvalidOffsetError](err); ok {
		return errs.OutOfRange, true
	}
	if _, ok := errors.AsType[storagedriver.InvalidPathError](err); ok {
		return errs.Invalid, true
	}
	if _, ok := errors.AsType[storagedriver.ErrUnsupportedMethod](err); ok {
		return errs.Unsupported, true
	}
	return errs.Internal, false
}

func systemKind(err syscall.Errno) (errs.Kind, bool) {
	switch err {
	case syscall.ENOENT, syscall.ENOTDIR:
		return errs.NotFound, true
	case syscall.ENOSPC, syscall.EDQUOT:
		return errs.Exhausted, true
	case syscall.EACCES, syscall.EPERM, syscall.EROFS:
		return errs.Denied, true
	case syscall.ENAMETOOLONG:
		return errs.Invalid, true
	case syscall.EMFILE, syscall.ENFILE, syscall.ESTALE:
		return errs.Unavailable, true
	}
	if err.Temporary() || err.Timeout() {
		return errs.Unavailable, true
	}
	return errs.Internal, false
}

// StatusKind classifies the status of an HTTP service, for Options.Kind; false means
// that it says nothing. 404 does not: it may be the bucket that is missing, and drivers
// say themselves when it is an object.
func StatusKind(status int) (errs.Kind, bool) {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return errs.Denied, true
	case status == http.StatusInsufficientStorage:
		return errs.Exhausted, true
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= 500:
		return errs.Unavailable, true
	}
	return errs.Internal, false
}
