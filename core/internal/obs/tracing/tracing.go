// Package tracing makes traces of requests: a span for each request, one for each call
// of a plugin in it, and, by what the plugin sends back, those of the plugin. They go to
// a collector by OTLP, all through the host, so that a plugin needs no network for it.
//
// A nil *Tracing is one that is switched off: its methods do nothing and cost nothing.
package tracing

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// serviceName is the key of a resource's name.
const serviceName = "service.name"

// Tracing makes and sends spans. Its methods may be called from many goroutines.
type Tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
	excluded *regexp.Regexp // may be nil
	relay    *relay
	complain *complaints
}

// Start begins to trace, or returns nil when neither the configuration nor a variable
// asks for it. The metrics of the spans of plugins are registered. It does not wait for
// the collector. The caller closes the tracing.
func Start(ctx context.Context, c Config, r prometheus.Registerer, logger *slog.Logger) (*Tracing, error) {
	if !c.Enabled && !byVariables() {
		return nil, nil
	}
	excluded, err := c.excluded()
	if err != nil {
		return nil, err
	}
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	host, err := c.resource(ctx)
	if err != nil {
		return nil, err
	}
	exporter, err := otlptrace.New(ctx, client)
	if err != nil {
		return nil, err
	}
	complain := &complaints{logger: logger}
	options := []sdktrace.TracerProviderOption{
		sdktrace.WithResource(host),
		sdktrace.WithBatcher(tolerant{exporter, complain}),
	}
	if s := c.sampler(); s != nil {
		options = append(options, sdktrace.WithSampler(s))
	}
	provider := sdktrace.NewTracerProvider(options...)
	t := &Tracing{
		provider: provider,
		tracer:   provider.Tracer("github.com/quay/quay"),
		excluded: excluded,
		relay:    newRelay(client, host, complain, r),
		complain: complain,
	}
	logger.Info("requests are traced")
	return t, nil
}

// closeTimeout is how long a collector that does not answer holds up the end.
const closeTimeout = 5 * time.Second

// Close sends what is there, for five seconds or until ctx ends. The plugins should
// have ended before. What cannot be sent is lost, which goes to the log.
func (t *Tracing) Close(ctx context.Context) {
	if t == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	t.relay.close(ctx)
	// It closes the client, so it comes last.
	t.complain.about(t.provider.Shutdown(ctx))
}

// tolerant is an exporter whose failures go to the host's log and nowhere else.
type tolerant struct {
	sdktrace.SpanExporter
	complain *complaints
}

func (x tolerant) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	x.complain.about(x.SpanExporter.ExportSpans(ctx, spans))
	return nil
}

// complainEvery is the time between two lines about a collector that does not answer.
const complainEvery = time.Minute

// complaints logs failures of the collector, one a minute.
type complaints struct {
	logger *slog.Logger

	mu   sync.Mutex
	last time.Time
}

func (c *complaints) about(err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	c.mu.Lock()
	quiet := !c.last.IsZero() && time.Since(c.last) < complainEvery
	if !quiet {
		c.last = time.Now()
	}
	c.mu.Unlock()
	if !quiet {
		c.logger.Warn("traces cannot be sent to the collector", "error", err)
	}
}
