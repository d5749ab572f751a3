// Package serve is the part of a plugin that is the same for every kind: the
// lifecycle service and what surrounds each call. It is used in a plugin's
// process and, over a pipe, in tests.
package serve

import (
	"context"
	"log/slog"
	"sync"

	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/internal/spans"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	"github.com/quay/quay/sdk/protocol"
)

// Kind is the part that knows the plugin's kind. Its methods may be called from
// many goroutines.
type Kind interface {
	// Register registers the kind's services.
	Register(r grpc.ServiceRegistrar)
	// Validate checks a configuration offline.
	Validate(req *basev1.ValidateRequest) []*basev1.Problem
	// Configure opens or replaces an instance and returns its capabilities.
	Configure(ctx context.Context, req *basev1.ConfigureRequest) ([]string, error)
	// Probe does a cheap operation on an instance.
	Probe(ctx context.Context, instance string) error
	// Close closes all instances. No call follows it.
	Close()
}

// Service is the set of gRPC services of one plugin.
type Service struct {
	kind   Kind
	logger *slog.Logger
	gate   gate
	spans  *spans.Recorder

	first   sync.Once
	onFirst func()
	metrics func(ctx context.Context) ([]byte, error) // may be nil
}

// New returns the services of a kind.
func New(kind Kind, logger *slog.Logger) *Service {
	return &Service{kind: kind, logger: logger, spans: spans.New()}
}

// BeforeFirst has f called once, before the first call reaches the driver.
func (s *Service) BeforeFirst(f func()) { s.onFirst = f }

// begin is called by the calls with which a host begins.
func (s *Service) begin() {
	s.first.Do(func() {
		if s.onFirst != nil {
			s.onFirst()
		}
	})
}

// Server makes a gRPC server with the services registered. Options, which may be
// nil, come first.
func (s *Service) Server(options []grpc.ServerOption) *grpc.Server {
	options = append(options,
		grpc.MaxRecvMsgSize(protocol.MaxMessageBytes),
		grpc.MaxSendMsgSize(protocol.MaxMessageBytes),
		grpc.UnaryInterceptor(s.unary),
		grpc.StreamInterceptor(s.stream),
	)
	server := grpc.NewServer(options...)
	basev1.RegisterLifecycleServer(server, lifecycle{service: s})
	basev1.RegisterTelemetryServer(server, telemetry{service: s})
	s.kind.Register(server)
	return server
}

// Drain refuses new calls and returns when none is under way, and their spans are on
// their way, or ctx ends.
func (s *Service) Drain(ctx context.Context) error {
	if err := s.gate.close(ctx); err != nil {
		return err
	}
	s.spans.Flush(ctx)
	return nil
}

// TracerProvider makes spans that are parts of the traces of calls.
func (s *Service) TracerProvider() trace.TracerProvider { return s.spans.Provider() }

// lifecycle serves quay.plugin.base.v1.Lifecycle.
type lifecycle struct {
	basev1.UnimplementedLifecycleServer
	service *Service
}

func (l lifecycle) Validate(_ context.Context, req *basev1.ValidateRequest) (*basev1.ValidateResponse, error) {
	l.service.begin()
	return &basev1.ValidateResponse{Problems: l.service.kind.Validate(req)}, nil
}

func (l lifecycle) Configure(ctx context.Context, req *basev1.ConfigureRequest) (*basev1.ConfigureResponse, error) {
	l.service.begin()
	capabilities, err := l.service.kind.Configure(ctx, req)
	if err != nil {
		return nil, err
	}
	return &basev1.ConfigureResponse{Capabilities: capabilities}, nil
}

func (l lifecycle) Probe(ctx context.Context, req *basev1.ProbeRequest) (*basev1.ProbeResponse, error) {
	if err := l.service.kind.Probe(ctx, req.GetInstance()); err != nil {
		return nil, err
	}
	return &basev1.ProbeResponse{}, nil
}

func (l lifecycle) Drain(ctx context.Context, _ *basev1.DrainRequest) (*basev1.DrainResponse, error) {
	if err := l.service.Drain(ctx); err != nil {
		return nil, err
	}
	return &basev1.DrainResponse{}, nil
}
