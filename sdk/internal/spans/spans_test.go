package spans_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/metadata"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	"github.com/quay/quay/sdk/internal/spans"
	"github.com/quay/quay/sdk/log"
	"github.com/quay/quay/sdk/plugintest"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/storage"
)

// driver makes a span and a log line in each call, and does what the path says.
type driver struct{}

func (driver) Validate(storage.Config) []storage.Problem { return nil }

func (driver) Open(context.Context, storage.Config) (storage.Store, error) { return store{}, nil }

type store struct{}

func (store) Stat(ctx context.Context, path string) (storage.Info, error) {
	ctx, span := trace.SpanFromContext(ctx).TracerProvider().Tracer("the driver's").Start(ctx, "look\xff")
	defer span.End()
	span.SetAttributes(
		attribute.Bool("flag", true), attribute.Int("integer", 3), attribute.Float64("number", .5),
		attribute.StringSlice("list", []string{"a", "b"}), attribute.String("text", strings.Repeat("x", 5000)+"\xff"))
	span.AddEvent("seen", trace.WithAttributes(attribute.String("path", path)))
	log.From(ctx).Info("looking")
	switch path {
	case "panic":
		panic("no")
	case "missing":
		return storage.Info{}, errs.New(errs.NotFound, "no")
	case "some", "many":
		for range map[string]int{"some": 1000, "many": 3000}[path] {
			_, span := trace.SpanFromContext(ctx).TracerProvider().Tracer("").Start(ctx, "one of many")
			span.End()
		}
	}
	return storage.Info{}, nil
}

func (store) Open(context.Context, string, int64) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("data")), nil
}
func (store) Put(context.Context, string, io.Reader) error { return nil }
func (store) Delete(context.Context, string) error         { return nil }

const (
	traceID = "0af7651916cd43dd8448eb211c80319c"
	hostID  = "b7ad6b7169203331"
)

// plugin is a running plugin and what it logged.
type plugin struct {
	*plugintest.Server
	logged bytes.Buffer
}

func start(t *testing.T) *plugin {
	t.Helper()
	p := &plugin{}
	s, err := plugintest.Start(sdk.Plugin{Name: "traced", Version: "1", Storage: driver{}}, slog.New(slog.NewJSONHandler(&p.logged, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	p.Server = s
	if _, err := basev1.NewLifecycleClient(s.Conn()).Configure(t.Context(), &basev1.ConfigureRequest{Instance: "here"}); err != nil {
		t.Fatal(err)
	}
	return p
}

// stat calls the driver with the flags of a trace, or without a trace for "".
func (p *plugin) stat(ctx context.Context, path, flags string) error {
	if flags != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "traceparent", "00-"+traceID+"-"+hostID+"-"+flags, "tracestate", "a=b", "baggage", "secret=1")
	}
	_, err := storagev1.NewStorageClient(p.Conn()).Stat(ctx, &storagev1.StatRequest{Instance: "here", Path: path})
	return grpcerr.From(err)
}

// taker is a host's end of the stream of spans.
type taker struct {
	mu      sync.Mutex
	list    []*basev1.Span
	dropped uint64
	came    chan struct{} // gets a value when something came
}

// spans takes the plugin's spans.
func (p *plugin) spans(t *testing.T) *taker {
	t.Helper()
	stream, err := basev1.NewTelemetryClient(p.Conn()).Spans(t.Context(), &basev1.SpansRequest{})
	if err != nil {
		t.Fatal(err)
	}
	k := &taker{came: make(chan struct{}, 1)}
	go func() {
		for {
			m, err := stream.Recv()
			if err != nil {
				return
			}
			k.mu.Lock()
			k.list, k.dropped = append(k.list, m.GetSpans()...), m.GetDropped()
			k.mu.Unlock()
			select {
			case k.came <- struct{}{}:
			default:
			}
		}
	}()
	return k
}

// wait returns the spans when that many have come, and the number of those that the
// plugin dropped.
func (k *taker) wait(t *testing.T, want int) (list []*basev1.Span, dropped uint64) {
	t.Helper()
	timeout := time.After(5 * time.Second)
	for {
		k.mu.Lock()
		list, dropped = k.list, k.dropped
		k.mu.Unlock()
		if len(list) >= want {
			return list, dropped
		}
		select {
		case <-k.came:
		case <-timeout:
			t.Fatalf("%d spans came, want %d", len(list), want)
		}
	}
}

// TestTrace proves that a call of a trace that is recorded has a span whose parent is
// the host's, and that the driver's spans are below it. The driver's log line has the ids.
func TestTrace(t *testing.T) {
	p := start(t)
	stream := p.spans(t)
	if err := p.stat(t.Context(), "x", "01"); err != nil {
		t.Fatal(err)
	}
	list, dropped := stream.wait(t, 2)
	if len(list) != 2 || dropped != 0 {
		t.Fatalf("%d spans, %d dropped: %v", len(list), dropped, list)
	}
	inner, outer := list[0], list[1]
	id := func(b []byte) string { return hex.EncodeToString(b) }
	if outer.GetName() != "quay.plugin.storage.v1.Storage/Stat" || id(outer.GetTraceId()) != traceID || id(outer.GetParentSpanId()) != hostID ||
		outer.GetKind() != basev1.SpanKind_SPAN_KIND_SERVER || outer.GetStatus() != basev1.SpanStatus_SPAN_STATUS_UNSPECIFIED {
		t.Errorf("the span of the call is %v", outer)
	}
	if inner.GetName() != "look\uFFFD" || id(inner.GetTraceId()) != traceID || !bytes.Equal(inner.GetParentSpanId(), outer.GetSpanId()) ||
		inner.GetScope() != "the driver's" || inner.GetKind() != basev1.SpanKind_SPAN_KIND_INTERNAL {
		t.Errorf("the span of the driver is %v", inner)
	}
	if inner.GetStartUnixNanos() < outer.GetStartUnixNanos() || inner.GetEndUnixNanos() > outer.GetEndUnixNanos() || inner.GetStartUnixNanos() == 0 {
		t.Error("the driver's span is not within that of the call")
	}
	got := map[string]any{}
	for _, a := range inner.GetAttributes() {
		switch v := a.GetValue().(type) {
		case *basev1.Attribute_Flag:
			got[a.GetKey()] = v.Flag
		case *basev1.Attribute_Integer:
			got[a.GetKey()] = v.Integer
		case *basev1.Attribute_Number:
			got[a.GetKey()] = v.Number
		case *basev1.Attribute_Text:
			got[a.GetKey()] = v.Text
		}
	}
	if got["flag"] != true || got["integer"] != int64(3) || got["number"] != .5 || got["list"] != `["a","b"]` || len(got["text"].(string)) > 1100 {
		t.Errorf("the attributes are %v", got)
	}
	if len(inner.GetEvents()) != 1 || inner.GetEvents()[0].GetName() != "seen" || inner.GetEvents()[0].GetAttributes()[0].GetText() != "x" {
		t.Errorf("the events are %v", inner.GetEvents())
	}
	var line struct {
		TraceID  string `json:"trace_id"`
		SpanID   string `json:"span_id"`
		Instance string
	}
	if err := json.Unmarshal(p.logged.Bytes(), &line); err != nil || line.TraceID != traceID || line.SpanID != id(inner.GetSpanId()) || line.Instance != "here" {
		t.Errorf("the log line is %s (%v)", &p.logged, err)
	}
}

// TestEnds proves what a span says of the end of its call: an answer is no error, a
// fault is.
func TestEnds(t *testing.T) {
	for _, test := range []struct {
		path   string
		kind   errs.Kind
		status basev1.SpanStatus
	}{
		{"missing", errs.NotFound, basev1.SpanStatus_SPAN_STATUS_UNSPECIFIED},
		{"panic", errs.Internal, basev1.SpanStatus_SPAN_STATUS_ERROR},
	} {
		p := start(t)
		stream := p.spans(t)
		if err := p.stat(t.Context(), test.path, "01"); !errs.Is(err, test.kind) {
			t.Fatal(err)
		}
		list, _ := stream.wait(t, 2)
		if len(list) != 2 {
			t.Fatalf("%s: %d spans", test.path, len(list))
		}
		attributes := list[1].GetAttributes()
		if last := attributes[len(attributes)-1]; last.GetKey() != "error.type" || last.GetText() != test.kind.String() || list[1].GetStatus() != test.status {
			t.Errorf("%s: %v", test.path, list[1])
		}
	}
}

// TestNotRecorded proves that nothing is recorded of a call without a trace, of one
// whose trace is not recorded, and of one whose context is malformed; a driver still
// may make spans, and the log line has the ids that there are.
func TestNotRecorded(t *testing.T) {
	for flags, ids := range map[string]bool{"": false, "00": true, "zz": false} {
		p := start(t)
		stream := p.spans(t)
		if err := p.stat(t.Context(), "x", flags); err != nil {
			t.Fatal(err)
		}
		logged := p.logged.String()
		// One that is recorded comes after what there is of the others.
		if err := p.stat(t.Context(), "x", "01"); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(logged, traceID); got != ids {
			t.Errorf("flags %q: the log line is %s", flags, logged)
		}
		if list, _ := stream.wait(t, 2); len(list) != 2 {
			t.Errorf("flags %q: recorded %v", flags, list)
		}
	}
}

// TestDropped proves that spans which nobody takes are bounded, and that the host is
// told how many are lost.
func TestDropped(t *testing.T) {
	p := start(t)
	if err := p.stat(t.Context(), "many", "01"); err != nil {
		t.Fatal(err)
	}
	list, dropped := p.spans(t).wait(t, 2048)
	if len(list) != 2048 || dropped != 3002-2048 {
		t.Errorf("%d spans, %d dropped", len(list), dropped)
	}
}

// TestDrain proves that a plugin which has drained has sent its spans, without waiting
// for more that would go with them.
func TestDrain(t *testing.T) {
	p := start(t)
	stream := p.spans(t)
	if err := p.stat(t.Context(), "x", "01"); err != nil {
		t.Fatal(err)
	}
	stream.wait(t, 2) // Now it is known that the plugin sends.
	if err := p.stat(t.Context(), "some", "01"); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if _, err := basev1.NewLifecycleClient(p.Conn()).Drain(t.Context(), &basev1.DrainRequest{}); err != nil {
		t.Fatal(err)
	}
	took := time.Since(begin)
	list, dropped := stream.wait(t, 2+1002)
	if len(list) != 2+1002 || dropped != 0 || took > 5*time.Second {
		t.Errorf("%d spans, %d dropped, after %v", len(list), dropped, took)
	}
}

// BenchmarkBegin shows what the look for a trace costs a call that has none, and what
// a span costs.
func BenchmarkBegin(b *testing.B) {
	with := func(flags string) context.Context {
		return metadata.NewIncomingContext(b.Context(), metadata.Pairs(
			":authority", "x", "content-type", "application/grpc", "user-agent", "x", "traceparent", "00-"+traceID+"-"+hostID+"-"+flags))
	}
	for name, ctx := range map[string]context.Context{
		"none":         metadata.NewIncomingContext(b.Context(), metadata.Pairs(":authority", "x", "content-type", "application/grpc", "user-agent", "x")),
		"not recorded": with("00"),
		"recorded":     with("01"),
	} {
		b.Run(name, func(b *testing.B) {
			r := spans.New()
			b.ReportAllocs()
			for b.Loop() {
				_, end := r.Begin(ctx, "/quay.plugin.storage.v1.Storage/Stat")
				end(nil)
			}
		})
	}
}
