package local

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"sync"
	"syscall"
	"time"

	"github.com/quay/quay/sdk/errs"
)

const (
	dirMode  = 0o755
	fileMode = 0o644

	// maxKnown bounds the set of known directories. Blobs have 256 of them.
	maxKnown = 4096
)

// dirs makes directories that survive the loss of power.
type dirs struct {
	root    *os.Root
	metrics *metrics // may be nil

	mu sync.Mutex
	// known holds directories whose entry in each parent is on the disk. They may
	// be gone meanwhile: then a rename into one fails, and forget helps.
	known map[string]struct{}
}

func newDirs(root *os.Root, m *metrics) *dirs {
	return &dirs{root: root, metrics: m, known: map[string]struct{}{}}
}

// ensure makes a directory and its parents, and writes their entries to the disk.
// It does that once for directories that it finds, too: a process that made them
// may have died before it got so far.
func (d *dirs) ensure(dir string) error {
	if dir == "." || d.knows(dir) {
		return nil
	}
	parent := path.Dir(dir)
	if err := d.ensure(parent); err != nil {
		return err
	}
	if err := d.root.Mkdir(dir, dirMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := d.sync(parent); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.known) >= maxKnown {
		clear(d.known)
	}
	d.known[dir] = struct{}{}
	return nil
}

func (d *dirs) knows(dir string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	_, ok := d.known[dir]
	return ok
}

// forget drops what is known of a directory and its parents.
func (d *dirs) forget(dir string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for ; dir != "."; dir = path.Dir(dir) {
		delete(d.known, dir)
	}
}

// sync writes the entries of a directory to the disk.
func (d *dirs) sync(dir string) error {
	defer d.metrics.synced(syncedDirectory, time.Now())
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// place renames a file, whose content is on the disk, to its place and writes the
// new entry to the disk. It makes the directories that are missing.
func (d *dirs) place(from, to string) error {
	dir := path.Dir(to)
	err := d.rename(from, to)
	if errors.Is(err, fs.ErrNotExist) {
		// Either from is missing, or somebody removed the directory.
		d.forget(dir)
		err = d.rename(from, to)
	}
	switch {
	case err == nil:
		return d.sync(dir)
	case errors.Is(err, syscall.ENOTDIR):
		return errs.Wrap(errs.Conflict, err, "an object is in the way of %q", to)
	case errors.Is(err, syscall.EISDIR), errors.Is(err, fs.ErrExist):
		return errs.Wrap(errs.Conflict, err, "there is a directory at %q", to)
	}
	return err
}

// rename renames a file into a directory that it makes when need be.
func (d *dirs) rename(from, to string) error {
	if err := d.ensure(path.Dir(to)); err != nil {
		return err
	}
	return d.root.Rename(from, to)
}
