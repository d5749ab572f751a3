package scrape_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/measure"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/core/internal/plugin/scrape"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	"github.com/quay/quay/sdk/storage"
)

// driver is a driver without locations.
type driver struct{}

func (driver) Validate(storage.Config) []storage.Problem { return nil }

func (driver) Open(context.Context, storage.Config) (storage.Store, error) {
	return nil, errs.New(errs.Unsupported, "there are no locations")
}

// supervise runs a plugin until the test ends.
func supervise(t *testing.T, opts plugin.Options) *plugin.Supervisor {
	t.Helper()
	opts.RunDir = plugintest.RunDir(t)
	sup, err := plugin.Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		sup.Close(ctx)
	})
	return sup
}

// counting runs a plugin with the metrics in this process.
func counting(t *testing.T, name string, metrics func(context.Context) ([]byte, error)) *plugin.Supervisor {
	t.Helper()
	return supervise(t, plugin.Options{
		Kind: "storage", Name: name,
		Launch: plugintest.InProcess(sdk.Plugin{Name: name, Version: "1", Storage: driver{}, Metrics: metrics}),
	})
}

// values flattens families to one value for each name and label set.
func values(families []*dto.MetricFamily) map[string]float64 {
	all := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetName()+"="+l.GetValue())
			}
			all[f.GetName()+"{"+strings.Join(labels, ",")+"}"] = m.GetGauge().GetValue() + m.GetCounter().GetValue() + m.GetUntyped().GetValue()
		}
	}
	return all
}

// TestPlugins proves that each plugin costs only itself: one that stalls is left
// out after the deadline, one that fails, panics or says too much is left out at
// once, one that counts nothing is not missed, and the others are shown.
func TestPlugins(t *testing.T) {
	plugintest.Leaks(t)
	var logged bytes.Buffer
	s := scrape.New(scrape.Options{Timeout: 300 * time.Millisecond, MaxSeries: 10, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	text := func(text string) func(context.Context) ([]byte, error) {
		return func(context.Context) ([]byte, error) { return []byte(text), nil }
	}
	var many strings.Builder
	for i := range 25 {
		fmt.Fprintf(&many, "a{i=\"%d\"} 1\n", i)
	}
	for name, metrics := range map[string]func(context.Context) ([]byte, error){
		"good":   text("a 1\n"),
		"better": text("a 2\nb 3\nc{ 1\n"),
		"many":   text(many.String()),
		"huge":   text(strings.Repeat("# a comment\n", 1<<20)),
		"none":   nil,
		"fails":  func(context.Context) ([]byte, error) { return nil, errs.New(errs.Unavailable, "no") },
		"panics": func(context.Context) ([]byte, error) { panic("no") },
		"stalls": func(ctx context.Context) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
	} {
		s.Watch(counting(t, name, metrics))
	}
	for range 2 {
		begin := time.Now()
		families, err := s.Gather()
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("it took %v", took)
		}
		got := values(families)
		for name, want := range map[string]float64{
			"quay_plugin_driver_a{plugin=storage/good}":                        1,
			"quay_plugin_metrics_series{plugin=storage/good}":                  1,
			"quay_plugin_metrics_series{plugin=storage/many}":                  10,
			"quay_plugin_metrics_dropped{plugin=storage/many,reason=limit}":    15,
			"quay_plugin_metrics_dropped{plugin=storage/many,reason=conflict}": 0,
			"quay_plugin_metrics_success{plugin=storage/good}":                 1,
			"quay_plugin_metrics_success{plugin=storage/many}":                 1,
			"quay_plugin_metrics_success{plugin=storage/huge}":                 0,
			"quay_plugin_metrics_success{plugin=storage/fails}":                0,
			"quay_plugin_metrics_success{plugin=storage/panics}":               0,
			"quay_plugin_metrics_success{plugin=storage/stalls}":               0,
			// A text without comments is one piece.
			"quay_plugin_metrics_series{plugin=storage/better}":                   0,
			"quay_plugin_metrics_dropped{plugin=storage/better,reason=malformed}": 1,
		} {
			if value, ok := got[name]; !ok || value != want {
				t.Errorf("%s is %v, %v; want %v", name, value, ok, want)
			}
		}
		for name := range got {
			if strings.Contains(name, "storage/none") {
				t.Errorf("%s of a driver that counts nothing", name)
			}
		}
	}
	for _, name := range []string{"huge", "fails", "panics", "stalls"} {
		if n := strings.Count(logged.String(), "plugin=storage/"+name); n != 1 {
			t.Errorf("%s was logged %d times in\n%s", name, n, &logged)
		}
	}
}

// TestForget proves that a plugin which is down, and one that is no longer watched,
// are not asked.
func TestForget(t *testing.T) {
	s := scrape.New(scrape.Options{})
	down := counting(t, "down", func(context.Context) ([]byte, error) { return []byte("a 1\n"), nil })
	gone := counting(t, "gone", func(context.Context) ([]byte, error) { return []byte("a 1\n"), nil })
	s.Watch(down)
	s.Watch(gone)()
	down.Close(t.Context())
	begin := time.Now()
	families, err := s.Gather()
	if err != nil || len(families) != 0 {
		t.Errorf("%v, %v", families, err)
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestLocal proves that the metrics of the host, of a driver in a process of its
// own and of its runtime are one answer that Prometheus reads and whose names are
// as they should be.
func TestLocal(t *testing.T) {
	binaries, err := plugintest.Build("quay-storage-local")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(binaries)
	dir := t.TempDir()
	config, err := json.Marshal(map[string]string{"storage_path": dir})
	if err != nil {
		t.Fatal(err)
	}
	metrics := obs.NewMetrics()
	calls := measure.New(metrics.Registerer())
	drivers := scrape.New(scrape.Options{Logger: slog.New(slog.NewTextHandler(t.Output(), nil))})
	metrics.Also(drivers)
	sup := supervise(t, plugin.Options{
		Kind: "storage", Name: "local", Path: filepath.Join(binaries, "quay-storage-local"),
		Instances:   []plugin.Instance{{Name: "default", Config: config}},
		DialOptions: calls.DialOptions("storage/local"),
		Confine:     confine.Policy{ReadWrite: []string{dir}},
	})
	calls.Watch(sup)
	drivers.Watch(sup)

	recorder := httptest.NewRecorder()
	metrics.Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if recorder.Code != http.StatusOK {
		t.Fatal(recorder.Code, recorder.Body)
	}
	shown := recorder.Body.String()
	for _, want := range []string{
		`quay_plugin_calls_total{code="ok",method="base.v1.Lifecycle/Configure",plugin="storage/local"} 1`,
		`quay_plugin_up{plugin="storage/local"} 1`,
		`quay_plugin_state{plugin="storage/local",state="healthy"} 1`,
		`quay_plugin_metrics_success{plugin="storage/local"} 1`,
		`quay_plugin_metrics_dropped{plugin="storage/local",reason="malformed"} 0`,
		`quay_plugin_driver_go_goroutines{plugin="storage/local"} `,
		`quay_plugin_driver_process_open_fds{plugin="storage/local"} `,
		`quay_plugin_driver_local_free_bytes{location="default",plugin="storage/local"} `,
		`quay_plugin_driver_local_sync_duration_seconds_count{plugin="storage/local",what="directory"} `,
		"\ngo_goroutines ",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("there is no %s", want)
		}
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	if _, err := parser.TextToMetricFamilies(strings.NewReader(shown)); err != nil {
		t.Error(err)
	}
	problems, err := promlint.New(strings.NewReader(shown)).Lint()
	if err != nil {
		t.Error(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	if t.Failed() {
		t.Log(shown)
	}
}

// liar is a telemetry service that does not keep to what it was asked.
type liar struct {
	basev1.UnimplementedTelemetryServer
}

func (liar) Metrics(context.Context, *basev1.MetricsRequest) (*basev1.MetricsResponse, error) {
	return &basev1.MetricsResponse{Text: bytes.Repeat([]byte("a 1\n"), 1<<19)}, nil
}

// TestTooLong proves that an answer which is longer than was asked for is not taken.
func TestTooLong(t *testing.T) {
	s := scrape.New(scrape.Options{})
	s.Watch(supervise(t, plugin.Options{
		Kind: "storage", Name: "liar",
		Launch: plugintest.Services(func(r grpc.ServiceRegistrar, _ *net.UnixConn) { basev1.RegisterTelemetryServer(r, liar{}) }),
	}))
	families, err := s.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := values(families)
	if got["quay_plugin_metrics_success{plugin=storage/liar}"] != 0 || got["quay_plugin_driver_a{plugin=storage/liar}"] != 0 || len(got) != 6 {
		t.Errorf("got %v", got)
	}
}
