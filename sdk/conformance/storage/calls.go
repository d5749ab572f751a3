package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
)

// The calls of the service, as the cases make them. Each has the context of the
// case; errors are statuses.

// write stores an object in messages of a size.
func (c *check) write(path string, data []byte, size int) error {
	stream, err := c.storage.Write(c.Ctx)
	if err != nil {
		return err
	}
	total := int64(len(data))
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
	if err == nil && resp.GetSize() != total {
		return fmt.Errorf("the answer says that the object has %d bytes, not %d", resp.GetSize(), total)
	}
	return err
}

// put stores an object or ends the case.
func (c *check) put(path string, data []byte) {
	c.Must("store "+path, c.write(path, data, protocol.MaxDataBytes))
}

// read returns an object from an offset on.
func (c *check) read(path string, offset int64) ([]byte, error) {
	return c.readFrom(instance, path, offset, mostRead)
}

// mostRead is more than any object has whose content is looked at.
const mostRead = 64 << 20

// readFrom returns the bytes of an object from an offset on. More than most of them
// are an error.
func (c *check) readFrom(instance, path string, offset, most int64) ([]byte, error) {
	ctx, cancel := context.WithCancel(c.Ctx)
	defer cancel()
	stream, err := c.storage.Read(ctx, &storagev1.ReadRequest{Instance: instance, Path: path, Offset: offset})
	if err != nil {
		return nil, err
	}
	return drainRead(stream, nil, most)
}

// reading is a read that is under way.
type reading interface {
	Recv() (*storagev1.ReadResponse, error)
}

// drainRead appends what is left of a read to data. More than most bytes are an
// error.
func drainRead(stream reading, data []byte, most int64) ([]byte, error) {
	for {
		resp, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return data, err
		case len(resp.GetData()) > protocol.MaxDataBytes:
			return data, fmt.Errorf("a message has %d bytes", len(resp.GetData()))
		case int64(len(data)+len(resp.GetData())) > most:
			return data, fmt.Errorf("there are more than %d bytes", most)
		}
		data = append(data, resp.GetData()...)
	}
}

// stat returns an object's size.
func (c *check) stat(path string) (int64, error) {
	resp, err := c.storage.Stat(c.Ctx, &storagev1.StatRequest{Instance: instance, Path: path})
	return resp.GetSize(), err
}

// remove deletes objects.
func (c *check) remove(paths ...string) error {
	_, err := c.storage.Delete(c.Ctx, &storagev1.DeleteRequest{Instance: instance, Paths: paths})
	return err
}

// list returns the objects below a prefix.
func (c *check) list(prefix string) ([]*storagev1.Object, error) {
	stream, err := c.storage.List(c.Ctx, &storagev1.ListRequest{Instance: instance, Prefix: prefix})
	if err != nil {
		return nil, err
	}
	var objects []*storagev1.Object
	for {
		resp, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return objects, nil
		case err != nil:
			return objects, err
		}
		objects = append(objects, resp.GetObjects()...)
	}
}

// copy copies an object.
func (c *check) copy(from, to string) error {
	_, err := c.storage.Copy(c.Ctx, &storagev1.CopyRequest{Instance: instance, From: from, To: to})
	return err
}

// open has the plugin open an object and returns the descriptor and the size.
func (c *check) open(path string) (*os.File, int64, error) {
	c.needDescriptors()
	var size int64
	f, err := c.Target.Receive(c.Ctx, func(ticket uint64) error {
		resp, err := c.storage.OpenDescriptor(c.Ctx, &storagev1.OpenDescriptorRequest{Instance: instance, Path: path, Ticket: ticket})
		size = resp.GetSize()
		return err
	})
	return f, size, err
}

// openUpload has the plugin open an upload's file.
func (c *check) openUpload(id string, offset int64) (*os.File, error) {
	c.needDescriptors()
	return c.Target.Receive(c.Ctx, func(ticket uint64) error {
		_, err := c.storage.OpenUploadDescriptor(c.Ctx, &storagev1.OpenUploadDescriptorRequest{
			Instance: instance, Upload: id, Offset: offset, Ticket: ticket,
		})
		return err
	})
}

func (c *check) needDescriptors() {
	if c.Target.Receive == nil {
		c.Skip("there is no descriptor channel")
	}
}

// begin begins an upload or ends the case.
func (c *check) begin(id string) []byte {
	resp, err := c.storage.BeginUpload(c.Ctx, &storagev1.BeginUploadRequest{Instance: instance, Upload: id})
	c.Must("begin an upload", err)
	return c.state(resp.GetState())
}

// tryAppend adds data to an upload and returns its state.
func (c *check) tryAppend(id string, offset int64, state, data []byte) ([]byte, error) {
	return c.appendTo(instance, id, offset, state, data)
}

func (c *check) appendTo(instance, id string, offset int64, state, data []byte) ([]byte, error) {
	stream, err := c.storage.AppendUpload(c.Ctx)
	if err != nil {
		return nil, err
	}
	const size = 64 << 10
	request := &storagev1.AppendUploadRequest{Instance: instance, Upload: id, Offset: offset, State: state}
	total := int64(len(data))
	for first := true; first || len(data) > 0; first = false {
		n := min(size, len(data))
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
	return c.state(resp.GetState()), err
}

// append adds data to an upload, or ends the case, and returns its state.
func (c *check) append(id string, offset int64, state, data []byte) []byte {
	state, err := c.tryAppend(id, offset, state, data)
	c.Must(fmt.Sprintf("append at %d", offset), err)
	return state
}

// commit makes an upload an object.
func (c *check) commit(id, path string, size int64, state []byte) error {
	return c.commitWithin(c.Ctx, id, path, size, state)
}

func (c *check) commitWithin(ctx context.Context, id, path string, size int64, state []byte) error {
	_, err := c.storage.CommitUpload(ctx, &storagev1.CommitUploadRequest{Instance: instance, Upload: id, Path: path, Size: size, State: state})
	return err
}

// cancel drops an upload or ends the case.
func (c *check) cancel(id string, state []byte) {
	_, err := c.storage.CancelUpload(c.Ctx, &storagev1.CancelUploadRequest{Instance: instance, Upload: id, State: state})
	c.Must("cancel", err)
}

// isObject reports whether data is a JSON object.
func isObject(data []byte) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal(data, &object) == nil && object != nil
}
