package manifests

import (
	"bytes"
	"encoding/json"
)

// checkDockerConfig refuses a configuration of a Docker image that the product's schema
// does not allow (image/docker/schema2/config.py): it needs a history and a root file
// system, from which older manifests are made.
func checkDockerConfig(b []byte) error {
	var config map[string]json.RawMessage
	if err := json.Unmarshal(b, &config); err != nil || config == nil {
		return invalid("malformed config data: it is not a JSON object")
	}
	for _, name := range []string{"history", "rootfs"} {
		if _, ok := config[name]; !ok {
			return noConfig("'" + name + "' is a required property")
		}
	}
	var history []map[string]json.RawMessage
	if json.Unmarshal(config["history"], &history) != nil || history == nil {
		return noConfig("history is not a list of objects")
	}
	for _, entry := range history {
		if entry == nil || !is('b', entry["empty_layer"]) {
			return noConfig("an entry of history is malformed")
		}
		for _, name := range []string{"created", "created_by", "comment", "author"} {
			if !is('"', entry[name]) {
				return noConfig(name + " is not of type 'string'")
			}
		}
	}
	var rootfs map[string]json.RawMessage
	if json.Unmarshal(config["rootfs"], &rootfs) != nil || rootfs["type"] == nil || !is('"', rootfs["type"]) {
		return noConfig("rootfs is not an object with a type")
	}
	return nil
}

// is reports whether a JSON value is missing or of a type: a string, or a boolean for b.
func is(kind byte, value json.RawMessage) bool {
	value = bytes.TrimSpace(value)
	switch {
	case len(value) == 0:
		return true
	case kind == 'b':
		return value[0] == 't' || value[0] == 'f'
	}
	return value[0] == kind
}

func noConfig(why string) error { return invalid("config data does not match schema: %s", why) }
