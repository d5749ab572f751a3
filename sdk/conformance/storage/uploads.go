package storage

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func uploadCases() []Case {
	cases := []Case{
		{Name: "upload-in-pieces", run: uploadPieces},
		{Name: "upload-of-nothing", run: uploadNothing},
		{Name: "upload-is-invisible-before-the-commit", run: uploadInvisible},
		{Name: "upload-begin-again", run: uploadAgain},
		{Name: "upload-goes-back-to-an-offset", run: uploadBack},
		{Name: "upload-after-a-broken-append", run: uploadBroken},
		{Name: "upload-refuses-an-offset-beyond-the-end", run: uploadBeyond},
		{Name: "upload-commit-is-idempotent", run: commitTwice},
		{Name: "upload-commit-checks-the-size", run: commitSize},
		{Name: "upload-commit-replaces", run: commitReplaces},
		{Name: "upload-commits-of-one-layer-at-once", run: commitsAtOnce},
		{Name: "upload-cancel", run: cancelUpload},
		{Name: "upload-unknown", run: unknownUpload},
		{Name: "upload-bad-ids", run: badUploads},
	}
	for i := range cases {
		cases[i].Capability = api.CapabilityUploads
	}
	return append(cases,
		Case{Name: "upload-descriptor", Capability: api.CapabilityLocalUploads, run: uploadDescriptor},
		Case{Name: "upload-descriptor-begins", Capability: api.CapabilityLocalUploads, run: uploadDescriptorBegins},
		Case{Name: "upload-descriptor-refuses", Capability: api.CapabilityLocalUploads, run: uploadDescriptorRefuses},
	)
}

func crashCases() []Case {
	return []Case{
		{Name: "upload-goes-on-after-a-crash", Capability: api.CapabilityUploads, run: uploadCrash},
		{Name: "objects-after-a-crash", run: objectsCrash},
	}
}

func (c *check) begin(id string) []byte {
	resp, err := c.storage.BeginUpload(c.ctx, &storagev1.BeginUploadRequest{Instance: instance, Upload: id})
	c.must("begin an upload", err)
	return resp.GetState()
}

func (c *check) tryAppend(id string, offset int64, state, data []byte) ([]byte, error) {
	stream, err := c.storage.AppendUpload(c.ctx)
	if err != nil {
		return nil, err
	}
	request := &storagev1.AppendUploadRequest{Instance: instance, Upload: id, Offset: offset, State: state}
	total := int64(len(data))
	for first := true; first || len(data) > 0; first = false {
		n := min(64<<10, len(data))
		request.Data, data = data[:n], data[n:]
		if err := stream.Send(request); err != nil {
			break // The answer says why.
		}
		request = &storagev1.AppendUploadRequest{}
	}
	resp, err := stream.CloseAndRecv()
	if err == nil && resp.GetAdded() != total {
		return nil, fmt.Errorf("%d bytes were added, not %d", resp.GetAdded(), total)
	}
	return resp.GetState(), err
}

func (c *check) append(id string, offset int64, state, data []byte) []byte {
	state, err := c.tryAppend(id, offset, state, data)
	c.must(fmt.Sprintf("append at %d", offset), err)
	return state
}

func (c *check) commit(id, path string, size int64, state []byte) error {
	_, err := c.storage.CommitUpload(c.ctx, &storagev1.CommitUploadRequest{Instance: instance, Upload: id, Path: path, Size: size, State: state})
	return err
}

func uploadPieces(c *check) {
	data := content(1, 6<<20+5)
	id, path := c.upload(), c.path("below/x")
	state := c.begin(id)
	at := 0
	for _, n := range []int{0, 1, 100000, 5 << 20, 0, len(data)} {
		n = min(n, len(data)-at)
		state = c.append(id, int64(at), state, data[at:at+n])
		at += n
	}
	c.must("commit", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)
}

func uploadNothing(c *check) {
	id, path := c.upload(), c.path("x")
	state := c.begin(id)
	c.must("commit", c.commit(id, path, 0, state))
	c.holds(path, nil)
}

func uploadInvisible(c *check) {
	id, path := c.upload(), c.path("x")
	state := c.append(id, 0, c.begin(id), content(1, 1000))
	c.absent(path)
	c.must("commit", c.commit(id, path, 1000, state))
	c.holds(path, content(1, 1000))
}

func uploadAgain(c *check) {
	id, path := c.upload(), c.path("x")
	c.append(id, 0, c.begin(id), content(1, 1000))
	state := c.append(id, 0, c.begin(id), content(2, 10))
	c.must("commit", c.commit(id, path, 10, state))
	c.holds(path, content(2, 10))
}

func uploadBack(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 200)
	first := c.append(id, 0, c.begin(id), data[:100])
	c.append(id, 100, first, content(2, 500))
	// The host takes the last append for lost and repeats it from what it knows.
	state := c.append(id, 100, first, data[100:])
	c.must("commit", c.commit(id, path, 200, state))
	c.holds(path, data)
}

func uploadBroken(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 300000)
	state := c.append(id, 0, c.begin(id), data[:1000])

	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	stream, err := c.storage.AppendUpload(ctx)
	c.must("append", err)
	request := &storagev1.AppendUploadRequest{Instance: instance, Upload: id, Offset: 1000, State: state, Data: content(2, 200000)}
	c.must("send a part", stream.Send(request))
	time.Sleep(20 * time.Millisecond) // So that the plugin has some of it.
	cancel()
	_, err = stream.CloseAndRecv()
	c.want("end an append that was given up", err, errs.Canceled)
	time.Sleep(100 * time.Millisecond) // The plugin learns of it a little later.

	state = c.append(id, 1000, state, data[1000:])
	c.must("commit", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)
}

func uploadBeyond(c *check) {
	id := c.upload()
	state := c.append(id, 0, c.begin(id), content(1, 100))
	_, err := c.tryAppend(id, 101, state, content(1, 10))
	c.want("append beyond the end", err, errs.OutOfRange)
	_, err = c.tryAppend(id, -1, state, content(1, 10))
	c.want("append at a negative offset", err, errs.OutOfRange)
}

func commitTwice(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 1000)
	state := c.append(id, 0, c.begin(id), data)
	for range 3 {
		c.must("commit", c.commit(id, path, 1000, state))
		c.holds(path, data)
	}
	c.want("commit again with another size", c.commit(id, path, 999, state), errs.NotFound)
	c.want("commit again to another path", c.commit(id, c.path("y"), 1000, state), errs.NotFound)
	c.absent(c.prefix + "y")
}

func commitSize(c *check) {
	id, path := c.upload(), c.path("x")
	state := c.append(id, 0, c.begin(id), content(1, 100))
	c.want("commit more than there is", c.commit(id, path, 101, state), errs.Conflict)
	c.absent(path)
	c.must("commit", c.commit(id, path, 100, state))
	c.holds(path, content(1, 100))
}

func commitReplaces(c *check) {
	path := c.path("x")
	for i := range 2 {
		id := c.upload()
		data := content(byte(i), 100+i)
		state := c.append(id, 0, c.begin(id), data)
		c.must("commit", c.commit(id, path, int64(len(data)), state))
		c.holds(path, data)
	}
}

func commitsAtOnce(c *check) {
	path := c.path("new/dir/x")
	data := content(1, 100000)
	c.together(8, func(int) {
		id := c.upload()
		state := c.append(id, 0, c.begin(id), data)
		c.must("commit", c.commit(id, path, int64(len(data)), state))
		c.holds(path, data)
	})
}

func (c *check) cancel(id string, state []byte) {
	_, err := c.storage.CancelUpload(c.ctx, &storagev1.CancelUploadRequest{Instance: instance, Upload: id, State: state})
	c.must("cancel", err)
}

func cancelUpload(c *check) {
	id, path := c.upload(), c.path("x")
	state := c.append(id, 0, c.begin(id), content(1, 100))
	for range 2 {
		c.cancel(id, state)
	}
	c.cancel(c.upload(), nil)
	_, err := c.tryAppend(id, 100, state, content(1, 1))
	c.want("append to a cancelled upload", err, errs.NotFound)
	c.want("commit a cancelled upload", c.commit(id, path, 100, state), errs.NotFound)
	c.absent(path)
}

func unknownUpload(c *check) {
	id, path := c.upload(), c.path("x")
	_, err := c.tryAppend(id, 0, nil, content(1, 1))
	c.want("append to an unknown upload", err, errs.NotFound)
	c.want("commit an unknown upload", c.commit(id, path, 0, nil), errs.NotFound)
}

func badUploads(c *check) {
	for _, id := range []string{"", ".", "..", "a/b", ".hidden", "-x", "a b", "ä", strings.Repeat("x", 129)} {
		_, err := c.storage.BeginUpload(c.ctx, &storagev1.BeginUploadRequest{Instance: instance, Upload: id})
		c.want(fmt.Sprintf("begin %.20q", id), err, errs.Invalid)
		_, err = c.tryAppend(id, 0, nil, nil)
		c.want(fmt.Sprintf("append to %.20q", id), err, errs.Invalid)
		c.want(fmt.Sprintf("commit %.20q", id), c.commit(id, c.prefix+"x", 0, nil), errs.Invalid)
	}
	id := c.upload()
	state := c.begin(id)
	c.want("commit to a bad path", c.commit(id, "../x", 0, state), errs.Invalid)
}

// openUpload has the plugin open an upload's file.
func (c *check) openUpload(id string, offset int64) (*os.File, error) {
	if c.opts.Target.Receive == nil {
		c.skip("there is no descriptor channel")
	}
	return c.opts.Target.Receive(c.ctx, func(ticket uint64) error {
		_, err := c.storage.OpenUploadDescriptor(c.ctx, &storagev1.OpenUploadDescriptorRequest{
			Instance: instance, Upload: id, Offset: offset, Ticket: ticket,
		})
		return err
	})
}

func uploadDescriptor(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 300000)
	state := c.begin(id)
	// The second write goes too far, the third begins before its end.
	for _, part := range []struct{ from, to int }{{0, 1000}, {1000, 200000}, {150000, len(data)}} {
		f, err := c.openUpload(id, int64(part.from))
		c.must("open the upload", err)
		c.access(f, syscall.O_WRONLY)
		_, err = f.Write(data[part.from:part.to])
		c.must("write", err)
		c.must("close", f.Close())
	}
	c.must("commit", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)

	// Bytes that the host does not count are not part of the object.
	id, path = c.upload(), c.path("y")
	state = c.begin(id)
	f, err := c.openUpload(id, 0)
	c.must("open the upload", err)
	_, err = f.Write(data)
	c.must("write", err)
	c.must("close", f.Close())
	c.must("commit", c.commit(id, path, 1000, state))
	c.holds(path, data[:1000])
}

func uploadDescriptorRefuses(c *check) {
	id := c.upload()
	c.begin(id)
	_, err := c.openUpload(id, 1)
	c.want("open beyond the end", err, errs.OutOfRange)
	_, err = c.openUpload(id, -1)
	c.want("open at a negative offset", err, errs.OutOfRange)
	_, err = c.openUpload(c.upload(), 1)
	c.want("open an unknown upload beyond its beginning", err, errs.NotFound)
}

// uploadDescriptorBegins: at offset 0 no upload need have been begun.
func uploadDescriptorBegins(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 1000)
	for range 2 { // The second time it empties what the first one began.
		f, err := c.openUpload(id, 0)
		c.must("open an unknown upload at its beginning", err)
		c.access(f, syscall.O_WRONLY)
		_, err = f.Write(data)
		c.must("write", err)
		c.must("close", f.Close())
	}
	c.must("commit", c.commit(id, path, 1000, nil))
	c.holds(path, data)
}

// crash ends the plugin and starts it again.
func (c *check) crash() {
	if c.opts.Restart == nil {
		c.skip("the plugin cannot be restarted here")
	}
	target, err := c.opts.Restart(c.ctx)
	c.must("restart", err)
	c.must("connect again", c.connect(c.ctx, target))
}

func uploadCrash(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 5<<20+1000)
	state := c.append(id, 0, c.begin(id), data[:5<<20])
	c.crash()
	state = c.append(id, 5<<20, state, data[5<<20:])
	c.crash()
	c.must("commit", c.commit(id, path, int64(len(data)), state))
	c.crash()
	c.must("commit again", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)
}

func objectsCrash(c *check) {
	path := c.path("x")
	c.put(path, content(1, 100000))
	c.crash()
	c.holds(path, content(1, 100000))
}
