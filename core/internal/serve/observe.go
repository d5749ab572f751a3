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
	"github.com/quay/quay/core/internal/store"
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

// database shows the connections to the database. The first two names are the
// product's (util/metrics/prometheus.py).
func (o *observers) database(m *obs.Metrics, s *store.Store) {
	m.Gauge("quay_db_pooled_connections_in_use", "connections to the database that run something", nil,
		func() float64 { return float64(s.Stats().InUse) })
	m.Gauge("quay_db_pooled_connections_available", "connections to the database that wait for work", nil,
		func() float64 { c := s.Stats(); return float64(c.Open - c.InUse) })
	m.Gauge("quay_db_connections_max", "connections to the database that there may be", nil,
		func() float64 { return float64(s.Stats().Max) })
	m.Counter("quay_db_connection_waits_total", "times that something had to wait for a connection to the database",
		func() float64 { return float64(s.Stats().Waits) })
	m.Counter("quay_db_connection_wait_seconds_total", "seconds that something waited for a connection to the database",
		func() float64 { return s.Stats().Waited.Seconds() })
}

// watch shows a plugin for as long as this process lives.
func (o *observers) watch(s *plugin.Supervisor) {
	o.calls.Watch(s)
	o.drivers.Watch(s)
}
