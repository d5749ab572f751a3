package tracing_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/log"
	"github.com/quay/quay/sdk/storage"
	"github.com/quay/quay/test/collector"
)

// pluginKey makes the test binary a plugin.
const pluginKey = "QUAY_TEST_TRACED_PLUGIN"

func TestMain(m *testing.M) {
	if os.Getenv(pluginKey) != "" {
		sdk.Main(sdk.Plugin{Name: "test", Version: "1", Storage: instrumented{}})
	}
	os.Exit(m.Run())
}

// instrumented is a driver that uses a library which knows OpenTelemetry alone.
type instrumented struct{ driver }

func (instrumented) Open(context.Context, storage.Config) (storage.Store, error) {
	return library{}, nil
}

type library struct{ store }

func (library) Stat(ctx context.Context, _ string) (storage.Info, error) {
	ctx, span := otel.Tracer("library").Start(ctx, "HEAD object")
	defer span.End()
	log.From(ctx).Info("asked the store")
	return storage.Info{}, nil
}

// lines is a log that may be read while it is written.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// TestProcess proves for a plugin in a process of its own that the spans of a library
// which finds its provider by itself are in the trace of the call, that those which
// ended last are sent before the plugin is stopped, and that the plugin's line in the
// host's log names them.
func TestProcess(t *testing.T) {
	c := collector.Start(t)
	tr, registry, _ := start(t, c.URL, 1)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(pluginKey, "1")
	var logged lines
	sup, err := plugin.Start(t.Context(), plugin.Options{
		Kind: "storage", Name: "test", Path: exe, RunDir: plugintest.RunDir(t), Env: []string{pluginKey},
		Instances:   []plugin.Instance{{Name: "here"}},
		Logger:      slog.New(slog.NewTextHandler(&logged, nil)),
		DialOptions: tr.DialOptions("storage/test"),
	})
	if err != nil {
		t.Fatal(err)
	}
	call := func() {
		ctx, end := request(t, tr)
		if err := sup.Do(ctx, plugin.Call{}, func(ctx context.Context, g *plugin.Generation) error {
			return stat(ctx, g, "x")
		}); err != nil {
			t.Error(err)
		}
		end(http.StatusOK)
	}
	call()
	plugintest.Eventually(t, 5*time.Second, "the spans of the first call came", func() bool { return total(t, registry) == 2 })
	call()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	sup.Close(ctx)
	tr.Close(ctx)

	spans := c.Spans()
	byID := map[string]collector.Span{}
	for _, s := range spans {
		byID[s.ID] = s
	}
	inner := collector.Named(spans, "HEAD object")
	if len(inner) != 2 || len(spans) != 8 {
		t.Fatalf("%d spans of the library, %d in all", len(inner), len(spans))
	}
	for _, s := range inner {
		served := byID[s.Parent]
		sent := byID[served.Parent]
		root := byID[sent.Parent]
		if served.GetName() != sent.GetName() || root.GetName() != "GET /v2/{name}" || s.Trace != root.Trace || s.Resource["service.name"] != "quay-storage-test" {
			t.Errorf("%v is below %v, %v and %v", s.Span, served.Span, sent.Span, root.Span)
		}
		if want := "msg=\"asked the store\" instance=here span_id=" + s.ID + " trace_id=" + s.Trace; !strings.Contains(strings.ReplaceAll(logged.String(), "plugin=storage/test generation=1 ", ""), want) {
			t.Errorf("there is no %q in\n%s", want, logged.String())
		}
	}
}
