package serve

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"strings"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
)

// unary surrounds each unary call: it counts it for the drain, makes its span, turns
// a panic into an error and errors into statuses.
func (s *Service) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (resp any, err error) {
	if counted(info.FullMethod) {
		if !s.gate.enter() {
			return nil, grpcerr.To(errDraining)
		}
		defer s.gate.leave()
	}
	ctx, end := s.spans.Begin(ctx, info.FullMethod)
	defer func() { end(err) }()
	defer s.finish(info.FullMethod, req, &err)
	return handler(ctx, req)
}

// stream does the same for streams.
func (s *Service) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	if counted(info.FullMethod) {
		if !s.gate.enter() {
			return grpcerr.To(errDraining)
		}
		defer s.gate.leave()
	}
	ctx, end := s.spans.Begin(stream.Context(), info.FullMethod)
	defer func() { end(err) }()
	defer s.finish(info.FullMethod, nil, &err)
	return handler(srv, traced{stream, ctx})
}

// traced is a stream with the context of its span.
type traced struct {
	grpc.ServerStream
	ctx context.Context
}

func (t traced) Context() context.Context { return t.ctx }

var errDraining = errs.New(errs.Unavailable, "the plugin is draining")

// ours begins the methods of Quay's services; the others are go-plugin's.
const ours = "/quay.plugin."

// counted reports whether a method belongs to a plugin kind: those are what a
// drain waits for. The lifecycle and go-plugin's own services are not.
func counted(method string) bool {
	return strings.HasPrefix(method, ours) && !strings.HasPrefix(method, ours+"base.")
}

// finish must be deferred: it recovers.
func (s *Service) finish(method string, req any, err *error) {
	if p := recover(); p != nil {
		s.logger.Error("the plugin panicked", "method", method, "panic", p, "stack", string(debug.Stack()))
		*err = errs.New(errs.Internal, "the plugin panicked")
	} else if level, ok := severity(*err); ok && strings.HasPrefix(method, ours) {
		// Only the message crosses the wire, so the cause is logged here.
		args := []any{"method", method, "kind", errs.KindOf(grpcerr.From(*err)).String(), "error", errs.Loggable(*err)}
		if named, ok := req.(interface{ GetInstance() string }); ok {
			args = append(args, "instance", named.GetInstance())
		}
		s.logger.Log(context.Background(), level, "call failed", args...)
	}
	*err = grpcerr.To(*err)
}

// severity reports whether the log has to say why a call failed, and at which level:
// where it is a defect, and where there is a cause that does not cross the wire.
func severity(err error) (slog.Level, bool) {
	if err == nil {
		return 0, false
	}
	switch errs.KindOf(grpcerr.From(err)) {
	case errs.Internal, errs.Corrupt:
		return slog.LevelError, true
	case errs.Unavailable, errs.Exhausted:
		var known *errs.Error
		return slog.LevelWarn, !errors.As(err, &known) || known.Err != nil
	}
	return 0, false
}
