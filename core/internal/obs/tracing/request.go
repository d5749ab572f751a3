package tracing

import (
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Request returns a request with a span in its context, and a function that ends the
// span with the status of the answer. The route is the pattern of the path, not the path.
func (t *Tracing) Request(r *http.Request, route string) (*http.Request, func(status int)) {
	if t == nil || t.excluded != nil && t.excluded.MatchString(address(r)) {
		return r, noStatus
	}
	ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := t.tracer.Start(ctx, r.Method+" "+route, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", r.Method), attribute.String("http.route", route)))
	r = r.WithContext(ctx)
	if !span.IsRecording() {
		return r, noStatus
	}
	span.SetAttributes(
		attribute.String("url.path", r.URL.Path),
		attribute.String("user_agent.original", r.UserAgent()),
	)
	return r, func(status int) {
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

func noStatus(int) {}

// address is the URL that the client asked for, as far as it is known here.
func address(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return scheme + r.Host + r.URL.RequestURI()
}
