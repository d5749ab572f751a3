// Package plugin runs plugins: it finds their binaries (Catalog) and keeps one
// plugin running through its crashes and its upgrades (Supervisor). One process
// that a supervisor runs is a Generation; it is never started again, its successor
// is another.
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
	"github.com/quay/quay/core/internal/plugin/trust"
	"github.com/quay/quay/sdk/protocol"
)

// Options says which plugin to run and how. Only Path and RunDir must be set.
type Options struct {
	// Kind and Name are the plugin's, for logs and messages.
	Kind, Name string
	// Path of the binary. It is read once: generations run what was there at the
	// start, until Restart or Replace. It may be empty when Launch needs no binary.
	Path string
	// Confine says what the plugin may reach, beside the paths that the options of
	// its instances name and its configuration schema says that it uses. The zero
	// value allows no network.
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
	// DialOptions are for the connection to each generation: what watches the calls.
	DialOptions []grpc.DialOption

	// StartTimeout bounds the time to the handshake. Zero means 5 s.
	StartTimeout time.Duration
	// ConfigureTimeout bounds the time in which an instance must be accepted and
	// probed. Zero means 15 s.
	ConfigureTimeout time.Duration
	// CallTimeout bounds a call that says nothing else. Zero means 10 s.
	CallTimeout time.Duration
	// WaitTimeout bounds how long a call waits for its turn, and for a generation
	// while there is none. Zero means 5 s.
	WaitTimeout time.Duration
	// DrainTimeout bounds how long calls may go on when the plugin is stopped. Zero
	// means 10 s.
	DrainTimeout time.Duration
	// HandoverTimeout bounds how long calls may go on on a generation that another
	// one has replaced. Zero means 10 min: nobody waits for them.
	HandoverTimeout time.Duration
	// Trial is how long a replaced generation is kept, so that it can take over
	// again when its successor turns out to be bad. Zero means 5 s.
	Trial time.Duration
	// Backoff says when a plugin that fails again is started again.
	Backoff Backoff
	// Quarantine says when it no longer is.
	Quarantine Quarantine
	// Health says when a plugin is taken for degraded or hung.
	Health Health
	// Limits bound what the plugin is asked at once.
	Limits Limits

	// Admit decides whether a binary may run, and what it may do. Where Path is empty
	// it gets nil. Nil admits all.
	Admit func(ctx context.Context, b *binary.Binary) (Admission, error)
	// Launch starts a process. Nil means launch.Start; tests use others.
	Launch func(ctx context.Context, spec launch.Spec) (Process, error)
}

// id is the plugin's name among those of all kinds.
func (o *Options) id() string { return o.Kind + "/" + o.Name }

// Admission is what a host says about a binary that it admits.
type Admission struct {
	// Description is what the binary says of itself. Its configuration schema tells
	// which options of an instance are secrets.
	Description protocol.Description
	// Grant is what the plugin may do.
	Grant trust.Grant
}

// version is a binary that a supervisor runs.
type version struct {
	path      string
	binary    *binary.Binary // nil where there is none to open
	admission Admission
}

// open reads the binary at a path and asks whether it may run. The caller closes
// the version.
func (o *Options) open(ctx context.Context, path string) (version, error) {
	v := version{path: path}
	var err error
	if path != "" {
		if v.binary, err = binary.Open(path); err != nil {
			return version{}, err
		}
	}
	if o.Admit == nil {
		return v, nil
	}
	if v.admission, err = o.Admit(ctx, v.binary); err != nil {
		v.close()
		return version{}, err
	}
	return v, nil
}

func (v version) close() {
	if v.binary != nil {
		v.binary.Close()
	}
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
	setDurations([]durationDefault{
		{&o.ConfigureTimeout, 15 * time.Second},
		{&o.CallTimeout, 10 * time.Second},
		{&o.WaitTimeout, 5 * time.Second},
		{&o.DrainTimeout, 10 * time.Second},
		{&o.HandoverTimeout, 10 * time.Minute},
		{&o.Trial, 5 * time.Second},
	})
	o.Backoff.setDefaults()
	o.Quarantine.setDefaults()
	o.Health.setDefaults()
	o.Limits.setDefaults()
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

// durationDefault says what zero means for a duration.
type durationDefault struct {
	value *time.Duration
	zero  time.Duration
}

func setDurations(defaults []durationDefault) {
	for _, d := range defaults {
		if *d.value == 0 {
			*d.value = d.zero
		}
	}
}
