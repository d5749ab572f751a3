package storage

import (
	"github.com/quay/quay/sdk/errs"
	api "github.com/quay/quay/sdk/storage"
)

func copyCases() []Case {
	return []Case{
		{
			Name: "copy", Capability: api.CapabilityCopy, Run: copyObject,
			Promise: "A copy is an object of its own with the same bytes; copying may be repeated.",
		},
		{
			Name: "copy-of-a-missing-object", Capability: api.CapabilityCopy, Run: copyMissing,
			Promise: "Copying what is missing fails as not found and leaves the target as it was.",
		},
		{
			Name: "copy-replaces", Capability: api.CapabilityCopy, Run: copyReplaces,
			Promise: "A copy replaces what is at its path, whichever is larger.",
		},
		{
			Name: "copies-at-once", Capability: api.CapabilityCopy, Run: copiesAtOnce,
			Promise: "Many may copy to one path at once; every read gives one of them, whole.",
		},
	}
}

func copyObject(c *check) {
	from, to := c.path("from"), c.path("below/to")
	data := content(1, 1<<20+1)
	c.put(from, data)
	for range 2 {
		c.Must("copy", c.copy(from, to))
		c.holds(to, data)
		c.holds(from, data)
	}
	c.Must("copy onto itself", c.copy(from, from))
	c.holds(from, data)
	c.put(from, content(2, 100))
	c.holds(to, data)
	c.Must("delete", c.remove(from))
	c.holds(to, data)
	empty, second := c.path("empty"), c.path("second")
	c.put(empty, nil)
	c.Must("copy nothing", c.copy(empty, second))
	c.holds(second, nil)
}

func copyMissing(c *check) {
	missing, to := c.path("missing"), c.path("to")
	c.Want("copy what is missing", c.copy(missing, to), errs.NotFound)
	c.isAbsent(to)
	c.Want("copy what is missing onto itself", c.copy(missing, missing), errs.NotFound)
	c.put(to, content(1, 10))
	c.Want("copy what is missing onto an object", c.copy(missing, to), errs.NotFound)
	c.holds(to, content(1, 10))
}

func copyReplaces(c *check) {
	from, to := c.path("from"), c.path("to")
	for i, n := range []int{1000, 10, 100000, 0} {
		data := content(byte(i), n)
		c.put(from, data)
		c.Must("copy", c.copy(from, to))
		c.holds(to, data)
	}
}

func copiesAtOnce(c *check) {
	to := c.path("to")
	versions := [][]byte{content(1, 300000), content(2, 100), content(3, 200000)}
	froms := []string{c.path("0"), c.path("1"), c.path("2")}
	for i, from := range froms {
		c.put(from, versions[i])
	}
	c.put(to, versions[0])
	c.Together(6, func(worker int) {
		for range 4 {
			c.Must("copy", c.copy(froms[worker%3], to))
			got, err := c.read(to, 0)
			c.Must("read", err)
			c.isOneOf("the copy", got, versions...)
		}
	})
}
