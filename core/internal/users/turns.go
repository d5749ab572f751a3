package users

import (
	"context"
	"sync"
)

// turns lets one at a time do something under a name. Names that nobody uses cost
// nothing.
type turns struct {
	mu      sync.Mutex
	waiting map[string]*turn
}

type turn struct {
	free  chan struct{} // has one element while nobody has the turn
	users int
}

// take waits for the turn of a name. The caller releases it.
func (t *turns) take(ctx context.Context, name string) (release func(), err error) {
	t.mu.Lock()
	w := t.waiting[name]
	if w == nil {
		w = &turn{free: make(chan struct{}, 1)}
		w.free <- struct{}{}
		t.waiting[name] = w
	}
	w.users++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		if w.users--; w.users == 0 {
			delete(t.waiting, name)
		}
		t.mu.Unlock()
	}
	select {
	case <-w.free:
		return func() {
			w.free <- struct{}{}
			leave()
		}, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
