package lock

import (
	"context"
	"sync"
	"time"
)

// Process is a Locker for one process that is alone, such as a mirror. Its locks
// end by being released only: a process that has died has no locks.
type Process struct {
	mu   sync.Mutex
	held map[string]chan struct{} // closed when the lock is released
}

// NewProcess returns a Locker without locks.
func NewProcess() *Process { return &Process{held: make(map[string]chan struct{})} }

// Acquire implements Locker.
func (p *Process) Acquire(ctx context.Context, name string, opts Options) (*Lock, error) {
	timer := time.NewTimer(opts.withDefaults().Wait)
	defer timer.Stop()
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		released := p.take(name)
		if released == nil {
			return hold(ctx, func(context.Context) error {
				p.give(name)
				return nil
			}), nil
		}
		select {
		case <-released:
		case <-timer.C:
			return nil, ErrHeld
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// take takes a lock, or returns what is closed when its holder releases it.
func (p *Process) take(name string) (released <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c := p.held[name]; c != nil {
		return c
	}
	p.held[name] = make(chan struct{})
	return nil
}

func (p *Process) give(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.held[name])
	delete(p.held, name)
}
