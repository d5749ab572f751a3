package spans_test

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/plugintest"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	"github.com/quay/quay/sdk/storage"
)

// wordy is a driver that makes large spans in each call, as the path says.
type wordy struct{ driver }

func (wordy) Open(context.Context, storage.Config) (storage.Store, error) { return wordyStore{}, nil }

type wordyStore struct{ store }

// hostile is a text that no limit of OpenTelemetry's bounds.
var hostile = strings.Repeat("x\xff", 1<<20)

func (wordyStore) Stat(ctx context.Context, path string) (storage.Info, error) {
	tracer := trace.SpanFromContext(ctx).TracerProvider().Tracer("wordy")
	switch path {
	case "many":
		for range 512 {
			_, span := tracer.Start(ctx, "one of many")
			for _, key := range strings.Split("abcdefghij", "") {
				span.SetAttributes(attribute.String(key, strings.Repeat("x", 1024)))
			}
			span.End()
		}
	case "large":
		for range 8 {
			_, span := tracer.Start(ctx, hostile)
			span.SetStatus(codes.Error, hostile)
			var attributes []attribute.KeyValue
			for i := range 64 {
				attributes = append(attributes, attribute.String(strconv.Itoa(i)+hostile[:4096], strings.Repeat("漢\xff", 2048)))
			}
			span.SetAttributes(attributes...)
			for range 64 {
				span.AddEvent(hostile[:8192], trace.WithAttributes(attributes[:16]...))
			}
			span.End()
		}
	}
	return storage.Info{}, nil
}

// TestLargeSpans proves that spans which are more than a message holds all arrive, cut
// where it must be: one message that is too large would end the sending of spans.
func TestLargeSpans(t *testing.T) {
	p := &plugin{}
	s, err := plugintest.Start(sdk.Plugin{Name: "wordy", Version: "1", Storage: wordy{}}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	p.Server = s
	if _, err := basev1.NewLifecycleClient(s.Conn()).Configure(t.Context(), &basev1.ConfigureRequest{Instance: "here"}); err != nil {
		t.Fatal(err)
	}
	taker := p.spans(t)
	want := 0
	for path, spans := range map[string]int{"many": 512, "large": 8} {
		if err := p.stat(t.Context(), path, "01"); err != nil {
			t.Fatal(err)
		}
		want += spans + 1 // With that of the call.
		list, dropped := taker.wait(t, want)
		if len(list) != want || dropped != 0 {
			t.Errorf("%s: %d spans came, want %d, and %d were dropped", path, len(list), want, dropped)
		}
	}
}
