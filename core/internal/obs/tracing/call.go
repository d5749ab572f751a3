package tracing

import (
	"context"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
)

// DialOptions make spans of the calls on the connections that are made with them, for
// calls that are a part of a trace. The id is the plugin's: "storage/local".
func (t *Tracing) DialOptions(id string) []grpc.DialOption {
	if t == nil {
		return nil
	}
	c := &caller{tracing: t, id: id}
	return []grpc.DialOption{grpc.WithChainUnaryInterceptor(c.unary), grpc.WithChainStreamInterceptor(c.stream)}
}

// caller makes the spans of the calls of one plugin.
type caller struct {
	tracing *Tracing
	id      string
}

func (c *caller) unary(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	instance := ""
	if named, ok := req.(interface{ GetInstance() string }); ok {
		instance = named.GetInstance()
	}
	ctx, end := c.begin(ctx, conn, method, instance)
	err := invoke(ctx, method, req, reply, conn, opts...)
	end(err)
	return err
}

func (c *caller) stream(ctx context.Context, desc *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	ctx, end := c.begin(ctx, conn, method, "")
	return open(ctx, desc, conn, method, append(opts, grpc.OnFinish(end))...)
}

// begin returns the context of a call with its span, which the plugin is told of, and a
// function that ends the span.
func (c *caller) begin(ctx context.Context, conn *grpc.ClientConn, method, instance string) (context.Context, func(error)) {
	parent := trace.SpanFromContext(ctx)
	switch {
	case !parent.SpanContext().IsValid():
		return ctx, noEnd
	case !parent.IsRecording():
		return tell(ctx), noEnd // Its ids are for log lines.
	}
	c.tracing.relay.listen(c.id, conn)
	name := strings.TrimPrefix(method, "/")
	service, short, _ := strings.Cut(name, "/")
	attributes := []attribute.KeyValue{
		attribute.String("rpc.system", "grpc"), attribute.String("rpc.service", service), attribute.String("rpc.method", short),
		attribute.String(pluginKey, c.id),
	}
	if instance != "" {
		attributes = append(attributes, attribute.String("quay.instance", instance))
	}
	ctx, span := c.tracing.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
	return tell(ctx), func(err error) {
		finish(span, err)
		span.End()
	}
}

func noEnd(error) {}

// tell puts the context of the trace into the metadata of a call. Baggage, which a
// client may have filled, stays here.
func tell(ctx context.Context) context.Context {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	for key, value := range carrier {
		ctx = metadata.AppendToOutgoingContext(ctx, key, value)
	}
	return ctx
}

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
