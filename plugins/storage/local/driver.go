// Package local stores objects as files below a directory. It is the driver of
// the storage that the product calls LocalStorage, and has its layout: an object
// is the file <storage_path>/<path>, an upload <storage_path>/uploads/<id>.
//
// What it promises: an object is whole or absent; when a call that stores one
// returns nil it survives the loss of power; no path and no symbolic link leads
// out of storage_path; nothing but regular files is an object.
package local

import (
	"context"
	"io"
	"os"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/config"
	sdkprometheus "github.com/quay/quay/sdk/prometheus"
	"github.com/quay/quay/sdk/storage"
)

// Version is the plugin's version.
const Version = "1.0.0"

const summary = "Keeps objects as files below a directory of the machine. " +
	"An object is `STORAGE_PATH/PATH`, an upload `STORAGE_PATH/uploads/ID`, as the Python product has them. " +
	"Files and directories are synced before a commit is acknowledged. No symbolic link leads out of the directory."

// Plugin is the whole plugin.
func Plugin() sdk.Plugin {
	m := newMetrics()
	return sdk.Plugin{
		Name:         "local",
		Version:      Version,
		Summary:      summary,
		Offline:      true,
		Capabilities: storage.Capabilities((*store)(nil)),
		ConfigSchema: config.Schema[options](),
		Metrics:      sdkprometheus.Metrics(m.registry),
		Storage:      Driver{metrics: m},
	}
}

// Driver opens directories. The zero value counts nothing.
type Driver struct{ metrics *metrics }

// options configure a location.
type options struct {
	StoragePath config.Path `json:"storage_path" required:"true" access:"write" example:"/var/lib/quay/storage" help:"Absolute path of the directory that holds the objects. It is made when it does not exist."`
}

// Validate implements storage.Driver.
func (Driver) Validate(cfg storage.Config) []storage.Problem {
	return config.Check[options](cfg.Options, cfg.Secrets)
}

// Open implements storage.Driver. It makes the directory when it is missing.
func (d Driver) Open(ctx context.Context, cfg storage.Config) (storage.Store, error) {
	o, problems := config.Parse[options](cfg.Options, cfg.Secrets)
	if len(problems) > 0 {
		return nil, config.Error(problems)
	}
	if err := os.MkdirAll(string(o.StoragePath), dirMode); err != nil {
		return nil, failure(err, "make storage_path")
	}
	root, err := os.OpenRoot(string(o.StoragePath))
	if err != nil {
		return nil, failure(err, "open storage_path")
	}
	s := &store{root: root, dirs: newDirs(root, d.metrics), metrics: d.metrics}
	if err := s.dirs.ensure(uploadsDir); err != nil {
		root.Close()
		return nil, failure(err, "make the directory of uploads")
	}
	s.removeLeftovers(ctx)
	d.metrics.opened(cfg.Instance, string(o.StoragePath))
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
