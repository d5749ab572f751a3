package obs_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/sdk/errs"
)

// TestLogger proves the formats and levels of the log, and that a line which is a part
// of a trace has its ids, also from a logger with attributes of its own.
func TestLogger(t *testing.T) {
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})
	traced := trace.ContextWithSpanContext(t.Context(), span)
	const ids = `"trace_id":"01000000000000000000000000000000","span_id":"0200000000000000"`
	for _, test := range []struct {
		format, level string
		ctx           context.Context
		want          string
	}{
		{"json", "info", t.Context(), `"msg":"hello","a":1,"b":2}`},
		{"json", "info", traced, `"msg":"hello","a":1,"b":2,` + ids + "}"},
		{"text", "debug", traced, "msg=hello a=1 b=2 trace_id=01"},
		{"text", "error", traced, ""},
	} {
		var b bytes.Buffer
		logger, err := obs.NewLogger(&b, test.format, test.level)
		if err != nil {
			t.Fatal(err)
		}
		logger.With("a", 1).InfoContext(test.ctx, "hello", "b", 2)
		if got := b.String(); !strings.Contains(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%s at %s: %s", test.format, test.level, got)
		}
	}
	for _, bad := range [][2]string{{"xml", "info"}, {"json", "loud"}} {
		if _, err := obs.NewLogger(&bytes.Buffer{}, bad[0], bad[1]); !errs.Is(err, errs.Invalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}
