package serve

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/dbcheck"
	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

// Check verifies the registry of a configuration, beside the server that may be
// serving it: it starts the storage plugins itself, neither takes a mirror's lock nor
// writes to the database, and ends them again. Of opts it needs what says where the
// configuration, the data and the plugins are; what the configuration says goes into
// check.
func Check(ctx context.Context, opts Options, check dbcheck.Options) (_ *dbcheck.Report, err error) {
	h := &host{opts: opts, metrics: obs.NewMetrics()}
	defer func() { err = errors.Join(err, h.close(context.WithoutCancel(ctx))) }()
	if opts.Mirror {
		if h.opts.DataDir, err = filepath.Abs(opts.DataDir); err != nil {
			return nil, errs.Wrap(errs.Invalid, err, "the data directory")
		}
	}
	if h.cfg, err = h.configure(); err != nil {
		return nil, err
	}
	if _, err := h.policy(); err != nil {
		return nil, err
	}
	if check.Secrets, err = h.secrets(); err != nil {
		return nil, err
	}
	if err := h.openToRead(ctx); err != nil {
		return nil, err
	}
	check.Locations = make(map[string]dbcheck.Location)
	for _, l := range h.locations.list {
		check.Locations[l.Name()] = readable{l}
	}
	check.Sparse = opts.Mirror || h.cfg.SparseIndex
	check.LogsDisabledFor = h.cfg.ActionLog.DisabledFor
	return dbcheck.Run(ctx, h.store, check)
}

// secrets are the values of the configuration that must be in no log.
func (h *host) secrets() ([]dbcheck.Secret, error) {
	var list []dbcheck.Secret
	var files []string
	if h.opts.ConfigDir != "" {
		files = append(files, filepath.Join(h.opts.ConfigDir, config.FileName))
	}
	if h.opts.ConfigFile != "" {
		files = append(files, h.opts.ConfigFile)
	}
	for _, file := range files {
		found, err := config.Secrets(file)
		if err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(found)) {
			list = append(list, dbcheck.Secret{Name: name, Value: found[name]})
		}
	}
	return list, nil
}

// openToRead starts the storage plugins and opens the database, which must be there.
func (h *host) openToRead(ctx context.Context) (err error) {
	db, err := h.cfg.Database()
	if err != nil {
		return err
	}
	if db.Path != "" {
		if _, err := os.Stat(db.Path); err != nil {
			return errs.Wrap(errs.NotFound, err, "the database")
		}
	}
	if h.observe, err = observe(ctx, h.cfg, h.metrics, h.opts.Logger); err != nil {
		return err
	}
	h.onClose(func(ctx context.Context) error {
		h.observe.tracing.Close(ctx)
		return nil
	})
	if h.plugins, err = newPlugins(h); err != nil {
		return err
	}
	h.onClose(h.plugins.close)
	var group errgroup.Group
	group.Go(func() (err error) {
		h.locations, err = startStorage(ctx, h.plugins, h.cfg)
		return err
	})
	group.Go(func() (err error) {
		h.store, err = store.Open(ctx, store.Options{Path: db.Path, URL: db.URL, Connections: db.Connections})
		return err
	})
	err = group.Wait()
	if h.store != nil {
		h.onClose(func(context.Context) error { return h.store.Close() })
	}
	if err != nil {
		return err
	}
	h.onClose(func(context.Context) error {
		h.locations.close()
		return nil
	})
	return nil
}

// readable is a location as package dbcheck wants it.
type readable struct{ *storage.Location }

func (r readable) Open(ctx context.Context, path string) (io.ReadCloser, error) {
	o, err := r.Location.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	content, err := o.Range(ctx, 0, o.Size())
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{content, o}, nil
}
