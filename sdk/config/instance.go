package config

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
)

// Config is the configuration of one instance of a plugin, as the host passes it to
// the driver. Each kind has it under its own name, storage.Config for example. It can be
// printed, logged and encoded: of its secrets only the names are shown. In an unexported
// field of another struct package fmt prints them.
type Config struct {
	// Instance is the host's name for the instance: a storage location, for example.
	// It is empty where a configuration is only validated.
	Instance string
	// Options is a JSON object, without the secrets. Parse reads it.
	Options json.RawMessage
	// Secrets are the secret options by their paths, for instance "key". By itself the
	// map must not be logged.
	Secrets map[string]string `json:"-"`
}

// String implements fmt.Stringer.
func (c Config) String() string {
	return fmt.Sprintf("instance %q with the options %s and the secrets %q", c.Instance, c.Options, c.secretNames())
}

// Format implements fmt.Formatter, so that it is the same for every verb.
func (c Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue implements slog.LogValuer.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("instance", c.Instance),
		slog.String("options", string(c.Options)),
		slog.Any("secrets", c.secretNames()),
	)
}

// secretNames are the paths of the secrets, in order.
func (c Config) secretNames() []string { return slices.Sorted(maps.Keys(c.Secrets)) }
