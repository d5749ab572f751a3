package storage

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/quay/quay/sdk/errs"
	api "github.com/quay/quay/sdk/storage"
)

func localCases() []Case {
	cases := []Case{
		{
			Name: "descriptor", Run: descriptor,
			Promise: "A descriptor is of a regular file, read-only, at its beginning, and has the object's bytes and size.",
		},
		{
			Name: "descriptor-of-a-missing-object", Run: missingDescriptor,
			Promise: "A missing object, and a path that others begin with, is not found; no descriptor comes.",
		},
		{
			Name: "descriptors-have-their-own-offsets", Run: ownOffsets,
			Promise: "Each descriptor is an open file description of its own.",
		},
		{
			Name: "descriptor-outlives-the-object", Run: outlives,
			Promise: "What is read from a descriptor is the object as it was opened, also when it is deleted or replaced.",
		},
		{
			Name: "descriptors-at-once", Run: descriptorsAtOnce,
			Promise: "Many descriptors may be asked for at once, each comes to the call that asked.",
		},
		{
			Name: "descriptors-while-deleted", Run: descriptorsWhileDeleted,
			Promise: "A descriptor of an object that is deleted and stored again meanwhile is of the whole object, or it is not found.",
		},
	}
	for i := range cases {
		cases[i].Capability = api.CapabilityLocal
	}
	return cases
}

// access checks that f is a regular file with an access mode, standing at an offset.
func (c *check) access(f *os.File, mode int, offset int64) {
	info, err := f.Stat()
	c.Must("look at the descriptor", err)
	if !info.Mode().IsRegular() {
		c.Fatalf("the descriptor is of a %v", info.Mode())
	}
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, f.Fd(), syscall.F_GETFL, 0)
	if errno != 0 {
		c.Fatalf("fcntl: %v", errno)
	}
	if got := int(flags) & syscall.O_ACCMODE; got != mode {
		c.Errorf("the descriptor has the access mode %d, not %d", got, mode)
	}
	const oPath = 0o10000000 // O_PATH of Linux, which package syscall lacks.
	if bad := int(flags) & (oPath | syscall.O_APPEND | syscall.O_DIRECT); bad != 0 {
		c.Errorf("the descriptor has the flags %#o: plain reads and writes do not work with them", bad)
	}
	at, err := f.Seek(0, io.SeekCurrent)
	c.Must("look where the descriptor stands", err)
	if at != offset {
		c.Errorf("the descriptor stands at %d, not at %d", at, offset)
	}
}

func descriptor(c *check) {
	for _, n := range []int{0, 1, 100000} {
		path := c.path(fmt.Sprintf("%d", n))
		data := content(1, n)
		c.put(path, data)
		f, size, err := c.open(path)
		c.Must("open", err)
		defer f.Close()
		c.access(f, syscall.O_RDONLY, 0)
		if size != int64(n) {
			c.Errorf("the size is %d, not %d", size, n)
		}
		got, err := io.ReadAll(f)
		c.Must("read", err)
		c.equal("the descriptor's file", got, data)
	}
}

func missingDescriptor(c *check) {
	c.put(c.path("dir/x"), nil)
	for _, name := range []string{"missing", "dir", "dir/missing", "dir/x/below"} {
		_, _, err := c.open(c.path(name))
		c.Want("open "+name, err, errs.NotFound)
	}
	_, _, err := c.open("../x")
	c.Want("open a bad path", err, errs.Invalid)
}

func ownOffsets(c *check) {
	path := c.path("x")
	data := content(1, 100)
	c.put(path, data)
	a, _, err := c.open(path)
	c.Must("open", err)
	defer a.Close()
	b, _, err := c.open(path)
	c.Must("open again", err)
	defer b.Close()
	_, err = io.CopyN(io.Discard, a, 50)
	c.Must("read from the first", err)
	got, err := io.ReadAll(b)
	c.Must("read from the second", err)
	c.equal("the second descriptor's file", got, data)
}

func outlives(c *check) {
	path := c.path("x")
	data := content(1, 100000)
	c.put(path, data)
	f, _, err := c.open(path)
	c.Must("open", err)
	defer f.Close()
	c.Must("delete", c.remove(path))
	got, err := io.ReadAll(f)
	c.Must("read", err)
	c.equal("the file of the deleted object", got, data)
	// An object that replaces another does not change what is read of the old one.
	c.put(path, data)
	f, _, err = c.open(path)
	c.Must("open", err)
	defer f.Close()
	c.put(path, content(2, 10))
	got, err = io.ReadAll(f)
	c.Must("read", err)
	c.equal("the file of the replaced object", got, data)
}

func descriptorsAtOnce(c *check) {
	for i := range 4 {
		c.put(c.path(fmt.Sprintf("%d", i)), content(byte(i), 1000+i))
	}
	c.Together(16, func(worker int) {
		i := worker % 4
		for range 10 {
			f, size, err := c.open(c.prefix + fmt.Sprintf("%d", i))
			c.Must("open", err)
			got, err := io.ReadAll(f)
			if closeErr := f.Close(); closeErr != nil {
				err = errors.Join(err, closeErr)
			}
			c.Must("read", err)
			if size != int64(1000+i) {
				c.Errorf("the size is %d, not %d", size, 1000+i)
			}
			c.equal("the descriptor's file", got, content(byte(i), 1000+i))
		}
	})
}

func descriptorsWhileDeleted(c *check) {
	path := c.path("x")
	data := content(1, 200000)
	c.put(path, data)
	c.Together(4, func(worker int) {
		for range 10 {
			if worker == 0 {
				c.Must("delete", c.remove(path))
				c.put(path, data)
				continue
			}
			f, size, err := c.open(path)
			if err != nil {
				c.Want("open while it is deleted", err, errs.NotFound)
				continue
			}
			got, err := io.ReadAll(f)
			c.Must("read", errors.Join(err, f.Close()))
			c.equal("the descriptor's file", got, data)
			if size != int64(len(data)) {
				c.Errorf("the size is %d, not %d", size, len(data))
			}
		}
	})
}
