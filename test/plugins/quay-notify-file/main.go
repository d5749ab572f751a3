// Command quay-notify-file is a notification plugin that writes events into a file:
// for tests, and for looking at what a registry has to say.
package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/notify"
)

func main() { sdk.Main(file()) }

func file() sdk.Plugin {
	return sdk.Plugin{
		Name:         "file",
		Version:      "1.0.0",
		ConfigSchema: config.Schema[options](),
		Offline:      true,
		Notify:       driver{},
	}
}

// options configure a method.
type options struct {
	Path  config.Path   `json:"path" required:"true" access:"write" help:"Directory with the file \"events\", to which a line of JSON is added for each event."`
	Delay time.Duration `json:"delay" default:"0s" max:"1m" help:"How long each delivery takes after its line was written."`
}

// receiver is the configuration of a notification.
type receiver struct {
	Channel string        `json:"channel" required:"true" max:"255" help:"Name that is written with the event."`
	Answer  string        `json:"answer" default:"deliver" enum:"deliver,later,reject" help:"What becomes of the event: it is written, or it fails for now or for ever."`
	Wait    time.Duration `json:"wait" default:"0s" help:"How long to wait before the next attempt."`
}

// driver opens methods.
type driver struct{}

// Validate implements notify.Driver.
func (driver) Validate(cfg notify.Config) []notify.Problem {
	return config.Check[options](cfg.Options, cfg.Secrets)
}

// Open implements notify.Driver.
func (driver) Open(_ context.Context, cfg notify.Config) (notify.Method, error) {
	o, problems := config.Parse[options](cfg.Options, cfg.Secrets)
	if len(problems) > 0 {
		return nil, config.Error(problems)
	}
	f, err := os.OpenFile(filepath.Join(string(o.Path), "events"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "The file of events cannot be opened.")
	}
	return &method{file: f, delay: o.Delay}, nil
}

// method adds lines to a file.
type method struct {
	file  *os.File
	delay time.Duration
}

// Close implements io.Closer.
func (m *method) Close() error { return m.file.Close() }

// Probe implements notify.Prober.
func (m *method) Probe(context.Context) error {
	_, err := m.file.Stat()
	return err
}

// Check implements notify.Method.
func (m *method) Check(_ context.Context, _ notify.About, cfg json.RawMessage) notify.Checked {
	return notify.Checked{Problems: config.Check[receiver](cfg, nil)}
}

// line is what is written.
type line struct {
	Delivery   string          `json:"delivery"`
	Attempt    int             `json:"attempt"`
	Event      string          `json:"event"`
	Namespace  string          `json:"namespace"`
	Repository string          `json:"repository"`
	Level      notify.Level    `json:"level"`
	Summary    string          `json:"summary"`
	Message    string          `json:"message"`
	Data       json.RawMessage `json:"data"`
	Channel    string          `json:"channel"`
}

// Deliver implements notify.Method. A line is written by one call of the system, and
// so is never mixed with another.
func (m *method) Deliver(ctx context.Context, d notify.Delivery) error {
	r, problems := config.Parse[receiver](d.Config, nil)
	if len(problems) > 0 {
		return config.Error(problems)
	}
	switch r.Answer {
	case "later":
		return notify.Later(errs.New(errs.Unavailable, "The receiver is busy."), r.Wait)
	case "reject":
		return errs.New(errs.Denied, "The receiver wants no events.")
	}
	b, err := json.Marshal(line{
		d.ID, d.Attempt, d.Event, d.About.Namespace, d.About.Repository, d.Level, d.Summary, d.Message, d.Data, r.Channel,
	})
	if err != nil {
		return err
	}
	if _, err := m.file.Write(append(b, '\n')); err != nil {
		return errs.Wrap(errs.Unavailable, err, "The event could not be written.")
	}
	if err := m.file.Sync(); err != nil {
		return errs.Wrap(errs.Unavailable, err, "The event could not be written.")
	}
	select {
	case <-time.After(m.delay):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
