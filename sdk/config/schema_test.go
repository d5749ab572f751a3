package config_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/config/jsonschema"
)

// TestSchema proves what of a declaration is in its schema, for an option of every
// kind, and that the schema is read as it is written.
func TestSchema(t *testing.T) {
	const want = `{
	"$schema": "https://json-schema.org/draft/2020-12/schema",
	"type": "object",
	"properties": {
		"bucket": {"description": "Name.", "type": "string", "pattern": "^[a-z]+$", "minLength": 3, "maxLength": 6},
		"cas": {"description": "Certificates.", "type": "array", "items": {"type": "string", "pattern": "^/", "x-quay-type": "path", "x-quay-access": "read"}},
		"chunk": {"description": "Size of a piece.", "type": ["string", "integer"], "default": "8MiB", "pattern": "^[0-9]{1,19}(\\.[0-9]{1,9})?([kKMGTP]i?)?B?$", "x-quay-type": "size", "x-quay-min": "5MiB", "x-quay-max": "5GiB"},
		"contact": {"description": "Who.", "type": "string", "format": "email"},
		"count": {"description": "How many.", "type": "integer", "default": 2, "minimum": -1, "maximum": 9},
		"endpoints": {"description": "Servers.", "type": "array", "maxItems": 2, "items": {"type": "object", "properties": {
			"token": {"description": "What it asks for.", "type": "string", "writeOnly": true, "x-quay-secret": true},
			"url": {"description": "Where it answers.", "type": "string", "format": "uri", "minLength": 1},
			"weight": {"description": "Its part of the work.", "type": "integer", "default": 1, "minimum": 0, "maximum": 10}
		}, "required": ["url"], "additionalProperties": false}},
		"from": {"description": "When it begins.", "type": "string", "pattern": "^(0|([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h))+)$", "x-quay-type": "duration"},
		"headers": {"description": "What is sent.", "type": "object", "maxProperties": 2, "additionalProperties": {"type": "string", "pattern": "^[^ ]+$"}},
		"key": {"description": "Key.", "type": "string", "writeOnly": true, "x-quay-secret": true},
		"mode": {"description": "How.", "type": "string", "default": "fast", "enum": ["fast", "safe"]},
		"proxy": {"description": "Where it passes.", "type": "object", "properties": {
			"deep": {"description": "An object in an object.", "type": "object", "properties": {
				"level": {"description": "How deep.", "type": "integer", "default": 3}
			}, "additionalProperties": false},
			"host": {"description": "Its name.", "type": "string", "format": "hostname", "minLength": 1},
			"password": {"description": "Its password.", "type": "string", "writeOnly": true, "x-quay-secret": true}
		}, "required": ["host"], "additionalProperties": false},
		"root": {"description": "Directory.", "type": "string", "examples": ["/srv/objects"], "pattern": "^/", "x-quay-type": "path", "x-quay-access": "write"},
		"small": {"description": "A small number.", "type": "integer", "minimum": -128, "maximum": 127},
		"timeout": {"description": "Longest wait.", "type": "string", "default": "30s", "pattern": "^(0|([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h))+)$", "x-quay-type": "duration", "x-quay-min": "1s", "x-quay-max": "5m"},
		"verify": {"description": "Whether.", "type": "boolean", "default": true}
	},
	"required": ["root", "key"],
	"additionalProperties": false
}`
	got := config.Schema[everything]()
	var a, b any
	if err := json.Unmarshal(got, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, got, "", "\t"); err != nil {
			t.Fatal(err)
		}
		t.Errorf("the schema is\n%s", &pretty)
	}
	var read jsonschema.Schema
	if err := json.Unmarshal(got, &read); err != nil {
		t.Fatal(err)
	}
	if again, err := json.Marshal(&read); err != nil || !bytes.Equal(again, got) {
		t.Errorf("it is read as %s, %v", again, err)
	}
}
