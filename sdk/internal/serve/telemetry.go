package serve

import (
	"context"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/log"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// Measure has metrics called for the driver's metrics, in the text format of
// Prometheus. Without it, or with nil, the plugin has none.
func (s *Service) Measure(metrics func(ctx context.Context) ([]byte, error)) { s.metrics = metrics }

// telemetry serves quay.plugin.base.v1.Telemetry.
type telemetry struct {
	basev1.UnimplementedTelemetryServer
	service *Service
}

func (t telemetry) Metrics(ctx context.Context, req *basev1.MetricsRequest) (*basev1.MetricsResponse, error) {
	if t.service.metrics == nil {
		return nil, errs.New(errs.Unsupported, "the driver counts nothing")
	}
	text, err := t.service.metrics(log.With(ctx, t.service.logger))
	if err != nil {
		return nil, err
	}
	if uint64(len(text)) > req.GetMaxBytes() {
		return nil, errs.New(errs.TooLarge, "the driver's metrics have %d bytes and the host takes %d: use fewer labels", len(text), req.GetMaxBytes())
	}
	return &basev1.MetricsResponse{Text: text}, nil
}

func (t telemetry) Spans(_ *basev1.SpansRequest, stream grpc.ServerStreamingServer[basev1.SpansResponse]) error {
	return t.service.spans.Send(stream.Context(), stream.Send)
}
