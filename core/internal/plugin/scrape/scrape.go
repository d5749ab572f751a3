// Package scrape shows what drivers count by themselves in the host's metrics. It
// asks every plugin when somebody looks, and trusts none: what is late, too long,
// too much or not well formed is left out and counted, and the host's own metrics
// are shown whatever a plugin does.
package scrape

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	"github.com/quay/quay/sdk/protocol"
)

// Plugin is a plugin that is asked for its metrics, as *plugin.Supervisor is.
type Plugin interface {
	Status() plugin.Status
	Do(ctx context.Context, call plugin.Call, fn func(ctx context.Context, g *plugin.Generation) error) error
}

// Options of a scraper. The zero value is good.
type Options struct {
	// Timeout bounds the time that one look takes. Zero means 1 s.
	Timeout time.Duration
	// MaxSeries is how many series of one plugin are shown. Zero means 1,000.
	MaxSeries int
	// Logger gets the reasons why metrics are missing; nil discards them.
	Logger *slog.Logger
}

// Scraper gathers the metrics of plugins. It is a prometheus.Gatherer that never
// fails. Its methods may be called from many goroutines.
type Scraper struct {
	opts Options

	mu      sync.Mutex
	plugins map[string]*watched // by id
}

// watched is a plugin and whether its last answer was usable.
type watched struct {
	Plugin
	failing bool // guarded by Scraper.mu
}

// New returns a scraper of no plugins.
func New(opts Options) *Scraper {
	if opts.Timeout == 0 {
		opts.Timeout = time.Second
	}
	if opts.MaxSeries == 0 {
		opts.MaxSeries = 1000
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	return &Scraper{opts: opts, plugins: map[string]*watched{}}
}

// Watch shows the metrics of a plugin until the function that it returns is called,
// or until another plugin with the same id is watched.
func (s *Scraper) Watch(p Plugin) (forget func()) {
	id, w := p.Status().ID(), &watched{Plugin: p}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plugins[id] = w
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.plugins[id] == w {
			delete(s.plugins, id)
		}
	}
}

// answer is what became of asking one plugin.
type answer struct {
	text []byte
	err  error
	took time.Duration
}

// Gather implements prometheus.Gatherer. The error is nil.
func (s *Scraper) Gather() ([]*dto.MetricFamily, error) {
	s.mu.Lock()
	plugins := maps.Clone(s.plugins)
	s.mu.Unlock()
	answers := s.ask(plugins)
	all, report := exposition{}, newReport()
	for _, id := range slices.Sorted(maps.Keys(answers)) {
		a := answers[id]
		s.note(id, plugins[id], a.err)
		if errs.Is(a.err, errs.Unsupported) {
			continue // It counts nothing.
		}
		families, dropped := parse(a.text, id, s.opts.MaxSeries)
		series, conflicts := all.add(families)
		dropped.conflict = conflicts
		report.add(id, a, series, dropped)
	}
	return append(all.sorted(), report.families()...), nil
}

// ask asks all plugins that serve, at once.
func (s *Scraper) ask(plugins map[string]*watched) map[string]answer {
	ctx, cancel := context.WithTimeout(context.Background(), s.opts.Timeout)
	defer cancel()
	var (
		mu      sync.Mutex
		group   sync.WaitGroup
		answers = map[string]answer{}
	)
	for id, p := range plugins {
		if !p.Status().State.Serving() {
			continue
		}
		group.Go(func() {
			begin := time.Now()
			text, err := fetch(ctx, p)
			mu.Lock()
			defer mu.Unlock()
			answers[id] = answer{text, err, time.Since(begin)}
		})
	}
	group.Wait()
	return answers
}

// fetch asks one plugin.
func fetch(ctx context.Context, p Plugin) ([]byte, error) {
	var text []byte
	err := p.Do(ctx, plugin.Call{Timeout: -1}, func(ctx context.Context, g *plugin.Generation) error {
		resp, err := basev1.NewTelemetryClient(g.Conn()).Metrics(ctx,
			&basev1.MetricsRequest{MaxBytes: protocol.MaxMetricsBytes},
			grpc.MaxCallRecvMsgSize(protocol.MaxMetricsBytes+1024))
		text = resp.GetText()
		return err
	})
	return text, err
}

// note logs a failure, once until the next success.
func (s *Scraper) note(id string, w *watched, err error) {
	failing := err != nil && !errs.Is(err, errs.Unsupported)
	s.mu.Lock()
	news := failing && !w.failing
	w.failing = failing
	s.mu.Unlock()
	if news {
		s.opts.Logger.Warn("the plugin's own metrics cannot be had", "plugin", id, "error", err)
	}
}
