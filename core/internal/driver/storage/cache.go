package storage

import (
	"os"
	"sync"
	"time"
)

// cache keeps the open files of objects between readers. A file is used by one
// reader at a time, as its offset is; the cache has those that are idle.
//
// A path that anybody reads or is opening has an entry. Invalidating a path marks
// its entry and takes it out: files that were opened under it, even those whose
// opening is still under way, are closed when their reader is done, and readers
// that come later get a new entry.
type cache struct {
	max    int
	maxAge time.Duration

	mu     sync.Mutex
	paths  map[string]*entry
	oldest handle // head of the list of idle files, the longest idle first
	idle   int
	tick   uint32      // counts the sweeps
	sweep  *time.Timer // set while there are idle files
	closed bool
}

// entry is a path that is in use.
type entry struct {
	path  string
	stale bool      // it is out of the map
	users int       // files that are being opened or read
	idle  []*handle // the longest idle first
}

// handle is an open file.
type handle struct {
	file *os.File
	size int64
	path *entry
	born uint32 // the tick when it was opened

	newer, older *handle // in the list of idle files
}

// sweepsPerAge is how many sweeps make up the age of a file.
const sweepsPerAge = 4

func newCache(maxIdle int, maxAge time.Duration) *cache {
	c := &cache{max: maxIdle, maxAge: maxAge, paths: map[string]*entry{}}
	c.oldest.newer, c.oldest.older = &c.oldest, &c.oldest
	return c
}

// take returns an idle file, or nil. It must be given back by put.
func (c *cache) take(path string) *handle {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.paths[path]
	if e == nil || len(e.idle) == 0 {
		return nil
	}
	h := e.idle[len(e.idle)-1]
	e.idle = e.idle[:len(e.idle)-1]
	e.users++
	c.unlink(h)
	return h
}

// size returns the size of an object that has an idle file.
func (c *cache) size(path string) (int64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.paths[path]
	if e == nil || len(e.idle) == 0 {
		return 0, false
	}
	return e.idle[0].size, true
}

// begin announces that a file will be opened. The entry must go to abandon, or
// into a handle for opened and put.
func (c *cache) begin(path string) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.paths[path]
	if e == nil {
		e = &entry{path: path}
		c.paths[path] = e
	}
	e.users++
	return e
}

// abandon ends what begin began.
func (c *cache) abandon(e *entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave(e)
}

// opened notes when a file was opened.
func (c *cache) opened(h *handle) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h.born = c.tick
}

// put gives a file back, which the cache keeps or closes.
func (c *cache) put(h *handle) {
	victim := c.keep(h)
	if victim != nil {
		victim.file.Close()
	}
}

// keep returns the file that must be closed in exchange, if any.
func (c *cache) keep(h *handle) *handle {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := h.path
	if e.stale || c.closed || c.max == 0 || c.old(h) {
		c.leave(e)
		return h
	}
	e.users--
	e.idle = append(e.idle, h)
	c.link(h)
	if c.sweep == nil {
		c.sweep = time.AfterFunc(c.maxAge/sweepsPerAge, c.expire)
	}
	if c.idle <= c.max {
		return nil
	}
	victim := c.oldest.newer
	c.drop(victim)
	return victim
}

// invalidate makes sure that no file of the paths that is open now is handed out
// again.
func (c *cache) invalidate(paths ...string) {
	var victims []*handle
	c.mu.Lock()
	for _, path := range paths {
		e := c.paths[path]
		if e == nil {
			continue
		}
		e.stale = true
		delete(c.paths, path)
		for _, h := range e.idle {
			c.unlink(h)
		}
		victims = append(victims, e.idle...)
		e.idle = nil
	}
	c.mu.Unlock()
	closeFiles(victims)
}

// expire is what the timer calls: it closes the idle files that are old.
func (c *cache) expire() {
	var victims []*handle
	c.mu.Lock()
	c.tick++
	for h := c.oldest.newer; h != &c.oldest; {
		next := h.newer
		if c.old(h) {
			c.drop(h)
			victims = append(victims, h)
		}
		h = next
	}
	if c.idle > 0 && !c.closed {
		c.sweep.Reset(c.maxAge / sweepsPerAge)
	} else {
		c.sweep = nil
	}
	c.mu.Unlock()
	closeFiles(victims)
}

// close closes the idle files; those that are put later are closed then.
func (c *cache) close() {
	var victims []*handle
	c.mu.Lock()
	c.closed = true
	for h := c.oldest.newer; h != &c.oldest; h = c.oldest.newer {
		c.drop(h)
		victims = append(victims, h)
	}
	if c.sweep != nil {
		c.sweep.Stop()
	}
	c.mu.Unlock()
	closeFiles(victims)
}

// The rest needs c.mu.

// old reports whether a file has been open for too long. Time passes in sweeps
// only, so a file that was never idle while one came by does not age.
func (c *cache) old(h *handle) bool { return c.tick-h.born >= sweepsPerAge }

// leave ends one use of an entry.
func (c *cache) leave(e *entry) {
	e.users--
	c.forget(e)
}

// forget takes an entry out of the map when nothing refers to it.
func (c *cache) forget(e *entry) {
	if e.users == 0 && len(e.idle) == 0 && !e.stale {
		delete(c.paths, e.path)
	}
}

// drop takes an idle file out of the cache.
func (c *cache) drop(h *handle) {
	c.unlink(h)
	e := h.path
	for i := range e.idle {
		if e.idle[i] == h {
			e.idle = append(e.idle[:i], e.idle[i+1:]...)
			break
		}
	}
	c.forget(e)
}

func (c *cache) link(h *handle) {
	newest := c.oldest.older
	newest.newer, h.older = h, newest
	h.newer, c.oldest.older = &c.oldest, h
	c.idle++
}

func (c *cache) unlink(h *handle) {
	h.older.newer, h.newer.older = h.newer, h.older
	h.newer, h.older = nil, nil
	c.idle--
}

func closeFiles(handles []*handle) {
	for _, h := range handles {
		h.file.Close()
	}
}
