package serve

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sort"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
)

// binaries says which plugin serves a driver's name in the configuration
// (storage/__init__.py).
var binaries = map[string]string{"LocalStorage": "local"}

// storagePlugins are the running storage plugins and the locations they serve.
type storagePlugins struct {
	places      *place.Places
	supervisors []*plugin.Supervisor
	locations   []*storage.Location
	runDir      string
}

// startStorage starts the plugins that the configuration's locations need, each
// once, and returns when all of them serve.
func startStorage(ctx context.Context, cfg *config.Config, dirs []string, logger *slog.Logger) (_ *storagePlugins, err error) {
	instances := make(map[string][]plugin.Instance)
	for location, l := range cfg.Storage {
		name, ok := binaries[l.Driver]
		if !ok {
			return nil, errs.New(errs.Unsupported, "storage location %s: there is no plugin for the driver %q", location, l.Driver)
		}
		instances[name] = append(instances[name], plugin.Instance{Name: location, Config: l.Options})
	}
	p := &storagePlugins{}
	defer func() {
		if err != nil {
			_ = p.close(context.WithoutCancel(ctx)) // the first failure is the one to tell
		}
	}()
	if p.runDir, err = os.MkdirTemp("", "quay-"); err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "make a directory for the plugins' sockets")
	}
	catalog := plugin.NewCatalog(dirs...)
	backends := make(map[string]place.Backend)
	for name, list := range instances {
		path, err := catalog.Find("storage", name)
		if err != nil {
			return nil, err
		}
		sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
		s, err := plugin.Start(ctx, plugin.Options{
			Kind: "storage", Name: filepath.Base(path), Path: path, Instances: list, Logger: logger, RunDir: p.runDir,
		})
		if err != nil {
			return nil, errs.Wrap(errs.KindOf(err), err, "start the plugin %s", path)
		}
		p.supervisors = append(p.supervisors, s)
		for _, instance := range list {
			l := storage.NewLocation(s, instance.Name, storage.Options{})
			p.locations = append(p.locations, l)
			backends[instance.Name] = backend{l}
		}
	}
	p.places, err = place.New(backends, cfg.StoragePreference)
	return p, err
}

// close drains and ends the plugins.
func (p *storagePlugins) close(ctx context.Context) error {
	for _, l := range p.locations {
		l.Close()
	}
	for _, s := range p.supervisors {
		s.Close(ctx)
	}
	if p.runDir == "" {
		return nil
	}
	return os.RemoveAll(p.runDir)
}

// measure shows the plugins' state in the metrics.
func (p *storagePlugins) measure(m *obs.Metrics) {
	for _, s := range p.supervisors {
		labels := map[string]string{"plugin": s.Status().Name}
		m.Gauge("quay_plugin_up", "1 while the plugin serves", labels, func() float64 {
			if s.Status().State == plugin.Healthy {
				return 1
			}
			return 0
		})
		m.Gauge("quay_plugin_generation", "processes of the plugin that were started", labels,
			func() float64 { return float64(s.Status().Generation) })
	}
}

// backend is a location as package place wants it: with interfaces in place of
// the driver's own types.
type backend struct{ *storage.Location }

func (b backend) Open(ctx context.Context, path string) (place.Object, error) {
	o, err := b.Location.Open(ctx, path)
	if err != nil {
		return nil, err // not a nil *storage.Object in a non-nil Object
	}
	return o, nil
}

func (b backend) AppendUpload(ctx context.Context, id string, offset int64, state []byte) (place.UploadWriter, error) {
	w, err := b.Location.AppendUpload(ctx, id, offset, state)
	if err != nil {
		return nil, err
	}
	return w, nil
}
