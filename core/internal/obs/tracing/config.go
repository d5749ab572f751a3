package tracing

import (
	"context"
	"os"
	"regexp"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/quay/quay/sdk/errs"
)

// Config is what the product's configuration says of traces (util/metrics/otel.py).
// Where it does not switch them on, the variables of OpenTelemetry may.
type Config struct {
	// Enabled is FEATURE_OTEL_TRACING. The fields below matter only with it.
	Enabled bool
	// ServiceName is what the host is called. Empty means "quay".
	ServiceName string
	// Endpoint is the URL to which traces are posted by OTLP over HTTP. Empty means
	// http://jaeger:4318/v1/traces.
	Endpoint string
	// Headers go with each post.
	Headers map[string]string
	// SampleRate is the part of the traces that is recorded. A trace that has begun
	// elsewhere is recorded by the same rule. Nil means 0.001, and so does what is
	// not from 0 to 1.
	SampleRate *float64
	// ExcludedURLs is a list of regular expressions with commas between them:
	// requests whose URL has a match begin no trace.
	ExcludedURLs string
}

const (
	defaultService  = "quay"
	defaultEndpoint = "http://jaeger:4318/v1/traces"
	defaultRate     = 0.001
)

// The variables of OpenTelemetry that switch traces on and say how they travel; the
// libraries read the others.
const (
	endpointKey       = "OTEL_EXPORTER_OTLP_ENDPOINT"
	tracesEndpointKey = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
	protocolKey       = "OTEL_EXPORTER_OTLP_PROTOCOL"
	tracesProtocolKey = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
	disabledKey       = "OTEL_SDK_DISABLED"
	exporterKey       = "OTEL_TRACES_EXPORTER"
)

// byVariables reports whether the variables of OpenTelemetry ask for traces.
func byVariables() bool {
	return (os.Getenv(endpointKey) != "" || os.Getenv(tracesEndpointKey) != "") &&
		!strings.EqualFold(os.Getenv(disabledKey), "true") && os.Getenv(exporterKey) != "none"
}

// client makes the connection to the collector, which nobody uses yet.
func (c Config) client() (otlptrace.Client, error) {
	if c.Enabled {
		endpoint := c.Endpoint
		if endpoint == "" {
			endpoint = defaultEndpoint
		}
		return otlptracehttp.NewClient(otlptracehttp.WithEndpointURL(endpoint), otlptracehttp.WithHeaders(c.Headers)), nil
	}
	protocol := os.Getenv(tracesProtocolKey)
	if protocol == "" {
		protocol = os.Getenv(protocolKey)
	}
	switch protocol {
	case "", "http/protobuf":
		return otlptracehttp.NewClient(), nil
	case "grpc":
		return otlptracegrpc.NewClient(), nil
	}
	return nil, errs.New(errs.Invalid, "%s is http/protobuf or grpc, not %q", protocolKey, protocol)
}

// sampler decides which traces are recorded; nil leaves it to the variables.
func (c Config) sampler() sdktrace.Sampler {
	if !c.Enabled {
		return nil
	}
	rate := defaultRate
	if c.SampleRate != nil && *c.SampleRate >= 0 && *c.SampleRate <= 1 {
		rate = *c.SampleRate
	}
	return sdktrace.TraceIDRatioBased(rate)
}

// resource is what the host says of itself in its spans.
func (c Config) resource(ctx context.Context) (*resource.Resource, error) {
	name := c.ServiceName
	if name == "" {
		name = defaultService
	}
	named := resource.WithAttributes(attribute.String(serviceName, name))
	options := []resource.Option{resource.WithTelemetrySDK(), named, resource.WithFromEnv()}
	if c.Enabled {
		options = append(options, named) // The configuration has the last word.
	}
	r, err := resource.New(ctx, options...)
	return r, errs.Wrap(errs.Invalid, err, "the resource attributes of OpenTelemetry")
}

// excluded is a pattern of the URLs that begin no trace, or nil.
func (c Config) excluded() (*regexp.Regexp, error) {
	if !c.Enabled || c.ExcludedURLs == "" {
		return nil, nil
	}
	var list []string
	for _, part := range strings.Split(c.ExcludedURLs, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	pattern, err := regexp.Compile(strings.Join(list, "|"))
	return pattern, errs.Wrap(errs.Invalid, err, "OTEL_TRACING_EXCLUDED_URLS is not a list of regular expressions")
}
