// Package secscanserver turns a secscan.Driver into the gRPC service
// quay.plugin.secscan.v1.Secscan.
package secscanserver

import (
	"context"
	"log/slog"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/errs/grpcerr"
	"github.com/quay/quay/sdk/internal/instances"
	secscanv1 "github.com/quay/quay/sdk/proto/quay/plugin/secscan/v1"
	"github.com/quay/quay/sdk/protocol"
	"github.com/quay/quay/sdk/secscan"
)

// Server serves a driver's scanners.
type Server struct {
	secscanv1.UnimplementedSecscanServer
	*instances.Set[secscan.Scanner]
}

// New serves driver.
func New(driver secscan.Driver, logger *slog.Logger) *Server {
	return &Server{Set: instances.New(driver, capabilities, probe, logger)}
}

// Register registers the service.
func (s *Server) Register(r grpc.ServiceRegistrar) { secscanv1.RegisterSecscanServer(r, s) }

func capabilities(scanner secscan.Scanner) ([]string, error) {
	return secscan.Capabilities(scanner), nil
}

func probe(ctx context.Context, scanner secscan.Scanner) error {
	if p, ok := scanner.(secscan.Prober); ok {
		return p.Probe(ctx)
	}
	_, err := scanner.State(ctx)
	return err
}

// send checks a report and sends it in pieces: at least one.
func send(report secscan.Report, piece func(data []byte, first bool) error) error {
	if err := instances.Fault(secscan.CheckReport(report)); err != nil {
		return err
	}
	for first := true; first || len(report) > 0; first = false {
		n := min(len(report), protocol.MaxDataBytes)
		if err := piece(report[:n], first); err != nil {
			return grpcerr.From(err)
		}
		report = report[n:]
	}
	return nil
}

func (s *Server) GetState(ctx context.Context, req *secscanv1.GetStateRequest) (*secscanv1.GetStateResponse, error) {
	ctx, in, err := s.Use(ctx, req.GetInstance())
	if err != nil {
		return nil, err
	}
	defer in.Release()
	state, err := in.Driven.State(ctx)
	if err == nil {
		err = instances.Fault(secscan.CheckState(state))
	}
	if err != nil {
		return nil, err
	}
	return &secscanv1.GetStateResponse{State: state}, nil
}

func (s *Server) Index(req *secscanv1.IndexRequest, stream grpc.ServerStreamingServer[secscanv1.IndexResponse]) error {
	m := manifest(req)
	if err := secscan.CheckManifest(m); err != nil {
		return err
	}
	ctx, in, err := s.Use(stream.Context(), req.GetInstance())
	if err != nil {
		return err
	}
	defer in.Release()
	indexed, err := in.Driven.Index(ctx, m)
	if err != nil {
		return err
	}
	if err := instances.Fault(secscan.CheckState(indexed.State)); err != nil {
		return err
	}
	return send(indexed.Report, func(data []byte, first bool) error {
		resp := &secscanv1.IndexResponse{Data: data}
		if first {
			resp.State = indexed.State
		}
		return stream.Send(resp)
	})
}

func manifest(req *secscanv1.IndexRequest) secscan.Manifest {
	m := secscan.Manifest{Digest: req.GetDigest()}
	for _, l := range req.GetLayers() {
		layer := secscan.Layer{Digest: l.GetDigest(), Size: l.GetSize(), URI: l.GetUri()}
		for _, h := range l.GetHeaders() {
			layer.Headers = append(layer.Headers, secscan.Header{Name: h.GetName(), Value: h.GetValue()})
		}
		m.Layers = append(m.Layers, layer)
	}
	return m
}

func (s *Server) GetVulnerabilityReport(req *secscanv1.GetVulnerabilityReportRequest, stream grpc.ServerStreamingServer[secscanv1.GetVulnerabilityReportResponse]) error {
	if err := secscan.CheckDigest(req.GetDigest()); err != nil {
		return err
	}
	ctx, in, err := s.Use(stream.Context(), req.GetInstance())
	if err != nil {
		return err
	}
	defer in.Release()
	report, err := in.Driven.Vulnerabilities(ctx, req.GetDigest())
	if err != nil {
		return err
	}
	return send(report, func(data []byte, _ bool) error {
		return stream.Send(&secscanv1.GetVulnerabilityReportResponse{Data: data})
	})
}

func (s *Server) GetIndexReport(req *secscanv1.GetIndexReportRequest, stream grpc.ServerStreamingServer[secscanv1.GetIndexReportResponse]) error {
	if err := secscan.CheckDigest(req.GetDigest()); err != nil {
		return err
	}
	ctx, in, reporter, err := instances.As[secscan.IndexReporter](stream.Context(), s.Set, req.GetInstance(), secscan.CapabilityIndexReports)
	if err != nil {
		return err
	}
	defer in.Release()
	report, err := reporter.IndexReport(ctx, req.GetDigest())
	if err != nil {
		return err
	}
	return send(report, func(data []byte, _ bool) error {
		return stream.Send(&secscanv1.GetIndexReportResponse{Data: data})
	})
}

func (s *Server) DeleteIndex(ctx context.Context, req *secscanv1.DeleteIndexRequest) (*secscanv1.DeleteIndexResponse, error) {
	if err := secscan.CheckDigest(req.GetDigest()); err != nil {
		return nil, err
	}
	ctx, in, deleter, err := instances.As[secscan.Deleter](ctx, s.Set, req.GetInstance(), secscan.CapabilityDelete)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	if err := deleter.Delete(ctx, req.GetDigest()); err != nil {
		return nil, err
	}
	return &secscanv1.DeleteIndexResponse{}, nil
}
