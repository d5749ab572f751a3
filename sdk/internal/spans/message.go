package spans

import (
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// message is a span as it crosses to the host. Links are left out.
func message(s sdktrace.ReadOnlySpan) *basev1.Span {
	trace, id, parent := s.SpanContext().TraceID(), s.SpanContext().SpanID(), s.Parent().SpanID()
	m := &basev1.Span{
		TraceId:        trace[:],
		SpanId:         id[:],
		Scope:          valid(s.InstrumentationScope().Name),
		Name:           valid(s.Name()),
		Kind:           kind(s.SpanKind()),
		StartUnixNanos: uint64(s.StartTime().UnixNano()),
		EndUnixNanos:   uint64(s.EndTime().UnixNano()),
		Attributes:     attributes(s.Attributes()),
	}
	if parent.IsValid() {
		m.ParentSpanId = parent[:]
	}
	for _, e := range s.Events() {
		m.Events = append(m.Events, &basev1.Event{
			UnixNanos: uint64(e.Time.UnixNano()), Name: valid(e.Name), Attributes: attributes(e.Attributes),
		})
	}
	switch status := s.Status(); status.Code {
	case codes.Ok:
		m.Status = basev1.SpanStatus_SPAN_STATUS_OK
	case codes.Error:
		m.Status, m.StatusMessage = basev1.SpanStatus_SPAN_STATUS_ERROR, valid(status.Description)
	}
	return m
}

func kind(k trace.SpanKind) basev1.SpanKind {
	switch k {
	case trace.SpanKindServer:
		return basev1.SpanKind_SPAN_KIND_SERVER
	case trace.SpanKindClient:
		return basev1.SpanKind_SPAN_KIND_CLIENT
	case trace.SpanKindProducer:
		return basev1.SpanKind_SPAN_KIND_PRODUCER
	case trace.SpanKindConsumer:
		return basev1.SpanKind_SPAN_KIND_CONSUMER
	}
	return basev1.SpanKind_SPAN_KIND_INTERNAL
}

func attributes(list []attribute.KeyValue) []*basev1.Attribute {
	out := make([]*basev1.Attribute, 0, len(list))
	for _, kv := range list {
		a := &basev1.Attribute{Key: valid(string(kv.Key))}
		switch kv.Value.Type() {
		case attribute.BOOL:
			a.Value = &basev1.Attribute_Flag{Flag: kv.Value.AsBool()}
		case attribute.INT64:
			a.Value = &basev1.Attribute_Integer{Integer: kv.Value.AsInt64()}
		case attribute.FLOAT64:
			a.Value = &basev1.Attribute_Number{Number: kv.Value.AsFloat64()}
		default:
			a.Value = &basev1.Attribute_Text{Text: valid(kv.Value.String())}
		}
		out = append(out, a)
	}
	return out
}

// valid is a text that can be sent: a driver's may hold any bytes.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
