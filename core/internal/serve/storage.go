package serve

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
	sdk "github.com/quay/quay/sdk/storage"
)

// productDrivers says which plugin serves a driver that the product has
// (storage/__init__.py).
var productDrivers = map[string]string{"LocalStorage": "local"}

// pluginName is what the name of any other plugin looks like: it is the driver's in
// the configuration.
var pluginName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// storagePlugin returns the name of the plugin that serves a location.
func storagePlugin(location string, l config.Location) (string, error) {
	if name, ok := productDrivers[l.Driver]; ok {
		return name, nil
	}
	if !pluginName.MatchString(l.Driver) {
		return "", errs.New(errs.Unsupported, "storage location %s: there is no plugin for the driver %q", location, l.Driver)
	}
	return l.Driver, nil
}

// StorageDrivers returns the names by which a configuration names the plugin called
// name: those that the product has for it, else its own.
func StorageDrivers(name string) []string {
	var drivers []string
	for driver, plugin := range productDrivers {
		if plugin == name {
			drivers = append(drivers, driver)
		}
	}
	if len(drivers) == 0 {
		return []string{name}
	}
	slices.Sort(drivers)
	return drivers
}

// storageInstances returns the locations of a configuration that the plugin called
// name serves.
func storageInstances(cfg *config.Config, name string) ([]plugin.Instance, error) {
	var instances []plugin.Instance
	for _, location := range slices.Sorted(maps.Keys(cfg.Storage)) {
		l := cfg.Storage[location]
		served, err := storagePlugin(location, l)
		if err != nil {
			return nil, err
		}
		if served == name {
			instances = append(instances, plugin.Instance{Name: location, Config: l.Options})
		}
	}
	return instances, nil
}

// locations are the storage locations.
type locations struct {
	places *place.Places
	list   []*storage.Location
}

// startStorage starts the plugins that the configuration's locations need, each
// once, and returns when all of them serve.
func startStorage(ctx context.Context, p *plugins, cfg *config.Config) (*locations, error) {
	names := make(map[string]bool)
	for location, l := range cfg.Storage {
		name, err := storagePlugin(location, l)
		if err != nil {
			return nil, err
		}
		names[name] = true
	}
	all := &locations{}
	backends := make(map[string]place.Backend)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list, err := startLocations(ctx, p, name)
		if err != nil {
			return nil, err
		}
		for _, l := range list {
			backends[l.Name()] = backend{l}
		}
		all.list = append(all.list, list...)
	}
	var err error
	all.places, err = place.New(backends, cfg.StoragePreference)
	return all, err
}

// startLocations starts one plugin and returns the locations that it serves.
func startLocations(ctx context.Context, p *plugins, name string) ([]*storage.Location, error) {
	var list []*storage.Location
	r, err := p.start(ctx, protocol.KindStorage, name, running{
		instances: func(cfg *config.Config) ([]plugin.Instance, error) {
			instances, err := storageInstances(cfg, name)
			if err == nil && list != nil {
				err = sameLocations(list, instances)
			}
			return instances, err
		},
		changed: func() {
			for _, l := range list {
				l.Flush() // The paths may lead somewhere else.
			}
		},
	})
	if err != nil {
		return nil, err
	}
	opts := p.host.locationOptions(protocol.KindStorage + "/" + name)
	for _, in := range r.Status().Instances {
		if err := takesPushes(in, opts.SpoolDir); err != nil {
			return nil, err
		}
		list = append(list, storage.NewLocation(r.Supervisor, in.Name, opts))
	}
	return list, nil
}

// takesPushes fails when every push to a location would fail: its store takes no
// uploads, and there is no directory to collect them in. Of a location that the plugin
// has not accepted yet nothing is known.
func takesPushes(in plugin.InstanceStatus, spoolDir string) error {
	if spoolDir != "" || !in.Healthy || slices.Contains(in.Capabilities, sdk.CapabilityUploads) {
		return nil
	}
	if slices.Contains(in.Withheld, sdk.CapabilityUploads) {
		return errs.New(errs.Unsupported, "storage location %s: its driver is not granted the capability %s, without which nothing can be pushed: grant it in plugins.lock", in.Name, sdk.CapabilityUploads)
	}
	return errs.New(errs.Unsupported, "storage location %s: its driver takes no uploads (the capability %s), and this server has no directory of its own to collect them in: use another driver, or --mode=mirror with --data-dir", in.Name, sdk.CapabilityUploads)
}

// locationOptions are those of the locations of a plugin. What takes longer than a
// call may take longer in proportion when the configuration bounds the calls.
func (h *host) locationOptions(id string) storage.Options {
	settings := h.cfg.Plugins[id]
	call, transfer := time.Duration(settings.CallTimeout), time.Duration(settings.TransferTimeout)
	return storage.Options{
		IdleTimeout: 3 * call, CommitTimeout: 6 * call, DeleteTimeout: 6 * call, CopyTimeout: 60 * call,
		TransferTimeout: cmp.Or(transfer, 12*call),
		SpoolDir:        h.spoolDir(),
	}
}

// spoolDir is where uploads are collected for stores that take none; empty where
// the host has no directory of its own.
func (h *host) spoolDir() string {
	if !h.opts.Mirror {
		return ""
	}
	return filepath.Join(h.opts.DataDir, "spool")
}

// sameLocations fails when a configuration has other locations than those that are
// served: the database and the rules know them since the start.
func sameLocations(list []*storage.Location, instances []plugin.Instance) error {
	if !slices.EqualFunc(list, instances, func(l *storage.Location, in plugin.Instance) bool { return l.Name() == in.Name }) {
		return errs.New(errs.Unsupported, "the configuration has other storage locations than before: restart the server to add or remove one")
	}
	return nil
}

// close gives back what the locations hold.
func (l *locations) close() {
	for _, location := range l.list {
		location.Close()
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
