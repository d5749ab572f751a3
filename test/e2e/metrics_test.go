package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/quay/quay/test/server"
)

// TestMetrics proves that the metrics of the host, of its calls of the driver, and of
// the driver itself are one answer, whose names are as Prometheus wants them.
func TestMetrics(t *testing.T) {
	s := server.Start(t, server.Options{})
	if _, err := s.Client.PushBlob(t.Context(), "team/app", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	status, shown := get(t, s.URL+"/metrics", "")
	if status != http.StatusOK {
		t.Fatal(status, shown)
	}
	for _, want := range []string{
		`quay_request_duration_seconds_count{method="PUT",`,
		`quay_plugin_up{plugin="storage/local"} 1`,
		`quay_plugin_calls_total{code="ok",method="storage.v1.Storage/CommitUpload",plugin="storage/local"} 1`,
		`quay_plugin_descriptors_total{plugin="storage/local"} 1`,
		`quay_plugin_metrics_success{plugin="storage/local"} 1`,
		`quay_plugin_driver_local_sync_duration_seconds_count{plugin="storage/local",what="file"} 1`,
		`quay_plugin_driver_go_goroutines{plugin="storage/local"}`,
		`quay_plugin_driver_process_open_fds{plugin="storage/local"}`,
		`quay_plugin_driver_local_free_bytes{location="default",plugin="storage/local"}`,
	} {
		if !strings.Contains(shown, "\n"+want) {
			t.Errorf("there is no %s", want)
		}
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
