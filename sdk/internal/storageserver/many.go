package storageserver

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/quay/quay/sdk/errs/grpcerr"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/storage"
)

const (
	// listBatch bounds the objects of one message: that many of the longest paths fit.
	listBatch = 1000
	// listWait is how long objects wait for others. The host takes a driver for a silent
	// one that sends nothing for some time, however many it finds.
	listWait = 200 * time.Millisecond
	// deletions is how many objects of one call are deleted at once: a service that takes
	// 50 ms for each has deleted as many as a call may have in 3 s.
	deletions = 16
)

// listing sends the objects that a driver finds, many at a time.
type listing struct {
	send    func(*storagev1.ListResponse) error
	objects []*storagev1.Object
	sent    time.Time // the last time
}

func (l *listing) add(info storage.Info) error {
	object := &storagev1.Object{Path: info.Path, Size: info.Size}
	if !info.Modified.IsZero() {
		object.ModifiedMs = info.Modified.UnixMilli()
	}
	if l.objects = append(l.objects, object); len(l.objects) < listBatch && time.Since(l.sent) < listWait {
		return nil
	}
	return l.flush()
}

// flush sends what waits.
func (l *listing) flush() error {
	if len(l.objects) == 0 {
		return nil
	}
	err := l.send(&storagev1.ListResponse{Objects: l.objects})
	l.objects = nil // The message may still be in use.
	l.sent = time.Now()
	return grpcerr.From(err)
}

// deleteEach deletes objects, several at a time, until one cannot be deleted. It panics
// when a deletion does, in the goroutine of the call, where it becomes an error.
func deleteEach(ctx context.Context, store storage.Store, paths []string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan string)
	panics := make(chan string, deletions)
	var workers sync.WaitGroup
	for range min(deletions, len(paths)) {
		workers.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					panics <- fmt.Sprintf("%v\n%s", p, debug.Stack())
					cancel(context.Canceled)
				}
			}()
			for path := range next {
				if err := store.Delete(ctx, path); err != nil {
					cancel(err)
				}
			}
		})
	}
	hand(ctx, next, paths)
	workers.Wait()
	select {
	case p := <-panics:
		panic(p)
	default:
		return context.Cause(ctx)
	}
}

// hand gives paths to the workers until ctx ends, and closes next.
func hand(ctx context.Context, next chan<- string, paths []string) {
	defer close(next)
	for _, path := range paths {
		select {
		case next <- path:
		case <-ctx.Done():
			return
		}
	}
}
