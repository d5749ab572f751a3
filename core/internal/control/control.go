// Package control lets a person who may administer a running host do so: a small
// HTTP API on a Unix socket, and the client of it that the command line uses.
//
// The permission is a token: whoever can read its file, beside the socket, may command
// the host. Only the host's own user and root can, and only they can connect; a plugin
// has the same user but reaches no such file, and its connection is closed.
package control

import (
	"context"
	"time"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/sdk/errs"
)

// Plugins are the plugins of a host. A plugin is known by its id, "storage/local".
type Plugins interface {
	// Plugins describes all of them.
	Plugins() []plugin.Status
	// Replace reads the configuration and the binary anew, which is that at path
	// unless the path is empty, without losing a call. The old process is kept for
	// the trial time, zero means the default, and takes over again when the new one
	// turns out to be worse.
	Replace(ctx context.Context, id, path string, trial time.Duration) error
	// Reconfigure reads the configuration of one instance anew, in place.
	Reconfigure(ctx context.Context, id, instance string) error
	// Restart ends the plugin and starts it again.
	Restart(ctx context.Context, id string) error
	// Quarantine ends the plugin until a person says otherwise.
	Quarantine(ctx context.Context, id, reason string) error
}

// order is the body of a request.
type order struct {
	// Path of a binary, and the time in which it must prove itself.
	Path  string        `json:"path,omitempty"`
	Trial time.Duration `json:"trial_ns,omitempty"`
	// Instance to configure.
	Instance string `json:"instance,omitempty"`
	// Reason of a quarantine.
	Reason string `json:"reason,omitempty"`
}

// failure is the body of an answer that is an error.
type failure struct {
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// error returns the error that the failure tells of.
func (f failure) error() error {
	for kind := errs.Internal; kind <= errs.Corrupt; kind++ {
		if kind.String() == f.Kind {
			return errs.New(kind, "%s", f.Message)
		}
	}
	return errs.New(errs.Internal, "%s", f.Message)
}

// maxBody bounds a request.
const maxBody = 64 << 10
