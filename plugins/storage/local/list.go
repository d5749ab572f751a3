package local

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/quay/quay/sdk/log"
	"github.com/quay/quay/sdk/storage"
)

// List implements storage.Lister. It reads one directory at a time, so its memory
// grows with the largest directory and not with the store.
func (s *store) List(ctx context.Context, prefix string, fn func(storage.Info) error) error {
	dir := "."
	if i := strings.LastIndexByte(prefix, '/'); i >= 0 {
		dir = prefix[:i]
	}
	return s.list(ctx, dir, prefix, fn)
}

// list visits the objects in and below dir whose paths begin with prefix. A
// directory that is missing, or vanishes meanwhile, is empty.
func (s *store) list(ctx context.Context, dir, prefix string, fn func(storage.Info) error) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	f, err := s.root.Open(dir)
	if err != nil {
		return ignoreMissing(err)
	}
	entries, err := f.ReadDir(-1)
	f.Close()
	if err != nil {
		return ignoreMissing(err)
	}
	// The order of paths is not that of names: "a.b" is before "a/b".
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(sortKey(a), sortKey(b)) })
	for _, e := range entries {
		if err := s.listEntry(ctx, path.Join(dir, e.Name()), e, prefix, fn); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) listEntry(ctx context.Context, name string, e fs.DirEntry, prefix string, fn func(storage.Info) error) error {
	switch {
	case reserved(name):
		return nil
	case foreign(name):
		s.foreign.Do(func() {
			log.From(ctx).Warn("files whose names no object can have are left out of listings", "first", strconv.Quote(name))
		})
		return nil
	case e.IsDir():
		if inside := name + "/"; strings.HasPrefix(inside, prefix) || strings.HasPrefix(prefix, inside) {
			return s.list(ctx, name, prefix, fn)
		}
		return nil
	case !e.Type().IsRegular() || !strings.HasPrefix(name, prefix):
		return nil
	}
	info, err := e.Info()
	if err != nil {
		return ignoreMissing(err)
	}
	return fn(storage.Info{Path: name, Size: info.Size(), Modified: info.ModTime()})
}

// foreign reports whether a file's name is none that an object can have.
func foreign(name string) bool { return storage.CheckPath(name) != nil }

func sortKey(e fs.DirEntry) string {
	if e.IsDir() {
		return e.Name() + "/"
	}
	return e.Name()
}

// ignoreMissing returns nil for a directory that is missing, or is an object.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	return failure(err, "list the objects")
}
