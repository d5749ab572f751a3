// Package collector is a collector of traces for tests: it keeps the spans that are
// sent to it by OTLP over HTTP or gRPC.
package collector

import (
	"compress/gzip"
	"context"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// Span is one that was received.
type Span struct {
	*tracepb.Span
	// Trace, ID and Parent are ids in hexadecimal digits; no parent is "".
	Trace, ID, Parent string
	// Resource and Labels are the attributes of who made it and of the span, as texts.
	Resource, Labels map[string]string
}

// Collector keeps spans. Its methods may be called from many goroutines.
type Collector struct {
	collectorpb.UnimplementedTraceServiceServer

	// URL is where traces are posted, Address where gRPC is served.
	URL, Address string

	mu    sync.Mutex
	spans []Span
	came  chan struct{} // closed and replaced when spans come
}

// Start serves a collector until the test ends.
func Start(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{came: make(chan struct{})}
	posts := httptest.NewServer(http.HandlerFunc(c.post))
	t.Cleanup(posts.Close)
	c.URL = posts.URL + "/v1/traces"

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.Address = listener.Addr().String()
	calls := grpc.NewServer()
	collectorpb.RegisterTraceServiceServer(calls, c)
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = calls.Serve(listener) // It ends by Stop.
	}()
	t.Cleanup(func() {
		calls.Stop()
		<-served
	})
	return c
}

func (c *Collector) post(w http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body = z
	}
	var req collectorpb.ExportTraceServiceRequest
	data, err := io.ReadAll(body)
	if err == nil {
		err = proto.Unmarshal(data, &req)
	}
	if err != nil || r.URL.Path != "/v1/traces" {
		http.Error(w, "no traces", http.StatusBadRequest)
		return
	}
	c.keep(&req)
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// Export implements the service of OTLP.
func (c *Collector) Export(_ context.Context, req *collectorpb.ExportTraceServiceRequest) (*collectorpb.ExportTraceServiceResponse, error) {
	c.keep(req)
	return &collectorpb.ExportTraceServiceResponse{}, nil
}

func (c *Collector) keep(req *collectorpb.ExportTraceServiceRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range req.GetResourceSpans() {
		resource := texts(r.GetResource().GetAttributes())
		for _, scope := range r.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				c.spans = append(c.spans, Span{
					Span: s, Resource: resource, Labels: texts(s.GetAttributes()),
					Trace: hex.EncodeToString(s.GetTraceId()), ID: hex.EncodeToString(s.GetSpanId()), Parent: hex.EncodeToString(s.GetParentSpanId()),
				})
			}
		}
	}
	close(c.came)
	c.came = make(chan struct{})
}

// texts are attributes whose values are texts or whole numbers.
func texts(list []*commonpb.KeyValue) map[string]string {
	m := make(map[string]string, len(list))
	for _, kv := range list {
		switch v := kv.GetValue().GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			m[kv.GetKey()] = v.StringValue
		default:
			m[kv.GetKey()] = kv.GetValue().String()
		}
	}
	return m
}

// Spans are those that came so far.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Span(nil), c.spans...)
}

// Wait returns the spans when ok accepts them, and fails the test when that takes
// longer than ten seconds.
func (c *Collector) Wait(t testing.TB, what string, ok func([]Span) bool) []Span {
	t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		c.mu.Lock()
		came, spans := c.came, append([]Span(nil), c.spans...)
		c.mu.Unlock()
		if ok(spans) {
			return spans
		}
		select {
		case <-came:
		case <-timeout:
			t.Fatalf("the collector has no %s, but %d spans: %v", what, len(spans), names(spans))
		}
	}
}

// Named are the spans with a name.
func Named(spans []Span, name string) []Span {
	var found []Span
	for _, s := range spans {
		if s.GetName() == name {
			found = append(found, s)
		}
	}
	return found
}

func names(spans []Span) []string {
	var list []string
	for _, s := range spans {
		list = append(list, s.GetName())
	}
	return list
}
