// Package plugin runs plugins: it finds their binaries (Catalog) and keeps one
// plugin running through its crashes (Supervisor). One process that a supervisor
// runs is a Generation; it is never started again, its successor is another.
package plugin

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/fd"
	"github.com/quay/quay/core/internal/plugin/launch"
)

// Options says which plugin to run and how. Only Path and RunDir must be set.
type Options struct {
	// Kind and Name are the plugin's, for logs and messages.
	Kind, Name string
	// Path of the binary. It is read once: every generation runs what was there at
	// the start. It may be empty when Launch needs no binary.
	Path string
	// Confine says what the plugin may reach. Its zero value allows neither paths
	// nor the network.
	Confine confine.Policy
	// Instances to configure in each generation.
	Instances []Instance
	// Logger gets the supervisor's and the plugin's lines; nil discards them.
	Logger *slog.Logger
	// RunDir is a directory that no other user may enter, made when missing, for
	// the plugin's socket. Its path must have at most 70 bytes or so.
	RunDir string
	// Env names variables of the host that the plugin sees beside the default ones.
	Env []string

	// StartTimeout bounds the time to the handshake. Zero means 5 s.
	StartTimeout time.Duration
	// ConfigureTimeout bounds the time in which one generation must accept and
	// probe all instances. Zero means 30 s.
	ConfigureTimeout time.Duration
	// CallTimeout bounds a call that says nothing else. Zero means 10 s.
	CallTimeout time.Duration
	// WaitTimeout bounds how long a call waits for a generation while there is
	// none. Zero means 5 s.
	WaitTimeout time.Duration
	// DrainTimeout bounds how long calls may go on when the plugin is stopped. Zero
	// means 10 s.
	DrainTimeout time.Duration
	// Backoff says when a plugin that fails again is started again.
	Backoff Backoff

	// Launch starts a process. Nil means launch.Start; tests use others.
	Launch func(ctx context.Context, spec launch.Spec) (Process, error)

	// binary is what is at Path when the supervisor starts.
	binary *binary.Binary
}

// Instance is one configuration that a plugin serves.
type Instance struct {
	Name string
	// Config is a JSON object without the secrets.
	Config json.RawMessage
	// Secrets go to the plugin only, and into no log.
	Secrets map[string]string
}

// Process is a running plugin, as *launch.Process is.
type Process interface {
	// Conn is the connection to its services.
	Conn() grpc.ClientConnInterface
	// Descriptors receives its descriptors.
	Descriptors() *fd.Receiver
	// Done is closed when the plugin is lost.
	Done() <-chan struct{}
	// PID is its process id.
	PID() int
	// Kill ends it, waits until it is gone and says how it went.
	Kill() launch.Exit
}

func (o *Options) setDefaults() {
	if o.Kind == "" {
		o.Kind = "storage"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	for _, d := range []struct {
		value *time.Duration
		zero  time.Duration
	}{
		{&o.ConfigureTimeout, 30 * time.Second},
		{&o.CallTimeout, 10 * time.Second},
		{&o.WaitTimeout, 5 * time.Second},
		{&o.DrainTimeout, 10 * time.Second},
	} {
		if *d.value == 0 {
			*d.value = d.zero
		}
	}
	o.Backoff.setDefaults()
	if o.Launch == nil {
		o.Launch = func(ctx context.Context, spec launch.Spec) (Process, error) {
			p, err := launch.Start(ctx, spec)
			if err != nil {
				return nil, err // Not a nil *launch.Process in a non-nil Process.
			}
			return p, nil
		}
	}
}

// open opens the binary, if there is to be one.
func (o *Options) open() (err error) {
	if o.Path != "" {
		o.binary, err = binary.Open(o.Path)
	}
	return err
}

func (o *Options) close() {
	if o.binary != nil {
		o.binary.Close()
	}
}
