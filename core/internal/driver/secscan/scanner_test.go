package secscan_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/driver/secscan"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	secscanv1 "github.com/quay/quay/sdk/proto/quay/plugin/secscan/v1"
	sdk "github.com/quay/quay/sdk/secscan"
)

// plugins is the directory of the binaries under test.
var plugins string

func TestMain(m *testing.M) {
	dir, err := plugintest.BuildTest("quay-secscan-directory")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	plugins = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// directory runs the plugin that finds what the files of a directory say, which it
// returns.
func directory(t testing.TB, opts secscan.Options) (*secscan.Scanner, *plugin.Supervisor, string) {
	t.Helper()
	dir := t.TempDir()
	config, err := json.Marshal(map[string]string{"path": dir, "state": "s1"})
	if err != nil {
		t.Fatal(err)
	}
	sup := plugintest.Start(t, plugin.Options{
		Kind:      "secscan",
		Name:      "directory",
		Path:      filepath.Join(plugins, "quay-secscan-directory"),
		Confine:   confine.Policy{ReadWrite: []string{dir}, Network: true},
		Instances: []plugin.Instance{{Name: "default", Config: config, Secrets: map[string]string{"token": "callbacks"}}},
	})
	return secscan.NewScanner(sup, "default", opts), sup, dir
}

func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// manifest has one layer, which serve serves.
func manifest(t testing.TB, serve http.HandlerFunc) sdk.Manifest {
	t.Helper()
	s := httptest.NewServer(serve)
	t.Cleanup(s.Close)
	return sdk.Manifest{Digest: digest("manifest"), Layers: []sdk.Layer{{
		Digest: digest("layer"), Size: 5, URI: s.URL, Headers: []sdk.Header{{Name: "Authorization", Value: "Bearer layers"}},
	}}}
}

// TestScanner proves that a manifest is indexed by a scanner in a process of its own,
// and that its reports reach the host.
func TestScanner(t *testing.T) {
	plugintest.Leaks(t)
	s, _, dir := directory(t, secscan.Options{})
	ctx := t.Context()
	var authorization atomic.Value
	m := manifest(t, func(w http.ResponseWriter, r *http.Request) {
		authorization.Store(r.Header.Get("Authorization"))
		fmt.Fprint(w, "layer")
	})
	if state, err := s.State(ctx); err != nil || state != "s1" {
		t.Errorf("the state is %q, error %v", state, err)
	}
	if _, err := s.Vulnerabilities(ctx, m.Digest); !errs.Is(err, errs.NotFound) {
		t.Errorf("before it is indexed: %v", err)
	}
	indexed, err := s.Index(ctx, m)
	if err != nil || indexed.State != "s1" || !bytes.Contains(indexed.Report, []byte("IndexFinished")) {
		t.Errorf("the index is %s in %q, error %v", indexed.Report, indexed.State, err)
	}
	if authorization.Load() != "Bearer layers" {
		t.Errorf("the layer was fetched with %q", authorization.Load())
	}
	report, err := s.IndexReport(ctx, m.Digest)
	if err != nil || !bytes.Equal(report, indexed.Report) {
		t.Errorf("the index report is %s, error %v", report, err)
	}
	// A report of many messages.
	want := []byte(`{"manifest_hash":"x","vulnerabilities":"` + strings.Repeat("0123456789abcdef", 400_000) + `"}`)
	name := filepath.Join(dir, "vulnerabilities", strings.ReplaceAll(m.Digest, ":", "-")+".json")
	if err := os.WriteFile(name, want, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Vulnerabilities(ctx, m.Digest); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the report has %d bytes, error %v", len(got), err)
	}
	if err := s.Delete(ctx, m.Digest); err != nil {
		t.Error(err)
	}
	if _, err := s.IndexReport(ctx, m.Digest); !errs.Is(err, errs.NotFound) {
		t.Errorf("after it was deleted: %v", err)
	}
	if err := s.Probe(ctx); err != nil {
		t.Error(err)
	}
}

// TestNotifications proves that a notification is read to its end, and only after a
// callback of the scanner itself.
func TestNotifications(t *testing.T) {
	plugintest.Leaks(t)
	s, _, dir := directory(t, secscan.Options{})
	ctx := t.Context()
	pages := filepath.Join(dir, "notifications", "n1")
	if err := os.Mkdir(pages, 0o700); err != nil {
		t.Fatal(err)
	}
	for i := 1; i <= 3; i++ {
		content := fmt.Appendf(nil, `{"notifications": [{"id": "%d"}]}`, i)
		if err := os.WriteFile(filepath.Join(pages, fmt.Sprintf("%d.json", i)), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	body := []byte(`{"notification_id": "n1", "callback": "http://scanner/n1"}`)
	if _, err := s.Receive(ctx, sdk.Callback{Authorization: "Bearer forged", Body: body}); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a forged callback: %v", err)
	}
	id, err := s.Receive(ctx, sdk.Callback{Authorization: "Bearer callbacks", Body: body})
	if err != nil || id != "n1" {
		t.Fatalf("the notification is %q, error %v", id, err)
	}
	var all []string
	for page := ""; ; {
		p, err := s.Notification(ctx, id, page)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(p.Content))
		if page = p.Next; page == "" {
			break
		}
	}
	if len(all) != 3 || !strings.Contains(all[2], `"3"`) {
		t.Errorf("the pages are %q", all)
	}
	if err := s.DeleteNotification(ctx, id); err != nil {
		t.Error(err)
	}
	if _, err := s.Notification(ctx, id, ""); !errs.Is(err, errs.NotFound) {
		t.Errorf("after it was deleted: %v", err)
	}
}

// TestCrash proves that a manifest is indexed although the plugin dies while it
// fetches a layer.
func TestCrash(t *testing.T) {
	plugintest.Leaks(t)
	s, sup, _ := directory(t, secscan.Options{})
	var fetches atomic.Int32
	begun := make(chan struct{})
	m := manifest(t, func(w http.ResponseWriter, r *http.Request) {
		if fetches.Add(1) == 1 {
			close(begun)
			<-r.Context().Done() // The plugin is gone.
			return
		}
		fmt.Fprint(w, "layer")
	})
	indexed := make(chan error, 1)
	go func() {
		_, err := s.Index(context.WithoutCancel(t.Context()), m)
		indexed <- err
	}()
	<-begun
	plugintest.Kill(t, sup)
	if err := <-indexed; err != nil {
		t.Error(err)
	}
	if n := fetches.Load(); n != 2 {
		t.Errorf("the layer was fetched %d times", n)
	}
	if _, err := s.Vulnerabilities(t.Context(), m.Digest); err != nil {
		t.Errorf("the manifest is not indexed: %v", err)
	}
}

// TestDeadlines proves that a scanner that does not answer costs the deadline of the
// call.
func TestDeadlines(t *testing.T) {
	plugintest.Leaks(t)
	s, _, _ := directory(t, secscan.Options{IndexTimeout: 200 * time.Millisecond})
	m := manifest(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	begin := time.Now()
	if _, err := s.Index(t.Context(), m); !errs.Is(err, errs.Timeout) {
		t.Errorf("the error is %v", err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

// liar is a plugin that keeps no promise: it answers with pieces that it was given.
type liar struct {
	secscanv1.UnimplementedSecscanServer
	state  string
	pieces []string
}

func (l *liar) GetState(context.Context, *secscanv1.GetStateRequest) (*secscanv1.GetStateResponse, error) {
	return &secscanv1.GetStateResponse{State: l.state}, nil
}

func (l *liar) Index(_ *secscanv1.IndexRequest, stream grpc.ServerStreamingServer[secscanv1.IndexResponse]) error {
	for _, p := range l.pieces {
		if err := stream.Send(&secscanv1.IndexResponse{State: l.state, Data: []byte(p)}); err != nil {
			return err
		}
	}
	return nil
}

func (l *liar) GetVulnerabilityReport(_ *secscanv1.GetVulnerabilityReportRequest, stream grpc.ServerStreamingServer[secscanv1.GetVulnerabilityReportResponse]) error {
	for _, p := range l.pieces {
		if err := stream.Send(&secscanv1.GetVulnerabilityReportResponse{Data: []byte(p)}); err != nil {
			return err
		}
	}
	return nil
}

// TestReportsThatCannotBe proves that the host takes only what is a report, and no
// more of it than it can bear.
func TestReportsThatCannotBe(t *testing.T) {
	plugintest.Leaks(t)
	long := strings.Repeat("x", 1<<20)
	tests := []struct {
		name string
		liar liar
		kind errs.Kind
	}{
		{"nothing", liar{state: "s"}, errs.Internal},
		{"no JSON", liar{state: "s", pieces: []string{"{", "]"}}, errs.Internal},
		{"a list", liar{state: "s", pieces: []string{"[]"}}, errs.Internal},
		{"two objects", liar{state: "s", pieces: []string{"{}", "{}"}}, errs.Internal},
		{"too much", liar{state: "s", pieces: []string{`{"x":"`, long, long, long, `"}`}}, errs.TooLarge},
	}
	m := sdk.Manifest{Digest: digest("m"), Layers: []sdk.Layer{{Digest: digest("l"), URI: "http://quay.example/l"}}}
	for _, test := range tests {
		s := test.liar.scanner(t)
		if report, err := s.Vulnerabilities(t.Context(), m.Digest); !errs.Is(err, test.kind) {
			t.Errorf("%s: the report has %d bytes, error %v", test.name, len(report), err)
		}
		if indexed, err := s.Index(t.Context(), m); !errs.Is(err, test.kind) || indexed.Report != nil {
			t.Errorf("%s: the index report has %d bytes, error %v", test.name, len(indexed.Report), err)
		}
	}
	l := liar{pieces: []string{"{}"}}
	s := l.scanner(t)
	if _, err := s.State(t.Context()); !errs.Is(err, errs.Internal) {
		t.Errorf("without a state: %v", err)
	}
	if _, err := s.Index(t.Context(), m); !errs.Is(err, errs.Internal) {
		t.Errorf("an index without a state: %v", err)
	}
	if err := s.Delete(t.Context(), m.Digest); !errs.Is(err, errs.Unsupported) {
		t.Errorf("a capability that it does not have: %v", err)
	}
}

func (l *liar) scanner(t testing.TB) *secscan.Scanner {
	t.Helper()
	return secscan.NewScanner(plugintest.Start(t, plugin.Options{
		Kind: "secscan",
		Name: "liar",
		Launch: plugintest.Services(func(r grpc.ServiceRegistrar, _ *net.UnixConn) {
			basev1.RegisterLifecycleServer(r, plugintest.Lifecycle{})
			secscanv1.RegisterSecscanServer(r, l)
		}),
	}), "default", secscan.Options{MaxReportBytes: 2 << 20})
}
