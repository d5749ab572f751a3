// Package obs is what operators see: logs and metrics.
package obs

import (
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/quay/quay/sdk/errs"
)

// NewLogger returns a logger: format is "text" or "json", level one of slog's.
func NewLogger(w io.Writer, format, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, errs.New(errs.Invalid, "the log level is debug, info, warn or error, not %q", level)
	}
	opts := &slog.HandlerOptions{Level: l}
	switch format {
	case "text":
		return slog.New(traced{slog.NewTextHandler(w, opts)}), nil
	case "json":
		return slog.New(traced{slog.NewJSONHandler(w, opts)}), nil
	}
	return nil, errs.New(errs.Invalid, "the log format is text or json, not %q", format)
}

// Metrics are the host's metrics.
type Metrics struct {
	registry *prometheus.Registry
	others   prometheus.Gatherers
	requests *prometheus.HistogramVec
}

// NewMetrics makes the metrics and their registry. Names that the product has are
// kept, so that dashboards go on (util/metrics/prometheus.py).
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "quay_request_duration_seconds",
			Help:    "seconds taken to process a request",
			Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 60},
		}, []string{"method", "route", "status"}),
	}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Registerer is where other packages' metrics are registered.
func (m *Metrics) Registerer() prometheus.Registerer { return m.registry }

// Also shows what g gathers beside the host's own metrics. It must be called before
// Handler.
func (m *Metrics) Also(g prometheus.Gatherer) { m.others = append(m.others, g) }

// Gauge adds a value that is read when somebody looks.
func (m *Metrics) Gauge(name, help string, labels map[string]string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

// Counter adds a sum that is read when somebody looks.
func (m *Metrics) Counter(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
}

// Handler serves the metrics. What can be gathered is shown when something else
// cannot.
func (m *Metrics) Handler() http.Handler {
	all := append(prometheus.Gatherers{m.registry}, m.others...)
	return promhttp.HandlerFor(all, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// Route counts the requests of one row. The series of the usual statuses are
// looked up once.
type Route struct {
	m             *Metrics
	method, path  string
	ok, notFound  prometheus.Observer
	created, part prometheus.Observer
}

// Route returns the counter of a row.
func (m *Metrics) Route(method, path string) *Route {
	with := func(status int) prometheus.Observer {
		return m.requests.WithLabelValues(method, path, strconv.Itoa(status))
	}
	return &Route{m, method, path, with(http.StatusOK), with(http.StatusNotFound), with(http.StatusCreated), with(http.StatusPartialContent)}
}

// Observe counts a request.
func (r *Route) Observe(status int, took time.Duration) {
	o := r.ok
	switch status {
	case http.StatusOK:
	case http.StatusNotFound:
		o = r.notFound
	case http.StatusCreated:
		o = r.created
	case http.StatusPartialContent:
		o = r.part
	default:
		o = r.m.requests.WithLabelValues(r.method, r.path, strconv.Itoa(status))
	}
	o.Observe(took.Seconds())
}
