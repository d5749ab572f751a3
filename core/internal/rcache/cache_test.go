package rcache

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

func key(repo domain.RepositoryID, name string) Key { return Key{Tag, repo, name} }

// put remembers a value of a size that was just read.
func put(c *Cache, k Key, value any, size int) {
	c.Put(k, c.Begin(k.Repository), value, size, time.Time{})
}

func wantHit(t *testing.T, c *Cache, k Key, want any) {
	t.Helper()
	if got, ok := c.Get(k); !ok || got != want {
		t.Errorf("%v: got %v, %v, want %v", k, got, ok, want)
	}
}

func wantMiss(t *testing.T, c *Cache, k Key) {
	t.Helper()
	if got, ok := c.Get(k); ok {
		t.Errorf("%v: got %v, want nothing", k, got)
	}
}

// TestKeys proves that facts of different kinds, repositories and names are
// different facts.
func TestKeys(t *testing.T) {
	c := New(1 << 20)
	keys := []Key{{Tag, 1, "a"}, {Manifest, 1, "a"}, {Blob, 1, "a"}, {Repository, 1, "a"}, {Tag, 2, "a"}, {Tag, 1, "b"}}
	for i, k := range keys {
		wantMiss(t, c, k)
		put(c, k, i, 1)
	}
	for i, k := range keys {
		wantHit(t, c, k, i)
	}
	put(c, keys[0], "new", 1)
	wantHit(t, c, keys[0], "new")
	if hits, misses := c.Counts(); hits != 7 || misses != 6 {
		t.Errorf("%d hits and %d misses, want 7 and 6", hits, misses)
	}
}

// TestInvalidate proves that a change makes all facts of its repository stale,
// also those that are put there later but were read before, and no others.
func TestInvalidate(t *testing.T) {
	c := New(1 << 20)
	put(c, key(1, "a"), "old", 1)
	put(c, key(2, "a"), "other", 1)
	before := c.Begin(1)
	c.Invalidate(1)
	wantMiss(t, c, key(1, "a"))
	wantHit(t, c, key(2, "a"), "other")
	c.Put(key(1, "b"), before, "read before the change", 1, time.Time{})
	wantMiss(t, c, key(1, "b"))
	put(c, key(1, "b"), "read after it", 1)
	wantHit(t, c, key(1, "b"), "read after it")
}

// TestGenerationRule proves, with readers that load while a writer changes, that
// no reader gets a value older than a change which was acknowledged before it
// asked.
func TestGenerationRule(t *testing.T) {
	const changes = 5_000
	c, k := New(1<<20), key(1, "a")
	var database, acknowledged atomic.Int64
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for acknowledged.Load() < changes {
				least := acknowledged.Load()
				v, ok := c.Get(k)
				if !ok {
					g := c.Begin(1)
					v = database.Load()
					c.Put(k, g, v, 8, time.Time{})
				}
				if v.(int64) < least {
					t.Errorf("change %d was acknowledged, and then the cache had %d", least, v)
					return
				}
			}
		})
	}
	for n := int64(1); n <= changes; n++ {
		database.Store(n)
		c.Invalidate(1)
		acknowledged.Store(n)
		if n%100 == 1 { // let the readers find something, too
			for hits, _ := c.Counts(); !found(c, hits) && !t.Failed(); {
				runtime.Gosched()
			}
		}
	}
	readers.Wait()
}

// found reports whether there were more hits than before.
func found(c *Cache, before uint64) bool {
	hits, _ := c.Counts()
	return hits > before
}

// TestBudget proves that values never weigh more than the budget together, that
// the least recently used ones go first, and that a single large one is not kept.
func TestBudget(t *testing.T) {
	const size, budget = 1000, 12_000 // ten with their overhead
	c := New(budget)
	for i := range 100 {
		put(c, key(1, fmt.Sprint(i)), i, size)
		wantHit(t, c, key(1, "0"), 0) // stays in use
		if c.bytes > budget {
			t.Fatalf("%d bytes after %d values", c.bytes, i+1)
		}
	}
	kept := 0
	for i := range 100 {
		if _, ok := c.Get(key(1, fmt.Sprint(i))); ok {
			kept++
		}
	}
	if kept != budget/(size+overhead) {
		t.Errorf("%d values are kept", kept)
	}
	wantHit(t, c, key(1, "99"), 99)
	wantMiss(t, c, key(1, "1"))
	put(c, key(1, "large"), "x", budget/8+1)
	wantMiss(t, c, key(1, "large"))
}

// TestBudgetGivesBack proves that what is replaced, stale or forgotten weighs
// nothing.
func TestBudgetGivesBack(t *testing.T) {
	c := New(12_000)
	for i := range 100 {
		put(c, key(1, "a"), i, 100+i)
	}
	if c.bytes != 199+overhead {
		t.Errorf("%d bytes for one value", c.bytes)
	}
	c.Invalidate(1)
	wantMiss(t, c, key(1, "a"))
	if c.bytes != 0 || c.lru.Len() != 0 {
		t.Errorf("%d bytes in %d values, want nothing", c.bytes, c.lru.Len())
	}
	tiny := New(10)
	put(tiny, key(1, "a"), 1, 1)
	wantMiss(t, tiny, key(1, "a"))
}

// TestExpiry proves that a fact is true until its end and not at it.
func TestExpiry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := New(1 << 20)
		end := time.Now().Add(time.Minute)
		c.Put(key(1, "a"), c.Begin(1), 1, 1, end)
		put(c, key(1, "for ever"), 2, 1)
		time.Sleep(time.Minute - time.Nanosecond)
		wantHit(t, c, key(1, "a"), 1)
		time.Sleep(time.Nanosecond)
		wantMiss(t, c, key(1, "a"))
		time.Sleep(1000 * time.Hour)
		wantHit(t, c, key(1, "for ever"), 2)
	})
}

// TestNil proves that no cache at all remembers nothing and hurts nobody.
func TestNil(t *testing.T) {
	var c *Cache
	put(c, key(1, "a"), 1, 1)
	c.Invalidate(1)
	wantMiss(t, c, key(1, "a"))
	if hits, misses := c.Counts(); hits != 0 || misses != 0 {
		t.Errorf("%d hits and %d misses", hits, misses)
	}
}

// TestAllocations keeps a lookup from costing memory: it is on the path of every
// pull.
func TestAllocations(t *testing.T) {
	c := New(1 << 20)
	k := Key{Manifest, 1, string(domain.SHA256.Of(nil))}
	put(c, k, 1, 1)
	if n := testing.AllocsPerRun(100, func() { c.Get(k) }); n > 0 { // measured: 0
		t.Errorf("a hit allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() { c.Begin(4711) }); n > 1 { // measured: 1
		t.Errorf("Begin allocates %v times", n)
	}
}

func BenchmarkGet(b *testing.B) {
	c := New(1 << 20)
	k := Key{Manifest, 1, string(domain.SHA256.Of(nil))}
	put(c, k, 1, 1)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.Get(k)
		}
	})
}
