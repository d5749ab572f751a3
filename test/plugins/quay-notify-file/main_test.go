package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	conformance "github.com/quay/quay/sdk/conformance/notify"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/notify"
	"github.com/quay/quay/sdk/plugintest"
)

func configuration(t testing.TB) (path string, config json.RawMessage) {
	t.Helper()
	dir := t.TempDir()
	config, err := json.Marshal(map[string]string{"path": dir})
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "events"), config
}

// read returns the lines of a file.
func read(path string) ([]line, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var lines []line
	for text := range bytes.Lines(b) {
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// TestConformance proves that the plugin keeps every promise of a notification
// method, and that what it says it delivered is in the file.
func TestConformance(t *testing.T) {
	path, config := configuration(t)
	serve := func() conformance.Target {
		return conformance.Target{Conn: plugintest.Serve(t, file()).Conn()}
	}
	conformance.Run(t, conformance.Options{
		Target: serve(),
		Config: config,
		Known: conformance.Known{
			Good:        json.RawMessage(`{"channel": "c"}`),
			Bad:         []json.RawMessage{json.RawMessage(`{}`), json.RawMessage(`{"channel": "c", "answer": "maybe"}`)},
			Unreachable: json.RawMessage(`{"channel": "c", "answer": "later", "wait": "10s"}`),
			Received: func(context.Context) ([]string, error) {
				lines, err := read(path)
				var ids []string
				for _, l := range lines {
					ids = append(ids, l.Delivery)
				}
				return ids, err
			},
		},
		Restart: func(context.Context) (conformance.Target, error) { return serve(), nil },
	})
}

// TestAnswers proves that the notification's configuration decides what becomes of an
// event, so that tests of the host can choose.
func TestAnswers(t *testing.T) {
	path, config := configuration(t)
	m, err := driver{}.Open(t.Context(), notify.Config{Options: config})
	if err != nil {
		t.Fatal(err)
	}
	defer m.(*method).Close()
	tests := []struct {
		config string
		kind   errs.Kind
		final  bool
		wait   time.Duration
	}{
		{`{"channel": "c", "answer": "later"}`, errs.Unavailable, false, 0},
		{`{"channel": "c", "answer": "later", "wait": "1m"}`, errs.Unavailable, false, time.Minute},
		{`{"channel": "c", "answer": "reject"}`, errs.Denied, true, 0},
		{`{}`, errs.Invalid, true, 0},
	}
	for _, test := range tests {
		err := m.Deliver(t.Context(), notify.Delivery{ID: "1", Config: json.RawMessage(test.config)})
		if !errs.Is(err, test.kind) || notify.Final(err) != test.final || notify.Wait(err) != test.wait {
			t.Errorf("%s: %v, final %v, wait %v", test.config, err, notify.Final(err), notify.Wait(err))
		}
	}
	if lines, err := read(path); err != nil || len(lines) != 0 {
		t.Errorf("%d lines were written, error %v", len(lines), err)
	}
}
