// Package log hands a driver the logger of the call it is in. Its lines reach the
// host's log with the plugin's name, the process, the instance and, where the call
// is a part of a trace, the ids of the trace and the span.
package log

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

type key struct{}

// From returns the logger of ctx, or one that discards everything when ctx does
// not come from the SDK. Never log secrets.
func From(ctx context.Context) *slog.Logger {
	l, ok := ctx.Value(key{}).(*slog.Logger)
	if !ok {
		return slog.New(slog.DiscardHandler)
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		return l.With("trace_id", span.TraceID(), "span_id", span.SpanID())
	}
	return l
}

// With returns a context that carries l.
func With(ctx context.Context, l *slog.Logger) context.Context {
	return context.WithValue(ctx, key{}, l)
}
