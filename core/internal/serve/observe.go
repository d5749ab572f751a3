package serve

import (
	"context"
	"log/slog"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/obs/tracing"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/measure"
	"github.com/quay/quay/core/internal/plugin/scrape"
)

// observers show operators what plugins do.
type observers struct {
	calls   *measure.Metrics
	drivers *scrape.Scraper
	tracing *tracing.Tracing // nil when it is off
}

// observe begins to show what plugins do, and to trace requests if that is configured.
func observe(ctx context.Context, cfg *config.Config, m *obs.Metrics, logger *slog.Logger) (*observers, error) {
	t, err := tracing.Start(ctx, traces(cfg), m.Registerer(), logger)
	if err != nil {
		return nil, err
	}
	o := &observers{calls: measure.New(m.Registerer()), drivers: scrape.New(scrape.Options{Logger: logger}), tracing: t}
	m.Also(o.drivers)
	return o, nil
}

// traces is the configuration of traces (util/metrics/otel.py).
func traces(cfg *config.Config) tracing.Config {
	c := tracing.Config{
		Enabled: cfg.OTELTracing, ServiceName: cfg.OTEL.ServiceName, Endpoint: cfg.OTEL.Endpoint,
		SampleRate: cfg.OTEL.SampleRate, ExcludedURLs: cfg.OTELExcludedURLs,
	}
	if cfg.OTEL.DynatraceURL != "" && cfg.OTEL.DynatraceAPIToken != "" {
		c.Endpoint = cfg.OTEL.DynatraceURL + "/v1/traces"
		c.Headers = map[string]string{"Authorization": "Api-Token " + cfg.OTEL.DynatraceAPIToken}
	}
	return c
}

// dialOptions are for the connections to the plugin with the id: "storage/local".
func (o *observers) dialOptions(id string) []grpc.DialOption {
	return append(o.calls.DialOptions(id), o.tracing.DialOptions(id)...)
}

// watch shows a plugin for as long as this process lives.
func (o *observers) watch(s *plugin.Supervisor) {
	o.calls.Watch(s)
	o.drivers.Watch(s)
}
