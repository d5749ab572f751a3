package storage

import (
	"fmt"
	"math"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

func objectCases() []Case {
	return []Case{
		{
			Name: "objects-of-many-sizes", Run: sizes,
			Promise: "What is stored is what is read, from nothing to some megabytes.",
		},
		{
			Name: "small-messages", Run: smallMessages,
			Promise: "An object may arrive in messages of any size.",
		},
		{
			Name: "empty-object", Run: emptyObject,
			Promise: "An object without bytes is an object: it is found, read, replaced and deleted as others are.",
		},
		{
			Name: "read-from-an-offset", Run: offsets,
			Promise: "A read begins at its offset; at the end it gives nothing, beyond the end or below zero it fails as out of range.",
		},
		{
			Name: "missing-object", Run: missingObject,
			Promise: "What was not stored is not found, also where other paths begin with its path.",
		},
		{
			Name: "replace-an-object", Run: replace,
			Promise: "Storing under a path replaces what was there, whichever is larger, and may be repeated.",
		},
		{
			Name: "delete-is-idempotent", Run: deleteTwice,
			Promise: "Deleting an object again, or none, is no error, and its path can be used again.",
		},
		{
			Name: "delete-takes-nothing-else", Run: deleteNeighbours,
			Promise: "Deleting a path leaves the objects below it and those whose paths begin with it.",
		},
		{
			Name: "delete-many", Run: deleteMany,
			Promise: "One call deletes up to 1,000 paths, of which many may be missing, and refuses more.",
		},
		{
			Name: "delete-a-thousand-objects", Run: deleteThousand, Long: true,
			Promise: "One call deletes 1,000 objects, and may be repeated.",
		},
	}
}

func sizes(c *check) {
	const mib = 1 << 20
	for i, n := range []int{0, 1, 4095, 4096, 4097, mib - 1, mib, mib + 1, 5*mib + 3} {
		path := c.path(fmt.Sprintf("%d", n))
		data := content(byte(i), n)
		c.put(path, data)
		c.holds(path, data)
	}
}

func smallMessages(c *check) {
	data := content(7, 1000)
	path := c.path("x")
	c.Must("store in small messages", c.write(path, data, 7))
	c.holds(path, data)
}

func emptyObject(c *check) {
	path := c.path("x")
	c.put(path, nil)
	c.holds(path, nil)
	_, err := c.read(path, 1)
	c.Want("read an empty object from 1", err, errs.OutOfRange)
	c.put(path, content(1, 10))
	c.put(path, nil)
	c.holds(path, nil)
	c.Must("delete", c.remove(path))
	c.isAbsent(path)
}

func offsets(c *check) {
	data := content(1, 1<<20+10)
	path := c.path("x")
	c.put(path, data)
	for _, off := range []int{0, 1, 4096, 1 << 20, len(data) - 1, len(data)} {
		got, err := c.read(path, int64(off))
		if err != nil {
			c.Errorf("read from %d: %v", off, err)
			continue
		}
		c.equal(fmt.Sprintf("what is read from %d", off), got, data[off:])
	}
	for _, off := range []int64{int64(len(data)) + 1, 1 << 40, math.MaxInt64, -1, math.MinInt64} {
		_, err := c.read(path, off)
		c.Want(fmt.Sprintf("read from %d", off), err, errs.OutOfRange)
	}
	_, err := c.read(c.path("missing"), 10)
	c.Want("read what is missing from an offset", err, errs.NotFound)
}

func missingObject(c *check) {
	c.isAbsent(c.path("missing"))
	c.isAbsent(c.path("missing/below/missing"))
	path := c.path("present")
	c.put(path, content(1, 1))
	c.isAbsent(c.path("presen"))
	c.isAbsent(c.path("present2"))
	c.isAbsent(c.path("present/below"))
	// A path is not there because others begin with it.
	c.put(c.path("dir/x"), content(1, 1))
	c.isAbsent(c.path("dir"))
}

func replace(c *check) {
	path := c.path("x")
	for i, n := range []int{1000, 10, 100000, 100000, 0} {
		data := content(byte(i), n)
		for range 2 {
			c.put(path, data)
			c.holds(path, data)
		}
	}
}

func deleteTwice(c *check) {
	path := c.path("x")
	c.put(path, content(1, 10))
	for range 3 {
		c.Must("delete", c.remove(path))
		c.isAbsent(path)
	}
	// The path can be used again.
	c.put(path, content(2, 20))
	c.holds(path, content(2, 20))
	c.Must("delete nothing", c.remove())
	c.Must("delete below a missing path", c.remove(c.prefix+"missing/below"))
	c.Must("delete below an object", c.remove(path+"/below"))
	c.holds(path, content(2, 20))
	c.Must("delete one path twice in a call", c.remove(path, path))
	c.isAbsent(path)
}

func deleteNeighbours(c *check) {
	data := content(1, 10)
	kept := []string{c.path("a/b"), c.path("a/c/d"), c.path("a0"), c.path("a.x"), c.path("b")}
	for _, path := range kept {
		c.put(path, data)
	}
	for _, name := range []string{"a", "a/c", "b/x"} {
		c.Must("delete "+name, c.remove(c.prefix+name))
		c.Must("delete "+name+" among others", c.remove(c.prefix+name, c.prefix+"missing"))
	}
	for _, path := range kept {
		c.holds(path, data)
	}
}

func deleteMany(c *check) {
	var paths []string
	for _, name := range named("d%d/x", protocol.MaxDelete) {
		paths = append(paths, c.prefix+name)
	}
	present := []string{paths[0], paths[500], paths[999]}
	kept := c.path("d1/kept")
	for _, path := range append(present, kept) {
		c.put(path, content(1, 10))
	}
	c.Must("delete 1,000 paths", c.remove(paths...))
	for _, path := range present {
		c.isAbsent(path)
	}
	c.holds(kept, content(1, 10))
	c.Want("delete 1,001 paths", c.remove(append(paths, c.prefix+"one/more")...), errs.TooLarge)
}

func deleteThousand(c *check) {
	paths := c.putMany("%02[2]d/%03[1]d", protocol.MaxDelete)
	for range 2 {
		c.Must("delete 1,000 objects", c.remove(paths...))
	}
	for i := 0; i < len(paths); i += 37 {
		c.isAbsent(paths[i])
	}
}

// putMany stores n empty objects, several at once. The format gets the number of
// each, and its last digit.
func (c *check) putMany(format string, n int) []string {
	paths := make([]string, n)
	for i := range paths {
		paths[i] = c.path(fmt.Sprintf(format, i, i%10))
	}
	const workers = 16
	c.Together(workers, func(worker int) {
		for i := worker; i < n; i += workers {
			c.put(paths[i], nil)
		}
	})
	return paths
}
