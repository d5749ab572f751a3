package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
)

func objectCases() []Case {
	return []Case{
		{Name: "objects-of-many-sizes", run: sizes},
		{Name: "small-messages", run: smallMessages},
		{Name: "read-from-an-offset", run: offsets},
		{Name: "missing-object", run: missingObject},
		{Name: "replace-an-object", run: replace},
		{Name: "write-is-all-or-nothing", run: abortedWrite},
		{Name: "delete-is-idempotent", run: deleteTwice},
		{Name: "delete-many", run: deleteMany},
		{Name: "good-paths", run: goodPaths},
		{Name: "bad-paths", run: badPaths},
		{Name: "equal-writes-at-once", run: writeAtOnce},
		{Name: "many-objects-at-once", run: manyAtOnce},
		{Name: "cancelled-read-ends", run: cancelledRead},
	}
}

func sizes(c *check) {
	const mib = 1 << 20
	for i, n := range []int{0, 1, 4095, 4096, mib - 1, mib, mib + 1, 5*mib + 3} {
		path := c.path(fmt.Sprintf("%d", n))
		data := content(byte(i), n)
		c.put(path, data)
		c.holds(path, data)
	}
}

func smallMessages(c *check) {
	data := content(7, 1000)
	path := c.path("x")
	c.must("store in small messages", c.write(path, data, 7))
	c.holds(path, data)
}

func offsets(c *check) {
	data := content(1, 1<<20+10)
	path := c.path("x")
	c.put(path, data)
	for _, off := range []int{0, 1, 4096, 1 << 20, len(data) - 1, len(data)} {
		got, err := c.read(path, int64(off))
		if err != nil {
			c.errorf("read from %d: %v", off, err)
			continue
		}
		c.equal(fmt.Sprintf("what is read from %d", off), got, data[off:])
	}
	for _, off := range []int64{int64(len(data)) + 1, 1 << 40, -1} {
		_, err := c.read(path, off)
		c.want(fmt.Sprintf("read from %d", off), err, errs.OutOfRange)
	}
}

func missingObject(c *check) {
	c.absent(c.path("missing"))
	c.absent(c.path("missing/below/missing"))
	path := c.path("present")
	c.put(path, content(1, 1))
	c.absent(c.path("presen"))
	c.absent(c.path("present2"))
	// A path is not there because others begin with it.
	c.put(c.path("dir/x"), content(1, 1))
	c.absent(c.path("dir"))
}

func replace(c *check) {
	path := c.path("x")
	for i, n := range []int{1000, 10, 100000, 0} {
		data := content(byte(i), n)
		c.put(path, data)
		c.holds(path, data)
	}
}

func abortedWrite(c *check) {
	abortWrite := func(path string) {
		ctx, cancel := context.WithCancel(c.ctx)
		defer cancel()
		stream, err := c.storage.Write(ctx)
		c.must("begin to write", err)
		request := &storagev1.WriteRequest{Instance: instance, Path: path, Data: content(9, 100000)}
		c.must("write a part", stream.Send(request))
		c.must("write another", stream.Send(&storagev1.WriteRequest{Data: content(8, 100000)}))
		time.Sleep(20 * time.Millisecond) // So that the plugin has some of it.
		cancel()
		// Not CloseAndRecv, which would tell the plugin that the object is whole.
		err = stream.RecvMsg(new(storagev1.WriteResponse))
		c.want("end a write that was given up", err, errs.Canceled)
	}
	fresh := c.path("fresh")
	abortWrite(fresh)
	old := c.path("old")
	data := content(1, 50000)
	c.put(old, data)
	abortWrite(old)
	time.Sleep(100 * time.Millisecond) // The plugin learns of it a little later.
	c.absent(fresh)
	c.holds(old, data)
}

func deleteTwice(c *check) {
	path := c.path("x")
	c.put(path, content(1, 10))
	for range 3 {
		_, err := c.storage.Delete(c.ctx, &storagev1.DeleteRequest{Instance: instance, Paths: []string{path}})
		c.must("delete", err)
		c.absent(path)
	}
	// The path can be used again.
	c.put(path, content(2, 20))
	c.holds(path, content(2, 20))
	_, err := c.storage.Delete(c.ctx, &storagev1.DeleteRequest{Instance: instance})
	c.must("delete nothing", err)
}

func deleteMany(c *check) {
	var paths []string
	for i := range protocol.MaxDelete {
		paths = append(paths, c.prefix+fmt.Sprintf("d%d/x", i))
	}
	present := []string{paths[0], paths[500], paths[999]}
	kept := c.path("d1/kept")
	for _, path := range append(present, kept) {
		c.put(path, content(1, 10))
	}
	_, err := c.storage.Delete(c.ctx, &storagev1.DeleteRequest{Instance: instance, Paths: paths})
	c.must("delete 1,000 paths", err)
	for _, path := range present {
		c.absent(path)
	}
	c.holds(kept, content(1, 10))
	_, err = c.storage.Delete(c.ctx, &storagev1.DeleteRequest{Instance: instance, Paths: append(paths, c.prefix+"one/more")})
	c.want("delete 1,001 paths", err, errs.TooLarge)
}

func goodPaths(c *check) {
	long := strings.Repeat("d/", 100) + strings.Repeat("x", 200)
	names := []string{
		"a b", "ä/日本", "%41", "a+b&c=d", "question?#x", ".hidden", "dot.", "..a", "a..", "back\\slash",
		"quote'\"", "new\nline", "star*[x]", "$HOME", "~", "-flag", "UPPER/lower", "upper/LOWER", long,
	}
	for i, name := range names {
		c.put(c.path(name), content(byte(i), 10+i))
	}
	for i, name := range names {
		c.holds(c.prefix+name, content(byte(i), 10+i))
	}
}

func badPaths(c *check) {
	bad := []string{
		"", "/", "/x", "x/", "x//y", ".", "..", "./x", "../x", "x/.", "x/..", "x/../y", "x/./y", "nul\x00",
		strings.Repeat("x", 1025),
	}
	for _, path := range bad {
		_, err := c.stat(path)
		c.want(fmt.Sprintf("look at %.20q", path), err, errs.Invalid)
		_, err = c.read(path, 0)
		c.want(fmt.Sprintf("read %.20q", path), err, errs.Invalid)
		c.want(fmt.Sprintf("store %.20q", path), c.write(path, []byte("x"), 1), errs.Invalid)
		_, err = c.storage.Delete(c.ctx, &storagev1.DeleteRequest{Instance: instance, Paths: []string{path}})
		c.want(fmt.Sprintf("delete %.20q", path), err, errs.Invalid)
	}
}

// writeAtOnce is what two pushes of one layer do.
func writeAtOnce(c *check) {
	path := c.path("x")
	data := content(1, 300000)
	c.together(8, func(int) {
		for range 3 {
			c.put(path, data)
			c.holds(path, data)
		}
	})
}

func manyAtOnce(c *check) {
	c.together(16, func(i int) {
		for j := range 8 {
			path := c.path(fmt.Sprintf("%d/%d", i%4, i*100+j))
			data := content(byte(i), 1000*j)
			c.put(path, data)
			c.holds(path, data)
		}
	})
}

func cancelledRead(c *check) {
	path := c.path("x")
	c.put(path, content(1, 8<<20))
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	stream, err := c.storage.Read(ctx, &storagev1.ReadRequest{Instance: instance, Path: path})
	c.must("read", err)
	_, err = stream.Recv()
	c.must("read the first message", err)
	cancel()
	begin := time.Now()
	for err == nil {
		_, err = stream.Recv()
	}
	c.want("go on reading", err, errs.Canceled)
	if took := time.Since(begin); took > 2*time.Second {
		c.errorf("the read ended only after %v", took)
	}
}
