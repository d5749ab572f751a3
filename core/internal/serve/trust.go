package serve

import (
	"cmp"
	"context"
	"crypto/fips140"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// Trust says which plugins may run, beside what the configuration says.
type Trust struct {
	// Lock is the file that lists them; empty means that of the configuration, or
	// else plugins.lock in one of the plugin directories.
	Lock string
	// Keys are files with public keys, of which one must have signed a plugin.
	Keys []string
	// Unsigned are the plugins, as KIND/NAME, that need no signature.
	Unsigned []string
	// Development are binaries, by KIND/NAME, to run in place of what is installed, or
	// plugins to attach to. They need be neither in the lock nor signed.
	Development map[string]string
}

// Policy puts together which plugins may run.
func (t Trust) Policy(cfg *config.Config, dirs []string) (*trust.Policy, error) {
	p := &trust.Policy{
		AllowUnsigned: slices.Concat(cfg.PluginsUnsigned, t.Unsigned),
		Development:   len(t.Development) > 0,
		FIPS:          cfg.FIPS || fips140.Enabled(),
	}
	path, err := t.LockPath(cfg, dirs)
	if err != nil {
		return nil, err
	}
	if path != "" {
		if p.Lock, err = trust.ReadLock(path); err != nil {
			return nil, err
		}
	}
	for _, path := range slices.Concat(cfg.PluginKeys, t.Keys) {
		key, err := trust.ReadKey(path)
		if err != nil {
			return nil, err
		}
		p.Keys = append(p.Keys, key)
	}
	return p, p.Validate()
}

// LockPath returns the lock file that is used: the one that was named, or else
// plugins.lock in the first directory that has it, or else none.
func (t Trust) LockPath(cfg *config.Config, dirs []string) (string, error) {
	if named := cmp.Or(t.Lock, cfg.PluginLock); named != "" {
		return named, nil
	}
	for _, dir := range dirs {
		path := filepath.Join(dir, trust.LockName)
		_, err := os.Stat(path)
		if err == nil {
			return path, nil
		}
		// A lock that cannot be seen must not count as none.
		if !errors.Is(err, fs.ErrNotExist) {
			return "", errs.Wrap(errs.Denied, err, "whether there is a plugin lock cannot be told")
		}
	}
	return "", nil
}

// policy returns which plugins may run when the host starts. What it demands then it
// demands from then on: a lock that is removed later does not admit everything.
func (h *host) policy() (p *trust.Policy, err error) {
	if h.opts.Trust.Lock, err = h.opts.Trust.LockPath(h.cfg, h.opts.PluginDirs); err != nil {
		return nil, err
	}
	return h.opts.Trust.Policy(h.cfg, h.opts.PluginDirs)
}

// admit asks whether a binary may run as a plugin, by the lock and the keys as they
// are now. It is run only to describe itself, and not before it is known to be the
// right one.
func (h *host) admit(ctx context.Context, kind, name string, b *binary.Binary) (plugin.Admission, error) {
	policy, err := h.opts.Trust.Policy(h.cfg, h.opts.PluginDirs)
	if err != nil {
		return plugin.Admission{}, err
	}
	policy.Development = h.opts.Trust.Development[kind+"/"+name] != ""
	if _, err := policy.Check(kind, name, b); err != nil {
		return plugin.Admission{}, err
	}
	d, err := launch.Describe(ctx, b)
	if err != nil {
		return plugin.Admission{}, err
	}
	grant, err := policy.Admit(kind, name, b, d)
	if wanted := h.cfg.Plugins[kind+"/"+name].Network; d.Offline && wanted == nil {
		grant.Network = false
	}
	return plugin.Admission{Description: d, Grant: grant}, err
}

// ParseDevelopment reads the arguments of --dev-plugin: KIND/NAME=PATH, or
// KIND/NAME=attach:ADDRESS.
func ParseDevelopment(args []string) (map[string]string, error) {
	paths := make(map[string]string)
	for _, arg := range args {
		id, path, ok := strings.Cut(arg, "=")
		kind, name, _ := strings.Cut(id, "/")
		if !ok || path == "" || name == "" || !protocol.KnownKind(kind) {
			return nil, errs.New(errs.Invalid, "%q is no plugin under development: write it as KIND/NAME=PATH, for instance storage/mine=./quay-storage-mine", arg)
		}
		if strings.HasPrefix(path, attachPrefix) {
			paths[id] = path
			continue
		}
		absolute, err := filepath.Abs(path)
		if err != nil {
			return nil, errs.Wrap(errs.Invalid, err, "the path of a plugin under development")
		}
		paths[id] = absolute
	}
	return paths, nil
}
