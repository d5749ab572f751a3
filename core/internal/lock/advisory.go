package lock

import (
	"context"
	"errors"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Sessions takes advisory locks of a PostgreSQL database, each in a session of its
// own.
type Sessions interface {
	// HoldAdvisory takes the lock of an id and keeps it until release is called.
	// errs.Conflict when another session has it for longer than the wait. lost is
	// closed when the session ends before.
	HoldAdvisory(ctx context.Context, id int64, wait time.Duration) (lost <-chan struct{}, release func(context.Context) error, err error)
}

// Advisory is a Locker for all processes that use one PostgreSQL database, for
// registries without Redis. A holder that dies loses its locks when the server
// notices. The Python product takes none of these: its workers lock in Redis.
type Advisory struct{ sessions Sessions }

// NewAdvisory returns a Locker in a database.
func NewAdvisory(s Sessions) *Advisory { return &Advisory{s} }

// Acquire implements Locker.
func (a *Advisory) Acquire(ctx context.Context, name string, opts Options) (*Lock, error) {
	lost, release, err := a.sessions.HoldAdvisory(ctx, domain.AdvisoryLock(name, 0), opts.withDefaults().Wait)
	switch {
	case errs.Is(err, errs.Conflict):
		return nil, ErrHeld
	case err != nil:
		return nil, err
	}
	l := hold(ctx, nil)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-lost:
			l.cancel(ErrLost)
		case <-l.ctx.Done():
		}
	}()
	l.release = func(ctx context.Context) error {
		gone := errors.Is(context.Cause(l.ctx), ErrLost)
		l.cancel(context.Canceled)
		<-watched
		err := release(ctx)
		if gone {
			return ErrLost
		}
		return err
	}
	return l, nil
}
