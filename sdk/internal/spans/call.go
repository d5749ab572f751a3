package spans

import (
	"context"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/metadata"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
)

// The names under which a context of W3C crosses. Baggage does not.
const (
	parentKey = "traceparent"
	stateKey  = "tracestate"
)

// Begin returns the context of a call that came with a trace, with the span of the
// call in it, and a function that ends the span with what became of the call. A call
// without a trace costs the look for one.
func (r *Recorder) Begin(ctx context.Context, method string) (context.Context, func(error)) {
	parent := metadata.ValueFromIncomingContext(ctx, parentKey)
	if len(parent) == 0 {
		return ctx, noEnd
	}
	carrier := propagation.MapCarrier{parentKey: parent[0]}
	if state := metadata.ValueFromIncomingContext(ctx, stateKey); len(state) > 0 {
		carrier[stateKey] = strings.Join(state, ",")
	}
	ctx = propagation.TraceContext{}.Extract(ctx, carrier)
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return ctx, noEnd // Its ids still are in log lines.
	}
	name := strings.TrimPrefix(method, "/")
	service, short, _ := strings.Cut(name, "/")
	ctx, span := r.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("rpc.system", "grpc"), attribute.String("rpc.service", service), attribute.String("rpc.method", short)))
	return ctx, func(err error) {
		finish(span, err)
		span.End()
	}
}

func noEnd(error) {}

// finish says in a span what became of its call. What is missing, or was not allowed,
// is an answer and no fault.
func finish(span trace.Span, err error) {
	if err == nil {
		return
	}
	err = grpcerr.From(err)
	kind := errs.KindOf(err)
	span.SetAttributes(attribute.String("error.type", kind.String()))
	switch kind {
	case errs.Internal, errs.Unavailable, errs.Timeout, errs.Exhausted, errs.Corrupt:
		span.SetStatus(codes.Error, err.Error())
	}
}
