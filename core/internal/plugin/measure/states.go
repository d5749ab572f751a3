package measure

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/procfs"

	"github.com/quay/quay/core/internal/plugin"
)

// metric is one metric of a plugin that is a number in its status.
type metric struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(plugin.Status) float64
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("quay_plugin_"+name, help, append([]string{"plugin"}, labels...), nil)
}

func gauge(name, help string, value func(plugin.Status) float64) metric {
	return metric{desc(name, help), prometheus.GaugeValue, value}
}

func counter(name, help string, value func(plugin.Status) float64) metric {
	return metric{desc(name, help), prometheus.CounterValue, value}
}

var numbers = []metric{
	gauge("up", "1 while the plugin answers calls, even if not all is well", func(s plugin.Status) float64 { return one(s.State.Serving()) }),
	gauge("generation", "processes of the plugin that were started", func(s plugin.Status) float64 { return float64(s.Generation) }),
	gauge("start_duration_seconds", "seconds that the process that serves took to start, to be configured and probed",
		func(s plugin.Status) float64 { return s.StartTook.Seconds() }),
	gauge("calls_in_flight", "calls and transfers that are under way", func(s plugin.Status) float64 { return float64(s.InFlight) }),
	gauge("calls_queued", "calls and transfers that wait for their turn", func(s plugin.Status) float64 { return float64(s.Queued) }),
	counter("crashes_total", "processes of the plugin that went by themselves", func(s plugin.Status) float64 { return float64(s.Crashes) }),
	counter("restarts_total", "processes of the plugin that took the place of one that crashed", func(s plugin.Status) float64 { return float64(s.Restarts) }),
	counter("retries_total", "calls that were made once more because the process died under them", func(s plugin.Status) float64 { return float64(s.Retries) }),
}

var (
	stateDesc    = desc("state", "1 for the state that the plugin is in, 0 for the others", "state")
	instanceDesc = desc("instance_up", "1 while the instance can be used", "plugin_instance")
	cpuDesc      = desc("cpu_seconds_total", "seconds of processor time that the process that serves has used")
	memoryDesc   = desc("resident_memory_bytes", "memory of the process that serves, in bytes")
)

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// Describe implements prometheus.Collector.
func (c *states) Describe(ch chan<- *prometheus.Desc) {
	for _, m := range numbers {
		ch <- m.desc
	}
	for _, d := range []*prometheus.Desc{stateDesc, instanceDesc, cpuDesc, memoryDesc} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (c *states) Collect(ch chan<- prometheus.Metric) {
	for id, s := range c.all() {
		for _, m := range numbers {
			ch <- prometheus.MustNewConstMetric(m.desc, m.kind, m.value(s), id)
		}
		for _, state := range plugin.States() {
			ch <- prometheus.MustNewConstMetric(stateDesc, prometheus.GaugeValue, one(s.State == state), id, string(state))
		}
		for _, in := range s.Instances {
			ch <- prometheus.MustNewConstMetric(instanceDesc, prometheus.GaugeValue, one(in.Healthy), id, in.Name)
		}
		if s.PID != 0 {
			collectProcess(ch, id, s.PID)
		}
	}
}

// collectProcess shows what a process uses. One that is gone by now, or that this
// machine does not show, has no metrics.
func collectProcess(ch chan<- prometheus.Metric, id string, pid int) {
	process, err := procfs.NewProc(pid)
	if err != nil {
		return
	}
	stat, err := process.Stat()
	if err != nil {
		return
	}
	ch <- prometheus.MustNewConstMetric(cpuDesc, prometheus.CounterValue, stat.CPUTime(), id)
	ch <- prometheus.MustNewConstMetric(memoryDesc, prometheus.GaugeValue, float64(stat.ResidentMemory()), id)
}
