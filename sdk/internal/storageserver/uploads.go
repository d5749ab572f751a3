package storageserver

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	"github.com/quay/quay/sdk/internal/instances"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	"github.com/quay/quay/sdk/storage"
)

// useUpload is Use for calls that name an upload.
func (s *Server) useUpload(ctx context.Context, name string, u storage.Upload) (context.Context, *instance, storage.Uploader, error) {
	if err := storage.CheckUpload(u.ID); err != nil {
		return ctx, nil, nil, err
	}
	if u.Offset < 0 {
		return ctx, nil, nil, errs.New(errs.OutOfRange, "the offset is negative")
	}
	if err := checkState(errs.Invalid, u.State); err != nil {
		return ctx, nil, nil, err
	}
	ctx, in, err := s.Use(ctx, name)
	if err != nil {
		return ctx, nil, nil, err
	}
	uploader, ok := in.Driven.(storage.Uploader)
	if !ok {
		in.Release()
		return ctx, nil, nil, instances.Unsupported(storage.CapabilityUploads)
	}
	return ctx, in, uploader, nil
}

func checkState(kind errs.Kind, state storage.State) error {
	if len(state) > protocol.MaxStateBytes {
		return errs.New(kind, "the upload's state has %d bytes, more than %d", len(state), protocol.MaxStateBytes)
	}
	return nil
}

func (s *Server) BeginUpload(ctx context.Context, req *storagev1.BeginUploadRequest) (*storagev1.BeginUploadResponse, error) {
	ctx, in, uploader, err := s.useUpload(ctx, req.GetInstance(), storage.Upload{ID: req.GetUpload()})
	if err != nil {
		return nil, err
	}
	defer in.Release()
	state, err := uploader.Begin(ctx, req.GetUpload())
	if err == nil {
		err = checkState(errs.Internal, state)
	}
	if err != nil {
		return nil, err
	}
	return &storagev1.BeginUploadResponse{State: state}, nil
}

func (s *Server) AppendUpload(stream grpc.ClientStreamingServer[storagev1.AppendUploadRequest, storagev1.AppendUploadResponse]) error {
	first, err := stream.Recv()
	if err != nil {
		return streamError(err)
	}
	u := storage.Upload{ID: first.GetUpload(), Offset: first.GetOffset(), State: first.GetState()}
	ctx, in, uploader, err := s.useUpload(stream.Context(), first.GetInstance(), u)
	if err != nil {
		return err
	}
	defer in.Release()
	r := &messages{data: first.GetData(), next: func() ([]byte, error) {
		m, err := stream.Recv()
		return m.GetData(), err
	}}
	added, state, err := uploader.Append(ctx, u, r)
	if err == nil {
		err = checkState(errs.Internal, state)
	}
	switch {
	case err != nil:
		return err
	case !r.ended || added != r.size:
		return errs.New(errs.Internal, "the driver added %d bytes of %d", added, r.size)
	}
	return grpcerr.From(stream.SendAndClose(&storagev1.AppendUploadResponse{Added: added, State: state}))
}

func (s *Server) OpenUploadDescriptor(ctx context.Context, req *storagev1.OpenUploadDescriptorRequest) (*storagev1.OpenUploadDescriptorResponse, error) {
	u := storage.Upload{ID: req.GetUpload(), Offset: req.GetOffset()}
	ctx, in, uploader, err := s.useUpload(ctx, req.GetInstance(), u)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	local, ok := uploader.(storage.LocalUploader)
	if !ok || s.sender == nil {
		return nil, instances.Unsupported(storage.CapabilityLocalUploads)
	}
	f, err := local.OpenUpload(ctx, u)
	if err != nil {
		return nil, err
	}
	if _, err := s.pass(ctx, req.GetTicket(), f); err != nil {
		return nil, err
	}
	return &storagev1.OpenUploadDescriptorResponse{}, nil
}

func (s *Server) CommitUpload(ctx context.Context, req *storagev1.CommitUploadRequest) (*storagev1.CommitUploadResponse, error) {
	if err := storage.CheckPath(req.GetPath()); err != nil {
		return nil, err
	}
	u := storage.Upload{ID: req.GetUpload(), Offset: req.GetSize(), State: req.GetState()}
	ctx, in, uploader, err := s.useUpload(ctx, req.GetInstance(), u)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	if err := uploader.Commit(ctx, u, req.GetPath()); err != nil {
		return nil, err
	}
	return &storagev1.CommitUploadResponse{}, nil
}

func (s *Server) CancelUpload(ctx context.Context, req *storagev1.CancelUploadRequest) (*storagev1.CancelUploadResponse, error) {
	u := storage.Upload{ID: req.GetUpload(), State: req.GetState()}
	ctx, in, uploader, err := s.useUpload(ctx, req.GetInstance(), u)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	if err := uploader.Cancel(ctx, u); err != nil {
		return nil, err
	}
	return &storagev1.CancelUploadResponse{}, nil
}

// messages reads the data of a client's stream.
type messages struct {
	data  []byte
	next  func() ([]byte, error)
	size  int64
	ended bool
	err   error
}

func (m *messages) Read(p []byte) (int, error) {
	for len(m.data) == 0 {
		if m.err != nil {
			return 0, m.err
		}
		data, err := m.next()
		if err != nil {
			m.ended = errors.Is(err, io.EOF)
			m.err = streamError(err)
			continue
		}
		m.data = data
	}
	n := copy(p, m.data)
	m.data = m.data[n:]
	m.size += int64(n)
	return n, nil
}

// streamError keeps the end of a stream apart from its failure.
func streamError(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return grpcerr.From(err)
}
