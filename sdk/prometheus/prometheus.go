// Package prometheus shows what a driver counts with the Prometheus client library
// in the metrics of the host. A driver that does not import it does not compile
// that library.
//
//	registry := prometheus.NewRegistry()
//	sdk.Main(sdk.Plugin{..., Metrics: sdkprometheus.Metrics(registry)})
package prometheus

import (
	"bytes"
	"context"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"

	"github.com/quay/quay/sdk/log"
)

// Metrics is for sdk.Plugin: it gathers what g has, which may be nil, and the
// metrics of the Go runtime and of the process unless g has them already. What can
// be gathered is shown when something else cannot; that goes to the log.
func Metrics(g prometheus.Gatherer) func(ctx context.Context) ([]byte, error) {
	runtime := prometheus.NewRegistry()
	runtime.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	sources := []prometheus.Gatherer{runtime}
	if g != nil {
		sources = []prometheus.Gatherer{g, runtime}
	}
	return func(ctx context.Context) ([]byte, error) {
		var text bytes.Buffer
		written := map[string]bool{}
		for _, source := range sources {
			families, err := source.Gather()
			if err != nil {
				log.From(ctx).Warn("not all metrics could be gathered", "error", err)
			}
			for _, family := range families {
				if written[family.GetName()] {
					continue
				}
				written[family.GetName()] = true
				if _, err := expfmt.MetricFamilyToText(&text, family); err != nil {
					return nil, err
				}
			}
		}
		return text.Bytes(), nil
	}
}
