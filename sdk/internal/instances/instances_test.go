package instances_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/internal/instances"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// thing counts how often it was closed.
type thing struct {
	config config.Config
	closed atomic.Int32
}

func (t *thing) Close() error {
	t.closed.Add(1)
	return errors.New("it does not like to be closed")
}

// driver opens things.
type driver struct{ opened []*thing }

func (*driver) Validate(cfg config.Config) []config.Problem {
	if string(cfg.Options) == `{}` {
		return nil
	}
	return []config.Problem{{Field: "x", Message: "It is wrong."}}
}

func (d *driver) Open(_ context.Context, cfg config.Config) (*thing, error) {
	if string(cfg.Options) == `{"fail":true}` {
		return nil, errs.New(errs.Denied, "no")
	}
	d.opened = append(d.opened, &thing{config: cfg})
	return d.opened[len(d.opened)-1], nil
}

func newSet(d *driver) *instances.Set[*thing] {
	capabilities := func(t *thing) ([]string, error) {
		if string(t.config.Options) == `{"useless":true}` {
			return nil, errs.New(errs.Internal, "it can do nothing")
		}
		return []string{"a"}, nil
	}
	probe := func(context.Context, *thing) error { return errs.New(errs.Unavailable, "down") }
	return instances.New(d, capabilities, probe, slog.New(slog.DiscardHandler))
}

func request(config string) *basev1.ConfigureRequest {
	return &basev1.ConfigureRequest{Instance: "i", Config: []byte(config), Secrets: map[string]string{"k": "v"}}
}

// TestReplace proves that an instance that was replaced serves the calls that have it,
// and is closed once, after the last of them.
func TestReplace(t *testing.T) {
	d := &driver{}
	s := newSet(d)
	ctx := t.Context()
	if _, err := s.Configure(ctx, request(`{}`)); err != nil {
		t.Fatal(err)
	}
	_, in, err := s.Use(ctx, "i")
	if err != nil {
		t.Fatal(err)
	}
	// An equal configuration changes nothing.
	if c, err := s.Configure(ctx, request(`{}`)); err != nil || len(c) != 1 || len(d.opened) != 1 {
		t.Errorf("the capabilities are %q, error %v; %d were opened", c, err, len(d.opened))
	}
	if _, err := s.Configure(ctx, request(`{"b":1}`)); err != nil || len(d.opened) != 2 {
		t.Fatalf("%d were opened, error %v", len(d.opened), err)
	}
	if in.Driven != d.opened[0] || d.opened[0].closed.Load() != 0 {
		t.Error("the first was closed under a call")
	}
	in.Release()
	if n := d.opened[0].closed.Load(); n != 1 {
		t.Errorf("the first was closed %d times", n)
	}
	s.Close()
	if n := d.opened[1].closed.Load(); n != 1 {
		t.Errorf("the second was closed %d times", n)
	}
	if _, _, err := s.Use(ctx, "i"); !errs.Is(err, errs.Conflict) {
		t.Errorf("use after the end: %v", err)
	}
}

// TestFailures proves that an instance that cannot be opened, or not be used, leaves
// the old one as it is and nothing open.
func TestFailures(t *testing.T) {
	d := &driver{}
	s := newSet(d)
	ctx := t.Context()
	if _, err := s.Configure(ctx, request(`{}`)); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		config string
		kind   errs.Kind
	}{
		{`{"fail":true}`, errs.Denied},
		{`{"useless":true}`, errs.Internal},
		{`[]`, errs.Invalid},
		{`null`, errs.Invalid},
	}
	for _, test := range tests {
		if _, err := s.Configure(ctx, request(test.config)); !errs.Is(err, test.kind) {
			t.Errorf("%s: %v", test.config, err)
		}
	}
	_, in, err := s.Use(ctx, "i")
	if err != nil || in.Driven != d.opened[0] {
		t.Fatalf("the old one is gone: %v", err)
	}
	in.Release()
	for i, o := range d.opened {
		if n := o.closed.Load(); n != int32(min(i, 1)) {
			t.Errorf("%d was closed %d times", i, n)
		}
	}
	if got := d.opened[0].config; got.Instance != "i" || got.Secrets["k"] != "v" {
		t.Errorf("the driver got %+v", got)
	}
	if err := s.Probe(ctx, "i"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("the probe: %v", err)
	}
	if problems := s.Validate(&basev1.ValidateRequest{Config: []byte(`{"b":1}`)}); len(problems) != 1 || problems[0].GetField() != "x" {
		t.Errorf("the problems are %v", problems)
	}
}

// careless is a driver that opens a nil pointer and says that all is well.
type careless struct{ driver }

func (*careless) Open(context.Context, config.Config) (*thing, error) { return nil, nil }

// TestNothingIsOpened proves that a nil pointer, which is no nil interface, is no
// instance: it would panic in each call, or when it is closed.
func TestNothingIsOpened(t *testing.T) {
	fail := func(*thing) ([]string, error) { return nil, errs.New(errs.Invalid, "it was used") }
	s := instances.New(&careless{}, fail, func(context.Context, *thing) error { return nil }, slog.New(slog.DiscardHandler))
	if _, err := s.Configure(t.Context(), request(`{}`)); !errs.Is(err, errs.Internal) {
		t.Errorf("it is configured with nothing: %v", err)
	}
}
