package config

import (
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/quay/quay/sdk/errs"
)

// Plugin is an entry of PLUGINS: how one plugin is run. The zero value is the
// default of each.
type Plugin struct {
	// Network is whether the plugin may open connections. Missing means as the
	// lock says, or as the plugin says that it needs.
	Network *bool `yaml:"network"`
	// Read and Write are paths that it may use beside those of its instances.
	Read  []string `yaml:"read"`
	Write []string `yaml:"write"`
	// User is the user that it runs as, where the server is root.
	User string `yaml:"user"`
	// Memory, Processes and CPUs bound what it takes of the machine, where the
	// kernel lets the server do so.
	Memory    Size    `yaml:"memory"`
	Processes int     `yaml:"processes"`
	CPUs      float64 `yaml:"cpus"`
	// OpenFiles bounds its descriptors.
	OpenFiles int `yaml:"open_files"`
	// Unconfined leaves out what keeps the plugin from other files.
	Unconfined bool `yaml:"unconfined"`

	// Calls, Transfers and Queue bound what it is asked at once.
	Calls     int `yaml:"calls"`
	Transfers int `yaml:"transfers"`
	Queue     int `yaml:"queue"`
	// CallTimeout bounds a call, StartTimeout the time to the first sign of life. Of
	// a storage plugin, a message of a transfer may take three times as long as a
	// call, a commit or a deletion six times.
	CallTimeout  Duration `yaml:"call_timeout"`
	StartTimeout Duration `yaml:"start_timeout"`
	// TransferTimeout bounds how long a storage driver may take no byte of what is
	// written.
	TransferTimeout Duration `yaml:"transfer_timeout"`
}

// UnmarshalYAML implements yaml.Unmarshaler: a misspelt name, here, would leave a
// plugin less confined than its administrator believes.
func (p *Plugin) UnmarshalYAML(n *yaml.Node) error {
	type plain Plugin
	known := map[string]bool{}
	for _, name := range []string{
		"network", "read", "write", "user", "memory", "processes", "cpus", "open_files", "unconfined",
		"calls", "transfers", "queue", "call_timeout", "start_timeout", "transfer_timeout",
	} {
		known[name] = true
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; !known[key.Value] {
			return errs.New(errs.Invalid, "line %d: a plugin has no setting %q", key.Line, key.Value)
		}
	}
	return n.Decode((*plain)(p))
}

// maxPluginLimit is more than any machine has of what is limited, and a number of
// which nothing overflows.
const maxPluginLimit = 1 << 20

// validate fails when a limit cannot be meant. Sizes and times were checked when they
// were read.
func (p Plugin) validate() error {
	for _, limit := range []struct {
		name  string
		value int
	}{
		{"calls", p.Calls},
		{"transfers", p.Transfers},
		{"queue", p.Queue},
		{"processes", p.Processes},
		{"open_files", p.OpenFiles},
	} {
		if limit.value < 0 || limit.value > maxPluginLimit {
			return errs.New(errs.Invalid, "%s: %d is no limit: give a number from 1 to %d, or leave it out for the default", limit.name, limit.value, maxPluginLimit)
		}
	}
	if !(p.CPUs >= 0 && p.CPUs <= maxPluginLimit) { // What is not a number is not within them either.
		return errs.New(errs.Invalid, "cpus: %v is no number of processors: give one such as 1.5, or leave it out for no limit", p.CPUs)
	}
	return nil
}

// Duration is a time; in the file, a text such as "30s".
type Duration time.Duration

// UnmarshalYAML implements yaml.Unmarshaler.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	v, err := time.ParseDuration(n.Value)
	if err != nil || v < 0 {
		return errs.New(errs.Invalid, "line %d: %q is not a time such as 30s or 2m", n.Line, n.Value)
	}
	*d = Duration(v)
	return nil
}
