package notify_test

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/config"
	conformance "github.com/quay/quay/sdk/conformance/notify"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/notify"
	"github.com/quay/quay/sdk/plugintest"
)

// board is the least that a notification method can be: it remembers what it was
// told. It is the example of docs/plugins/kinds.md.
type board struct {
	mu  sync.Mutex
	ids []string
}

// receiver is the configuration of a notification.
type receiver struct {
	Name config.Path `json:"name" required:"true" access:"read" help:"Where the notification is pinned."`
}

// Check implements notify.Method.
func (*board) Check(_ context.Context, _ notify.About, cfg json.RawMessage) notify.Checked {
	return notify.Checked{Problems: config.Check[receiver](cfg, nil)}
}

// Deliver implements notify.Method.
func (b *board) Deliver(_ context.Context, d notify.Delivery) error {
	r, problems := config.Parse[receiver](d.Config, nil)
	if len(problems) > 0 {
		return config.Error(problems)
	}
	if r.Name != "/board" {
		return errs.New(errs.Unavailable, "Nobody has seen the board %q.", r.Name)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.ids, d.ID) {
		b.ids = append(b.ids, d.ID)
	}
	return nil
}

// driver opens the same method for every instance.
type driver struct{ method notify.Method }

// Validate implements notify.Driver: there is nothing to configure.
func (driver) Validate(notify.Config) []notify.Problem { return nil }

// Open implements notify.Driver.
func (d driver) Open(context.Context, notify.Config) (notify.Method, error) { return d.method, nil }

func plugin(method notify.Method) sdk.Plugin {
	return sdk.Plugin{Name: "board", Version: "1.0.0", Notify: driver{method}}
}

func options(s *plugintest.Server, b *board) conformance.Options {
	return conformance.Options{
		Target: conformance.Target{Conn: s.Conn()},
		Config: json.RawMessage(`{}`),
		Known: conformance.Known{
			Good:        json.RawMessage(`{"name": "/board"}`),
			Bad:         []json.RawMessage{json.RawMessage(`{}`), json.RawMessage(`{"name": "relative"}`)},
			Unreachable: json.RawMessage(`{"name": "/elsewhere"}`),
			Received: func(context.Context) ([]string, error) {
				b.mu.Lock()
				defer b.mu.Unlock()
				return slices.Clone(b.ids), nil
			},
		},
	}
}

// TestLeastMethod proves that a method with nothing but the two functions keeps every
// promise, through the wire.
func TestLeastMethod(t *testing.T) {
	b := &board{}
	opts := options(plugintest.Serve(t, plugin(b)), b)
	opts.Restart = func(context.Context) (conformance.Target, error) {
		return conformance.Target{Conn: plugintest.Serve(t, plugin(b)).Conn()}, nil
	}
	conformance.Run(t, opts)
}

// liar says that it delivered what it did not.
type liar struct{ *board }

func (liar) Deliver(context.Context, notify.Delivery) error { return nil }

// frail trusts that a user has sent a text.
type frail struct{ *board }

func (f frail) Deliver(ctx context.Context, d notify.Delivery) error {
	var members map[string]any
	if err := json.Unmarshal(d.Config, &members); err != nil {
		return err
	}
	_ = members["name"].(string)
	return f.board.Deliver(ctx, d)
}

// leaky tells everybody the token of its account.
type leaky struct{ *board }

const token = "5ec2e7"

func (l leaky) Deliver(ctx context.Context, d notify.Delivery) error {
	return errs.Wrap(errs.Unavailable, l.board.Deliver(ctx, d), "The service does not answer to %s.", token)
}

// TestBrokenPromises proves that the suite finds methods that break a promise.
func TestBrokenPromises(t *testing.T) {
	b := &board{}
	tests := []struct {
		name   string
		method notify.Method
		found  string // by this case
	}{
		{"nothing is delivered", liar{b}, "deliver"},
		{"a wrong type is a panic", frail{b}, "deliver-with-wrong-types"},
		{"a secret is told", leaky{b}, "deliver-to-nobody"},
	}
	for _, test := range tests {
		var failed []string
		opts := options(plugintest.Serve(t, plugin(test.method)), b)
		opts.Secrets = map[string]string{"token": token}
		err := conformance.Test(t.Context(), opts, func(r conformance.Result) {
			if len(r.Problems) > 0 {
				failed = append(failed, r.Name)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(failed, test.found) {
			t.Errorf("%s: the cases %q failed, not %s", test.name, failed, test.found)
		}
	}
}
