package tracing_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/obs/tracing"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/test/collector"
)

// telemetry is a plugin's service of spans that does as it is told.
type telemetry struct {
	basev1.UnimplementedTelemetryServer
	spans func(basev1.Telemetry_SpansServer) error
	asked chan struct{}
}

func (s telemetry) Spans(_ *basev1.SpansRequest, stream basev1.Telemetry_SpansServer) error {
	s.asked <- struct{}{}
	return s.spans(stream)
}

// strange runs a plugin whose spans are strange.
func strange(t *testing.T, tr *tracing.Tracing, spans func(basev1.Telemetry_SpansServer) error) (plugin.Process, chan struct{}) {
	t.Helper()
	asked := make(chan struct{}, 10)
	return run(t, tr, plugintest.Services(func(r grpc.ServiceRegistrar, _ *net.UnixConn) {
		storagev1.RegisterStorageServer(r, storagev1.UnimplementedStorageServer{})
		basev1.RegisterTelemetryServer(r, telemetry{spans: spans, asked: asked})
	})), asked
}

// good is a span that may be sent on.
func good() *basev1.Span {
	return &basev1.Span{
		TraceId: bytes.Repeat([]byte{1}, 16), SpanId: bytes.Repeat([]byte{2}, 8), ParentSpanId: bytes.Repeat([]byte{3}, 8),
		Name: "good", StartUnixNanos: 1, EndUnixNanos: 2,
	}
}

// TestStrange proves that what a plugin sends is bounded and that what is no span is
// counted and not sent on.
func TestStrange(t *testing.T) {
	c := collector.Start(t)
	tr, registry, _ := start(t, c.URL, 1)
	var list []*basev1.Span
	for _, change := range []func(*basev1.Span){
		func(s *basev1.Span) { s.TraceId = nil },
		func(s *basev1.Span) { s.TraceId = make([]byte, 16) },
		func(s *basev1.Span) { s.SpanId = s.SpanId[:7] },
		func(s *basev1.Span) { s.ParentSpanId = nil },
		func(s *basev1.Span) { s.Name = "" },
		func(s *basev1.Span) { s.StartUnixNanos = 0 },
		func(s *basev1.Span) { s.EndUnixNanos = 0 },
	} {
		s := good()
		change(s)
		list = append(list, s)
	}
	long := good()
	long.Name = strings.Repeat("\u00e9", 1000)
	for range 1000 {
		long.Attributes = append(long.Attributes, &basev1.Attribute{Key: strings.Repeat("k", 1000), Value: &basev1.Attribute_Text{Text: strings.Repeat("v", 1000)}})
		long.Events = append(long.Events, &basev1.Event{Name: "event"})
	}
	list = append(list, long, nil)
	for range 600 {
		list = append(list, good())
	}
	hold := make(chan struct{})
	defer close(hold)
	p, asked := strange(t, tr, func(stream basev1.Telemetry_SpansServer) error {
		for _, m := range []*basev1.SpansResponse{{Dropped: 5}, {Spans: list, Dropped: 7}, {Dropped: 3}} {
			if err := stream.Send(m); err != nil {
				return err
			}
		}
		<-hold
		return nil
	})
	ctx, end := request(t, tr)
	for range 3 {
		_ = stat(ctx, p, "x") // It is not implemented.
	}
	end(http.StatusOK)
	spans := c.Wait(t, "good spans", func(s []collector.Span) bool { return len(collector.Named(s, "good")) > 0 })
	cut := 0
	for _, s := range spans {
		if strings.HasPrefix(s.GetName(), "\u00e9") {
			cut++
			if len(s.GetName()) != 256 || len(s.GetAttributes()) != 128 || s.GetDroppedAttributesCount() != 872 || len(s.GetEvents()) != 128 || s.GetDroppedEventsCount() != 872 {
				t.Errorf("a long span has a name of %d bytes, %d attributes, %d events", len(s.GetName()), len(s.GetAttributes()), len(s.GetEvents()))
			}
		}
	}
	// The first 512 are looked at: eight of them are no spans.
	if n := len(collector.Named(spans, "good")); n != 512-9 || cut != 1 {
		t.Errorf("%d good spans and %d long ones were sent", n, cut)
	}
	want := `
# HELP quay_plugin_spans_dropped_total spans of the plugin that are lost, by the reason
# TYPE quay_plugin_spans_dropped_total counter
quay_plugin_spans_dropped_total{plugin="storage/test",reason="malformed"} 105
quay_plugin_spans_dropped_total{plugin="storage/test",reason="plugin"} 7
# HELP quay_plugin_spans_total spans of the plugin that were sent to the collector of traces
# TYPE quay_plugin_spans_total counter
quay_plugin_spans_total{plugin="storage/test"} 504
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if len(asked) != 1 {
		t.Errorf("the plugin was asked for its spans %d times", len(asked))
	}
}

// TestNoTelemetry proves that a plugin which has no spans, or ends the call, is asked
// once for each connection, and that its calls go on.
func TestNoTelemetry(t *testing.T) {
	c := collector.Start(t)
	tr, _, _ := start(t, c.URL, 1)
	p, asked := strange(t, tr, func(basev1.Telemetry_SpansServer) error { return errs.New(errs.Internal, "no") })
	for range 20 {
		ctx, end := request(t, tr)
		if err := stat(ctx, p, "x"); !errs.Is(err, errs.Unsupported) {
			t.Fatal(err)
		}
		end(http.StatusOK)
		time.Sleep(time.Millisecond)
	}
	if len(asked) != 1 {
		t.Errorf("it was asked %d times", len(asked))
	}
}

// TestFlood proves that a plugin which sends without end holds up nobody and fills no
// memory: what the collector does not take in time is dropped and counted.
func TestFlood(t *testing.T) {
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-time.After(100 * time.Millisecond):
		}
	}))
	defer slow.Close()
	tr, registry, _ := start(t, slow.URL, 1)
	const messages = 200
	p, _ := strange(t, tr, func(stream basev1.Telemetry_SpansServer) error {
		m := &basev1.SpansResponse{}
		for range 512 {
			m.Spans = append(m.Spans, good())
		}
		for range messages {
			if err := stream.Send(m); err != nil {
				return err
			}
		}
		return nil
	})
	ctx, end := request(t, tr)
	_ = stat(ctx, p, "x")
	end(http.StatusOK)
	plugintest.Eventually(t, 20*time.Second, "all spans were counted", func() bool { return total(t, registry) == messages*512 })
	if n := testutil.CollectAndCount(registry, "quay_plugin_spans_dropped_total"); n != 1 {
		t.Errorf("%d kinds of spans were dropped", n)
	}
}
