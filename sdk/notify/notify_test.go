package notify_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/notify"
)

// TestOutcome proves which errors of a delivery end it, and which wait they ask for.
func TestOutcome(t *testing.T) {
	busy := errs.New(errs.Exhausted, "slow down")
	tests := []struct {
		name  string
		err   error
		final bool
		wait  time.Duration
	}{
		{"none", nil, false, 0},
		{"an error of somebody else", errors.New("x"), false, 0},
		{"unavailable", errs.New(errs.Unavailable, "x"), false, 0},
		{"timeout", errs.New(errs.Timeout, "x"), false, 0},
		{"invalid", errs.New(errs.Invalid, "x"), true, 0},
		{"denied", errs.New(errs.Denied, "x"), true, 0},
		{"not found", errs.Wrap(errs.NotFound, errors.New("x"), "x"), true, 0},
		{"later", notify.Later(busy, time.Minute), false, time.Minute},
		{"later, wrapped", fmt.Errorf("x: %w", notify.Later(busy, time.Minute)), false, time.Minute},
		{"much later", notify.Later(busy, 1000*time.Hour), false, notify.MaxWait},
		{"earlier", notify.Later(busy, -time.Minute), false, 0},
		{"denied for now", notify.Later(errs.New(errs.Denied, "x"), time.Second), false, time.Second},
		{"denied, but at once again", notify.Later(errs.New(errs.Denied, "x"), 0), false, 0},
		{"no error later", notify.Later(nil, time.Minute), false, 0},
	}
	for _, test := range tests {
		if final, wait := notify.Final(test.err), notify.Wait(test.err); final != test.final || wait != test.wait {
			t.Errorf("%s: final %v, wait %v", test.name, final, wait)
		}
	}
	if notify.Later(nil, time.Minute) != nil {
		t.Error("no error is an error later")
	}
}

func delivery() notify.Delivery {
	return notify.Delivery{
		Notification: "n", ID: "d", Attempt: 1, Event: "repo_push", About: notify.About{Namespace: "devs"},
		Level: notify.Info, Summary: "a summary", Message: "a message",
		Data: json.RawMessage(`{"secret": "data"}`), Config: json.RawMessage(`{"url": "https://x/hook-token"}`),
	}
}

// TestLogValue proves that a delivery can be logged without what is secret in it.
func TestLogValue(t *testing.T) {
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "delivery", delivery())
	if s := b.String(); strings.Contains(s, "token") || strings.Contains(s, "secret") || !strings.Contains(s, `"event":"repo_push"`) {
		t.Errorf("the log has %s", s)
	}
}

// FuzzCheckDelivery proves that what passes cannot break out of the lines and sizes
// that a method relies on.
func FuzzCheckDelivery(f *testing.F) {
	f.Add("d", "summary", "a@b", `{}`, `{"url":"x"}`)
	f.Add("", "a\r\nBcc: b", "a@b\nc", `[]`, `null`)
	f.Add("d", "\xff", "", `{"a":{"a":{}}}`, `{"x":1e999}`)
	f.Fuzz(func(t *testing.T, id, summary, email, data, config string) {
		d := delivery()
		d.ID, d.Summary, d.OwnerEmails = id, summary, []string{email}
		d.Data, d.Config = json.RawMessage(data), json.RawMessage(config)
		if notify.CheckDelivery(d) != nil {
			return
		}
		if id == "" || strings.ContainsAny(id+summary+email, "\r\n\x00") || len(summary) > notify.MaxSummaryBytes {
			t.Errorf("the delivery %q with the summary %q to %q is good", id, summary, email)
		}
		for _, object := range []json.RawMessage{d.Data, d.Config} {
			var members map[string]json.RawMessage
			if err := json.Unmarshal(object, &members); err != nil || members == nil {
				t.Errorf("%q is good, but no object: %v", object, err)
			}
		}
	})
}
