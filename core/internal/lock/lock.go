// Package lock has locks by name between workers: of one process, of all that use
// one PostgreSQL database, or of all that use one Redis, the Python product's
// among them (its util/locking.py, GlobalLock).
//
// They keep two workers from doing the same work twice. None of them may guard what
// must not happen twice: a process that stops for a while, or a network that does,
// can leave two holders for a moment. The holder's context says when it is no
// longer the holder; the database's own constraints and transactions do the rest.
package lock

import (
	"context"
	"errors"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Defaults of Options, those of the product.
const (
	DefaultTTL  = 600 * time.Second
	DefaultWait = 5 * time.Second
)

// ErrHeld says that somebody else has the lock.
var ErrHeld = &errs.Error{Kind: errs.Conflict, Reason: "lock_held", Message: "somebody else has the lock"}

// ErrLost says that the lock ended before it was released: its time was over, or
// its backing is gone. It is the cause of the end of a holder's context.
var ErrLost = &errs.Error{Kind: errs.Conflict, Reason: "lock_lost", Message: "the lock was lost"}

// Options of Acquire.
type Options struct {
	// TTL is after how long others get the lock of a holder that has died, in whole
	// seconds, rounded up; zero means DefaultTTL. A holder that lives loses it then,
	// too, without Renew. Backings that see a holder die need no TTL and ignore it.
	TTL time.Duration
	// Renew keeps the lock until it is released.
	Renew bool
	// Wait is how long to wait for another holder; zero means DefaultWait, and less
	// than zero not at all.
	Wait time.Duration
}

func (o Options) withDefaults() Options {
	if o.TTL <= 0 {
		o.TTL = DefaultTTL
	}
	o.TTL = (o.TTL + time.Second - 1).Truncate(time.Second)
	if o.Wait == 0 {
		o.Wait = DefaultWait
	}
	o.Wait = max(o.Wait, 0)
	return o
}

// Locker takes locks.
type Locker interface {
	// Acquire takes the lock of a name. It fails with ErrHeld when another holder
	// keeps it for longer than the options wait, with errs.Unavailable when the
	// backing cannot be reached, and with ctx's error when that ends.
	Acquire(ctx context.Context, name string, opts Options) (*Lock, error)
}

// Skips reports whether an error of Acquire or Do means that the work is left to
// another time: somebody else does it, or nobody can know. Workers go on with
// something else then, as the product's do.
func Skips(err error) bool {
	return errors.Is(err, ErrHeld) || errs.Is(err, errs.Unavailable)
}

// Lock is a lock that is held. Release it.
type Lock struct {
	ctx     context.Context
	cancel  context.CancelCauseFunc
	release func(context.Context) error
}

// hold makes a lock whose context descends from ctx.
func hold(ctx context.Context, release func(context.Context) error) *Lock {
	l := &Lock{release: release}
	l.ctx, l.cancel = context.WithCancelCause(ctx)
	return l
}

// Context is for the work under the lock: it ends, with ErrLost as its cause, when
// the lock is held no longer, and with the context of Acquire.
func (l *Lock) Context() context.Context { return l.ctx }

// Release gives the lock back and ends its context. It fails with ErrLost when the
// lock was lost before. It is called once.
func (l *Lock) Release(ctx context.Context) error {
	defer l.cancel(context.Canceled)
	return l.release(ctx)
}

// Do runs fn under a lock. What fn returns goes before what becomes of the lock;
// an error that fn got from its context is ErrLost where that is why it ended.
func Do(ctx context.Context, locker Locker, name string, opts Options, fn func(ctx context.Context) error) error {
	l, err := locker.Acquire(ctx, name, opts)
	if err != nil {
		return err
	}
	err = fn(l.Context())
	if errs.Is(err, errs.Canceled) && errors.Is(context.Cause(l.ctx), ErrLost) {
		err = ErrLost
	}
	return errors.Join(err, l.Release(context.WithoutCancel(ctx)))
}
