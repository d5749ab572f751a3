package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	conformance "github.com/quay/quay/sdk/conformance/secscan"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/plugintest"
	"github.com/quay/quay/sdk/secscan"
)

func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// layer serves a layer to those who have the token.
func layer(t testing.TB, content string) secscan.Layer {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer layers" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(content))
	}))
	t.Cleanup(s.Close)
	return secscan.Layer{
		Digest: digest(content), Size: int64(len(content)), URI: s.URL,
		Headers: []secscan.Header{{Name: "Authorization", Value: "Bearer layers"}},
	}
}

// configuration is that of a scanner with a notification of two pages.
func configuration(t testing.TB) json.RawMessage {
	t.Helper()
	dir := t.TempDir()
	pages := filepath.Join(dir, notifications, "n1")
	if err := os.MkdirAll(pages, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"1.json", "2.json"} {
		if err := os.WriteFile(filepath.Join(pages, page), []byte(`{"notifications": []}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config, err := json.Marshal(map[string]any{"path": dir, "max_layer": "1KiB"})
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// TestConformance proves that the plugin keeps every promise of a scanner.
func TestConformance(t *testing.T) {
	serve := func() conformance.Target {
		return conformance.Target{Conn: plugintest.Serve(t, directory()).Conn()}
	}
	conformance.Run(t, conformance.Options{
		Target:  serve(),
		Config:  configuration(t),
		Secrets: map[string]string{"token": "callbacks"},
		Known: conformance.Known{
			Manifest: secscan.Manifest{Digest: digest("manifest"), Layers: []secscan.Layer{layer(t, "one"), layer(t, "two")}},
			Callback: secscan.Callback{Authorization: "Bearer callbacks", Body: []byte(`{"notification_id": "n1", "callback": "http://x"}`)},
		},
		Restart: func(context.Context) (conformance.Target, error) { return serve(), nil },
	})
}

// TestLayers proves that a manifest is indexed only when all its layers were fetched
// and are what they should be.
func TestLayers(t *testing.T) {
	s, err := driver{}.Open(t.Context(), secscan.Config{Options: configuration(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.(*scanner).Close()
	tests := []struct {
		name   string
		change func(*secscan.Layer)
		kind   errs.Kind
	}{
		{"no token", func(l *secscan.Layer) { l.Headers = nil }, errs.Internal},
		{"another digest", func(l *secscan.Layer) { l.Digest = digest("two") }, errs.Invalid},
		{"too large", func(l *secscan.Layer) { l.Size = 2048 }, errs.TooLarge},
		{"nobody there", func(l *secscan.Layer) { l.URI = "http://127.0.0.1:1" }, errs.Unavailable},
	}
	m := digest("manifest")
	for _, test := range tests {
		l := layer(t, "one")
		test.change(&l)
		if _, err := s.Index(t.Context(), secscan.Manifest{Digest: m, Layers: []secscan.Layer{l}}); !errs.Is(err, test.kind) {
			t.Errorf("%s: %v", test.name, err)
		}
		if _, err := s.Vulnerabilities(t.Context(), m); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: the manifest is indexed: %v", test.name, err)
		}
	}
}
