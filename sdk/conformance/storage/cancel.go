package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func cancelCases() []Case {
	return []Case{
		{
			Name: "write-is-all-or-nothing", Run: abortedWrite,
			Promise: "Of a write that is given up nothing is visible, and what it was to replace stays.",
		},
		{
			Name: "write-after-one-that-was-given-up", Run: writeAgain,
			Promise: "A write may be repeated after it was given up, at once.",
		},
		{
			Name: "cancelled-read-ends", Run: cancelledRead,
			Promise: "A read ends when its caller gives up, and leaves nothing behind that would hinder the next ones.",
		},
		{
			Name: "cancelled-list-ends", Capability: api.CapabilityList, Run: cancelledList,
			Promise: "A list ends when its caller gives up.",
		},
		{
			Name: "calls-that-run-out-of-time", Run: outOfTime,
			Promise: "A call that runs out of time has happened or has not, wholly, and may be repeated.",
		},
	}
}

// giveUpWriting writes a part of an object and gives it up.
func (c *check) giveUpWriting(path string) {
	ctx, cancel := context.WithCancel(c.Ctx)
	defer cancel()
	stream, err := c.storage.Write(ctx)
	c.Must("begin to write", err)
	request := &storagev1.WriteRequest{Instance: instance, Path: path, Data: content(9, 100000)}
	c.Must("write a part", stream.Send(request))
	c.Must("write another", stream.Send(&storagev1.WriteRequest{Data: content(8, 100000)}))
	time.Sleep(20 * time.Millisecond) // So that the plugin has some of it.
	cancel()
	// Not CloseAndRecv, which would tell the plugin that the object is whole.
	err = stream.RecvMsg(new(storagev1.WriteResponse))
	c.Want("end a write that was given up", err, errs.Canceled)
}

func abortedWrite(c *check) {
	fresh := c.path("fresh")
	c.giveUpWriting(fresh)
	old := c.path("old")
	data := content(1, 50000)
	c.put(old, data)
	c.giveUpWriting(old)
	c.settle()
	c.isAbsent(fresh)
	c.holds(old, data)
	if c.Has(api.CapabilityList) {
		c.lists(c.prefix, []string{old})
	}
}

func writeAgain(c *check) {
	path := c.path("x")
	for i := range 5 {
		c.giveUpWriting(path)
		data := content(byte(i), 1000*i)
		c.put(path, data)
		c.holds(path, data)
	}
	c.settle()
	c.holds(path, content(4, 4000))
}

func cancelledRead(c *check) {
	path := c.path("x")
	data := content(1, 8<<20)
	c.put(path, data)
	for range 20 {
		ctx, cancel := context.WithCancel(c.Ctx)
		stream, err := c.storage.Read(ctx, &storagev1.ReadRequest{Instance: instance, Path: path})
		c.Must("read", err)
		_, err = stream.Recv()
		c.Must("read the first message", err)
		cancel()
		c.soon("end a read that was given up", func() { _, err = drainRead(stream, nil, mostRead) })
		c.Want("go on reading", err, errs.Canceled)
	}
	c.holds(path, data)
}

func cancelledList(c *check) {
	c.put(c.path("x"), nil)
	for i := range 20 {
		ctx, cancel := context.WithCancel(c.Ctx)
		stream, err := c.storage.List(ctx, &storagev1.ListRequest{Instance: instance, Prefix: c.prefix})
		c.Must("list", err)
		time.Sleep(time.Duration(i) * time.Millisecond) // Before, during or after it.
		cancel()
		c.soon("end a list that was given up", func() {
			for err == nil {
				_, err = stream.Recv()
			}
		})
	}
	c.lists(c.prefix, []string{c.prefix + "x"})
}

// outOfTime makes calls with deadlines that pass before, during and after them. No
// path is used twice: what was given up may go on for a moment.
func outOfTime(c *check) {
	data := content(1, 300000)
	size := int64(len(data))
	for i := range 12 {
		path, copied, uploaded := c.path(fmt.Sprintf("%d/x", i)), c.path(fmt.Sprintf("%d/copy", i)), c.path(fmt.Sprintf("%d/upload", i))
		within := func(f func(ctx context.Context)) {
			ctx, cancel := context.WithTimeout(c.Ctx, time.Duration(i*i)*100*time.Microsecond)
			defer cancel()
			f(ctx)
		}
		c.put(path, data)
		if c.Has(api.CapabilityCopy) {
			within(func(ctx context.Context) {
				_, _ = c.storage.Copy(ctx, &storagev1.CopyRequest{Instance: instance, From: path, To: copied}) // Whatever becomes of it.
			})
			c.wholeOrAbsent(copied, data)
			c.Must("copy again", c.copy(path, copied))
			c.holds(copied, data)
		}
		if c.Has(api.CapabilityUploads) {
			id := c.upload()
			state := c.append(id, 0, c.begin(id), data)
			within(func(ctx context.Context) { _ = c.commitWithin(ctx, id, uploaded, size, state) }) // Likewise.
			c.wholeOrAbsent(uploaded, data)
			c.Must("commit again", c.commit(id, uploaded, size, state))
			c.holds(uploaded, data)
		}
		within(func(ctx context.Context) {
			_, _ = c.storage.Delete(ctx, &storagev1.DeleteRequest{Instance: instance, Paths: []string{path}}) // Likewise.
		})
		c.wholeOrAbsent(path, data)
		c.Must("delete again", c.remove(path))
		c.isAbsent(path)
	}
	c.settle()
}

// wholeOrAbsent notes a problem unless there is no object at path, or data is.
func (c *check) wholeOrAbsent(path string, data []byte) {
	got, err := c.read(path, 0)
	if err != nil {
		c.Want("read "+path, err, errs.NotFound)
		return
	}
	c.equal("the object "+path, got, data)
}
