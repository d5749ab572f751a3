package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Rows of mediatype serve as marks of what was committed.
const (
	mark  statement = `INSERT INTO mediatype (name) VALUES ($1) RETURNING id`
	marks statement = `SELECT COUNT(*) FROM mediatype WHERE name LIKE 'mark%'`
)

func addMark(name string) func(*Tx) error {
	return func(tx *Tx) error {
		_, err := tx.insert(mark, "mark "+name)
		return err
	}
}

// hold keeps the writer busy, so that what follows queues up, until release.
func (f *fixture) hold() (release func()) {
	f.t.Helper()
	begun, gate, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- f.change(context.Background(), false, func(*Tx) error {
			close(begun)
			<-gate
			return nil
		})
	}()
	<-begun
	return sync.OnceFunc(func() {
		close(gate)
		if err := <-done; err != nil {
			f.t.Errorf("the change that held the writer: %v", err)
		}
	})
}

// queue hands changes over in order while the writer is held, and returns what
// collects their outcomes.
func (f *fixture) queue(ctx context.Context, fns ...func(*Tx) error) (outcomes func() []error) {
	f.t.Helper()
	results := make([]chan error, len(fns))
	for i, fn := range fns {
		results[i] = make(chan error, 1)
		before := len(f.engine.(*sqlite).writer.queue)
		go func() { results[i] <- f.change(ctx, false, fn) }()
		for len(f.engine.(*sqlite).writer.queue) == before {
			time.Sleep(time.Millisecond)
		}
	}
	return func() []error {
		all := make([]error, len(fns))
		for i, c := range results {
			all[i] = <-c
		}
		return all
	}
}

// TestBatch proves that changes which queue up are committed together, and that
// those which fail take nothing of the others with them.
func TestBatch(t *testing.T) {
	f := open(t)
	errOne := errors.New("one fails")
	var inside, outside []int
	look := func(tx *Tx) error {
		var n int
		if err := tx.row(marks).Scan(&n); err != nil {
			return err
		}
		inside = append(inside, n)
		if err := f.row(context.Background(), marks).Scan(&n); err != nil {
			return err
		}
		outside = append(outside, n)
		return nil
	}
	failAfter := func(name string, err error) func(*Tx) error {
		return func(tx *Tx) error { return errors.Join(addMark(name)(tx), err) }
	}
	release := f.hold()
	outcomes := f.queue(t.Context(), addMark("a"), failAfter("b", errOne), look, addMark("a"), addMark("c"), look)
	release()
	all := outcomes()
	for i, want := range []func(error) bool{
		0: nil, 1: func(err error) bool { return errors.Is(err, errOne) },
		2: nil, 3: func(err error) bool { return errs.Is(err, errs.Exists) }, 4: nil, 5: nil,
	} {
		if want == nil && all[i] != nil || want != nil && !want(all[i]) {
			t.Errorf("change %d: %v", i, all[i])
		}
	}
	// A reader saw nothing while the changes saw each other: one transaction.
	if fmt.Sprint(inside, outside) != "[1 2] [0 0]" {
		t.Errorf("the changes saw %v marks, readers saw %v", inside, outside)
	}
	if n := value[int](f, marks); n != 2 {
		t.Errorf("%d marks were committed, want 2", n)
	}
}

// TestPanic proves that a panic in a change is that change's error, undoes what
// it did, and that the writer lives on.
func TestPanic(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		err := f.change(t.Context(), false, func(tx *Tx) error {
			_ = addMark("a")(tx)
			panic("a defect")
		})
		if !errs.Is(err, errs.Internal) || !strings.Contains(err.Error(), "a defect") {
			t.Errorf("got %v", err)
		}
		f.must(f.change(t.Context(), false, addMark("b")))
		if n := value[int](f, marks); n != 1 {
			t.Errorf("%d marks were committed, want 1", n)
		}
	})
}

// TestChangeCancelled proves that a change whose context ends before its turn is
// not run, whether it is in the queue or still waits for a place in it.
func TestChangeCancelled(t *testing.T) {
	f := open(t)
	release := f.hold()
	ctx, cancel := context.WithCancel(t.Context())
	run := false
	never := func(*Tx) error { run = true; return nil }
	queued := f.queue(ctx, never)
	fillers := make([]func(*Tx) error, maxBatch-1)
	for i := range fillers {
		fillers[i] = func(*Tx) error { return nil }
	}
	filled := f.queue(t.Context(), fillers...)
	waiting := make(chan error, 1)
	go func() { waiting <- f.change(ctx, false, never) }()
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for a full queue: %v", err)
	}
	release()
	if err := queued()[0]; !errors.Is(err, context.Canceled) {
		t.Errorf("in the queue: %v", err)
	}
	for _, err := range filled() {
		f.must(err)
	}
	if run {
		t.Error("a cancelled change was run")
	}
}

// TestChangeBegun proves that a change which has begun is committed, and its
// caller told so, though the caller's context ends meanwhile.
func TestChangeBegun(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx, cancel := context.WithCancel(t.Context())
		f.must(f.change(ctx, false, func(tx *Tx) error {
			cancel()
			return addMark("a")(tx)
		}))
		if n := value[int](f, marks); n != 1 {
			t.Errorf("%d marks were committed, want 1", n)
		}
	})
}

// TestCloseWaits proves that Close commits what was accepted before it returns,
// that nothing is accepted afterwards, and that it may be called twice.
func TestCloseWaits(t *testing.T) {
	f := open(t)
	release := f.hold()
	outcomes := f.queue(t.Context(), addMark("a"), addMark("b"))
	closed := make(chan error, 1)
	go func() { closed <- f.engine.(*sqlite).writer.close() }()
	select {
	case err := <-closed:
		t.Fatalf("closed with changes in the queue: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	release()
	if err := errors.Join(append(outcomes(), <-closed)...); err != nil {
		t.Error(err)
	}
	if n := value[int](f, marks); n != 2 {
		t.Errorf("%d marks were committed, want 2", n)
	}
	wantKind(t, "a change after the end", f.change(t.Context(), false, addMark("c")), errs.Unavailable)
	f.must(f.engine.(*sqlite).writer.close())
	f.must(f.Close())
	if err := f.Ping(t.Context()); err == nil {
		t.Error("a closed database answers")
	}
}

// TestDurable proves that a batch is synced to the disk when one of its changes
// asks for it, and that the next one is not.
func TestDurable(t *testing.T) {
	f := open(t)
	level := func(durable bool) (got int) {
		f.must(f.change(t.Context(), durable, func(tx *Tx) error {
			return tx.row(`PRAGMA synchronous`).Scan(&got)
		}))
		return got
	}
	const normal, full = 1, 2
	for i, durable := range []bool{true, true, false, true, false} {
		want := normal
		if durable {
			want = full
		}
		if got := level(durable); got != want {
			t.Errorf("change %d, durable %v: synchronous is %d, want %d", i, durable, got, want)
		}
	}
}

// TestConcurrent proves that 64 writers and 64 readers of one database never meet
// a lock, and that every change is there in the end.
func TestConcurrent(t *testing.T) {
	const clients, changes = 64, 8
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("public/busy")
		var wg sync.WaitGroup
		for i := range clients {
			wg.Go(func() {
				for j := range changes {
					if err := f.change(t.Context(), j%2 == 0, addMark(fmt.Sprintf("%d %d", i, j))); err != nil {
						t.Errorf("writer %d: %v", i, err)
					}
				}
			})
			wg.Go(func() {
				for range 4 * changes {
					if _, err := f.Tags(t.Context(), repo, "", time.Now(), 10); err != nil {
						t.Errorf("reader %d: %v", i, err)
					}
				}
			})
		}
		wg.Wait()
		if n := value[int](f, marks); n != clients*changes {
			t.Errorf("%d changes were committed, want %d", n, clients*changes)
		}
	})
}
