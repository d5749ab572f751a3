package prometheus_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	"github.com/quay/quay/sdk/plugintest"
	sdkprometheus "github.com/quay/quay/sdk/prometheus"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	"github.com/quay/quay/sdk/storage"
)

type driver struct{}

func (driver) Validate(storage.Config) []storage.Problem { return nil }

func (driver) Open(context.Context, storage.Config) (storage.Store, error) { return nil, nil }

// ask serves a plugin with the metrics and asks it for them.
func ask(t *testing.T, metrics func(context.Context) ([]byte, error), limit uint64) (string, error) {
	t.Helper()
	s := plugintest.Serve(t, sdk.Plugin{Name: "counts", Version: "1", Storage: driver{}, Metrics: metrics})
	resp, err := basev1.NewTelemetryClient(s.Conn()).Metrics(t.Context(), &basev1.MetricsRequest{MaxBytes: limit})
	return string(resp.GetText()), grpcerr.From(err)
}

// failing is a collector whose metric cannot be had.
type failing struct{}

func (failing) Describe(chan<- *prometheus.Desc) {}

func (failing) Collect(ch chan<- prometheus.Metric) {
	ch <- prometheus.NewInvalidMetric(prometheus.NewDesc("bad", "bad", nil, nil), context.Canceled)
}

// TestMetrics proves that a driver's own metrics and those of the runtime are
// served, each once, also when the driver has those of the runtime by itself or
// one of its metrics fails.
func TestMetrics(t *testing.T) {
	own := prometheus.NewRegistry()
	syncs := prometheus.NewCounter(prometheus.CounterOpts{Name: "ours_syncs_total", Help: "syncs"})
	own.MustRegister(syncs)
	syncs.Add(3)
	withRuntime := prometheus.NewRegistry()
	withRuntime.MustRegister(syncs, collectors.NewGoCollector(), failing{})

	for _, test := range []struct {
		name     string
		gatherer prometheus.Gatherer
		own      bool
	}{
		{"nothing", nil, false},
		{"a registry", own, true},
		{"one with the runtime and an error", withRuntime, true},
	} {
		text, err := ask(t, sdkprometheus.Metrics(test.gatherer), 1<<20)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		parser := expfmt.NewTextParser(model.LegacyValidation)
		families, err := parser.TextToMetricFamilies(bytes.NewBufferString(text))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if got := strings.Contains(text, "\nours_syncs_total 3\n"); got != test.own {
			t.Errorf("%s: own metrics %v", test.name, got)
		}
		for _, name := range []string{"go_goroutines", "process_open_fds"} {
			if families[name] == nil || strings.Count(text, "\n"+name+" ") != 1 {
				t.Errorf("%s: %s is not there once", test.name, name)
			}
		}
	}
}

// TestRefused proves that what the host cannot take, and what is not there, is
// refused with the kind of error that the protocol names.
func TestRefused(t *testing.T) {
	if _, err := ask(t, nil, 1<<20); !errs.Is(err, errs.Unsupported) {
		t.Errorf("a driver without metrics: %v", err)
	}
	if _, err := ask(t, sdkprometheus.Metrics(nil), 1000); !errs.Is(err, errs.TooLarge) {
		t.Errorf("metrics that are too long: %v", err)
	}
}
