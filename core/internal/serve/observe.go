package serve

import (
	"log/slog"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/measure"
	"github.com/quay/quay/core/internal/plugin/scrape"
)

// observers show operators what plugins do.
type observers struct {
	calls   *measure.Metrics
	drivers *scrape.Scraper
}

func newObservers(m *obs.Metrics, logger *slog.Logger) *observers {
	o := &observers{calls: measure.New(m.Registerer()), drivers: scrape.New(scrape.Options{Logger: logger})}
	m.Also(o.drivers)
	return o
}

// dialOptions are for the connections to the plugin with the id: "storage/local".
func (o *observers) dialOptions(id string) []grpc.DialOption { return o.calls.DialOptions(id) }

// watch shows a plugin for as long as this process lives.
func (o *observers) watch(s *plugin.Supervisor) {
	o.calls.Watch(s)
	o.drivers.Watch(s)
}
