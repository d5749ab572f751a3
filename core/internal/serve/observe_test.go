package serve

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/obs/tracing"
)

// TestTracesOfTheProduct proves how the product's keys of traces are understood.
func TestTracesOfTheProduct(t *testing.T) {
	half := .5
	for text, want := range map[string]tracing.Config{
		"": {},
		"FEATURE_OTEL_TRACING: true\nOTEL_CONFIG:\n": {Enabled: true},
		"FEATURE_OTEL_TRACING: true\nOTEL_CONFIG: {service_name: q, endpoint: 'http://c/v1/traces', sample_rate: 0.5, dt_api_url: only}\nOTEL_TRACING_EXCLUDED_URLS: a,b\n": {
			Enabled: true, ServiceName: "q", Endpoint: "http://c/v1/traces", SampleRate: &half, ExcludedURLs: "a,b",
		},
		"FEATURE_OTEL_TRACING: true\nOTEL_CONFIG: {endpoint: 'http://c/v1/traces', dt_api_url: 'https://dt', dt_api_token: t}\n": {
			Enabled: true, Endpoint: "https://dt/v1/traces", Headers: map[string]string{"Authorization": "Api-Token t"},
		},
	} {
		path := filepath.Join(t.TempDir(), config.FileName)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg := config.Product()
		if err := cfg.Load(path, false); err != nil {
			t.Fatal(err)
		}
		if got := traces(cfg); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v", text, got)
		}
	}
}
