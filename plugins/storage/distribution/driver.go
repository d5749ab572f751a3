// Package distribution stores objects with the drivers of
// github.com/distribution/distribution/v3: filesystem, inmemory, s3, gcs and azure.
// The options of a location are what distribution has below "storage" in its
// configuration file: the name of one driver, and its parameters below it.
package distribution

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/config"
	sdkprometheus "github.com/quay/quay/sdk/prometheus"
	"github.com/quay/quay/sdk/storage"
)

// Version is the plugin's version.
const Version = "1.0.0"

const summary = "Keeps objects with a storage driver of distribution v3.1.2. " +
	"The options are what distribution has below `storage` in its configuration file: the name of one driver, " +
	"with its parameters below it. " +
	"[distribution.md](distribution.md) says what these drivers do not promise."

// Plugin is the whole plugin.
func Plugin() sdk.Plugin {
	return sdk.Plugin{
		Name:         "distribution",
		Version:      Version,
		Summary:      summary,
		Capabilities: []string{storage.CapabilityList, storage.CapabilitySign},
		ConfigSchema: config.Schema[options](),
		// Distribution counts what its drivers do in the default registry.
		Metrics: sdkprometheus.Metrics(prometheus.DefaultGatherer),
		Storage: Driver{drivers: drivers()},
	}
}

// Driver opens locations with the drivers of distribution that it was made with.
type Driver struct {
	drivers map[string]storage.Driver // by their names in the options
}

// Validate implements storage.Driver.
func (Driver) Validate(cfg storage.Config) []storage.Problem {
	return config.Check[options](cfg.Options, cfg.Secrets)
}

// Open implements storage.Driver. The driver gets its parameters as they were given:
// their defaults are distribution's.
func (d Driver) Open(ctx context.Context, cfg storage.Config) (storage.Store, error) {
	o, problems := config.Parse[options](cfg.Options, cfg.Secrets)
	if len(problems) > 0 {
		return nil, config.Error(problems)
	}
	name := o.chosen()[0]
	return d.drivers[name].Open(ctx, below(cfg, name))
}

// below returns the part of a configuration that is below an option.
func below(cfg storage.Config, name string) storage.Config {
	part := storage.Config{Instance: cfg.Instance, Options: json.RawMessage(`{}`), Secrets: map[string]string{}}
	var options map[string]json.RawMessage
	// It was parsed before. A driver of which only secrets are given is not in it.
	if json.Unmarshal(cfg.Options, &options) == nil && options[name] != nil {
		part.Options = options[name]
	}
	for path, secret := range cfg.Secrets {
		if inside, ok := strings.CutPrefix(path, name+"."); ok {
			part.Secrets[inside] = secret
		}
	}
	return part
}
