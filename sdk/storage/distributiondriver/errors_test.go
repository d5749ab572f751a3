package distributiondriver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"
	"github.com/distribution/distribution/v3/registry/storage/driver/inmemory"

	"github.com/quay/quay/sdk/errs"
)

// serviceError is an error as the first AWS SDK has them.
type serviceError struct {
	status int
	cause  error
}

func (e serviceError) Error() string   { return fmt.Sprintf("status %d", e.status) }
func (e serviceError) StatusCode() int { return e.status }
func (e serviceError) OrigErr() error  { return e.cause }

// TestFailure proves that errors of drivers get the kinds that callers act on, however
// they are wrapped, and that the driver's words stay out of the message.
func TestFailure(t *testing.T) {
	system := func(errno error) error { return &os.PathError{Op: "open", Path: "/secret", Err: errno} }
	wrapped := func(err error) error { return storagedriver.Error{DriverName: "x", Detail: err} }
	quota := errors.New("secret: over quota")
	tests := []struct {
		err  error
		want errs.Kind
	}{
		{storagedriver.PathNotFoundError{Path: "/secret"}, errs.NotFound},
		{wrapped(fmt.Errorf("secret: %w", storagedriver.PathNotFoundError{})), errs.NotFound},
		{storagedriver.InvalidOffsetError{Path: "/secret"}, errs.OutOfRange},
		{storagedriver.InvalidPathError{Path: "/secret"}, errs.Invalid},
		{storagedriver.ErrUnsupportedMethod{DriverName: "x"}, errs.Unsupported},
		{storagedriver.Errors{Errs: []error{errors.New("secret"), system(syscall.ENOSPC)}}, errs.Exhausted},
		{errors.Join(errors.New("secret"), wrapped(system(syscall.EDQUOT))), errs.Exhausted},
		{wrapped(system(syscall.ENOTDIR)), errs.NotFound},
		{system(syscall.EACCES), errs.Denied},
		{system(syscall.EROFS), errs.Denied},
		{system(syscall.ENAMETOOLONG), errs.Invalid},
		{system(syscall.ETIMEDOUT), errs.Unavailable},
		{wrapped(system(syscall.EIO)), errs.Internal},
		{wrapped(serviceError{status: 403}), errs.Denied},
		{wrapped(serviceError{status: 404}), errs.Internal},
		{wrapped(serviceError{status: 503}), errs.Unavailable},
		{serviceError{status: 507}, errs.Exhausted},
		{serviceError{cause: &url.Error{Op: "Get", URL: "http://secret", Err: io.EOF}}, errs.Unavailable},
		{io.ErrUnexpectedEOF, errs.Unavailable},
		{wrapped(context.DeadlineExceeded), errs.Unavailable},
		{wrapped(quota), errs.TooLarge}, // as Options.Kind says
		{errors.New("secret"), errs.Internal},
		{errs.New(errs.Corrupt, "the digest differs"), errs.Corrupt},
	}
	s := &store{driver: inmemory.New(), options: Options{
		Kind: func(err error) (errs.Kind, bool) { return errs.TooLarge, errors.Is(err, quota) },
	}}
	for _, test := range tests {
		err := s.failure(t.Context(), test.err, "do it")
		if got := errs.KindOf(err); got != test.want {
			t.Errorf("%#v is %v, not %v", test.err, got, test.want)
		}
		var e *errs.Error
		if !errors.As(err, &e) || strings.Contains(e.Message, "secret") {
			t.Errorf("%#v has the message %q", test.err, e.Message)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errs.New(errs.Canceled, "enough"))
	if err := s.failure(ctx, errors.New("aborted"), "do it"); !errs.Is(err, errs.Canceled) {
		t.Errorf("after its context ended a call failed with %v", err)
	}
}
