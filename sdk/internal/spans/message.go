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
		Scope:          name(s.InstrumentationScope().Name),
		Name:           name(s.Name()),
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
			UnixNanos: uint64(e.Time.UnixNano()), Name: name(e.Name), Attributes: attributes(e.Attributes),
		})
	}
	switch status := s.Status(); status.Code {
	case codes.Ok:
		m.Status = basev1.SpanStatus_SPAN_STATUS_OK
	case codes.Error:
		m.Status, m.StatusMessage = basev1.SpanStatus_SPAN_STATUS_ERROR, text(status.Description)
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
		a := &basev1.Attribute{Key: name(string(kv.Key))}
		switch kv.Value.Type() {
		case attribute.BOOL:
			a.Value = &basev1.Attribute_Flag{Flag: kv.Value.AsBool()}
		case attribute.INT64:
			a.Value = &basev1.Attribute_Integer{Integer: kv.Value.AsInt64()}
		case attribute.FLOAT64:
			a.Value = &basev1.Attribute_Number{Number: kv.Value.AsFloat64()}
		default:
			a.Value = &basev1.Attribute_Text{Text: text(kv.Value.String())}
		}
		out = append(out, a)
	}
	return out
}

// Longest texts, which a driver may have made of anything, in bytes. With the limits of
// New, 64 attributes and 64 events with 16 each, a span has less than 1.5 MiB.
const (
	maxNameBytes = 256
	maxTextBytes = 1 << 10
)

// name and text are a text as it can be sent: in UTF-8 and not too long.
func name(s string) string { return valid(s, maxNameBytes) }
func text(s string) string { return valid(s, maxTextBytes) }

func valid(s string, limit int) string {
	s = strings.ToValidUTF8(s[:min(len(s), limit)], "\uFFFD") // It may grow.
	return strings.ToValidUTF8(s[:min(len(s), limit)], "")
}
