package storage

import (
	"maps"
	"slices"
)

// Flush forgets all idle descriptors, and hands out none again that is in use now:
// for when the location's configuration was replaced.
func (l *Location) Flush() { l.cache.invalidate(l.cache.known()...) }

// known returns the paths of which the cache knows something.
func (c *cache) known() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Keys(c.paths))
}
