package e2e

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/collector"
	"github.com/quay/quay/test/server"
)

const absent = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// get asks for a URL as a part of a trace and returns the status and the body.
func get(t *testing.T, url, traceparent string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if traceparent != "" {
		req.Header.Set("Traceparent", traceparent)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// ofDriver are the driver's spans of a method; the host has its own.
func ofDriver(spans []collector.Span, method string) []collector.Span {
	var found []collector.Span
	for _, span := range collector.Named(spans, "quay.plugin.storage.v1.Storage/"+method) {
		if span.Resource["service.name"] == "quay-storage-local" {
			found = append(found, span)
		}
	}
	return found
}

// TestTraces proves that one trace, begun by a client, leads from the request through
// the host's call to the driver in its own process, and that all of it reaches the
// collector through the host.
func TestTraces(t *testing.T) {
	c := collector.Start(t)
	s := server.Start(t, server.Options{Config: fmt.Sprintf(
		"FEATURE_OTEL_TRACING: true\nOTEL_CONFIG: {endpoint: %q, sample_rate: 1, service_name: registry}\nOTEL_TRACING_EXCLUDED_URLS: v2/other\n", c.URL)})
	digest, err := s.Client.PushBlob(t.Context(), "team/app", []byte("hello"))
	if err != nil {
		t.Fatal(err)
	}
	const trace, client = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	for _, repository := range []string{"team/app", "other/app"} {
		get(t, s.URL+"/v2/"+repository+"/blobs/"+digest, "00-"+trace+"-"+client+"-01")
	}
	status, _ := get(t, s.URL+"/v2/team/app/blobs/"+absent, "00-"+trace+"-"+client+"-01")
	if status != http.StatusNotFound {
		t.Fatalf("status %d", status)
	}
	// What a process has not sent when it is killed is lost.
	c.Wait(t, "span of the driver", func(spans []collector.Span) bool {
		return len(ofDriver(spans, "OpenDescriptor")) == 1
	})
	// The next process of the driver is asked for its spans, too.
	s.KillDriver(t)
	if _, err := s.Client.PushBlob(t.Context(), "team/later", []byte("after the crash")); err != nil {
		t.Fatal(err)
	}
	c.Wait(t, "span of the second process", func(spans []collector.Span) bool {
		return len(ofDriver(spans, "CommitUpload")) == 2
	})
	// What is there is sent before the end.
	s.Terminate(t)
	if code := s.Wait(t, 30*time.Second); code != 0 {
		t.Errorf("the server ended with status %d", code)
	}

	spans := c.Spans()
	byID := map[string]collector.Span{}
	for _, span := range spans {
		byID[span.ID] = span
	}
	requests := collector.Named(spans, "GET /v2/{name...}/blobs/{digest}")
	if len(requests) != 2 {
		t.Errorf("%d requests of the trace were recorded, want 2", len(requests))
	}
	for _, r := range requests {
		if r.Trace != trace || r.Parent != client || r.Resource["service.name"] != "registry" || r.Labels["http.route"] != "/v2/{name...}/blobs/{digest}" {
			t.Errorf("the span of a request is %v of %v", r.Span, r.Resource)
		}
	}
	chains := 0
	for _, driver := range ofDriver(spans, "OpenDescriptor") {
		call := byID[driver.Parent]
		request := byID[call.Parent]
		if driver.Trace != trace || call.Trace != trace || call.Resource["service.name"] != "registry" || call.Labels["quay.plugin"] != "storage/local" ||
			driver.Resource["quay.plugin"] != "storage/local" || request.GetName() != "GET /v2/{name...}/blobs/{digest}" {
			t.Errorf("the span of the driver is %v of %v, its parent %v", driver.Span, driver.Resource, call.Span)
		}
		chains++
	}
	if chains == 0 {
		t.Error("there is no span of the driver")
	}
	for _, span := range spans {
		if strings.Contains(span.Labels["url.path"], "other") {
			t.Errorf("%v is of a URL that is excluded", span.Span)
		}
	}
	if logs := s.Logs(); strings.Contains(logs, "cannot be sent") {
		t.Error(logs)
	}
}
