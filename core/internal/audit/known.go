package audit

import (
	"context"
	"sync"
	"time"

	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/keys"
)

// Callers are looked up at most this often, and at most so many are kept. An entry may
// have the name that an account had ten seconds ago.
const (
	knownFor = 10 * time.Second
	knownMax = 4096
)

// known remembers for a moment who callers are: the pulls of one image have one caller.
type known struct {
	resolve func(context.Context, keys.Entity) (authn.Caller, error)
	now     func() time.Time

	mu      sync.Mutex
	callers map[keys.Entity]authn.Caller
	since   time.Time
}

func (k *known) caller(ctx context.Context, e keys.Entity) (authn.Caller, error) {
	if e.Kind == "" || e.Kind == keys.Anonymous {
		return authn.Caller{}, nil
	}
	if c, ok := k.get(e); ok {
		return c, nil
	}
	c, err := k.resolve(ctx, e)
	if err == nil {
		k.put(e, c)
	}
	return c, err
}

func (k *known) get(e keys.Entity) (authn.Caller, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := k.now(); now.Sub(k.since) >= knownFor || len(k.callers) >= knownMax {
		k.callers, k.since = make(map[keys.Entity]authn.Caller), now
	}
	c, ok := k.callers[e]
	return c, ok
}

func (k *known) put(e keys.Entity, c authn.Caller) {
	k.mu.Lock()
	k.callers[e] = c
	k.mu.Unlock()
}
