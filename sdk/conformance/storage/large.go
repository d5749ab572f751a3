package storage

import (
	"context"
	"fmt"

	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	api "github.com/quay/quay/sdk/storage"
)

func largeCases() []Case {
	return []Case{{
		Name: "object-of-5-gib", Run: objectOf5GiB, Long: true,
		Promise: "An object may have more than 5 GiB.",
	}}
}

// large is more than one request of a cloud's API can carry.
const large = 5<<30 + 1

// end is the last bytes of the large object; before them are zeros.
const end = "the end of the object"

func objectOf5GiB(c *check) {
	path := c.path("x")
	switch {
	case c.Has(api.CapabilityLocalUploads) && c.Target.Receive != nil:
		c.makeSparse(path)
	case c.Has(api.CapabilityUploads):
		c.uploadLarge(path)
	default:
		c.writeLarge(path)
	}
	size, err := c.stat(path)
	c.Must("look at the object", err)
	if size != large {
		c.Fatalf("the object has %d bytes, not %d", size, int64(large))
	}
	got, err := c.readFrom(instance, path, large-int64(len(end)), int64(len(end)))
	c.Must("read the end", err)
	c.equal("the end", got, []byte(end))
	c.readsZeros(path, 1<<32)
	if c.Has(api.CapabilityLocal) && c.Target.Receive != nil {
		f, size, err := c.open(path)
		c.Must("open", err)
		defer f.Close()
		if size != large {
			c.Errorf("the descriptor has the size %d, not %d", size, int64(large))
		}
	}
}

// makeSparse writes the end alone.
func (c *check) makeSparse(path string) {
	id := c.upload()
	f, err := c.openUpload(id, 0)
	c.Must("open the upload", err)
	defer f.Close()
	_, err = f.WriteAt([]byte(end), large-int64(len(end)))
	c.Must("write the end", err)
	c.Must("close", f.Close())
	c.Must("commit", c.commit(id, path, large, nil))
}

// uploadLarge appends in pieces, as the host does of a client's chunks.
func (c *check) uploadLarge(path string) {
	const piece = 512 << 20
	id := c.upload()
	state := c.begin(id)
	for at := int64(0); at < large; {
		n := min(piece, large-at)
		stream, err := c.storage.AppendUpload(c.Ctx)
		c.Must("append", err)
		err = c.sendLarge(at, n, func(data []byte, first bool) error {
			if first {
				return stream.Send(&storagev1.AppendUploadRequest{Instance: instance, Upload: id, Offset: at, State: state, Data: data})
			}
			return stream.Send(&storagev1.AppendUploadRequest{Data: data})
		})
		resp, answer := stream.CloseAndRecv()
		c.Must(fmt.Sprintf("append at %d", at), answer)
		c.Must("send", err)
		if resp.GetAdded() != n {
			c.Fatalf("%d bytes were added at %d, not %d", resp.GetAdded(), at, n)
		}
		state = c.state(resp.GetState())
		at += n
	}
	c.Must("commit", c.commit(id, path, large, state))
}

func (c *check) writeLarge(path string) {
	stream, err := c.storage.Write(c.Ctx)
	c.Must("write", err)
	err = c.sendLarge(0, large, func(data []byte, first bool) error {
		if first {
			return stream.Send(&storagev1.WriteRequest{Instance: instance, Path: path, Data: data})
		}
		return stream.Send(&storagev1.WriteRequest{Data: data})
	})
	_, answer := stream.CloseAndRecv()
	c.Must("write", answer)
	c.Must("send", err)
}

// sendLarge sends n bytes of the large object from an offset on.
func (c *check) sendLarge(offset, n int64, send func(data []byte, first bool) error) error {
	zeros := make([]byte, protocol.MaxDataBytes)
	limit := offset + n
	for at := offset; at < limit; {
		data := zeros[:min(int64(len(zeros)), limit-at)]
		if tail := large - int64(len(end)); at+int64(len(data)) > tail {
			data = make([]byte, len(data))
			for i := range data {
				if p := at + int64(i) - tail; p >= 0 {
					data[i] = end[p]
				}
			}
		}
		if err := send(data, at == offset); err != nil {
			return err
		}
		at += int64(len(data))
	}
	return nil
}

// readsZeros reads the first message from an offset on.
func (c *check) readsZeros(path string, offset int64) {
	ctx, cancel := context.WithCancel(c.Ctx)
	defer cancel()
	stream, err := c.storage.Read(ctx, &storagev1.ReadRequest{Instance: instance, Path: path, Offset: offset})
	c.Must("read", err)
	resp, err := stream.Recv()
	c.Must(fmt.Sprintf("read from %d", offset), err)
	c.equal("what is read", resp.GetData(), make([]byte, len(resp.GetData())))
}
