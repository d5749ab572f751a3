package outbox

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// far is where things are sent to.
type far struct {
	mu      sync.Mutex
	batches [][]int
	gate    chan struct{} // a send waits for it, if there is one
	fails   int           // so many times
}

func (f *far) send(ctx context.Context, batch []int) error {
	if f.gate != nil {
		select {
		case <-f.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails > 0 {
		f.fails--
		return errors.New("down")
	}
	f.batches = append(f.batches, slices.Clone(batch))
	return nil
}

func start(f *far, size int) *Outbox[int] {
	return Start(Options[int]{Send: f.send, What: "things", Size: size, Batch: 3, Logger: slog.New(slog.DiscardHandler)})
}

// TestBatches proves that what comes while something is sent is sent together, in its
// order, and that Close sends what waits.
func TestBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &far{gate: make(chan struct{})}
		o := start(f, 0)
		for i := range 8 {
			o.Add(i)
			synctest.Wait() // the first is being sent alone
		}
		close(f.gate)
		if err := o.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(f.batches, [][]int{{0}, {1, 2, 3}, {4, 5, 6}, {7}}, slices.Equal) {
			t.Errorf("sent %v", f.batches)
		}
		if c := o.Counts(); c != (Counts{Sent: 8}) {
			t.Errorf("%+v", c)
		}
		o.Add(9)
		if c := o.Counts(); c.Dropped != 1 || o.Close(t.Context()) != nil {
			t.Errorf("after Close: %+v", c)
		}
	})
}

// TestFull proves that who adds something does not wait, and that what does not fit is
// dropped and counted.
func TestFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &far{gate: make(chan struct{})}
		o := start(f, 2)
		for i := range 5 {
			o.Add(i)
			synctest.Wait()
		}
		if c := o.Counts(); c != (Counts{Waiting: 2, Dropped: 2}) {
			t.Errorf("%+v", c)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := o.Close(ctx); err != nil { // nobody opens the gate
			t.Fatal(err)
		}
		if c := o.Counts(); c.Dropped != 5 || len(f.batches) != 0 {
			t.Errorf("%+v, sent %v", c, f.batches)
		}
	})
}

// TestTries proves that a batch is sent again a few times, and then given up, so that
// the next ones get their turn.
func TestTries(t *testing.T) {
	for fails, want := range map[int]Counts{2: {Sent: 1}, 3: {Dropped: 1}} {
		synctest.Test(t, func(t *testing.T) {
			f := &far{fails: fails}
			o := start(f, 0)
			o.Add(1)
			time.Sleep(time.Minute)
			if c := o.Counts(); c != want {
				t.Errorf("%d failures: %+v", fails, c)
			}
			o.Add(2)
			_ = o.Close(t.Context())
			if c := o.Counts(); c.Sent != want.Sent+1 {
				t.Errorf("%d failures, afterwards: %+v", fails, c)
			}
		})
	}
}
