package serve

import (
	"cmp"
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/control"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/sdk/errs"
)

// plugins are the running plugins of all kinds. It implements control.Plugins.
type plugins struct {
	running   map[string]*running // by id; not written after the start
	runDir    string
	catalog   *plugin.Catalog
	observers *observers
	host      *host
}

// running is one plugin.
type running struct {
	*plugin.Supervisor
	// instances are those that a configuration has for the plugin.
	instances func(*config.Config) ([]plugin.Instance, error)
	// changed is called after the configuration of instances was replaced.
	changed func()
}

var _ control.Plugins = (*plugins)(nil)

// newPlugins returns the plugins of a host that has none yet.
func newPlugins(h *host) (*plugins, error) {
	runDir, err := os.MkdirTemp("", "quay-")
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "make a directory for the plugins' sockets")
	}
	return &plugins{
		running:   make(map[string]*running),
		runDir:    runDir,
		catalog:   plugin.NewCatalog(h.opts.PluginDirs...),
		observers: h.observe,
		host:      h,
	}, nil
}

// start runs a plugin with the instances that the configuration has for it.
func (p *plugins) start(ctx context.Context, kind, name string, r running) (*running, error) {
	id := kind + "/" + name
	path := p.host.opts.Trust.Development[id]
	if path == "" {
		var err error
		if path, err = p.catalog.Find(kind, name); err != nil {
			return nil, err
		}
	}
	instances, err := r.instances(p.host.cfg)
	if err != nil {
		return nil, err
	}
	settings := p.host.cfg.Plugins[id]
	policy, err := confinement(settings)
	if err != nil {
		return nil, errs.Wrap(errs.KindOf(err), err, "PLUGINS: %s", id)
	}
	opts := plugin.Options{
		Kind: kind, Name: name, Path: path, Instances: instances, Logger: p.host.opts.Logger, RunDir: p.runDir,
		DialOptions:  p.observers.dialOptions(id),
		StartTimeout: time.Duration(settings.StartTimeout),
		CallTimeout:  time.Duration(settings.CallTimeout),
		Limits:       plugin.Limits{Calls: settings.Calls, Leases: settings.Transfers, Queue: settings.Queue},
		Confine:      policy,
		Admit: func(ctx context.Context, b *binary.Binary) (plugin.Admission, error) {
			return p.host.admit(ctx, kind, name, b)
		},
	}
	if address, ok := strings.CutPrefix(path, attachPrefix); ok {
		p.host.attach(&opts, address)
	}
	r.Supervisor, err = plugin.Start(ctx, opts)
	if err != nil {
		return nil, errs.Wrap(errs.KindOf(err), err, "start the plugin %s", path)
	}
	p.observers.watch(r.Supervisor)
	p.running[id] = &r
	return &r, nil
}

// close drains and ends the plugins.
func (p *plugins) close(ctx context.Context) error {
	for _, r := range p.running {
		r.Close(ctx)
	}
	return os.RemoveAll(p.runDir)
}

// Plugins implements control.Plugins.
func (p *plugins) Plugins() []plugin.Status {
	list := make([]plugin.Status, 0, len(p.running))
	for _, r := range p.running {
		list = append(list, r.Status())
	}
	slices.SortFunc(list, func(a, b plugin.Status) int { return cmp.Compare(a.ID(), b.ID()) })
	return list
}

func (p *plugins) find(id string) (*running, error) {
	r := p.running[id]
	if r == nil {
		var ids []string
		for _, st := range p.Plugins() {
			ids = append(ids, st.ID())
		}
		return nil, errs.New(errs.NotFound, "the plugin %q does not run here: these do: %s", id, strings.Join(ids, ", "))
	}
	return r, nil
}

// Replace implements control.Plugins.
func (p *plugins) Replace(ctx context.Context, id, path string, trial time.Duration) error {
	r, instances, err := p.reread(id)
	if err != nil {
		return err
	}
	defer r.changed()
	return r.Replace(ctx, plugin.Replacement{Path: path, Instances: instances, Trial: trial})
}

// Reconfigure implements control.Plugins.
func (p *plugins) Reconfigure(ctx context.Context, id, instance string) error {
	r, instances, err := p.reread(id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(instances, func(in plugin.Instance) bool { return in.Name == instance })
	if i < 0 {
		return errs.New(errs.NotFound, "the configuration has no instance %q of the plugin %s", instance, id)
	}
	defer r.changed()
	return r.Reconfigure(ctx, instances[i])
}

// reread finds a plugin and reads the configuration of its instances anew.
func (p *plugins) reread(id string) (*running, []plugin.Instance, error) {
	r, err := p.find(id)
	if err != nil {
		return nil, nil, err
	}
	cfg, err := p.host.configure()
	if err != nil {
		return nil, nil, err
	}
	instances, err := r.instances(cfg)
	return r, instances, err
}

// Restart implements control.Plugins.
func (p *plugins) Restart(ctx context.Context, id string) error {
	r, instances, err := p.reread(id)
	if err != nil {
		return err
	}
	defer r.changed()
	return r.Restart(ctx, instances)
}

// Quarantine implements control.Plugins.
func (p *plugins) Quarantine(ctx context.Context, id, reason string) error {
	r, err := p.find(id)
	if err != nil {
		return err
	}
	return r.Quarantine(ctx, cmp.Or(reason, "a person took it out of service"))
}
