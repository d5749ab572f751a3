package lock

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/quay/quay/sdk/errs"
)

// The form of a lock in Redis is that of python-redis-lock 4.0.0, which the Python
// product uses: the key lock:NAME has a value that only its holder knows, and a
// holder that releases it wakes one of those who wait with an element of the list
// lock-signal:NAME.

// signalTTL is how long a signal waits for somebody who waits for it.
const signalTTL = time.Second

// patience is how long one request for a signal may take: a holder that has died
// sends none, and its lock ends by itself.
const patience = time.Second

// releaseScript deletes the key if it is still the holder's, and sends the signal.
var releaseScript = redis.NewScript(`
if redis.call("GET", KEYS[1]) == ARGV[1] then
	redis.call("DEL", KEYS[1], KEYS[2])
	redis.call("LPUSH", KEYS[2], 1)
	redis.call("PEXPIRE", KEYS[2], ARGV[2])
	return 1
end
return 0`)

// renewScript gives the key its time anew if it is still the holder's.
var renewScript = redis.NewScript(`
if redis.call("GET", KEYS[1]) == ARGV[1] then
	return redis.call("EXPIRE", KEYS[1], ARGV[2])
end
return 0`)

// Redis is a Locker for all processes that use one Redis, the Python product's among
// them (USER_EVENTS_REDIS).
type Redis struct{ client redis.UniversalClient }

// NewRedis returns a Locker in a Redis, whose client the caller closes.
func NewRedis(client redis.UniversalClient) *Redis { return &Redis{client} }

// Acquire implements Locker.
func (r *Redis) Acquire(ctx context.Context, name string, opts Options) (*Lock, error) {
	opts = opts.withDefaults()
	var random [18]byte
	rand.Read(random[:])
	h := &holder{
		client: r.client, keys: []string{"lock:" + name, "lock-signal:" + name},
		value: base64.StdEncoding.EncodeToString(random[:]), ttl: opts.TTL,
	}
	deadline := time.Now().Add(opts.Wait)
	for {
		sent := time.Now()
		taken, err := h.take(ctx)
		switch {
		case err != nil:
			return nil, err
		case taken:
			return h.lock(ctx, sent, opts.Renew), nil
		}
		left := time.Until(deadline)
		if left <= 0 {
			return nil, ErrHeld
		}
		if err := h.wait(ctx, min(left, patience)); err != nil {
			return nil, err
		}
	}
}

// holder is somebody who wants a lock or has it.
type holder struct {
	client redis.UniversalClient
	keys   []string // the lock's and the signal's
	value  string
	ttl    time.Duration
}

// take sets the key unless it is there.
func (h *holder) take(ctx context.Context) (bool, error) {
	err := h.client.SetArgs(ctx, h.keys[0], h.value, redis.SetArgs{Mode: "NX", TTL: h.ttl}).Err()
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, redis.Nil):
		return false, nil
	}
	// The key may have been set, and the answer lost.
	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), signalTTL)
	defer cancel()
	_ = releaseScript.Run(cleanup, h.client, h.keys, h.value, signalTTL.Milliseconds()).Err() // it ends by itself, too
	return false, unavailable(ctx, err)
}

// wait waits for a signal. Redis counts in seconds; a rest of one is slept.
func (h *holder) wait(ctx context.Context, d time.Duration) error {
	if d < time.Second {
		timer := time.NewTimer(min(d, 100*time.Millisecond))
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := h.client.BLPop(ctx, d, h.keys[1]).Err()
	if err == nil || errors.Is(err, redis.Nil) {
		return ctx.Err()
	}
	return unavailable(ctx, err)
}

// lock is the lock that was taken by a request of the instant sent.
func (h *holder) lock(ctx context.Context, sent time.Time, renew bool) *Lock {
	l := hold(ctx, nil)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		if renew {
			h.keep(l.ctx, sent.Add(h.ttl))
		} else {
			sleepUntil(l.ctx, sent.Add(h.ttl))
		}
		l.cancel(ErrLost) // nothing happens when the context has ended
	}()
	l.release = func(ctx context.Context) error {
		l.cancel(context.Canceled)
		<-kept
		n, err := releaseScript.Run(ctx, h.client, h.keys, h.value, signalTTL.Milliseconds()).Int()
		switch {
		case err != nil:
			return unavailable(ctx, err)
		case n == 0:
			return ErrLost
		}
		return nil
	}
	return l
}

// keep renews the lock, two thirds into its time and, where that fails, again and
// again, until ctx ends or the lock is lost.
func (h *holder) keep(ctx context.Context, end time.Time) {
	pause := h.ttl * 2 / 3
	for time.Now().Before(end) {
		next := time.Now().Add(pause)
		if next.After(end) {
			next = end
		}
		if !sleepUntil(ctx, next) {
			return
		}
		sent := time.Now()
		asking, cancel := context.WithDeadline(ctx, end)
		n, err := renewScript.Run(asking, h.client, h.keys[:1], h.value, int64(h.ttl/time.Second)).Int()
		cancel()
		switch {
		case err == nil && n == 0:
			return
		case err == nil:
			end, pause = sent.Add(h.ttl), h.ttl*2/3
		default:
			pause = h.ttl / 20
		}
	}
}

// sleepUntil reports whether an instant came before the end of ctx.
func sleepUntil(ctx context.Context, at time.Time) bool {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// unavailable is what an error of Redis means to who wants a lock.
func unavailable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errs.Wrap(errs.Unavailable, err, "Redis")
}
