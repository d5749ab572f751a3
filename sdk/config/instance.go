package config

import "encoding/json"

// Config is the configuration of one instance of a plugin, as the host passes it to
// the driver. Each kind has it under its own name, storage.Config for example.
type Config struct {
	// Instance is the host's name for the instance: a storage location, for example.
	// It is empty where a configuration is only validated.
	Instance string
	// Options is a JSON object, without the secrets. Parse reads it.
	Options json.RawMessage
	// Secrets are the secret options by their paths, for instance "key". They must not
	// be logged.
	Secrets map[string]string
}
