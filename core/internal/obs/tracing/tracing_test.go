package tracing_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/obs/tracing"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/storage"
	"github.com/quay/quay/test/collector"
)

// start traces to a collector, all requests unless the rate says else.
func start(t *testing.T, endpoint string, rate float64) (*tracing.Tracing, *prometheus.Registry, *bytes.Buffer) {
	t.Helper()
	var logged bytes.Buffer
	registry := prometheus.NewRegistry()
	tr, err := tracing.Start(t.Context(), tracing.Config{Enabled: true, Endpoint: endpoint, SampleRate: &rate}, registry, slog.New(slog.NewTextHandler(&logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close(context.Background()) })
	return tr, registry, &logged
}

// run runs a plugin whose calls are traced.
func run(t *testing.T, tr *tracing.Tracing, l plugintest.Launch) plugin.Process {
	t.Helper()
	p, err := l(t.Context(), launch.Spec{DialOptions: tr.DialOptions("storage/test"), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Kill() })
	return p
}

// request is the context of a traced request and what ends it.
func request(t testing.TB, tr *tracing.Tracing) (ctx context.Context, end func(int)) {
	t.Helper()
	r, end := tr.Request(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v2/x", nil), "/v2/{name}")
	return r.Context(), end
}

// served is where a plugin's services are reached.
type served interface {
	Conn() grpc.ClientConnInterface
}

func stat(ctx context.Context, p served, path string) error {
	_, err := storagev1.NewStorageClient(p.Conn()).Stat(ctx, &storagev1.StatRequest{Instance: "here", Path: path})
	return grpcerr.From(err)
}

// driver is a driver that finds nothing and can read nothing.
type driver struct{}

func (driver) Validate(storage.Config) []storage.Problem { return nil }

func (driver) Open(context.Context, storage.Config) (storage.Store, error) { return store{}, nil }

type store struct{}

func (store) Stat(context.Context, string) (storage.Info, error) {
	return storage.Info{}, errs.New(errs.NotFound, "no")
}

func (store) Open(context.Context, string, int64) (io.ReadCloser, error) {
	return nil, errs.New(errs.Unavailable, "no")
}
func (store) Put(context.Context, string, io.Reader) error { return nil }
func (store) Delete(context.Context, string) error         { return nil }

// TestChain proves that the spans of a request, of the calls in it, unary and streamed,
// and of the plugin are one trace with the right parents, and what they say of its ends.
func TestChain(t *testing.T) {
	plugintest.Leaks(t)
	c := collector.Start(t)
	tr, registry, _ := start(t, c.URL, 1)
	p := run(t, tr, plugintest.InProcess(sdk.Plugin{Name: "test", Version: "1", Storage: driver{}}))
	if _, err := basev1.NewLifecycleClient(p.Conn()).Configure(t.Context(), &basev1.ConfigureRequest{Instance: "here"}); err != nil {
		t.Fatal(err)
	}
	ctx, end := request(t, tr)
	if err := stat(ctx, p, "x"); !errs.Is(err, errs.NotFound) {
		t.Fatal(err)
	}
	read, err := storagev1.NewStorageClient(p.Conn()).Read(ctx, &storagev1.ReadRequest{Instance: "here", Path: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read.Recv(); !errs.Is(grpcerr.From(err), errs.Unavailable) {
		t.Fatal(err)
	}
	end(http.StatusBadGateway)
	// Outside of a request nothing is traced.
	if err := stat(t.Context(), p, "x"); !errs.Is(err, errs.NotFound) {
		t.Fatal(err)
	}
	if _, err := basev1.NewLifecycleClient(p.Conn()).Drain(t.Context(), &basev1.DrainRequest{}); err != nil {
		t.Fatal(err)
	}
	plugintest.Eventually(t, 5*time.Second, "the spans of the plugin came", func() bool { return total(t, registry) == 2 })
	p.Kill()
	tr.Close(t.Context())

	spans := c.Spans()
	if len(spans) != 5 {
		t.Fatalf("%d spans: %v", len(spans), spans)
	}
	root := collector.Named(spans, "GET /v2/{name}")[0]
	if root.Parent != "" || root.Labels["url.path"] != "/v2/x" || root.Resource["service.name"] != "quay" || root.GetStatus().GetCode().String() != "STATUS_CODE_ERROR" {
		t.Errorf("the request is %v", root.Span)
	}
	for method, want := range map[string]struct{ kind, status string }{
		"Stat": {"not found", "STATUS_CODE_UNSET"},
		"Read": {"unavailable", "STATUS_CODE_ERROR"},
	} {
		both := collector.Named(spans, "quay.plugin.storage.v1.Storage/"+method)
		if len(both) != 2 {
			t.Fatalf("%d spans of %s", len(both), method)
		}
		call, served := both[0], both[1]
		if call.Resource["service.name"] != "quay" {
			call, served = served, call
		}
		if call.Parent != root.ID || served.Parent != call.ID || call.Trace != root.Trace || served.Trace != root.Trace {
			t.Errorf("%s: parents %s and %s", method, call.Parent, served.Parent)
		}
		if served.Resource["service.name"] != "quay-storage-test" || served.Resource["quay.plugin"] != "storage/test" ||
			call.GetKind().String() != "SPAN_KIND_CLIENT" || served.GetKind().String() != "SPAN_KIND_SERVER" {
			t.Errorf("%s: %v of %v", method, served.Span, served.Resource)
		}
		for _, s := range both {
			if s.Labels["error.type"] != want.kind || s.GetStatus().GetCode().String() != want.status {
				t.Errorf("%s ended with %v", method, s.Span)
			}
		}
	}
}

// total is the number of the plugins' spans that were sent or dropped.
func total(t *testing.T, registry *prometheus.Registry) float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	n := 0.0
	for _, f := range families {
		for _, m := range f.GetMetric() {
			n += m.GetCounter().GetValue()
		}
	}
	return n
}

// TestDeadCollector proves that a collector which does not answer costs the host one
// line and a few seconds at its end.
func TestDeadCollector(t *testing.T) {
	dead := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer dead.Close()
	tr, _, logged := start(t, dead.URL, 1)
	for range 10 {
		_, end := request(t, tr)
		end(http.StatusOK)
	}
	begin := time.Now()
	tr.Close(t.Context())
	if took := time.Since(begin); took > 8*time.Second {
		t.Errorf("closing took %v", took)
	}
	if n := strings.Count(logged.String(), "level=WARN"); n != 1 {
		t.Errorf("%d warnings: %s", n, logged)
	}
}

// TestNotSampled proves that a request which is not recorded costs a plugin no span,
// and that its driver still learns the ids of the trace.
func TestNotSampled(t *testing.T) {
	c := collector.Start(t)
	tr, _, _ := start(t, c.URL, 0)
	p, asked := strange(t, tr, func(basev1.Telemetry_SpansServer) error { return nil })
	ctx, end := request(t, tr)
	span := trace.SpanContextFromContext(ctx)
	if !span.IsValid() || span.IsSampled() {
		t.Errorf("the request's trace is %v", span)
	}
	_ = stat(ctx, p, "x")
	end(http.StatusOK)
	tr.Close(t.Context())
	if len(asked) != 0 || len(c.Spans()) != 0 {
		t.Errorf("asked %d times, %d spans", len(asked), len(c.Spans()))
	}
}

// BenchmarkRequest shows what traces cost a request, without and with one call of a
// plugin, when they are off, when the request is not recorded and when it is.
func BenchmarkRequest(b *testing.B) {
	null := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer null.Close()
	for _, mode := range []string{"off", "not recorded", "recorded"} {
		var tr *tracing.Tracing
		if mode != "off" {
			rate := map[string]float64{"not recorded": 0, "recorded": 1}[mode]
			var err error
			tr, err = tracing.Start(b.Context(), tracing.Config{Enabled: true, Endpoint: null.URL, SampleRate: &rate}, prometheus.NewRegistry(), slog.New(slog.DiscardHandler))
			if err != nil {
				b.Fatal(err)
			}
		}
		p, err := plugintest.Services(func(r grpc.ServiceRegistrar, _ *net.UnixConn) {
			storagev1.RegisterStorageServer(r, storagev1.UnimplementedStorageServer{})
		})(b.Context(), launch.Spec{DialOptions: tr.DialOptions("storage/test"), Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			b.Fatal(err)
		}
		for _, call := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/call=%v", mode, call), func(b *testing.B) {
				b.ReportAllocs()
				incoming := httptest.NewRequest(http.MethodGet, "/v2/x", nil)
				for b.Loop() {
					r, end := tr.Request(incoming, "/v2/{name}")
					if call {
						_ = stat(r.Context(), p, "x")
					}
					end(http.StatusOK)
				}
			})
		}
		p.Kill()
		tr.Close(context.Background())
	}
}
