package storage

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	api "github.com/quay/quay/sdk/storage"
)

// instance is the suite's name of the location.
const instance = runner.Instance

// check is one run of a case.
type check struct {
	*runner.Check
	*runner.Plugin
	storage storagev1.StorageClient
	absent  Absent
	prefix  string // of the case's objects

	mu      sync.Mutex
	paths   []string // to remove
	uploads []string
	drained bool // nothing can be called any more
}

// path returns the path of one of the case's objects, which is removed in the end.
func (c *check) path(name string) string {
	path := c.prefix + name
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths = append(c.paths, path)
	return path
}

// upload returns the id of a new upload, which is cancelled in the end.
func (c *check) upload() string {
	id := "conformance-" + rand.Text()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.uploads = append(c.uploads, id)
	return id
}

// cleanUp removes what the case has made.
func (c *check) cleanUp() {
	if c.drained {
		return
	}
	for batch := range slices.Chunk(c.paths, protocol.MaxDelete) {
		c.Must("remove the case's objects", c.remove(batch...))
	}
	if c.Has(api.CapabilityUploads) {
		for _, id := range c.uploads {
			c.cancel(id, nil)
		}
	}
}

// content returns n bytes that differ from those of other seeds and do not repeat
// at any power of two.
func content(seed byte, n int) []byte {
	b := make([]byte, n)
	x := uint32(seed)*2654435761 + 12345
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

// holds notes a problem unless the object at path is data.
func (c *check) holds(path string, data []byte) {
	size, err := c.stat(path)
	switch {
	case err != nil:
		c.Errorf("look at %s: %v", path, err)
		return
	case size != int64(len(data)):
		c.Errorf("%s has %d bytes, not %d", path, size, len(data))
	}
	got, err := c.read(path, 0)
	if err != nil {
		c.Errorf("read %s: %v", path, err)
		return
	}
	c.equal("the object "+path, got, data)
}

// isAbsent notes a problem when there is an object at path.
func (c *check) isAbsent(path string) {
	_, err := c.stat(path)
	c.Want("look at "+path, err, errs.NotFound)
	_, err = c.read(path, 0)
	c.Want("read "+path, err, errs.NotFound)
}

// settle waits until the plugin has learned that a call was given up, and has done
// whatever it does about it.
func (c *check) settle() {
	const aLittle = 200 * time.Millisecond
	select {
	case <-time.After(aLittle):
	case <-c.Ctx.Done():
	}
}

func (c *check) equal(what string, got, want []byte) {
	if !bytes.Equal(got, want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		c.Errorf("%s has %d bytes, not %d, and differs at %d", what, len(got), len(want), at)
	}
}

// isOneOf notes a problem unless data is one of the versions.
func (c *check) isOneOf(what string, data []byte, versions ...[]byte) {
	if !slices.ContainsFunc(versions, func(v []byte) bool { return bytes.Equal(v, data) }) {
		c.Errorf("%s has %d bytes that nobody wrote as a whole", what, len(data))
	}
}

// soon notes a problem when f takes longer than a call may that was given up.
func (c *check) soon(what string, f func()) {
	const limit = 5 * time.Second
	begin := time.Now()
	f()
	if took := time.Since(begin); took > limit {
		c.Errorf("%s: it took %v, more than %v", what, took.Round(time.Millisecond), limit)
	}
}

// state notes a problem unless a driver's state of an upload is what it may be.
func (c *check) state(state []byte) []byte {
	if len(state) > 0 && !isObject(state) {
		c.Errorf("the upload's state is no JSON object: %.100q", state)
	}
	if len(state) > protocol.MaxStateBytes {
		c.Errorf("the upload's state has %d bytes", len(state))
	}
	return state
}

// crash ends the plugin and starts it again.
func (c *check) crash() {
	if c.Restart == nil {
		c.Skip("the plugin cannot be restarted here")
	}
	target, err := c.Restart(c.Ctx)
	c.Must("restart", err)
	c.connect(target)
}

// connect goes on with another process of the plugin.
func (c *check) connect(target Target) {
	before := c.Capabilities
	c.Must("connect again", c.Connect(c.Ctx, target))
	c.storage = storagev1.NewStorageClient(target.Conn)
	if !slices.Equal(before, c.Capabilities) {
		c.Errorf("the capabilities were %q and are %q", before, c.Capabilities)
	}
}

// named returns n names in lexical order.
func named(format string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf(format, i)
	}
	return names
}

// forget takes a path from those to remove.
func (c *check) forget(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths = slices.DeleteFunc(c.paths, func(p string) bool { return p == path })
}
