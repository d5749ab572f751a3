package tracing

import (
	"testing"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// FuzzConvert proves of any message of a plugin that what is taken from it can be sent
// to a collector, is bounded, and that every span is either taken or counted.
func FuzzConvert(f *testing.F) {
	id := []byte{1, 2, 3, 4, 5, 6, 7, 8}
	seed, err := proto.Marshal(&basev1.SpansResponse{Spans: []*basev1.Span{
		{
			TraceId: append(id, id...), SpanId: id, ParentSpanId: id, Name: "a", Scope: "b", StartUnixNanos: 1, EndUnixNanos: 2,
			Kind: basev1.SpanKind_SPAN_KIND_CLIENT, Status: basev1.SpanStatus_SPAN_STATUS_ERROR, StatusMessage: "c",
			Attributes: []*basev1.Attribute{{Key: "k", Value: &basev1.Attribute_Number{Number: 1}}, {Key: "none"}},
			Events:     []*basev1.Event{{Name: "e", UnixNanos: 1}},
		},
		{},
	}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte("\x0a\x00\x0a\x02\x2a\x00"))
	f.Fuzz(func(t *testing.T, message []byte) {
		var m basev1.SpansResponse
		if proto.Unmarshal(message, &m) != nil {
			return // It does not get through gRPC.
		}
		scopes, malformed := convert(m.GetSpans())
		if n := count(scopes); n > maxSpans || n+malformed != len(m.GetSpans()) {
			t.Errorf("%d spans: %d taken, %d malformed", len(m.GetSpans()), n, malformed)
		}
		for _, scope := range scopes {
			for _, s := range scope.GetSpans() {
				if len(s.GetName()) > maxName || len(s.GetAttributes()) > maxAttributes || len(s.GetEvents()) > maxEvents || len(s.GetStatus().GetMessage()) > maxText {
					t.Errorf("not bounded: %v", s)
				}
			}
		}
		// Marshalling fails when a text was cut within a character.
		if _, err := proto.Marshal(&collectorpb.ExportTraceServiceRequest{ResourceSpans: []*tracepb.ResourceSpans{{ScopeSpans: scopes}}}); err != nil {
			t.Error(err)
		}
	})
}
