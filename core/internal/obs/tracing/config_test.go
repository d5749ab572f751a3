package tracing_test

import (
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/quay/quay/core/internal/obs/tracing"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/test/collector"
)

// TestVariables proves that the variables of OpenTelemetry switch traces on, say how
// they travel and name the host, where the configuration does not.
func TestVariables(t *testing.T) {
	for _, test := range []struct {
		name string
		env  func(c *collector.Collector) map[string]string
		on   bool
		fail string
	}{
		{name: "none", env: func(*collector.Collector) map[string]string { return nil }},
		{name: "HTTP", on: true, env: func(c *collector.Collector) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": strings.TrimSuffix(c.URL, "/v1/traces")}
		}},
		{name: "HTTP to a path", on: true, env: func(c *collector.Collector) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": c.URL, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}
		}},
		{name: "gRPC", on: true, env: func(c *collector.Collector) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://" + c.Address, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
		}},
		{name: "disabled", env: func(c *collector.Collector) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": c.URL, "OTEL_SDK_DISABLED": "true"}
		}},
		{name: "no exporter", env: func(c *collector.Collector) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": c.URL, "OTEL_TRACES_EXPORTER": "none"}
		}},
		{name: "another protocol", fail: "http/protobuf or grpc", env: func(c *collector.Collector) map[string]string {
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": c.URL, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := collector.Start(t)
			t.Setenv("OTEL_SERVICE_NAME", "by-variable")
			for key, value := range test.env(c) {
				t.Setenv(key, value)
			}
			tr, err := tracing.Start(t.Context(), tracing.Config{}, prometheus.NewRegistry(), slog.New(slog.DiscardHandler))
			if test.fail != "" {
				if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), test.fail) {
					t.Errorf("the error is %v", err)
				}
				return
			}
			if err != nil || (tr != nil) != test.on {
				t.Fatalf("%v, %v", tr, err)
			}
			_, end := request(t, tr)
			end(http.StatusOK)
			tr.Close(t.Context())
			spans := c.Spans()
			if got := len(spans); got != map[bool]int{true: 1}[test.on] {
				t.Fatalf("%d spans", got)
			}
			if test.on && spans[0].Resource["service.name"] != "by-variable" {
				t.Errorf("the host is called %v", spans[0].Resource)
			}
		})
	}
}

// TestConfiguration proves what the product's configuration says of traces, and that
// what is wrong in it keeps the host from starting.
func TestConfiguration(t *testing.T) {
	if _, err := tracing.Start(t.Context(), tracing.Config{Enabled: true, ExcludedURLs: "v2/("}, prometheus.NewRegistry(), slog.New(slog.DiscardHandler)); !errs.Is(err, errs.Invalid) {
		t.Errorf("the error is %v", err)
	}
	c := collector.Start(t)
	t.Setenv("OTEL_SERVICE_NAME", "by-variable")
	one := 1.0
	tr, err := tracing.Start(t.Context(), tracing.Config{
		Enabled: true, ServiceName: "by-file", Endpoint: c.URL, SampleRate: &one, ExcludedURLs: " api/v1/.*, ,v2/auth ",
	}, prometheus.NewRegistry(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{"/v2/auth?x", "/api/v1/user", "https://quay.test/v2/a"} {
		r := httptest.NewRequest(http.MethodGet, url, nil)
		// The sender's wish to record does not count, the rate does.
		r.Header.Set("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
		_, end := tr.Request(r, url)
		end(http.StatusOK)
	}
	tr.Close(t.Context())
	spans := c.Spans()
	if len(spans) != 1 || spans[0].GetName() != "GET https://quay.test/v2/a" || spans[0].Resource["service.name"] != "by-file" || spans[0].Parent != "00f067aa0ba902b7" {
		t.Errorf("the spans are %v", spans)
	}
}

// TestRate proves that the ids of a trace decide whether it is recorded, so that all
// servers that see it agree, and that a rate which is none counts as the product's.
func TestRate(t *testing.T) {
	rate := func(r float64) *float64 { return &r }
	// The second half of an id is its place between 0 and 1.
	const first, middle, last = "0000000000000001", "8000000000000000", "ffffffffffffffff"
	for _, test := range []struct {
		rate *float64
		want map[string]bool
	}{
		{rate(0), map[string]bool{first: false, middle: false, last: false}},
		{rate(1), map[string]bool{first: true, middle: true, last: true}},
		{nil, map[string]bool{first: true, middle: false, last: false}},
		{rate(7), map[string]bool{first: true, middle: false, last: false}},
		{rate(-1), map[string]bool{first: true, middle: false, last: false}},
	} {
		c := collector.Start(t)
		tr, err := tracing.Start(t.Context(), tracing.Config{Enabled: true, Endpoint: c.URL, SampleRate: test.rate}, prometheus.NewRegistry(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for id := range test.want {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Traceparent", "00-4bf92f3577b34da6"+id+"-00f067aa0ba902b7-01")
			_, end := tr.Request(r, "/")
			end(http.StatusOK)
		}
		tr.Close(t.Context())
		got := map[string]bool{}
		for id := range test.want {
			got[id] = false
		}
		for _, s := range c.Spans() {
			got[s.Trace[16:]] = true
		}
		if !maps.Equal(got, test.want) {
			t.Errorf("rate %v: recorded %v", test.rate, got)
		}
	}
}
