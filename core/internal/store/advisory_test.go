package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/sdk/errs"
)

// TestAdvisory proves that a lock in the database has one holder, that others wait
// for it no longer than they want to, and that it excludes the locks that the
// Python product takes in its transactions.
func TestAdvisory(t *testing.T) {
	f := openServer(t)
	var locker lock.Locker = lock.NewAdvisory(f.Store)
	first, err := locker.Acquire(f.ctx, "gc", lock.Options{})
	f.must(err)
	if _, err := locker.Acquire(f.ctx, "gc", lock.Options{Wait: 50 * time.Millisecond}); !errors.Is(err, lock.ErrHeld) {
		t.Errorf("a second holder: %v", err)
	}
	other, err := locker.Acquire(f.ctx, "other", lock.Options{Wait: -1})
	if err != nil {
		t.Errorf("a lock of another name: %v", err)
	} else {
		f.must(other.Release(f.ctx))
	}
	ctx, cancel := context.WithTimeout(f.ctx, 50*time.Millisecond)
	defer cancel()
	if _, err := locker.Acquire(ctx, "gc", lock.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a caller that goes away: %v", err)
	}

	transaction := make(chan error, 1)
	go func() {
		transaction <- f.change(f.ctx, true, func(tx *Tx) error { return tx.lock(domain.AdvisoryLock("gc", 0)) })
	}()
	select {
	case err := <-transaction:
		t.Errorf("a transaction got the lock: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	f.must(first.Release(f.ctx))
	f.must(<-transaction)
	if first.Context().Err() == nil {
		t.Error("the holder's context goes on")
	}
	again, err := locker.Acquire(f.ctx, "gc", lock.Options{})
	f.must(err)
	f.must(again.Release(f.ctx))
}

// TestAdvisoryLost proves that a holder whose session was ended is told.
func TestAdvisoryLost(t *testing.T) {
	f := openServer(t)
	held, err := lock.NewAdvisory(f.Store).Acquire(f.ctx, "gc", lock.Options{})
	f.must(err)
	// Other tests use the server too, and locks of other databases are listed as well.
	if n := value[int](f, `SELECT COUNT(pg_terminate_backend(pid)) FROM pg_locks
		WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); n != 1 {
		t.Fatalf("%d sessions have a lock", n)
	}
	select {
	case <-held.Context().Done():
	case <-time.After(3 * sessionCheck):
		t.Fatal("the holder does not know")
	}
	if !errors.Is(context.Cause(held.Context()), lock.ErrLost) {
		t.Errorf("the cause is %v", context.Cause(held.Context()))
	}
	if err := held.Release(f.ctx); !errors.Is(err, lock.ErrLost) {
		t.Errorf("release: %v", err)
	}
}

// TestAdvisoryOnSQLite proves that a database without such locks says so.
func TestAdvisoryOnSQLite(t *testing.T) {
	f := open(t)
	_, err := lock.NewAdvisory(f.Store).Acquire(f.ctx, "gc", lock.Options{})
	wantKind(t, "a lock", err, errs.Unsupported)
}
