package serve

import (
	"context"
	"math"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/errs"
)

// attachPrefix begins what stands in the place of a binary's path for a plugin that
// somebody runs in a debugger.
const attachPrefix = "attach:"

// patience is how long a plugin that stands at a breakpoint may take.
const patience = time.Hour

// attach makes the options those of a plugin which is not started, but attached to. It
// may stand still for long without being hung, and be gone for long without being
// given up.
func (h *host) attach(opts *plugin.Options, address string) {
	opts.Path = ""
	opts.Launch = func(ctx context.Context, spec launch.Spec) (plugin.Process, error) {
		a, err := launch.Attach(ctx, address, spec)
		if err != nil {
			return nil, err // Not a nil *launch.Attached in a non-nil Process.
		}
		return a, nil
	}
	kind, name := opts.Kind, opts.Name
	opts.Admit = func(context.Context, *binary.Binary) (plugin.Admission, error) {
		return h.admitAttached(kind, name, address)
	}
	opts.ConfigureTimeout = patience
	if opts.CallTimeout == 0 {
		opts.CallTimeout = patience
	}
	opts.Health.Pings = math.MaxInt
	opts.Backoff.Max = 2 * time.Second
	opts.Quarantine = plugin.Quarantine{InRow: math.MaxInt, Crashes: math.MaxInt}
}

// admitAttached asks whether a plugin that somebody runs may be attached to: never where
// FIPS builds are demanded, for nobody knows what runs in a debugger.
func (h *host) admitAttached(kind, name, address string) (plugin.Admission, error) {
	policy, err := h.opts.Trust.Policy(h.cfg, h.opts.PluginDirs)
	if err != nil {
		return plugin.Admission{}, err
	}
	if err := policy.Validate(); err != nil {
		return plugin.Admission{}, err
	}
	d, err := launch.DescribeAttached(address)
	if err != nil {
		return plugin.Admission{}, err
	}
	if d.Kind != kind || d.Name != name {
		return plugin.Admission{}, errs.New(errs.Denied, "the plugin at %s is the %s plugin %q, not the %s plugin %q", address, d.Kind, d.Name, kind, name)
	}
	return plugin.Admission{Description: d, Grant: trust.Grant{Network: true}}, nil
}
