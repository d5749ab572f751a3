package storageserver

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	"github.com/quay/quay/sdk/internal/instances"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	"github.com/quay/quay/sdk/storage"
)

// maxExpiry is the longest life of a signed URL: what S3 and GCS allow.
const maxExpiry = 7 * 24 * time.Hour

// firstDataBytes is the size of the first message of a read.
const firstDataBytes = 64 << 10

func (s *Server) Stat(ctx context.Context, req *storagev1.StatRequest) (*storagev1.StatResponse, error) {
	ctx, in, err := s.usePath(ctx, req.GetInstance(), req.GetPath())
	if err != nil {
		return nil, err
	}
	defer in.Release()
	info, err := in.Driven.Stat(ctx, req.GetPath())
	if err != nil {
		return nil, err
	}
	return &storagev1.StatResponse{Size: info.Size}, nil
}

func (s *Server) Read(req *storagev1.ReadRequest, stream grpc.ServerStreamingServer[storagev1.ReadResponse]) error {
	ctx, in, err := s.usePath(stream.Context(), req.GetInstance(), req.GetPath())
	if err != nil {
		return err
	}
	defer in.Release()
	if req.GetOffset() < 0 {
		return errs.New(errs.OutOfRange, "the offset is negative")
	}
	r, err := in.Driven.Open(ctx, req.GetPath(), req.GetOffset())
	if err != nil {
		return err
	}
	defer r.Close()
	var buf []byte
	// One buffer serves many messages: Send encodes it before it returns, and this
	// server has no stats handler that would look at it later.
	// It grows from message to message: many reads want little and end the stream.
	for size := firstDataBytes; ; size = min(2*size, protocol.MaxDataBytes) {
		if size > len(buf) {
			buf = make([]byte, size)
		}
		n, err := io.ReadFull(r, buf)
		if n > 0 {
			if err := stream.Send(&storagev1.ReadResponse{Data: buf[:n]}); err != nil {
				return grpcerr.From(err)
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
		}
	}
}

func (s *Server) Write(stream grpc.ClientStreamingServer[storagev1.WriteRequest, storagev1.WriteResponse]) error {
	first, err := stream.Recv()
	if err != nil {
		return streamError(err)
	}
	ctx, in, err := s.usePath(stream.Context(), first.GetInstance(), first.GetPath())
	if err != nil {
		return err
	}
	defer in.Release()
	r := &messages{data: first.GetData(), next: func() ([]byte, error) {
		m, err := stream.Recv()
		return m.GetData(), err
	}}
	if err := in.Driven.Put(ctx, first.GetPath(), r); err != nil {
		return err
	}
	if !r.ended {
		return errs.New(errs.Internal, "the driver stored the object without reading all of it")
	}
	return grpcerr.From(stream.SendAndClose(&storagev1.WriteResponse{Size: r.size}))
}

func (s *Server) Delete(ctx context.Context, req *storagev1.DeleteRequest) (*storagev1.DeleteResponse, error) {
	paths := req.GetPaths()
	if len(paths) > protocol.MaxDelete {
		return nil, errs.New(errs.TooLarge, "one call deletes at most %d objects, not %d", protocol.MaxDelete, len(paths))
	}
	ctx, in, err := s.usePath(ctx, req.GetInstance(), paths...)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	if bulk, ok := in.Driven.(storage.BulkDeleter); ok && len(paths) > 1 {
		err = bulk.DeleteAll(ctx, paths)
	} else {
		err = deleteEach(ctx, in.Driven, paths)
	}
	if err != nil {
		return nil, err
	}
	return &storagev1.DeleteResponse{}, nil
}

func (s *Server) List(req *storagev1.ListRequest, stream grpc.ServerStreamingServer[storagev1.ListResponse]) error {
	ctx, in, err := s.Use(stream.Context(), req.GetInstance())
	if err != nil {
		return err
	}
	defer in.Release()
	lister, ok := in.Driven.(storage.Lister)
	if !ok {
		return instances.Unsupported(storage.CapabilityList)
	}
	if err := storage.CheckPrefix(req.GetPrefix()); err != nil {
		return err
	}
	l := listing{send: stream.Send, sent: time.Now()}
	if err := lister.List(ctx, req.GetPrefix(), l.add); err != nil {
		return err
	}
	return l.flush()
}

func (s *Server) Copy(ctx context.Context, req *storagev1.CopyRequest) (*storagev1.CopyResponse, error) {
	ctx, in, err := s.usePath(ctx, req.GetInstance(), req.GetFrom(), req.GetTo())
	if err != nil {
		return nil, err
	}
	defer in.Release()
	copier, ok := in.Driven.(storage.Copier)
	if !ok {
		return nil, instances.Unsupported(storage.CapabilityCopy)
	}
	if err := copier.Copy(ctx, req.GetFrom(), req.GetTo()); err != nil {
		return nil, err
	}
	return &storagev1.CopyResponse{}, nil
}

func (s *Server) SignURL(ctx context.Context, req *storagev1.SignURLRequest) (*storagev1.SignURLResponse, error) {
	ctx, in, err := s.usePath(ctx, req.GetInstance(), req.GetPath())
	if err != nil {
		return nil, err
	}
	defer in.Release()
	signer, ok := in.Driven.(storage.Signer)
	if !ok {
		return nil, instances.Unsupported(storage.CapabilitySign)
	}
	seconds := req.GetExpiresInSeconds()
	switch {
	case req.GetMethod() != "GET" && req.GetMethod() != "HEAD":
		return nil, errs.New(errs.Invalid, "a URL is signed for GET or HEAD, not for %q", req.GetMethod())
	case seconds < 1 || seconds > int64(maxExpiry/time.Second):
		return nil, errs.New(errs.Invalid, "a signed URL lives 1 second to 7 days, not %d seconds", seconds)
	}
	url, err := signer.SignURL(ctx, req.GetPath(), req.GetMethod(), time.Duration(seconds)*time.Second)
	if err != nil {
		return nil, err
	}
	return &storagev1.SignURLResponse{Url: url}, nil
}

func (s *Server) OpenDescriptor(ctx context.Context, req *storagev1.OpenDescriptorRequest) (*storagev1.OpenDescriptorResponse, error) {
	ctx, in, err := s.usePath(ctx, req.GetInstance(), req.GetPath())
	if err != nil {
		return nil, err
	}
	defer in.Release()
	reader, ok := in.Driven.(storage.LocalReader)
	if !ok || s.sender == nil {
		return nil, instances.Unsupported(storage.CapabilityLocal)
	}
	f, err := reader.OpenFile(ctx, req.GetPath())
	if err != nil {
		return nil, err
	}
	size, err := s.pass(ctx, req.GetTicket(), f)
	if err != nil {
		return nil, err
	}
	return &storagev1.OpenDescriptorResponse{Size: size}, nil
}

// pass sends f to the host, closes it and returns its size.
func (s *Server) pass(ctx context.Context, ticket uint64, f *os.File) (int64, error) {
	if f == nil {
		return 0, errs.New(errs.Internal, "the driver opened no file")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, errs.New(errs.Internal, "the driver opened something that is not a regular file")
	}
	return info.Size(), s.sender.Send(ctx, ticket, f)
}
