package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

// Only the messages of our own errors are for everybody: what lies below them may
// have addresses, paths and secrets in it.
func TestPublic(t *testing.T) {
	cause := errors.New("dial tcp 10.0.0.1: secret")
	inner := errs.Wrap(errs.Unavailable, cause, "the store is down")
	for _, test := range []struct {
		err  error
		want string
	}{
		{inner, "the store is down"},
		{errs.Wrap(errs.Internal, inner, "no picture"), "no picture: the store is down"},
		{errs.Wrap(errs.Internal, fmt.Errorf("read: %w", inner), "no picture"), "no picture: the store is down"},
		{errs.Wrap(errs.Internal, inner, "the store is down"), "the store is down"},
		{cause, "internal"},
		{&errs.Error{Kind: errs.NotFound, Err: cause}, "not found"},
	} {
		if got := errs.Public(test.err); got != test.want {
			t.Errorf("%v: %q, not %q", test.err, got, test.want)
		}
	}
}
