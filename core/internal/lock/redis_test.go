package lock

import (
	"context"
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/quay/quay/sdk/errs"
	redistest "github.com/quay/quay/test/redis"
)

// TestRedis proves that of many who want a lock one at a time has it, each woken by
// the one before.
func TestRedis(t *testing.T) {
	client := redistest.StartFor(t).Client()
	start := time.Now()
	exclusive(t, NewRedis(client))
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v: nobody is woken", took)
	}
}

// TestRedisForm proves that a lock looks in Redis as one of python-redis-lock: its
// key, value and time, and the signal of a release.
func TestRedisForm(t *testing.T) {
	client := redistest.StartFor(t).Client()
	ctx := t.Context()
	l, err := NewRedis(client).Acquire(ctx, "BLOB_CLEANUP", Options{TTL: 89500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	value := client.Get(ctx, "lock:BLOB_CLEANUP").Val()
	if random, err := base64.StdEncoding.DecodeString(value); err != nil || len(random) != 18 {
		t.Errorf("the value is %q", value)
	}
	if ttl := client.TTL(ctx, "lock:BLOB_CLEANUP").Val(); ttl < 88*time.Second || ttl > 90*time.Second {
		t.Errorf("it lives for %v", ttl)
	}
	if err := l.Release(ctx); err != nil {
		t.Fatal(err)
	}
	if n := client.Exists(ctx, "lock:BLOB_CLEANUP").Val(); n != 0 {
		t.Error("the key is still there")
	}
	if list := client.LRange(ctx, "lock-signal:BLOB_CLEANUP", 0, -1).Val(); len(list) != 1 || list[0] != "1" {
		t.Errorf("the signal is %q", list)
	}
	if ttl := client.PTTL(ctx, "lock-signal:BLOB_CLEANUP").Val(); ttl <= 0 || ttl > time.Second {
		t.Errorf("the signal lives for %v", ttl)
	}
	select {
	case <-l.Context().Done():
	default:
		t.Error("the holder's context goes on")
	}
}

// TestBesidePython proves that a lock which the product has is respected, and taken
// when the product releases it, at once; and that the product is woken in turn. The
// test sends what the product sends.
func TestBesidePython(t *testing.T) {
	client := redistest.StartFor(t).Client()
	ctx := t.Context()
	locker := NewRedis(client)
	if err := client.Do(ctx, "SET", "lock:GC", "python", "NX", "EX", 30).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := locker.Acquire(ctx, "GC", Options{Wait: -1}); !errors.Is(err, ErrHeld) {
		t.Errorf("the product's lock: %v", err)
	}
	start := time.Now()
	if _, err := locker.Acquire(ctx, "GC", Options{Wait: 1200 * time.Millisecond}); !errors.Is(err, ErrHeld) || time.Since(start) < time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}

	type result struct {
		lock *Lock
		err  error
	}
	got := make(chan result)
	go func() {
		l, err := locker.Acquire(ctx, "GC", Options{Wait: 20 * time.Second})
		got <- result{l, err}
	}()
	time.Sleep(100 * time.Millisecond)
	const release = `if redis.call("get", KEYS[1]) ~= ARGV[1] then return 1 end
		redis.call("del", KEYS[2]) redis.call("lpush", KEYS[2], 1) redis.call("pexpire", KEYS[2], ARGV[2])
		redis.call("del", KEYS[1]) return 0`
	start = time.Now()
	if n, err := client.Eval(ctx, release, []string{"lock:GC", "lock-signal:GC"}, "python", 1000).Int(); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	r := <-got
	if r.err != nil || time.Since(start) > 5*time.Second {
		t.Fatalf("after %v: %v", time.Since(start), r.err)
	}

	woken := make(chan error)
	go func() { woken <- client.BLPop(ctx, 10*time.Second, "lock-signal:GC").Err() }()
	time.Sleep(100 * time.Millisecond)
	if taken := client.SetNX(ctx, "lock:GC", "python", 30*time.Second).Val(); taken {
		t.Error("the product took a lock that is held")
	}
	if err := r.lock.Release(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-woken; err != nil {
		t.Errorf("the product waits: %v", err)
	}
	if taken := client.SetNX(ctx, "lock:GC", "python", 30*time.Second).Val(); !taken {
		t.Error("the product cannot take the lock")
	}
}

// TestHolderDies proves that the lock of a holder that has died is taken when its
// time is over, although nobody signals it.
func TestHolderDies(t *testing.T) {
	client := redistest.StartFor(t).Client()
	if err := client.SetArgs(t.Context(), "lock:GC", "dead", redis.SetArgs{Mode: "NX", TTL: time.Second}).Err(); err != nil {
		t.Fatal(err)
	}
	l, err := NewRedis(client).Acquire(t.Context(), "GC", Options{Wait: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Release(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRenew proves that a lock is renewed while it is held, and that without that
// its holder is told when its time is over, and cannot release what another has.
func TestRenew(t *testing.T) {
	client := redistest.StartFor(t).Client()
	ctx := t.Context()
	locker := NewRedis(client)
	renewed, err := locker.Acquire(ctx, "A", Options{TTL: time.Second, Renew: true})
	if err != nil {
		t.Fatal(err)
	}
	once, err := locker.Acquire(ctx, "B", Options{TTL: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	<-once.Context().Done()
	if cause := context.Cause(once.Context()); !errors.Is(cause, ErrLost) {
		t.Errorf("the context ended with %v", cause)
	}
	other, err := locker.Acquire(ctx, "B", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := once.Release(ctx); !errors.Is(err, ErrLost) {
		t.Errorf("release of a lock that was lost: %v", err)
	}
	if client.Exists(ctx, "lock:B").Val() != 1 {
		t.Error("the lock of another was released")
	}
	time.Sleep(1500 * time.Millisecond)
	if err := renewed.Context().Err(); err != nil {
		t.Errorf("a lock that is renewed ended: %v", context.Cause(renewed.Context()))
	}
	if err := renewed.Release(ctx); err != nil {
		t.Error(err)
	}
	if err := other.Release(ctx); err != nil {
		t.Error(err)
	}
}

// TestTaken proves that a holder whose key somebody removed is told at the next
// renewal.
func TestTaken(t *testing.T) {
	client := redistest.StartFor(t).Client()
	l, err := NewRedis(client).Acquire(t.Context(), "A", Options{TTL: 3 * time.Second, Renew: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Set(t.Context(), "lock:A", "thief", 0).Err(); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	<-l.Context().Done()
	if cause := context.Cause(l.Context()); !errors.Is(cause, ErrLost) || time.Since(start) > 2900*time.Millisecond {
		t.Errorf("after %v: %v", time.Since(start), cause)
	}
	if err := l.Release(t.Context()); !errors.Is(err, ErrLost) {
		t.Errorf("release: %v", err)
	}
}

// TestRedisIsGone proves that a holder is told in time when it cannot renew, and
// that nobody gets a lock from a Redis that is not there.
func TestRedisIsGone(t *testing.T) {
	server := redistest.StartFor(t)
	client := server.Client()
	locker := NewRedis(client)
	l, err := locker.Acquire(t.Context(), "A", Options{TTL: 2 * time.Second, Renew: true})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	_, err = locker.Acquire(t.Context(), "B", Options{})
	if !errs.Is(err, errs.Unavailable) || !Skips(err) {
		t.Errorf("a lock without Redis: %v", err)
	}
	<-l.Context().Done()
	if took := time.Since(start); took > 2500*time.Millisecond {
		t.Errorf("the holder learns it after %v", took)
	}
	if err := l.Release(t.Context()); !errs.Is(err, errs.Unavailable) {
		t.Errorf("release: %v", err)
	}
}
