package scrape

import (
	"maps"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// exposition is the families of several plugins by name.
type exposition map[string]*dto.MetricFamily

// add adds a plugin's families, and returns the number of series that it took and
// of those that it could not because a family of another plugin, which came first,
// means something else.
func (x exposition) add(families []*dto.MetricFamily) (taken, conflicts int) {
	for _, f := range families {
		known := x[f.GetName()]
		switch {
		case known != nil && known.GetType() == f.GetType():
			known.Metric = append(known.Metric, f.Metric...)
		case known == nil && !x.collides(f):
			x[f.GetName()] = f
		default:
			conflicts += count(f)
			continue
		}
		taken += count(f)
	}
	return taken, conflicts
}

// collides reports whether a line of the family could be taken for one of another.
func (x exposition) collides(f *dto.MetricFamily) bool {
	for _, suffix := range suffixes(f) {
		if x[f.GetName()+suffix] != nil {
			return true
		}
	}
	for _, suffix := range []string{"_count", "_sum", "_bucket"} {
		base, ok := strings.CutSuffix(f.GetName(), suffix)
		if known := x[base]; ok && known != nil && slices.Contains(suffixes(known), suffix) {
			return true
		}
	}
	return false
}

// suffixes are those of the lines of a family.
func suffixes(f *dto.MetricFamily) []string {
	switch f.GetType() {
	case dto.MetricType_SUMMARY:
		return []string{"_count", "_sum"}
	case dto.MetricType_HISTOGRAM:
		return []string{"_count", "_sum", "_bucket"}
	}
	return nil
}

func (x exposition) sorted() []*dto.MetricFamily {
	list := make([]*dto.MetricFamily, 0, len(x))
	for _, name := range slices.Sorted(maps.Keys(x)) {
		list = append(list, x[name])
	}
	return list
}

// report is what one look tells of itself.
type report struct {
	registry *prometheus.Registry
	success  *prometheus.GaugeVec
	took     *prometheus.GaugeVec
	series   *prometheus.GaugeVec
	dropped  *prometheus.GaugeVec
}

func newReport() *report {
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "quay_plugin_metrics_" + name, Help: help}, append([]string{pluginLabel}, labels...))
	}
	r := &report{
		registry: prometheus.NewRegistry(),
		success:  gauge("success", "1 when the driver's own metrics could be had for this answer"),
		took:     gauge("scrape_duration_seconds", "seconds that the plugin took to return its metrics"),
		series:   gauge("series", "series of the driver's own that are in this answer"),
		dropped:  gauge("dropped", "series of the driver's own that are not in this answer, by the reason", "reason"),
	}
	r.registry.MustRegister(r.success, r.took, r.series, r.dropped)
	return r
}

func (r *report) add(id string, a answer, series int, lost dropped) {
	success := 0.0
	if a.err == nil {
		success = 1
	}
	r.success.WithLabelValues(id).Set(success)
	r.took.WithLabelValues(id).Set(a.took.Seconds())
	r.series.WithLabelValues(id).Set(float64(series))
	r.dropped.WithLabelValues(id, "limit").Set(float64(lost.limit))
	r.dropped.WithLabelValues(id, "malformed").Set(float64(lost.malformed))
	r.dropped.WithLabelValues(id, "conflict").Set(float64(lost.conflict))
}

// families cannot fail: ids come from the configuration, and each is there once.
func (r *report) families() []*dto.MetricFamily {
	list, _ := r.registry.Gather()
	return list
}
