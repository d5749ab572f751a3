package storage

import (
	"context"
	"io"
	"os"

	"github.com/quay/quay/sdk/errs"
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
	o.stream = &stream{ctx: ctx, location: o.location, path: o.path, offset: off, size: o.size, left: n}
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
	case off >= o.size:
		return 0, io.EOF
	case o.local != nil:
		return o.local.file.ReadAt(p, off)
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
		if !o.intact() {
			o.location.cache.invalidate(o.path)
		}
		o.location.cache.put(o.local)
	}
	return nil
}

// intact reports whether the next reader may get a local object's file. Where the
// last range was not read to its end it may be that the file has become shorter.
func (o *Object) intact() bool {
	if o.limited.N == 0 {
		return true
	}
	info, err := o.local.file.Stat()
	return err == nil && info.Size() == o.size
}

func (o *Object) endStream() {
	if o.stream != nil {
		o.stream.end()
		o.stream = nil
	}
}
