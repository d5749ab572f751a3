package worker

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/queue"
)

// Metrics are those of background work and of queues. Names that the product has are
// kept (workers/worker.py, data/queue.py).
type Metrics struct {
	duration   *prometheus.HistogramVec
	inProgress *prometheus.GaugeVec
	failures   *prometheus.CounterVec
	skipped    *prometheus.CounterVec
	success    *prometheus.GaugeVec

	items                      *prometheus.CounterVec
	puts                       *prometheus.CounterVec
	gets                       *prometheus.CounterVec
	locked, available, waiting *prometheus.GaugeVec
}

// NewMetrics makes the metrics and registers them.
func NewMetrics(r prometheus.Registerer) *Metrics {
	operation, name := []string{"worker", "operation"}, []string{"queue_name"}
	gauge := func(name, help string, labels []string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	counter := func(name, help string, labels []string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &Metrics{
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "quay_worker_operation_duration_seconds", Help: "seconds that a run of a worker's operation took",
			Buckets: []float64{60, 300, 600, 1800, 3600, 7200, 14400, 28800, 43200, 57600, 86400},
		}, operation),
		inProgress: gauge("quay_worker_operation_in_progress", "whether a worker's operation runs", operation),
		failures:   counter("quay_worker_operation_failures_total", "runs of a worker's operation that failed", operation),
		skipped:    counter("quay_worker_operation_skipped_total", "runs that were left to whoever has the lock", operation),
		success:    gauge("quay_worker_operation_last_success_timestamp_seconds", "when a run of a worker's operation last ended well", operation),
		items:      counter("quay_queue_item_outcomes_total", "items of a queue that were worked on here, by what became of them", append(name, "outcome")),
		puts:       counter("quay_queue_item_puts_total", "items that were put into a queue", name),
		gets:       counter("quay_queue_item_gets_total", "times that somebody asked a queue for an item", append(name, "availability")),
		locked:     gauge("quay_queue_items_locked", "names of a queue's items that somebody works on", name),
		available:  gauge("quay_queue_items_available", "names of a queue's items that may be taken", name),
		waiting:    gauge("quay_queue_items_available_unlocked", "names of a queue's items that may be taken and that nobody works on", name),
	}
	r.MustRegister(m.duration, m.inProgress, m.failures, m.skipped, m.success, m.items, m.puts, m.gets, m.locked, m.available, m.waiting)
	return m
}

func (m *Metrics) begin(class, operation string) {
	m.inProgress.WithLabelValues(class, operation).Inc()
}

func (m *Metrics) end(class, operation string, took time.Duration, failed, skipped bool) {
	m.inProgress.WithLabelValues(class, operation).Dec()
	m.duration.WithLabelValues(class, operation).Observe(took.Seconds())
	switch {
	case failed:
		m.failures.WithLabelValues(class, operation).Inc()
	case skipped:
		m.skipped.WithLabelValues(class, operation).Inc()
	default:
		m.success.WithLabelValues(class, operation).SetToCurrentTime()
	}
}

// Put counts items that were committed; it is what store.Options.Queued takes.
func (m *Metrics) Put(items []domain.NewQueueItem) {
	for i := range items {
		m.puts.WithLabelValues(items[i].Queue).Inc()
	}
}

// Got implements queue.Watcher.
func (m *Metrics) Got(name string, o queue.Outcome) { m.gets.WithLabelValues(name, string(o)).Inc() }

// counted shows how many items a queue has.
func (m *Metrics) counted(name string, c domain.QueueCounts) {
	m.locked.WithLabelValues(name).Set(float64(c.Running))
	m.available.WithLabelValues(name).Set(float64(c.Available))
	m.waiting.WithLabelValues(name).Set(float64(c.Waiting))
}
