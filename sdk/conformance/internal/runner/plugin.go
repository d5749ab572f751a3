package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// Instance is the suite's name of the instance that it tests.
const Instance = "conformance"

// Options says what to test. Target and Config must be set.
type Options struct {
	Target Target
	// Config is the configuration of the instance, and Secrets are its secrets.
	Config  json.RawMessage
	Secrets map[string]string
	// Restart ends the plugin as a crash would and starts it again, unconfigured or
	// with the instances that it had. Nil when it cannot be done.
	Restart func(ctx context.Context) (Target, error)
	// Timeout bounds each case. Zero means two minutes.
	Timeout time.Duration
	// Short leaves out what takes long.
	Short bool
}

// Plugin is the plugin under test, with Instance configured.
type Plugin struct {
	Options
	Lifecycle    basev1.LifecycleClient
	Capabilities []string
}

// Open configures the instance.
func Open(ctx context.Context, opts Options) (*Plugin, error) {
	if opts.Timeout == 0 {
		opts.Timeout = 2 * time.Minute
	}
	p := &Plugin{Options: opts}
	return p, p.Connect(ctx, opts.Target)
}

// Connect configures a target and makes it the one that is tested.
func (p *Plugin) Connect(ctx context.Context, target Target) error {
	p.Target = target
	p.Lifecycle = basev1.NewLifecycleClient(target.Conn)
	resp, err := p.Lifecycle.Configure(ctx, p.Configuration(Instance))
	if err != nil {
		return fmt.Errorf("the instance cannot be configured: %w", err)
	}
	p.Capabilities = resp.GetCapabilities()
	return nil
}

// Configuration is the request that configures an instance of a name.
func (p *Plugin) Configuration(name string) *basev1.ConfigureRequest {
	return &basev1.ConfigureRequest{Instance: name, Config: p.Config, Secrets: p.Secrets}
}

// Has reports whether the instance has a capability.
func (p *Plugin) Has(capability string) bool { return slices.Contains(p.Capabilities, capability) }
