package storage

import (
	"fmt"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	"github.com/quay/quay/sdk/protocol"
	api "github.com/quay/quay/sdk/storage"
)

func togetherCases() []Case {
	return []Case{
		{
			Name: "equal-writes-at-once", Run: writeAtOnce,
			Promise: "Many may store the same bytes under one path at once, and find them whole when they did.",
		},
		{
			Name: "different-writes-at-once", Run: differentAtOnce,
			Promise: "When many store different bytes under one path at once, every read gives those of one of them, whole.",
		},
		{
			Name: "many-objects-at-once", Run: manyAtOnce,
			Promise: "Many objects may be stored and read at once, in the same directories.",
		},
		{
			Name: "reads-while-deleted", Run: readWhileDeleted,
			Promise: "A read of an object that is deleted and stored again meanwhile gives the whole object or fails; it is never short without an error.",
		},
		{
			Name: "lists-while-written", Capability: api.CapabilityList, Run: listWhileWritten,
			Promise: "A list has every object once and in order that stays during the call, whatever comes and goes meanwhile.",
		},
		{
			Name: "uploads-at-once", Capability: api.CapabilityUploads, Run: uploadsAtOnce,
			Promise: "Many uploads may be written and committed at once.",
		},
	}
}

// writeAtOnce is what two pushes of one layer do.
func writeAtOnce(c *check) {
	path := c.path("x")
	data := content(1, 300000)
	c.Together(8, func(int) {
		for range 3 {
			c.put(path, data)
			c.holds(path, data)
		}
	})
}

func differentAtOnce(c *check) {
	path := c.path("x")
	const writers = 6
	versions := make([][]byte, writers)
	for i := range versions {
		versions[i] = content(byte(i), 50000+40000*i)
	}
	c.put(path, versions[0])
	c.Together(2*writers, func(worker int) {
		for range 6 {
			if worker < writers {
				c.put(path, versions[worker])
				continue
			}
			got, err := c.read(path, 0)
			c.Must("read while it is written", err)
			c.isOneOf("what is read while it is written", got, versions...)
		}
	})
	got, err := c.read(path, 0)
	c.Must("read", err)
	c.isOneOf("the object in the end", got, versions...)
	size, err := c.stat(path)
	c.Must("look", err)
	if size != int64(len(got)) {
		c.Errorf("the object has %d bytes, but its size is %d", len(got), size)
	}
}

func manyAtOnce(c *check) {
	c.Together(16, func(i int) {
		for j := range 8 {
			path := c.path(fmt.Sprintf("%d/%d", i%4, i*100+j))
			data := content(byte(i), 1000*j)
			c.put(path, data)
			c.holds(path, data)
		}
	})
}

func readWhileDeleted(c *check) {
	path := c.path("x")
	data := content(1, 3*protocol.MaxDataBytes+7)
	c.put(path, data)
	c.Together(6, func(worker int) {
		for range 8 {
			switch worker {
			case 0:
				c.Must("delete", c.remove(path))
				c.put(path, data)
			case 1:
				// Deleting at once with the other is no error either.
				c.Must("delete", c.remove(path))
			default:
				got, err := c.read(path, 0)
				if err == nil {
					c.equal("what is read while it is deleted", got, data)
				} else if errs.Is(grpcerr.From(err), errs.OutOfRange) {
					c.Errorf("read while it is deleted: %v", err)
				}
			}
		}
	})
	c.put(path, data)
	c.holds(path, data)
}

func listWhileWritten(c *check) {
	var stay []string
	for _, name := range named("%02d/stays", 30) {
		path := c.path(name)
		c.put(path, nil)
		stay = append(stay, path)
	}
	c.Together(4, func(worker int) {
		for i := range 30 {
			if worker > 0 {
				path := c.path(fmt.Sprintf("%02d/%d-comes", i, worker))
				c.put(path, content(1, 10))
				if i%2 == 0 {
					c.Must("delete", c.remove(path))
				}
				continue
			}
			c.listsAtLeast(c.prefix, stay)
		}
	})
}

// listsAtLeast notes a problem unless a list is in order and has the paths, which are
// in order, too.
func (c *check) listsAtLeast(prefix string, paths []string) {
	objects, err := c.list(prefix)
	c.Must("list", err)
	last := ""
	for _, o := range objects {
		path := o.GetPath()
		if path <= last {
			c.Fatalf("the list has %q after %q", path, last)
		}
		last = path
		if len(paths) > 0 && path == paths[0] {
			paths = paths[1:]
		}
	}
	if len(paths) > 0 {
		c.Errorf("the list lacks %q, which was there all the time", paths[0])
	}
}

func uploadsAtOnce(c *check) {
	c.Together(8, func(i int) {
		id, path := c.upload(), c.path(fmt.Sprintf("%d/x", i%3*10+i))
		data := content(byte(i), 200000+i)
		state := c.begin(id)
		for at := 0; at < len(data); {
			n := min(30000*(i+1), len(data)-at)
			state = c.append(id, int64(at), state, data[at:at+n])
			at += n
		}
		c.Must("commit", c.commit(id, path, int64(len(data)), state))
		c.holds(path, data)
	})
}
