package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
)

// check is one run of a case. Its methods that can go wrong end the case, like
// those of testing.T called Fatal.
type check struct {
	*suite
	ctx    context.Context
	prefix string

	mu       sync.Mutex
	problems []string
	skipped  string
	paths    []string // to remove
	uploads  []string
}

// abort ends a case.
type abort struct{}

// guard runs a part of a case to its end or its first failure.
func (c *check) guard(f func()) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(abort); !ok {
				panic(p)
			}
		}
	}()
	f()
}

func (c *check) errorf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

func (c *check) fatalf(format string, args ...any) {
	c.errorf(format, args...)
	panic(abort{})
}

func (c *check) skip(reason string) {
	c.skipped = reason
	panic(abort{})
}

// must ends the case unless err is nil.
func (c *check) must(what string, err error) {
	if err != nil {
		c.fatalf("%s: %v", what, err)
	}
}

// want notes a problem unless err has one of the kinds.
func (c *check) want(what string, err error, kinds ...errs.Kind) {
	got := grpcerr.From(err)
	switch {
	case err == nil:
		c.errorf("%s: it succeeded, but must fail as %v", what, kinds)
	case !slices.Contains(kinds, errs.KindOf(got)):
		c.errorf("%s: it failed as %v, but must fail as %v: %v", what, errs.KindOf(got), kinds, got)
	}
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
	for batch := range slices.Chunk(c.paths, protocol.MaxDelete) {
		_, err := c.storage.Delete(c.ctx, &storagev1.DeleteRequest{Instance: instance, Paths: batch})
		c.must("remove the case's objects", err)
	}
	if c.has("storage.uploads") {
		for _, id := range c.uploads {
			_, err := c.storage.CancelUpload(c.ctx, &storagev1.CancelUploadRequest{Instance: instance, Upload: id})
			c.must("cancel the case's uploads", err)
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

// write stores an object in messages of a size.
func (c *check) write(path string, data []byte, size int) error {
	stream, err := c.storage.Write(c.ctx)
	if err != nil {
		return err
	}
	request := &storagev1.WriteRequest{Instance: instance, Path: path}
	for first := true; first || len(data) > 0; first = false {
		n := min(size, len(data))
		request.Data, data = data[:n], data[n:]
		if err := stream.Send(request); err != nil {
			break // The answer says why.
		}
		request = &storagev1.WriteRequest{}
	}
	resp, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	_ = resp
	return nil
}

// put stores an object.
func (c *check) put(path string, data []byte) {
	c.must("store "+path, c.write(path, data, protocol.MaxDataBytes))
}

// read returns an object from an offset on.
func (c *check) read(path string, offset int64) ([]byte, error) {
	stream, err := c.storage.Read(c.ctx, &storagev1.ReadRequest{Instance: instance, Path: path, Offset: offset})
	if err != nil {
		return nil, err
	}
	var data []byte
	for {
		resp, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return data, err
		case len(resp.GetData()) > protocol.MaxDataBytes:
			return data, fmt.Errorf("a message has %d bytes", len(resp.GetData()))
		}
		data = append(data, resp.GetData()...)
	}
}

// stat returns an object's size.
func (c *check) stat(path string) (int64, error) {
	resp, err := c.storage.Stat(c.ctx, &storagev1.StatRequest{Instance: instance, Path: path})
	return resp.GetSize(), err
}

// holds notes a problem unless the object at path is data.
func (c *check) holds(path string, data []byte) {
	size, err := c.stat(path)
	switch {
	case err != nil:
		c.errorf("look at %s: %v", path, err)
		return
	case size != int64(len(data)):
		c.errorf("%s has %d bytes, not %d", path, size, len(data))
	}
	got, err := c.read(path, 0)
	if err != nil {
		c.errorf("read %s: %v", path, err)
		return
	}
	c.equal("the object "+path, got, data)
}

// absent notes a problem when there is an object at path.
func (c *check) absent(path string) {
	_, err := c.stat(path)
	c.want("look at "+path, err, errs.NotFound)
	_, err = c.read(path, 0)
	c.want("read "+path, err, errs.NotFound)
}

func (c *check) equal(what string, got, want []byte) {
	if !bytes.Equal(got, want) {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		c.errorf("%s has %d bytes, not %d, and differs at %d", what, len(got), len(want), at)
	}
}

// open has the plugin open an object and returns the descriptor and the size.
func (c *check) open(path string) (*os.File, int64, error) {
	if c.opts.Target.Receive == nil {
		c.skip("there is no descriptor channel")
	}
	var size int64
	f, err := c.opts.Target.Receive(c.ctx, func(ticket uint64) error {
		resp, err := c.storage.OpenDescriptor(c.ctx, &storagev1.OpenDescriptorRequest{Instance: instance, Path: path, Ticket: ticket})
		size = resp.GetSize()
		return err
	})
	return f, size, err
}

// together runs f n times at once and waits for all.
func (c *check) together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { c.guard(func() { f(i) }) })
	}
	wg.Wait()
}
