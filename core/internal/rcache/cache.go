// Package rcache keeps facts about repositories in memory, for the pull path.
//
// Every fact belongs to a repository and remembers the repository's generation at
// the moment before it was read. A change of the repository moves the generation
// on, which makes all its facts stale at once. A fact read while a change was
// being committed carries the old generation and is stale as soon as the change
// is done: what was acknowledged is never contradicted by the cache.
//
// The cache is right only while this process is the only one that changes the
// database; a nil *Cache caches nothing and is always right.
package rcache

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/quay/quay/core/internal/domain"
)

// Kind separates what is remembered of a repository.
type Kind uint8

// Kinds of facts.
const (
	Repository Kind = iota // by name: domain.Repository
	Tag                    // by tag: domain.Manifest
	Manifest               // by digest: domain.Manifest
	Blob                   // by digest: domain.Blob
)

// Key names a fact. For Repository the id is zero and Name the whole name.
type Key struct {
	Kind       Kind
	Repository domain.RepositoryID
	Name       string
}

// Generation is the state of a repository that a fact was read from.
type Generation struct {
	counter *atomic.Uint64
	value   uint64
}

type entry struct {
	value      any
	size       int
	generation Generation
	expires    time.Time
}

// Cache is safe for concurrent use.
type Cache struct {
	budget int

	mu    sync.Mutex
	lru   *simplelru.LRU[Key, *entry]
	bytes int

	// generations are shared by repositories whose ids have one remainder: what that
	// costs is a fact read again that was still true.
	generations [4096]atomic.Uint64

	hits, misses atomic.Uint64
}

// overhead is what an entry costs beside its value, roughly.
const overhead = 600

// New makes a cache that holds values of up to budget bytes.
func New(budget int) *Cache {
	c := &Cache{budget: budget}
	// The error is about a size below one.
	c.lru, _ = simplelru.NewLRU(max(1, budget/overhead), func(_ Key, e *entry) { c.bytes -= e.size + overhead })
	return c
}

// Begin returns the generation to remember with facts that are read after it.
func (c *Cache) Begin(repo domain.RepositoryID) Generation {
	if c == nil {
		return Generation{}
	}
	counter := &c.generations[uint64(repo)%uint64(len(c.generations))]
	return Generation{counter, counter.Load()}
}

// Invalidate makes all facts of a repository stale. Call it after the change is
// committed and before it is acknowledged.
func (c *Cache) Invalidate(repo domain.RepositoryID) {
	if c == nil {
		return
	}
	c.Begin(repo).counter.Add(1)
}

// Get returns a fact that is still true.
func (c *Cache) Get(k Key) (any, bool) {
	if c == nil {
		return nil, false
	}
	c.mu.Lock()
	e, ok := c.lru.Get(k)
	if ok && (e.generation.counter.Load() != e.generation.value || !e.expires.IsZero() && !time.Now().Before(e.expires)) {
		c.lru.Remove(k)
		ok = false
	}
	c.mu.Unlock()
	if !ok {
		c.misses.Add(1)
		return nil, false
	}
	c.hits.Add(1)
	return e.value, true
}

// Put remembers a fact of about size bytes, read after g was taken. It is dropped
// at expires unless that is zero. Values are shared: nobody may change them.
func (c *Cache) Put(k Key, g Generation, value any, size int, expires time.Time) {
	if c == nil || size > c.budget/8 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Remove(k) // so that its size is given back
	c.lru.Add(k, &entry{value, size, g, expires})
	c.bytes += size + overhead
	for c.bytes > c.budget {
		c.lru.RemoveOldest()
	}
}

// Counts returns how many lookups found something and how many did not.
func (c *Cache) Counts() (hits, misses uint64) {
	if c == nil {
		return 0, 0
	}
	return c.hits.Load(), c.misses.Load()
}
