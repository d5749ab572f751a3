package storage

import (
	"fmt"
	"time"

	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func crashCases() []Case {
	return []Case{
		{
			Name: "objects-after-a-crash", Run: objectsCrash,
			Promise: "What was stored, and what was deleted, is so after a crash.",
		},
		{
			Name: "write-in-a-crash", Run: writeCrash,
			Promise: "A crash in the middle of a write shows nothing of it, and what it was to replace stays.",
		},
		{
			Name: "upload-goes-on-after-a-crash", Capability: api.CapabilityUploads, Run: uploadCrash,
			Promise: "An upload goes on after a crash between its calls, and its commit can be repeated.",
		},
		{
			Name: "append-in-a-crash", Capability: api.CapabilityUploads, Run: appendCrash,
			Promise: "After a crash in the middle of an append the upload goes on from the size that the host knows.",
		},
		{
			Name: "commit-in-a-crash", Capability: api.CapabilityUploads, Run: commitCrash,
			Promise: "A commit that a crash cut short can be repeated.",
		},
	}
}

func objectsCrash(c *check) {
	path, gone := c.path("x"), c.path("gone")
	c.put(path, content(1, 100000))
	c.put(gone, content(1, 10))
	c.Must("delete", c.remove(gone))
	c.crash()
	c.holds(path, content(1, 100000))
	c.isAbsent(gone)
}

func writeCrash(c *check) {
	fresh, old := c.path("fresh"), c.path("old")
	data := content(1, 1000)
	c.put(old, data)
	for _, path := range []string{fresh, old} {
		stream, err := c.storage.Write(c.Ctx)
		c.Must("write", err)
		c.Must("write a part", stream.Send(&storagev1.WriteRequest{Instance: instance, Path: path, Data: content(2, 100000)}))
	}
	c.settle()
	c.crash()
	c.isAbsent(fresh)
	c.holds(old, data)
	if c.Has(api.CapabilityList) {
		c.lists(c.prefix, []string{old})
	}
	c.put(fresh, data)
	c.holds(fresh, data)
}

func uploadCrash(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 5<<20+1000)
	state := c.append(id, 0, c.begin(id), data[:5<<20])
	c.crash()
	state = c.append(id, 5<<20, state, data[5<<20:])
	c.crash()
	c.Must("commit", c.commit(id, path, int64(len(data)), state))
	c.crash()
	c.Must("commit again", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)
}

func appendCrash(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 300000)
	state := c.append(id, 0, c.begin(id), data[:100000])
	stream, err := c.storage.AppendUpload(c.Ctx)
	c.Must("append", err)
	c.Must("append a part", stream.Send(&storagev1.AppendUploadRequest{Instance: instance, Upload: id, Offset: 100000, State: state, Data: content(2, 250000)}))
	c.settle()
	c.crash()
	state = c.append(id, 100000, state, data[100000:])
	c.Must("commit", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)
}

func commitCrash(c *check) {
	data := content(1, 1<<20)
	for i := range 3 {
		id, path := c.upload(), c.path(fmt.Sprintf("%d/x", i))
		state := c.append(id, 0, c.begin(id), data)
		committing := make(chan struct{})
		go func() {
			defer close(committing)
			_ = c.commit(id, path, int64(len(data)), state) // It fails unless it was faster than the crash.
		}()
		time.Sleep(time.Duration(2*i) * time.Millisecond)
		c.crash()
		<-committing
		c.wholeOrAbsent(path, data)
		c.Must("commit again", c.commit(id, path, int64(len(data)), state))
		c.holds(path, data)
	}
}
