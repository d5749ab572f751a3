package plugin

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// Catalog finds plugin binaries in a list of directories, of which earlier ones
// win. Its methods may be called from many goroutines.
type Catalog struct {
	dirs []string

	mu    sync.Mutex
	cache map[string]described // by path
}

// described is a cached description of a file that has not changed since.
type described struct {
	size        int64
	modified    time.Time
	description protocol.Description
}

// NewCatalog returns the catalog of the directories; those that do not exist are
// empty. It reads nothing.
func NewCatalog(dirs ...string) *Catalog {
	return &Catalog{dirs: dirs, cache: map[string]described{}}
}

// Entry is a binary of the catalog.
type Entry struct {
	Kind, Name, Path string
	// Description is what the binary says of itself; nil when Err is set, or when it
	// was not asked.
	Description *protocol.Description
	// Err is why the binary cannot be described.
	Err error
}

// Find returns the path of a plugin's binary without running it, or fails with
// errs.NotFound and says where it looked.
func (c *Catalog) Find(kind, name string) (string, error) {
	file := protocol.BinaryName(kind, name)
	// A name comes from a configuration: it must not lead out of the directories.
	if filepath.Base(file) != file || !protocol.KnownKind(kind) || name == "" {
		return "", errs.New(errs.Invalid, "there can be no %s plugin called %q", kind, name)
	}
	for _, dir := range c.dirs {
		path := filepath.Join(dir, file)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", errs.Wrap(errs.Denied, err, "the plugin directory %s cannot be read", dir)
		}
	}
	return "", errs.New(errs.NotFound, "the %s plugin %q is not installed: there is no %s in %s", kind, name, file, strings.Join(c.dirs, ", "))
}

// Installed lists all binaries, in the order of kind and name, and runs none.
func (c *Catalog) Installed() ([]Entry, error) {
	var entries []Entry
	seen := map[string]bool{}
	for _, dir := range c.dirs {
		files, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, errs.Wrap(errs.Denied, err, "the plugin directory %s cannot be read", dir)
		}
		for _, f := range files {
			kind, name, ok := parseBinary(f.Name())
			if !ok || f.IsDir() || seen[f.Name()] {
				continue
			}
			seen[f.Name()] = true
			entries = append(entries, Entry{Kind: kind, Name: name, Path: filepath.Join(dir, f.Name())})
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return strings.Compare(a.Kind+"\x00"+a.Name, b.Kind+"\x00"+b.Name)
	})
	return entries, nil
}

// List describes all binaries, in the order of kind and name. Binaries that fail
// are listed with their error.
func (c *Catalog) List(ctx context.Context) ([]Entry, error) {
	entries, err := c.Installed()
	if err != nil {
		return nil, err
	}
	for i := range entries {
		e := &entries[i]
		d, err := c.Describe(ctx, e.Path)
		switch {
		case err != nil:
			e.Err = err
		case d.Kind != e.Kind || d.Name != e.Name:
			e.Err = errs.New(errs.Invalid, "%s says that it is the %s plugin %q: rename it to %s", e.Path, d.Kind, d.Name, protocol.BinaryName(d.Kind, d.Name))
		default:
			e.Description = &d
		}
	}
	return entries, ctx.Err()
}

// parseBinary takes the name of a binary apart.
func parseBinary(file string) (kind, name string, ok bool) {
	rest, ok := strings.CutPrefix(file, "quay-")
	if !ok {
		return "", "", false
	}
	kind, name, ok = strings.Cut(rest, "-")
	return kind, name, ok && name != "" && protocol.KnownKind(kind)
}

// Describe opens a binary and runs its sealed copy to get its description, unless
// that of the same file is known.
func (c *Catalog) Describe(ctx context.Context, path string) (protocol.Description, error) {
	info, err := os.Stat(path)
	if err != nil {
		return protocol.Description{}, errs.Wrap(errs.NotFound, err, "there is no plugin binary at %s", path)
	}
	c.mu.Lock()
	known, ok := c.cache[path]
	c.mu.Unlock()
	if ok && known.size == info.Size() && known.modified.Equal(info.ModTime()) {
		return known.description, nil
	}
	b, err := binary.Open(path)
	if err != nil {
		return protocol.Description{}, err
	}
	defer b.Close()
	d, err := launch.Describe(ctx, b)
	if err != nil {
		return protocol.Description{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cache[path] = described{size: info.Size(), modified: info.ModTime(), description: d}
	return d, nil
}
