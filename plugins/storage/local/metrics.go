package local

import (
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics is what the driver counts. The methods of nil count nothing.
type metrics struct {
	registry *prometheus.Registry
	syncs    *prometheus.HistogramVec
	spaces   *spaces
}

// What is written to the disk.
const (
	syncedFile      = "file"
	syncedDirectory = "directory"
)

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		syncs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "local_sync_duration_seconds",
			Help:    "seconds that the disk took to write a file or a directory for good",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"what"}),
		spaces: &spaces{roots: map[string]string{}},
	}
	m.registry.MustRegister(m.syncs, m.spaces)
	return m
}

// synced counts a write to the disk.
func (m *metrics) synced(what string, begin time.Time) {
	if m != nil {
		m.syncs.WithLabelValues(what).Observe(time.Since(begin).Seconds())
	}
}

// opened shows the space of a location from now on.
func (m *metrics) opened(location, root string) {
	if m == nil {
		return
	}
	m.spaces.mu.Lock()
	defer m.spaces.mu.Unlock()
	m.spaces.roots[location] = root
}

// spaces is a collector of the space that is left for each location. A location
// is never closed for good while its process lives.
type spaces struct {
	mu    sync.Mutex
	roots map[string]string // directories by location

	looking sync.Mutex // held while somebody looks
}

var (
	freeDesc = prometheus.NewDesc("local_free_bytes", "bytes that are left in the file system of the location", []string{"location"}, nil)
	sizeDesc = prometheus.NewDesc("local_size_bytes", "bytes that the file system of the location has", []string{"location"}, nil)
)

// Describe implements prometheus.Collector.
func (s *spaces) Describe(ch chan<- *prometheus.Desc) {
	ch <- freeDesc
	ch <- sizeDesc
}

// Collect implements prometheus.Collector. A file system that does not answer holds
// up one caller, not all that come after it.
func (s *spaces) Collect(ch chan<- prometheus.Metric) {
	if !s.looking.TryLock() {
		return
	}
	defer s.looking.Unlock()
	s.mu.Lock()
	roots := make(map[string]string, len(s.roots))
	for location, root := range s.roots {
		roots[location] = root
	}
	s.mu.Unlock()
	for location, root := range roots {
		var stat syscall.Statfs_t
		if syscall.Statfs(root, &stat) != nil {
			continue
		}
		ch <- prometheus.MustNewConstMetric(freeDesc, prometheus.GaugeValue, float64(stat.Bavail)*float64(stat.Bsize), location)
		ch <- prometheus.MustNewConstMetric(sizeDesc, prometheus.GaugeValue, float64(stat.Blocks)*float64(stat.Bsize), location)
	}
}
