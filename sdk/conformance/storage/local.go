package storage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func localCases() []Case {
	return []Case{
		{Name: "descriptor", Capability: api.CapabilityLocal, run: descriptor},
		{Name: "descriptor-of-a-missing-object", Capability: api.CapabilityLocal, run: missingDescriptor},
		{Name: "descriptors-have-their-own-offsets", Capability: api.CapabilityLocal, run: ownOffsets},
		{Name: "descriptor-outlives-the-object", Capability: api.CapabilityLocal, run: outlives},
		{Name: "descriptors-at-once", Capability: api.CapabilityLocal, run: descriptorsAtOnce},
	}
}

// access checks that f is a regular file with an access mode.
func (c *check) access(f *os.File, mode int) {
	info, err := f.Stat()
	c.must("look at the descriptor", err)
	if !info.Mode().IsRegular() {
		c.fatalf("the descriptor is of a %v", info.Mode())
	}
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_GETFL, 0)
	if errno != 0 {
		c.fatalf("fcntl: %v", errno)
	}
	if got := int(flags) & syscall.O_ACCMODE; got != mode {
		c.errorf("the descriptor has the access mode %d, not %d", got, mode)
	}
}

func descriptor(c *check) {
	for _, n := range []int{0, 1, 100000} {
		path := c.path(fmt.Sprintf("%d", n))
		data := content(1, n)
		c.put(path, data)
		f, size, err := c.open(path)
		c.must("open", err)
		defer f.Close()
		c.access(f, syscall.O_RDONLY)
		if size != int64(n) {
			c.errorf("the size is %d, not %d", size, n)
		}
		got, err := io.ReadAll(f)
		c.must("read", err)
		c.equal("the descriptor's file", got, data)
	}
}

func missingDescriptor(c *check) {
	c.put(c.path("dir/x"), nil)
	for _, name := range []string{"missing", "dir", "dir/missing", "dir/x/below"} {
		_, _, err := c.open(c.path(name))
		c.want("open "+name, err, errs.NotFound)
	}
	_, _, err := c.open("../x")
	c.want("open a bad path", err, errs.Invalid)
}

func ownOffsets(c *check) {
	path := c.path("x")
	data := content(1, 100)
	c.put(path, data)
	a, _, err := c.open(path)
	c.must("open", err)
	defer a.Close()
	b, _, err := c.open(path)
	c.must("open again", err)
	defer b.Close()
	_, err = io.CopyN(io.Discard, a, 50)
	c.must("read from the first", err)
	got, err := io.ReadAll(b)
	c.must("read from the second", err)
	c.equal("the second descriptor's file", got, data)
}

func outlives(c *check) {
	path := c.path("x")
	data := content(1, 100000)
	c.put(path, data)
	f, _, err := c.open(path)
	c.must("open", err)
	defer f.Close()
	_, err = c.storage.Delete(c.ctx, &storagev1.DeleteRequest{Instance: instance, Paths: []string{path}})
	c.must("delete", err)
	got, err := io.ReadAll(f)
	c.must("read", err)
	c.equal("the file of the deleted object", got, data)
	// An object that replaces another does not change what is read of the old one.
	c.put(path, data)
	f, _, err = c.open(path)
	c.must("open", err)
	defer f.Close()
	c.put(path, content(2, 10))
	got, err = io.ReadAll(f)
	c.must("read", err)
	c.equal("the file of the replaced object", got, data)
}

func descriptorsAtOnce(c *check) {
	for i := range 4 {
		c.put(c.path(fmt.Sprintf("%d", i)), content(byte(i), 1000+i))
	}
	c.together(16, func(worker int) {
		i := worker % 4
		for range 10 {
			f, size, err := c.open(c.prefix + fmt.Sprintf("%d", i))
			c.must("open", err)
			got, err := io.ReadAll(f)
			if closeErr := f.Close(); closeErr != nil {
				err = errors.Join(err, closeErr)
			}
			c.must("read", err)
			if size != int64(1000+i) {
				c.errorf("the size is %d, not %d", size, 1000+i)
			}
			c.equal("the descriptor's file", got, content(byte(i), 1000+i))
		}
	})
}
