package storage

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// Object is an open object. One goroutine uses it at a time.
type Object struct {
	location *Location
	path     string
	size     int64
	local    *handle          // nil when its bytes come by a stream
	limited  io.LimitedReader // what Range returned for a local object
	stream   *stream          // what Range returned otherwise
	closed   bool
}

// Size is the object's size in bytes.
func (o *Object) Size() int64 { return o.size }

// File returns the file of a local object, nil for others. Its offset moves with
// the reads of Range, and it is not the caller's to close.
func (o *Object) File() *os.File {
	if o.local == nil {
		return nil
	}
	return o.local.file
}

// Range returns a reader of the n bytes from off, or fails with errs.OutOfRange. A
// negative n means all to the end. It ends the use of the reader that an earlier
// Range returned, and Close ends its own.
//
// For local objects it is an *io.LimitedReader over an *os.File that stands at
// off, which net/http sends by sendfile. Otherwise it is a stream that ends with
// ctx.
func (o *Object) Range(ctx context.Context, off, n int64) (io.Reader, error) {
	if n < 0 {
		n = o.size - off
	}
	// Written so that no sum overflows.
	if off < 0 || off > o.size || n < 0 || n > o.size-off {
		return nil, errs.New(errs.OutOfRange, "bytes %d to %d of an object of %d bytes", off, off+n, o.size)
	}
	if o.closed {
		return nil, errs.Wrap(errs.Internal, os.ErrClosed, "the object is closed")
	}
	if o.local != nil {
		if _, err := o.local.file.Seek(off, io.SeekStart); err != nil {
			return nil, errs.Wrap(errs.Internal, err, "the object cannot be read")
		}
		o.limited = io.LimitedReader{R: o.local.file, N: n}
		return &o.limited, nil
	}
	o.endStream()
	o.stream = &stream{ctx: ctx, location: o.location, path: o.path, offset: off, left: n}
	return o.stream, nil
}

// ReadAt implements io.ReaderAt. It does not move what Range returned, for local
// objects, and ends it for others.
func (o *Object) ReadAt(p []byte, off int64) (int, error) {
	switch {
	case o.closed:
		return 0, errs.Wrap(errs.Internal, os.ErrClosed, "the object is closed")
	case off < 0:
		return 0, errs.New(errs.OutOfRange, "the offset is negative")
	case o.local != nil:
		return o.local.file.ReadAt(p, off)
	case off >= o.size:
		return 0, io.EOF
	}
	n := min(int64(len(p)), o.size-off)
	r, err := o.Range(context.Background(), off, n)
	if err != nil {
		return 0, err
	}
	defer o.endStream()
	read, err := io.ReadFull(r, p[:n])
	if err == nil && read < len(p) {
		err = io.EOF
	}
	return read, err
}

// Close gives the object back. Repeating it does no harm.
func (o *Object) Close() error {
	if o.closed {
		return nil
	}
	o.closed = true
	o.endStream()
	if o.local != nil {
		o.location.cache.put(o.local)
	}
	return nil
}

func (o *Object) endStream() {
	if o.stream != nil {
		o.stream.end()
		o.stream = nil
	}
}

// stream reads a range of an object over gRPC. It begins with the first Read, and
// goes on where it was when the plugin crashes once.
type stream struct {
	ctx      context.Context
	location *Location
	path     string
	offset   int64 // of the next byte to return
	left     int64

	lease   *plugin.Lease
	cancel  context.CancelFunc
	recv    func() (*storagev1.ReadResponse, error)
	data    []byte
	resumed bool
	err     error
}

func (s *stream) Read(p []byte) (int, error) {
	if s.left == 0 && s.err == nil {
		s.fail(io.EOF)
	}
	for len(s.data) == 0 && s.err == nil {
		s.receive()
	}
	if len(s.data) == 0 {
		return 0, s.err
	}
	n := copy(p[:min(int64(len(p)), s.left)], s.data)
	s.data = s.data[n:]
	s.offset += int64(n)
	s.left -= int64(n)
	return n, nil
}

// receive gets the next piece, or sets err.
func (s *stream) receive() {
	if s.recv == nil {
		if err := s.begin(); err != nil {
			s.retry(err)
			return
		}
	}
	resp, err := s.recv()
	switch {
	case errors.Is(err, io.EOF):
		s.fail(errs.Wrap(errs.Corrupt, io.ErrUnexpectedEOF, "the object ends %d bytes early", s.left))
	case err != nil:
		s.retry(err)
	default:
		s.data = resp.GetData()
	}
}

func (s *stream) begin() error {
	lease, err := s.location.sup.Lease(s.ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.lease, s.cancel = lease, cancel
	stream, err := client(lease.Conn()).Read(ctx, &storagev1.ReadRequest{
		Instance: s.location.instance, Path: s.path, Offset: s.offset,
	})
	if err != nil {
		return err
	}
	s.recv = stream.Recv
	return nil
}

// retry begins again at the next byte when the plugin died, once.
func (s *stream) retry(err error) {
	died := false
	if s.lease != nil {
		died, err = s.lease.Failure(s.ctx, err)
	}
	if s.resumed || !died {
		s.fail(err)
		return
	}
	s.resumed = true
	s.end()
}

func (s *stream) fail(err error) {
	s.err = err
	s.end()
}

// end releases what the stream holds.
func (s *stream) end() {
	if s.lease != nil {
		s.cancel()
		s.lease.Release()
	}
	s.lease, s.recv, s.data = nil, nil, nil
}
