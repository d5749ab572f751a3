package storage

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"time"

	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func uploadCases() []Case {
	cases := []Case{
		{
			Name: "upload-in-pieces", Run: uploadPieces,
			Promise: "What is appended in pieces of any size, also none, is the object.",
		},
		{
			Name: "upload-of-nothing", Run: uploadNothing,
			Promise: "An upload to which nothing was appended is committed as an empty object.",
		},
		{
			Name: "upload-is-invisible-before-the-commit", Run: uploadInvisible,
			Promise: "Before its commit nothing of an upload is visible.",
		},
		{
			Name: "upload-begin-again", Run: uploadAgain,
			Promise: "Beginning an upload again empties it.",
		},
		{
			Name: "upload-goes-back-to-an-offset", Run: uploadBack,
			Promise: "An append at an offset below the size cuts off what is beyond it.",
		},
		{
			Name: "upload-after-a-broken-append", Run: uploadBroken,
			Promise: "After an append that was given up the upload goes on from the size that the host knows.",
		},
		{
			Name: "upload-refuses-an-offset-beyond-the-end", Run: uploadBeyond,
			Promise: "An append beyond the size or below zero fails as out of range and changes nothing.",
		},
		{
			Name: "upload-goes-on-in-another-instance", Run: uploadMoves,
			Promise: "All that is known of an upload between calls is its id, its size and its state.",
		},
		{
			Name: "upload-cancel", Run: cancelUpload,
			Promise: "A cancelled upload is gone; cancelling again, or what does not exist, is no error.",
		},
		{
			Name: "upload-unknown", Run: unknownUpload,
			Promise: "Appending to and committing an upload that was not begun fails as not found.",
		},
		{
			Name: "upload-good-ids", Run: goodUploads,
			Promise: "Every good id names an upload of its own.",
		},
		{
			Name: "upload-bad-ids", Run: badUploads,
			Promise: "Ids that are no good ids are refused as invalid.",
		},
	}
	for i := range cases {
		cases[i].Capability = api.CapabilityUploads
	}
	return append(cases,
		Case{
			Name: "upload-descriptor", Capability: api.CapabilityLocalUploads, Run: uploadDescriptor,
			Promise: "An upload's descriptor is of a regular file, write-only, cut to the offset and standing there.",
		},
		Case{
			Name: "upload-descriptor-begins", Capability: api.CapabilityLocalUploads, Run: uploadDescriptorBegins,
			Promise: "At offset 0 a descriptor begins the upload, or empties it.",
		},
		Case{
			Name: "upload-descriptor-refuses", Capability: api.CapabilityLocalUploads, Run: uploadDescriptorRefuses,
			Promise: "A descriptor beyond the size or below zero is out of range; one of an unknown upload is not found.",
		},
		Case{
			Name: "upload-descriptor-and-appends", Capability: api.CapabilityLocalUploads, Run: uploadMixed,
			Promise: "An upload may be written by descriptors and by appends in turn.",
		},
	)
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
	c.Must("commit", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)
}

func uploadNothing(c *check) {
	id, path := c.upload(), c.path("x")
	c.Must("commit", c.commit(id, path, 0, c.begin(id)))
	c.holds(path, nil)
	id, path = c.upload(), c.path("y")
	state := c.append(id, 0, c.begin(id), nil)
	c.Must("commit", c.commit(id, path, 0, state))
	c.holds(path, nil)
}

func uploadInvisible(c *check) {
	id, path := c.upload(), c.path("x")
	state := c.append(id, 0, c.begin(id), content(1, 1000))
	c.isAbsent(path)
	c.isAbsent("uploads/" + id)
	c.Must("commit", c.commit(id, path, 1000, state))
	c.holds(path, content(1, 1000))
}

func uploadAgain(c *check) {
	id, path := c.upload(), c.path("x")
	c.append(id, 0, c.begin(id), content(1, 1000))
	state := c.begin(id)
	_, err := c.tryAppend(id, 1000, state, content(2, 10))
	c.Want("append to an emptied upload where it ended", err, errs.OutOfRange)
	state = c.append(id, 0, state, content(2, 10))
	c.Must("commit", c.commit(id, path, 10, state))
	c.holds(path, content(2, 10))
}

func uploadBack(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 200)
	first := c.append(id, 0, c.begin(id), data[:100])
	c.append(id, 100, first, content(2, 500))
	// The host takes the last append for lost and repeats it from what it knows.
	state := c.append(id, 100, first, data[100:])
	c.Want("commit what was cut off", c.commit(id, path, 600, state), errs.Conflict)
	c.Must("commit", c.commit(id, path, 200, state))
	c.holds(path, data)
}

func uploadBroken(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 300000)
	state := c.append(id, 0, c.begin(id), data[:1000])

	ctx, cancel := context.WithCancel(c.Ctx)
	defer cancel()
	stream, err := c.storage.AppendUpload(ctx)
	c.Must("append", err)
	request := &storagev1.AppendUploadRequest{Instance: instance, Upload: id, Offset: 1000, State: state, Data: content(2, 200000)}
	c.Must("send a part", stream.Send(request))
	time.Sleep(20 * time.Millisecond) // So that the plugin has some of it.
	cancel()
	// Not CloseAndRecv, which would tell the plugin that this was all.
	err = stream.RecvMsg(new(storagev1.AppendUploadResponse))
	c.Want("end an append that was given up", err, errs.Canceled)
	c.settle()
	c.isAbsent(path)

	state = c.append(id, 1000, state, data[1000:])
	c.Must("commit", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)
}

func uploadBeyond(c *check) {
	id, path := c.upload(), c.path("x")
	state := c.append(id, 0, c.begin(id), content(1, 100))
	for _, offset := range []int64{101, 1 << 40, -1} {
		_, err := c.tryAppend(id, offset, state, content(2, 10))
		c.Want(fmt.Sprintf("append at %d", offset), err, errs.OutOfRange)
	}
	c.Must("commit", c.commit(id, path, 100, state))
	c.holds(path, content(1, 100))
}

func uploadMoves(c *check) {
	other := c.other()
	id, path := c.upload(), c.path("x")
	data := content(1, 5<<20+100)
	state := c.append(id, 0, c.begin(id), data[:5<<20])
	state, err := c.appendTo(other, id, 5<<20, state, data[5<<20:])
	c.Must("append through another instance", err)
	c.Must("commit through the first", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)
}

func cancelUpload(c *check) {
	id, path := c.upload(), c.path("x")
	state := c.append(id, 0, c.begin(id), content(1, 100))
	for range 2 {
		c.cancel(id, state)
	}
	c.cancel(c.upload(), nil)
	_, err := c.tryAppend(id, 100, state, content(1, 1))
	c.Want("append to a cancelled upload", err, errs.NotFound)
	c.Want("commit a cancelled upload", c.commit(id, path, 100, state), errs.NotFound)
	c.isAbsent(path)

	// Its id can be used again, and a committed upload has nothing to cancel.
	state = c.append(id, 0, c.begin(id), content(2, 10))
	c.Must("commit", c.commit(id, path, 10, state))
	c.cancel(id, state)
	c.holds(path, content(2, 10))
}

func unknownUpload(c *check) {
	id, path := c.upload(), c.path("x")
	_, err := c.tryAppend(id, 0, nil, content(1, 1))
	c.Want("append to an unknown upload", err, errs.NotFound)
	c.Want("commit an unknown upload", c.commit(id, path, 0, nil), errs.NotFound)
	c.isAbsent(path)
}

func goodUploads(c *check) {
	stem := strings.TrimPrefix(c.upload(), "conformance-")
	ids := []string{
		stem, strings.ToLower(stem), stem + ".part", stem + ".lock", stem + "_-.", stem + "..", "0" + stem,
		"f81d4fae-7dec-11d0-a765-" + stem, stem + strings.Repeat("x", api.MaxUploadBytes-len(stem)),
	}
	states := make([][]byte, len(ids))
	for i, id := range ids {
		c.mu.Lock()
		c.uploads = append(c.uploads, id)
		c.mu.Unlock()
		states[i] = c.append(id, 0, c.begin(id), content(byte(i), 100+i))
	}
	for i, id := range ids {
		path := c.path(fmt.Sprintf("%d", i))
		c.Must("commit "+id, c.commit(id, path, int64(100+i), states[i]))
		c.holds(path, content(byte(i), 100+i))
	}
}

func badUploads(c *check) {
	for _, id := range []string{"", ".", "..", "a/b", "../x", ".hidden", "-x", "_x", "a b", "a\\b", "a\x00", "ä", strings.Repeat("x", api.MaxUploadBytes+1)} {
		_, err := c.storage.BeginUpload(c.Ctx, &storagev1.BeginUploadRequest{Instance: instance, Upload: id})
		c.Want(fmt.Sprintf("begin %.20q", id), err, errs.Invalid)
		_, err = c.tryAppend(id, 0, nil, nil)
		c.Want(fmt.Sprintf("append to %.20q", id), err, errs.Invalid)
		c.Want(fmt.Sprintf("commit %.20q", id), c.commit(id, c.prefix+"x", 0, nil), errs.Invalid)
		_, err = c.storage.CancelUpload(c.Ctx, &storagev1.CancelUploadRequest{Instance: instance, Upload: id})
		c.Want(fmt.Sprintf("cancel %.20q", id), err, errs.Invalid)
	}
}

func uploadDescriptor(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 300000)
	state := c.begin(id)
	// The second write goes too far, the third begins before its end.
	for _, part := range []struct{ from, to int }{{0, 1000}, {1000, 200000}, {150000, len(data)}} {
		c.writeUpload(id, int64(part.from), data[part.from:part.to])
	}
	c.Must("commit", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)

	// Bytes that the host does not count are not part of the object.
	id, path = c.upload(), c.path("y")
	state = c.begin(id)
	c.writeUpload(id, 0, data)
	c.Must("commit", c.commit(id, path, 1000, state))
	c.holds(path, data[:1000])
}

// writeUpload writes to an upload at an offset as the host does.
func (c *check) writeUpload(id string, offset int64, data []byte) {
	f, err := c.openUpload(id, offset)
	c.Must("open the upload", err)
	defer f.Close()
	c.access(f, syscall.O_WRONLY, offset)
	info, err := f.Stat()
	c.Must("look at the upload", err)
	if info.Size() != offset {
		c.Errorf("the upload's file has %d bytes, not %d", info.Size(), offset)
	}
	_, err = f.Write(data)
	c.Must("write", err)
	c.Must("close", f.Close())
}

func uploadDescriptorRefuses(c *check) {
	id := c.upload()
	c.begin(id)
	_, err := c.openUpload(id, 1)
	c.Want("open beyond the end", err, errs.OutOfRange)
	_, err = c.openUpload(id, -1)
	c.Want("open at a negative offset", err, errs.OutOfRange)
	_, err = c.openUpload(c.upload(), 1)
	c.Want("open an unknown upload beyond its beginning", err, errs.NotFound)
	_, err = c.openUpload("../x", 0)
	c.Want("open a bad id", err, errs.Invalid)
}

// uploadDescriptorBegins: at offset 0 no upload need have been begun.
func uploadDescriptorBegins(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 1000)
	for range 2 { // The second time it empties what the first one began.
		c.writeUpload(id, 0, data)
	}
	c.Must("commit", c.commit(id, path, 1000, nil))
	c.holds(path, data)
}

func uploadMixed(c *check) {
	id, path := c.upload(), c.path("x")
	data := content(1, 300000)
	c.writeUpload(id, 0, data[:100000])
	state := c.append(id, 100000, nil, data[100000:200000])
	c.writeUpload(id, 200000, data[200000:])
	c.Must("commit", c.commit(id, path, int64(len(data)), state))
	c.holds(path, data)
}
