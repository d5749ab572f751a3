package serve

import (
	"math"
	"os/user"
	"strconv"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/sdk/errs"
)

// confinement says what a plugin may reach, by the settings that the configuration,
// which is valid, has for it.
func confinement(settings config.Plugin) (confine.Policy, error) {
	p := confine.Policy{
		Off:       settings.Unconfined,
		ReadOnly:  settings.Read,
		ReadWrite: settings.Write,
		Network:   settings.Network == nil || *settings.Network,
		OpenFiles: uint64(settings.OpenFiles),
		Processes: uint64(settings.Processes),
		Memory:    uint64(settings.Memory),
		CPUs:      settings.CPUs,
		Cgroup:    confine.Delegated(),
	}
	if settings.User == "" {
		return p, nil
	}
	u, err := user.Lookup(settings.User)
	if err != nil {
		return p, errs.Wrap(errs.Invalid, err, "the user %q", settings.User)
	}
	uid, gid := id(u.Uid), id(u.Gid)
	if uid == math.MaxUint32 || gid == math.MaxUint32 {
		return p, errs.New(errs.Unsupported, "the user %q has no number", settings.User)
	}
	p.UID, p.GID = uid, gid
	return p, nil
}

// id reads the number of a user or group; the largest means none.
func id(text string) uint32 {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return math.MaxUint32
	}
	return uint32(n)
}
