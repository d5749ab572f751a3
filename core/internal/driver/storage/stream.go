package storage

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
)

// stream reads a range of an object over gRPC. It begins with the first Read, and
// goes on where it was when the plugin crashes once.
type stream struct {
	ctx      context.Context
	location *Location
	path     string
	offset   int64 // of the next byte to come
	size     int64 // of the object
	left     int64 // to return

	lease    *plugin.Lease
	patience *patience
	client   grpc.ServerStreamingClient[storagev1.ReadResponse]
	data     []byte // came, but is not returned yet
	resumed  bool
	err      error
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
	s.left -= int64(n)
	return n, nil
}

// receive gets the next piece, or sets err.
func (s *stream) receive() {
	if s.lease == nil {
		if err := s.begin(); err != nil {
			s.retry(err)
			return
		}
	}
	err := s.patience.await(s.location.opts.IdleTimeout, func() error {
		for len(s.data) == 0 {
			resp, err := s.client.Recv()
			if err != nil {
				return err
			}
			s.data = resp.GetData()
		}
		return nil
	})
	switch {
	case errors.Is(err, io.EOF):
		s.fail(errs.Wrap(errs.Corrupt, io.ErrUnexpectedEOF, "the object ends %d bytes early", s.left))
	case err != nil:
		s.retry(err)
	case int64(len(s.data)) > s.size-s.offset:
		s.fail(errs.New(errs.Corrupt, "the object has more than its %d bytes", s.size))
	default:
		if s.offset += int64(len(s.data)); s.offset == s.size {
			s.finish()
		}
	}
}

// finish waits for the end of the stream before the last bytes are returned: a driver
// may find out only there that what it sent is not what was stored.
func (s *stream) finish() {
	err := s.patience.await(s.location.opts.IdleTimeout, func() error {
		for {
			resp, err := s.client.Recv()
			if err != nil {
				return err
			}
			if len(resp.GetData()) > 0 {
				return errs.New(errs.Corrupt, "the object has more than its %d bytes", s.size)
			}
		}
	})
	if errors.Is(err, io.EOF) {
		return
	}
	// A plugin that dies after the last byte has sent them all.
	if died, err := failure(s.ctx, s.lease, err); !died {
		s.fail(err)
	}
}

func (s *stream) begin() (err error) {
	if s.lease, err = s.location.sup.Lease(s.ctx); err != nil {
		return err
	}
	s.patience = newPatience(s.ctx)
	s.client, err = client(s.lease.Conn()).Read(s.patience.ctx, &storagev1.ReadRequest{
		Instance: s.location.instance, Path: s.path, Offset: s.offset,
	})
	return err
}

// retry begins again at the next byte when the plugin died, once.
func (s *stream) retry(err error) {
	died := false
	if s.lease != nil {
		died, err = failure(s.ctx, s.lease, err)
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
		s.patience.end()
		s.lease.Release()
	}
	s.lease, s.client, s.data = nil, nil, nil
}
