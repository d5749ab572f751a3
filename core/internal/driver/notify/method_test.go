package notify_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/driver/notify"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
	sdk "github.com/quay/quay/sdk/notify"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	notifyv1 "github.com/quay/quay/sdk/proto/quay/plugin/notify/v1"
)

// plugins is the directory of the binaries under test.
var plugins string

func TestMain(m *testing.M) {
	dir, err := plugintest.BuildTest("quay-notify-file")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	plugins = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// file runs the plugin that writes events into a file, whose path it returns.
func file(t testing.TB, delay time.Duration, opts notify.Options) (*notify.Method, *plugin.Supervisor, string) {
	t.Helper()
	dir := t.TempDir()
	config, err := json.Marshal(map[string]string{"path": dir, "delay": delay.String()})
	if err != nil {
		t.Fatal(err)
	}
	sup := plugintest.Start(t, plugin.Options{
		Kind:      "notify",
		Name:      "file",
		Path:      filepath.Join(plugins, "quay-notify-file"),
		Confine:   confine.Policy{ReadWrite: []string{dir}},
		Instances: []plugin.Instance{{Name: "default", Config: config}},
	})
	return notify.NewMethod(sup, "default", opts), sup, filepath.Join(dir, "events")
}

// delivery is a good one for a receiver.
func delivery(config string) sdk.Delivery {
	return sdk.Delivery{
		Notification: "n", ID: "d1", Attempt: 1, Event: "repo_push",
		About: sdk.About{Namespace: "devs", Repository: "app"},
		Level: sdk.Warning, Summary: "Repository devs/app updated", Message: "<b>updated</b>",
		Data: json.RawMessage(`{"homepage": "https://quay.example/repository/devs/app"}`), Config: json.RawMessage(config),
	}
}

// lines returns what the file has.
func lines(t testing.TB, path string) []map[string]any {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	for text := range bytes.Lines(b) {
		var line map[string]any
		if err := json.Unmarshal(text, &line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	return all
}

// TestMethod proves that an event reaches the receiver whole, and that each answer of
// the receiver reaches the host.
func TestMethod(t *testing.T) {
	plugintest.Leaks(t)
	m, _, path := file(t, 0, notify.Options{})
	tests := []struct {
		config string
		want   notify.Outcome
	}{
		{`{"channel": "c"}`, notify.Outcome{Delivered: true}},
		{`{"channel": "c", "answer": "later"}`, notify.Outcome{Reason: "The receiver is busy."}},
		{`{"channel": "c", "answer": "later", "wait": "90s"}`, notify.Outcome{Reason: "The receiver is busy.", Wait: 90 * time.Second}},
		{`{"channel": "c", "answer": "later", "wait": "9000h"}`, notify.Outcome{Reason: "The receiver is busy.", Wait: 24 * time.Hour}},
		{`{"channel": "c", "answer": "reject"}`, notify.Outcome{Reason: "The receiver wants no events.", Final: true}},
	}
	for _, test := range tests {
		if got, err := m.Deliver(t.Context(), delivery(test.config)); err != nil || got != test.want {
			t.Errorf("%s: the outcome is %+v, error %v", test.config, got, err)
		}
	}
	got := lines(t, path)
	if len(got) != 1 {
		t.Fatalf("there are %d lines", len(got))
	}
	for name, want := range map[string]string{
		"delivery": "d1", "event": "repo_push", "namespace": "devs", "repository": "app", "level": "warning",
		"summary": "Repository devs/app updated", "message": "<b>updated</b>", "channel": "c",
	} {
		if got[0][name] != want {
			t.Errorf("the receiver has the %s %q", name, got[0][name])
		}
	}
}

// TestCheck proves that the configuration of a notification is checked by the plugin.
func TestCheck(t *testing.T) {
	plugintest.Leaks(t)
	m, _, _ := file(t, 0, notify.Options{})
	about := sdk.About{Namespace: "devs", Repository: "app"}
	if checked, err := m.Check(t.Context(), about, []byte(`{"channel": "c"}`)); err != nil || len(checked.Problems) != 0 {
		t.Errorf("a good one: %+v, error %v", checked, err)
	}
	if checked, err := m.Check(t.Context(), about, []byte(`{}`)); err != nil || len(checked.Problems) != 1 || checked.Problems[0].Field != "channel" {
		t.Errorf("a bad one: %+v, error %v", checked, err)
	}
	if _, err := m.Check(t.Context(), about, []byte(`[]`)); !errs.Is(err, errs.Invalid) {
		t.Errorf("a list: %v", err)
	}
}

// TestCrash proves that a delivery under which the plugin dies is made again with the
// same id, by which the receiver knows that it has it already.
func TestCrash(t *testing.T) {
	plugintest.Leaks(t)
	m, sup, path := file(t, time.Second, notify.Options{})
	type result struct {
		outcome notify.Outcome
		err     error
	}
	done := make(chan result, 1)
	go func() {
		outcome, err := m.Deliver(context.WithoutCancel(t.Context()), delivery(`{"channel": "c"}`))
		done <- result{outcome, err}
	}()
	plugintest.Eventually(t, 5*time.Second, "the first line is written", func() bool {
		info, err := os.Stat(path)
		return err == nil && info.Size() > 0
	})
	plugintest.Kill(t, sup)
	if r := <-done; r.err != nil || !r.outcome.Delivered {
		t.Errorf("the outcome is %+v, error %v", r.outcome, r.err)
	}
	got := lines(t, path)
	if len(got) != 2 || got[0]["delivery"] != "d1" || got[1]["delivery"] != "d1" || got[1]["attempt"] != 1.0 {
		t.Errorf("the receiver has %v", got)
	}
}

// TestSlowReceiver proves that a receiver that does not answer costs the deadline of
// an attempt, and is not taken for one that has the event.
func TestSlowReceiver(t *testing.T) {
	plugintest.Leaks(t)
	m, _, _ := file(t, time.Minute, notify.Options{Timeout: 100 * time.Millisecond})
	begin := time.Now()
	if outcome, err := m.Deliver(t.Context(), delivery(`{"channel": "c"}`)); !errs.Is(err, errs.Timeout) {
		t.Errorf("the outcome is %+v, error %v", outcome, err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestInvalid proves that what can never be delivered does not get to the plugin.
func TestInvalid(t *testing.T) {
	plugintest.Leaks(t)
	m, _, path := file(t, 0, notify.Options{})
	tests := []struct {
		name   string
		change func(*sdk.Delivery)
	}{
		{"no id", func(d *sdk.Delivery) { d.ID = "" }},
		{"no attempt", func(d *sdk.Delivery) { d.Attempt = 0 }},
		{"a level of its own", func(d *sdk.Delivery) { d.Level = "catastrophe" }},
		{"a summary of two lines", func(d *sdk.Delivery) { d.Summary = "a\nb" }},
		{"too much data", func(d *sdk.Delivery) {
			d.Data = json.RawMessage(`{"x":"` + strings.Repeat("x", sdk.MaxDataBytes) + `"}`)
		}},
	}
	for _, test := range tests {
		d := delivery(`{"channel": "c"}`)
		test.change(&d)
		if outcome, err := m.Deliver(t.Context(), d); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: the outcome is %+v, error %v", test.name, outcome, err)
		}
	}
	if got := lines(t, path); len(got) != 0 {
		t.Errorf("the receiver has %v", got)
	}
}

// liar is a plugin that keeps no promise.
type liar struct {
	notifyv1.UnimplementedNotifyServer
	outcome *notifyv1.DeliverResponse
	emails  []string
	problem *basev1.Problem
}

func (l *liar) Check(context.Context, *notifyv1.CheckRequest) (*notifyv1.CheckResponse, error) {
	resp := &notifyv1.CheckResponse{Emails: l.emails}
	if l.problem != nil {
		resp.Problems = slices.Repeat([]*basev1.Problem{l.problem}, sdk.MaxProblems+1)
	}
	return resp, nil
}

func (l *liar) Deliver(context.Context, *notifyv1.DeliverRequest) (*notifyv1.DeliverResponse, error) {
	return l.outcome, nil
}

// TestAnswersThatCannotBe proves that the host takes nothing for delivered of which
// the plugin does not say so, and keeps what it says within bounds.
func TestAnswersThatCannotBe(t *testing.T) {
	plugintest.Leaks(t)
	method := func(l *liar) *notify.Method {
		return notify.NewMethod(plugintest.Start(t, plugin.Options{
			Kind: "notify",
			Name: "liar",
			Launch: plugintest.Services(func(r grpc.ServiceRegistrar, _ *net.UnixConn) {
				basev1.RegisterLifecycleServer(r, plugintest.Lifecycle{})
				notifyv1.RegisterNotifyServer(r, l)
			}),
		}), "default", notify.Options{})
	}
	for _, outcome := range []*notifyv1.DeliverResponse{{}, {Outcome: 99}} {
		if got, err := method(&liar{outcome: outcome}).Deliver(t.Context(), delivery(`{}`)); !errs.Is(err, errs.Internal) {
			t.Errorf("%v: the outcome is %+v, error %v", outcome, got, err)
		}
	}
	long := &notifyv1.DeliverResponse{
		Outcome: notifyv1.Outcome_OUTCOME_LATER, Reason: strings.Repeat("x", sdk.MaxReasonBytes+1), RetryAfterMs: 1 << 60,
	}
	if got, err := method(&liar{outcome: long}).Deliver(t.Context(), delivery(`{}`)); err != nil || len(got.Reason) > sdk.MaxReasonBytes || got.Wait != sdk.MaxWait {
		t.Errorf("the outcome is %+v, error %v", got, err)
	}
	for _, l := range []*liar{{emails: []string{"a@b\r\nBcc: c@d"}}, {problem: &basev1.Problem{Message: "It is wrong."}}} {
		if got, err := method(l).Check(t.Context(), sdk.About{Namespace: "devs"}, []byte(`{}`)); !errs.Is(err, errs.Internal) {
			t.Errorf("the check is %+v, error %v", got, err)
		}
	}
}
