package notify

import (
	"errors"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Later says that trying again helps, whatever the kind of err, and only after a time
// that the receiver has named, as it does by the field Retry-After of HTTP. A wait beyond
// MaxWait is cut to it, and one that is not positive means as for other errors.
func Later(err error, wait time.Duration) error {
	if err == nil {
		return nil
	}
	return &later{error: err, wait: min(max(wait, 0), MaxWait)}
}

type later struct {
	error
	wait time.Duration
}

func (l *later) Unwrap() error { return l.error }

// Wait returns how long to wait before the next attempt, as Later has it; zero when
// the error does not say.
func Wait(err error) time.Duration {
	var l *later
	if errors.As(err, &l) {
		return l.wait
	}
	return 0
}

// Final reports whether trying again cannot help. Of an error of Later it can.
func Final(err error) bool {
	var l *later
	if err == nil || errors.As(err, &l) {
		return false
	}
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Denied, errs.NotFound, errs.Unauthenticated, errs.TooLarge, errs.Unsupported:
		return true
	}
	return false
}
