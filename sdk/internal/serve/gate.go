package serve

import (
	"context"
	"sync"
)

// gate counts the calls that are under way and can be closed.
type gate struct {
	mu     sync.Mutex
	calls  int
	closed bool
	idle   chan struct{} // made by the first close, closed when calls reaches zero
}

// enter admits a call unless the gate is closed. Each true needs one leave.
func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.calls++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls--
	if g.closed && g.calls == 0 {
		close(g.idle)
	}
}

// close admits no further call and returns when none is under way or ctx ends.
func (g *gate) close(ctx context.Context) error {
	g.mu.Lock()
	if !g.closed {
		g.closed = true
		g.idle = make(chan struct{})
		if g.calls == 0 {
			close(g.idle)
		}
	}
	idle := g.idle
	g.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
