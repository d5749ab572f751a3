package notifyserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/notify"
	"github.com/quay/quay/sdk/plugintest"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	notifyv1 "github.com/quay/quay/sdk/proto/quay/plugin/notify/v1"
)

// hook is a method that posts to the URL of the notification, as Slack's and webhooks do.
type hook struct{}

func (hook) Validate(notify.Config) []notify.Problem                    { return nil }
func (hook) Open(context.Context, notify.Config) (notify.Method, error) { return hook{}, nil }

// Check has a long problem for each of many lines.
func (hook) Check(context.Context, notify.About, json.RawMessage) notify.Checked {
	problem := notify.Problem{Field: strings.Repeat("f\xff", 1000), Message: strings.Repeat("m\xff", 1<<20)}
	return notify.Checked{Problems: slices.Repeat([]notify.Problem{problem}, 1000)}
}

func (hook) Deliver(ctx context.Context, d notify.Delivery) error {
	var c struct{ URL string }
	if err := json.Unmarshal(d.Config, &c); err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return errs.Wrap(errs.Unavailable, err, "The receiver does not answer.")
	}
	resp.Body.Close()
	return nil
}

// start returns a client of a plugin with the instance i.
func start(t *testing.T, logger *slog.Logger) notifyv1.NotifyClient {
	t.Helper()
	s, err := plugintest.Start(sdk.Plugin{Name: "hook", Version: "1", Notify: hook{}}, logger)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if _, err := basev1.NewLifecycleClient(s.Conn()).Configure(t.Context(), &basev1.ConfigureRequest{Instance: "i"}); err != nil {
		t.Fatal(err)
	}
	return notifyv1.NewNotifyClient(s.Conn())
}

// TestTheLogHasNoConfiguration proves that the SDK writes nothing of a notification's own
// configuration into the log when its receiver does not answer.
func TestTheLogHasNoConfiguration(t *testing.T) {
	var logged bytes.Buffer
	client := start(t, slog.New(slog.NewJSONHandler(&logged, nil)))
	const secret = "B00000000XXXXXXXXXXXX"
	resp, err := client.Deliver(t.Context(), &notifyv1.DeliverRequest{
		Instance: "i", Notification: "n", Delivery: "d", Attempt: 1, Event: "repo_push", Namespace: "ns",
		Data: []byte(`{}`), Config: []byte(`{"url":"http://127.0.0.1:1/services/T0/` + secret + `"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(resp.GetReason(), secret) {
		t.Errorf("the reason is %q", resp.GetReason())
	}
	if strings.Contains(logged.String(), secret) {
		t.Errorf("the log is %s", &logged)
	}
}

// TestManyProblems proves that a check with more problems than a message holds, of texts
// that are no UTF-8, is an answer all the same.
func TestManyProblems(t *testing.T) {
	resp, err := start(t, slog.New(slog.DiscardHandler)).Check(t.Context(), &notifyv1.CheckRequest{
		Instance: "i", Namespace: "ns", Config: []byte(`{}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	var problems []notify.Problem
	for _, p := range resp.GetProblems() {
		problems = append(problems, notify.Problem{Field: p.GetField(), Message: p.GetMessage()})
	}
	if err := notify.CheckProblems(problems); err != nil || len(problems) != notify.MaxProblems {
		t.Errorf("%d problems came, error %v", len(problems), err)
	}
}
