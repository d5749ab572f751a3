package storage

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// Put stores all of r as the object at path. When it returns nil the object is
// whole and durable. It is for small objects: the bytes pass through the plugin,
// and only an object of at most 1 MiB is stored again when the plugin crashes.
func (l *Location) Put(ctx context.Context, path string, r io.Reader) error {
	first := make([]byte, pieceBytes)
	n, whole, err := fill(r, first)
	if err != nil {
		return err
	}
	first = first[:n]
	if whole {
		return l.store(ctx, path, true, func() io.Reader { return bytes.NewReader(first) })
	}
	return l.store(ctx, path, false, func() io.Reader { return io.MultiReader(bytes.NewReader(first), r) })
}

// store stores what content returns as the object at path. Content is called for
// each attempt, of which there are two at most when it can be repeated. When it cannot
// be read the error is its own: that is nothing the driver did.
func (l *Location) store(ctx context.Context, path string, repeatable bool, content func() io.Reader) error {
	defer l.cache.invalidate(path)
	var unread error
	err := l.call(ctx, plugin.Call{Idempotent: repeatable, Timeout: -1}, func(ctx context.Context, g *plugin.Generation) error {
		s := &source{r: content()}
		err := l.write(ctx, g, path, s)
		if unread = s.err; unread != nil {
			err = nil // Nothing is to be held against the plugin.
		}
		return err
	})
	if unread != nil {
		return unread
	}
	return err
}

// source is a reader that remembers its failure.
type source struct {
	r   io.Reader
	err error // not io.EOF
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// write sends an object to a generation.
func (l *Location) write(ctx context.Context, g *plugin.Generation, path string, r io.Reader) error {
	p := newPatience(ctx)
	defer p.end() // After a failure it makes the driver drop what came.
	stream, err := client(g.Conn()).Write(p.ctx)
	if err != nil {
		return err
	}
	piece := make([]byte, pieceBytes)
	request := &storagev1.WriteRequest{Instance: l.instance, Path: path}
	sent := int64(0)
	for ended := false; !ended; request = new(storagev1.WriteRequest) {
		n, end, err := fill(r, piece)
		if err != nil {
			return err
		}
		ended = end
		if n == 0 && sent > 0 {
			break
		}
		request.Data = piece[:n]
		sent += int64(n)
		if p.await(l.opts.TransferTimeout, func() error { return stream.Send(request) }) != nil {
			break // The answer says why.
		}
	}
	return p.await(l.opts.answerTimeout(), func() error {
		resp, err := stream.CloseAndRecv()
		if err == nil && resp.GetSize() != sent {
			return errs.New(errs.Internal, "the storage driver stored %d bytes of %d", resp.GetSize(), sent)
		}
		return err
	})
}

// fill reads from r until p is full, r has ended or it fails. Unlike io.ReadFull it
// does not take a reader that says io.ErrUnexpectedEOF for one that has ended.
func fill(r io.Reader, p []byte) (n int, ended bool, err error) {
	for n < len(p) && err == nil {
		var read int
		read, err = r.Read(p[n:])
		n += read
	}
	if errors.Is(err, io.EOF) {
		return n, true, nil
	}
	return n, false, err
}
