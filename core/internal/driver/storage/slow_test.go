package storage_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/sdk/errs"
	api "github.com/quay/quay/sdk/storage"
)

// slow is a store that finds one object after the other, each well within the limit.
type slow struct{ api.Store }

func (slow) List(ctx context.Context, prefix string, fn func(api.Info) error) error {
	for i := range 30 {
		time.Sleep(50 * time.Millisecond)
		if err := fn(api.Info{Path: fmt.Sprintf("%s%03d", prefix, i)}); err != nil {
			return err
		}
	}
	return nil
}

func (slow) Delete(context.Context, string) error {
	time.Sleep(5 * time.Millisecond)
	return nil
}

// TestSlowListing proves that a driver which finds objects all the time is not taken for
// a silent one.
func TestSlowListing(t *testing.T) {
	l := storage.NewLocation(startDriver(t, opener{slow{memoryStore{newMemory()}}}), "default", storage.Options{IdleTimeout: time.Second})
	defer l.Close()
	n := 0
	err := l.List(t.Context(), "a/", func(string, int64) error { n++; return nil })
	if err != nil || n != 30 {
		t.Errorf("%d objects, error %v", n, err)
	}
}

// TestSlowDeletion proves that a store without a bulk deletion can delete as many objects
// as one call takes, each in 5 ms: by default it has a minute, which is 60 ms for each.
func TestSlowDeletion(t *testing.T) {
	l := storage.NewLocation(startDriver(t, opener{slow{memoryStore{newMemory()}}}), "default", storage.Options{DeleteTimeout: time.Second})
	defer l.Close()
	var paths []string
	for i := range 1000 {
		paths = append(paths, fmt.Sprintf("a/%d", i))
	}
	if err := l.Delete(t.Context(), paths...); err != nil {
		t.Error(err)
	}
}

// partwise is a store that reads a part and stores it before it reads the next one, as
// those of object stores do.
type partwise struct{ api.Store }

func (partwise) Put(_ context.Context, _ string, r io.Reader) error {
	part := make([]byte, 2<<20)
	for {
		_, err := io.ReadFull(r, part)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
		time.Sleep(600 * time.Millisecond) // It is on its way to the object store.
	}
}

// TestSlowParts proves that a driver which takes longer for a part than it may take for
// an answer, and goes on then, is not taken for a silent one: 64 MiB at 2 MiB/s take 32 s.
// One that takes longer than a part may is.
func TestSlowParts(t *testing.T) {
	store := plainStore{Store: partwise{memoryStore{newMemory()}}}
	sup := startDriver(t, opener{store})
	for limit, kind := range map[time.Duration]errs.Kind{3 * time.Second: 0, 200 * time.Millisecond: errs.Timeout} {
		l := storage.NewLocation(sup, "default", storage.Options{
			IdleTimeout: 300 * time.Millisecond, CommitTimeout: 100 * time.Millisecond, TransferTimeout: limit,
		})
		defer l.Close()
		if err := l.Put(t.Context(), "a", bytes.NewReader(make([]byte, 10<<20))); kind == 0 && err != nil || kind != 0 && !errs.Is(err, kind) {
			t.Errorf("with %v for a part: %v", limit, err)
		}
	}
}
