// Package measure makes metrics of plugins: of each call that the host makes, seen
// from the host, and of the state and the process of each plugin, read when
// somebody looks. What a driver counts by itself is package scrape's business.
//
// The number of series is bounded by what the host knows: plugins and instances
// are in its configuration, methods in its protocol, codes in package errs. Nothing
// that a plugin says becomes a label.
package measure

import (
	"maps"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/quay/quay/core/internal/plugin"
)

// Source is a plugin whose state is shown, as *plugin.Supervisor is.
type Source interface {
	Status() plugin.Status
}

// Metrics are the metrics of a host's plugins. Its methods may be called from many
// goroutines.
type Metrics struct {
	calls       *prometheus.CounterVec
	durations   *prometheus.HistogramVec
	descriptors *prometheus.CounterVec
	states      *states
}

// New makes the metrics and registers them. It panics when they are registered
// already.
func New(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "quay_plugin_calls_total",
			Help: "calls of the plugin that have ended, by what became of them",
		}, []string{"plugin", "method", "code"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "quay_plugin_call_duration_seconds",
			Help:    "seconds from the start of a call of the plugin to its end; of a stream, to the end of the transfer",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"plugin", "method"}),
		descriptors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "quay_plugin_descriptors_total",
			Help: "open files that the plugin said it passed to the host",
		}, []string{"plugin"}),
		states: &states{sources: map[string]*Source{}},
	}
	r.MustRegister(m.calls, m.durations, m.descriptors, m.states)
	return m
}

// Watch shows the state of a plugin until the function that it returns is called,
// or until another source with the same id is watched.
func (m *Metrics) Watch(s Source) (forget func()) { return m.states.watch(s) }

// states is a collector of the plugins' states.
type states struct {
	mu      sync.Mutex
	sources map[string]*Source // by id
}

func (c *states) watch(s Source) (forget func()) {
	id, watched := s.Status().ID(), &s
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sources[id] = watched
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.sources[id] == watched {
			delete(c.sources, id)
		}
	}
}

// all returns a snapshot of each plugin by id.
func (c *states) all() map[string]plugin.Status {
	c.mu.Lock()
	sources := maps.Clone(c.sources)
	c.mu.Unlock()
	all := make(map[string]plugin.Status, len(sources))
	for id, s := range sources {
		all[id] = (*s).Status()
	}
	return all
}
