// Package local stores objects as files below a directory. It is the driver of
// the storage that the product calls LocalStorage, and has its layout: an object
// is the file <storage_path>/<path>, an upload <storage_path>/uploads/<id>.
//
// What it promises: an object is whole or absent; when a call that stores one
// returns nil it survives the loss of power; no path and no symbolic link leads
// out of storage_path; nothing but regular files is an object.
package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	sdkprometheus "github.com/quay/quay/sdk/prometheus"
	"github.com/quay/quay/sdk/storage"
)

const schema = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "storage_path": {
      "type": "string",
      "description": "Absolute path of the directory that holds the objects. It is made when it does not exist.",
      "pattern": "^/"
    }
  },
  "required": ["storage_path"],
  "additionalProperties": false
}`

// Version is the plugin's version.
const Version = "1.0.0"

// Plugin is the whole plugin.
func Plugin() sdk.Plugin {
	m := newMetrics()
	return sdk.Plugin{
		Name:         "local",
		Version:      Version,
		Capabilities: storage.Capabilities((*store)(nil)),
		ConfigSchema: json.RawMessage(schema),
		Metrics:      sdkprometheus.Metrics(m.registry),
		Storage:      Driver{metrics: m},
	}
}

// Driver opens directories. The zero value counts nothing.
type Driver struct{ metrics *metrics }

type options struct {
	StoragePath string `json:"storage_path"`
}

// parse returns the options or what is wrong with them.
func parse(cfg storage.Config) (options, []storage.Problem) {
	var o options
	d := json.NewDecoder(bytes.NewReader(cfg.Options))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return o, []storage.Problem{{Field: wrong.Field, Message: "It must be a " + wrong.Type.String() + "."}}
		}
		return o, []storage.Problem{{Message: "The options cannot be read: " + err.Error() + "."}}
	}
	var problems []storage.Problem
	switch {
	case o.StoragePath == "":
		problems = append(problems, storage.Problem{Field: "storage_path", Message: "It must name the directory that holds the objects."})
	case !filepath.IsAbs(o.StoragePath):
		problems = append(problems, storage.Problem{Field: "storage_path", Message: "It must be an absolute path."})
	}
	for name := range cfg.Secrets {
		problems = append(problems, storage.Problem{Field: name, Message: "A local directory has no such secret."})
	}
	return o, problems
}

// Validate implements storage.Driver.
func (Driver) Validate(cfg storage.Config) []storage.Problem {
	_, problems := parse(cfg)
	return problems
}

// Open implements storage.Driver. It makes the directory when it is missing.
func (d Driver) Open(ctx context.Context, cfg storage.Config) (storage.Store, error) {
	o, problems := parse(cfg)
	if len(problems) > 0 {
		return nil, errs.New(errs.Invalid, "%s: %s", problems[0].Field, problems[0].Message)
	}
	if err := os.MkdirAll(o.StoragePath, dirMode); err != nil {
		return nil, failure(err, "make storage_path")
	}
	root, err := os.OpenRoot(o.StoragePath)
	if err != nil {
		return nil, failure(err, "open storage_path")
	}
	s := &store{root: root, dirs: newDirs(root, d.metrics), metrics: d.metrics}
	if err := s.dirs.ensure(uploadsDir); err != nil {
		root.Close()
		return nil, failure(err, "make the directory of uploads")
	}
	s.removeLeftovers(ctx)
	d.metrics.opened(cfg.Instance, o.StoragePath)
	return s, nil
}

// The store has every capability except signed URLs.
var (
	_ storage.LocalReader   = (*store)(nil)
	_ storage.LocalUploader = (*store)(nil)
	_ storage.Lister        = (*store)(nil)
	_ storage.Copier        = (*store)(nil)
	_ storage.Prober        = (*store)(nil)
	_ io.Closer             = (*store)(nil)
)
