package distributiondriver

import (
	"context"
	"slices"
	"strings"

	storagedriver "github.com/distribution/distribution/v3/registry/storage/driver"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// List implements storage.Lister.
func (s *store) List(ctx context.Context, prefix string, fn func(storage.Info) error) error {
	// The directory that the last element of the prefix is in.
	dir := prefix[:strings.LastIndexByte(prefix, '/')+1]
	return s.list(ctx, strings.TrimSuffix(dir, "/"), prefix, fn)
}

// list is List in a directory, which is empty for the root.
func (s *store) list(ctx context.Context, dir, prefix string, fn func(storage.Info) error) error {
	entries, err := s.entries(ctx, dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.key, prefix) && !(e.directory() && strings.HasPrefix(prefix, e.key)) {
			continue
		}
		if e.directory() {
			err = s.list(ctx, e.Path, prefix, fn)
		} else {
			err = fn(e.Info)
		}
		if err != nil {
			return err
		}
	}
	return context.Cause(ctx)
}

// entry is what is in a directory: an object, or another directory.
type entry struct {
	storage.Info
	// key is its path, and ends in "/" for a directory: keys sort as the paths of the
	// objects do.
	key string
}

func (e entry) directory() bool { return strings.HasSuffix(e.key, "/") }

// entries returns what is in a directory, in the order of the keys; nothing when there
// is no such directory. A driver's Walk is used for it, without going into directories:
// it comes with sizes, in one request for many objects where the service allows. Its
// order is the driver's own, and that of escaped paths.
func (s *store) entries(ctx context.Context, dir string) ([]entry, error) {
	root := escape(dir)
	inside := strings.TrimSuffix(root, "/") + "/"
	var entries []entry
	err := s.driver.Walk(ctx, root, func(info storagedriver.FileInfo) error {
		rest, ok := strings.CutPrefix(info.Path(), inside)
		if !ok || strings.Contains(rest, "/") {
			return skip(info)
		}
		path, ok := unescape(info.Path())
		if !ok || storage.CheckPath(path) != nil {
			return skip(info) // It is somebody else's, or temporary.
		}
		e := entry{storage.Info{Path: path, Size: info.Size(), Modified: info.ModTime()}, path}
		if info.IsDir() {
			e.key += "/"
		}
		entries = append(entries, e)
		return skip(info)
	})
	if notDirectory(err) {
		err = nil
	}
	err = s.failure(ctx, err, "list the objects")
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.key, b.key) })
	return slices.CompactFunc(entries, func(a, b entry) bool { return a.key == b.key }), nil
}

// skip tells Walk not to go into a directory.
func skip(info storagedriver.FileInfo) error {
	if info.IsDir() {
		return storagedriver.ErrSkipDir
	}
	return nil
}

// anyBelow tells whether there are objects below a path of the driver, which may be an
// object itself.
func (s *store) anyBelow(ctx context.Context, at string) (bool, error) {
	children, err := s.driver.List(ctx, at)
	if notDirectory(err) {
		return false, nil
	}
	if err := unlessMissing(s.failure(ctx, err, "look below the object")); err != nil {
		return false, err
	}
	return slices.ContainsFunc(children, func(child string) bool { return strings.HasPrefix(child, at+"/") }), nil
}
