package tracing

import (
	"go.opentelemetry.io/otel/attribute"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// Bounds of what is believed of a plugin's span: lengths in bytes, and numbers.
const (
	maxSpans      = 512
	maxName       = 256
	maxText       = 4096
	maxAttributes = 128
	maxEvents     = 128
)

// convert makes spans of OpenTelemetry of a plugin's message, by their scopes, and
// returns the number of those that are no spans.
func convert(list []*basev1.Span) (scopes []*tracepb.ScopeSpans, malformed int) {
	byName := map[string]*tracepb.ScopeSpans{}
	for i, s := range list {
		if i == maxSpans {
			return scopes, malformed + len(list) - i
		}
		if !wellFormed(s) {
			malformed++
			continue
		}
		name := cut(s.GetScope(), maxName)
		scope := byName[name]
		if scope == nil {
			scope = &tracepb.ScopeSpans{Scope: &commonpb.InstrumentationScope{Name: name}}
			byName[name] = scope
			scopes = append(scopes, scope)
		}
		scope.Spans = append(scope.Spans, span(s))
	}
	return scopes, malformed
}

func wellFormed(s *basev1.Span) bool {
	return id(s.GetTraceId(), 16) && id(s.GetSpanId(), 8) && id(s.GetParentSpanId(), 8) &&
		s.GetStartUnixNanos() > 0 && s.GetEndUnixNanos() >= s.GetStartUnixNanos() && s.GetName() != ""
}

// id reports whether b is an id of the length.
func id(b []byte, length int) bool {
	for _, c := range b {
		if c != 0 {
			return len(b) == length
		}
	}
	return false
}

func span(s *basev1.Span) *tracepb.Span {
	out := &tracepb.Span{
		TraceId:           s.GetTraceId(),
		SpanId:            s.GetSpanId(),
		ParentSpanId:      s.GetParentSpanId(),
		Name:              cut(s.GetName(), maxName),
		Kind:              kind(s.GetKind()),
		StartTimeUnixNano: s.GetStartUnixNanos(),
		EndTimeUnixNano:   s.GetEndUnixNanos(),
		Flags:             1, // It is recorded.
	}
	out.Attributes, out.DroppedAttributesCount = attributes(s.GetAttributes())
	for i, e := range s.GetEvents() {
		if i == maxEvents {
			out.DroppedEventsCount = uint32(len(s.GetEvents()) - i)
			break
		}
		event := &tracepb.Span_Event{TimeUnixNano: e.GetUnixNanos(), Name: cut(e.GetName(), maxName)}
		event.Attributes, event.DroppedAttributesCount = attributes(e.GetAttributes())
		out.Events = append(out.Events, event)
	}
	switch s.GetStatus() {
	case basev1.SpanStatus_SPAN_STATUS_OK:
		out.Status = &tracepb.Status{Code: tracepb.Status_STATUS_CODE_OK}
	case basev1.SpanStatus_SPAN_STATUS_ERROR:
		out.Status = &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR, Message: cut(s.GetStatusMessage(), maxText)}
	}
	return out
}

func kind(k basev1.SpanKind) tracepb.Span_SpanKind {
	switch k {
	case basev1.SpanKind_SPAN_KIND_SERVER:
		return tracepb.Span_SPAN_KIND_SERVER
	case basev1.SpanKind_SPAN_KIND_CLIENT:
		return tracepb.Span_SPAN_KIND_CLIENT
	case basev1.SpanKind_SPAN_KIND_PRODUCER:
		return tracepb.Span_SPAN_KIND_PRODUCER
	case basev1.SpanKind_SPAN_KIND_CONSUMER:
		return tracepb.Span_SPAN_KIND_CONSUMER
	}
	return tracepb.Span_SPAN_KIND_INTERNAL
}

func attributes(list []*basev1.Attribute) (out []*commonpb.KeyValue, dropped uint32) {
	for i, a := range list {
		if i == maxAttributes {
			return out, uint32(len(list) - i)
		}
		value := &commonpb.AnyValue{}
		switch v := a.GetValue().(type) {
		case *basev1.Attribute_Flag:
			value.Value = &commonpb.AnyValue_BoolValue{BoolValue: v.Flag}
		case *basev1.Attribute_Integer:
			value.Value = &commonpb.AnyValue_IntValue{IntValue: v.Integer}
		case *basev1.Attribute_Number:
			value.Value = &commonpb.AnyValue_DoubleValue{DoubleValue: v.Number}
		default:
			value.Value = &commonpb.AnyValue_StringValue{StringValue: cut(a.GetText(), maxText)}
		}
		out = append(out, &commonpb.KeyValue{Key: cut(a.GetKey(), maxName), Value: value})
	}
	return out, 0
}

// keyValues are attributes of a resource, of which each is a text.
func keyValues(list []attribute.KeyValue) []*commonpb.KeyValue {
	out := make([]*commonpb.KeyValue, 0, len(list))
	for _, kv := range list {
		out = append(out, &commonpb.KeyValue{
			Key:   string(kv.Key),
			Value: &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: kv.Value.String()}},
		})
	}
	return out
}

func count(scopes []*tracepb.ScopeSpans) int {
	n := 0
	for _, s := range scopes {
		n += len(s.GetSpans())
	}
	return n
}

// cut is the beginning of a text, of whole characters.
func cut(s string, length int) string {
	if len(s) <= length {
		return s
	}
	for length > 0 && s[length]&0xC0 == 0x80 {
		length--
	}
	return s[:length]
}
