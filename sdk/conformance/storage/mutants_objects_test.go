package storage_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// putting is a store with another Put.
type putting struct {
	*store
	put func(ctx context.Context, path string, r io.Reader) error
}

func (p putting) Put(ctx context.Context, path string, r io.Reader) error { return p.put(ctx, path, r) }

func putMutant(put func(ctx context.Context, s *store, path string, r io.Reader) error, cases ...string) mutant {
	return changed(func(s *store) storage.Store {
		return putting{s, func(ctx context.Context, path string, r io.Reader) error { return put(ctx, s, path, r) }}
	}, cases...)
}

// opener is a store with another Open.
type opener struct {
	*store
	open func(ctx context.Context, path string, offset int64) (io.ReadCloser, error)
}

func (o opener) Open(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
	return o.open(ctx, path, offset)
}

// statting is a store with another Stat.
type statting struct {
	*store
	stat func(ctx context.Context, path string) (storage.Info, error)
}

func (s statting) Stat(ctx context.Context, path string) (storage.Info, error) {
	return s.stat(ctx, path)
}

// deleting is a store with another Delete and DeleteAll.
type deleting struct {
	*store
	delete func(ctx context.Context, paths ...string) error
}

func (d deleting) Delete(ctx context.Context, path string) error { return d.delete(ctx, path) }

func (d deleting) DeleteAll(ctx context.Context, paths []string) error {
	return d.delete(ctx, paths...)
}

func deleteMutant(remove func(ctx context.Context, s *store, paths []string) error, cases ...string) mutant {
	return changed(func(s *store) storage.Store {
		return deleting{s, func(ctx context.Context, paths ...string) error { return remove(ctx, s, paths) }}
	}, cases...)
}

// renaming is a store that takes different paths for one.
type renaming struct {
	*store
	name func(path string) string
}

func (r renaming) Put(ctx context.Context, path string, body io.Reader) error {
	return r.store.Put(ctx, r.name(path), body)
}

func (r renaming) Open(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
	return r.store.Open(ctx, r.name(path), offset)
}

func (r renaming) Stat(ctx context.Context, path string) (storage.Info, error) {
	return r.store.Stat(ctx, r.name(path))
}

// inPlace writes to what is visible already.
func inPlace(ctx context.Context, s *store, path string, r io.Reader) error {
	sum := sha256.Sum256([]byte(path))
	file := filepath.Join(s.dir, "in-place-"+hex.EncodeToString(sum[:]))
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	s.mu.Lock()
	s.objects[path] = file
	s.mu.Unlock()
	buf := make([]byte, 10000)
	for ctx.Err() == nil {
		n, err := r.Read(buf)
		if _, writeErr := f.Write(buf[:n]); writeErr != nil {
			return writeErr
		}
		time.Sleep(100 * time.Microsecond)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func objectMutants() map[string]mutant {
	return map[string]mutant{
		"put does not replace": putMutant(func(ctx context.Context, s *store, path string, r io.Reader) error {
			if _, err := s.Stat(ctx, path); err == nil {
				_, err := io.Copy(io.Discard, r)
				return err
			}
			return s.Put(ctx, path, r)
		}, "replace-an-object", "write-after-one-that-was-given-up"),
		"put keeps a megabyte": putMutant(func(ctx context.Context, s *store, path string, r io.Reader) error {
			if err := s.Put(ctx, path, io.LimitReader(r, 1<<20)); err != nil {
				return err
			}
			_, err := io.Copy(io.Discard, r)
			return err
		}, "objects-of-many-sizes"),
		"put reads once": putMutant(func(ctx context.Context, s *store, path string, r io.Reader) error {
			buf := make([]byte, 1<<20)
			n, err := r.Read(buf)
			if err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			return s.Put(ctx, path, strings.NewReader(string(buf[:n])))
		}, "small-messages"),
		"put drops what is empty": putMutant(func(ctx context.Context, s *store, path string, r io.Reader) error {
			if err := s.Put(ctx, path, r); err != nil {
				return err
			}
			if info, err := s.Stat(ctx, path); err == nil && info.Size == 0 {
				return s.Delete(ctx, path)
			}
			return nil
		}, "empty-object"),
		"put shows what came before the caller gave up": putMutant(func(_ context.Context, s *store, path string, r io.Reader) error {
			return s.Put(context.Background(), path, whole{r})
		}, "write-is-all-or-nothing", "write-in-a-crash"),
		"put that fails leaves a lock": changed(func(s *store) storage.Store {
			var locked atomic.Bool
			return putting{s, func(ctx context.Context, path string, r io.Reader) error {
				if !locked.CompareAndSwap(false, true) {
					return errs.New(errs.Conflict, "the store is locked")
				}
				err := s.Put(ctx, path, r)
				if err == nil {
					locked.Store(false)
				}
				return err
			}}
		}, "write-after-one-that-was-given-up", "equal-writes-at-once", "many-objects-at-once"),
		"sizes are one too large": changed(func(s *store) storage.Store {
			return statting{s, func(ctx context.Context, path string) (storage.Info, error) {
				info, err := s.Stat(ctx, path)
				info.Size++
				return info, err
			}}
		}, "objects-of-many-sizes"),
		"sizes have 32 bits": changed(func(s *store) storage.Store {
			return statting{s, func(ctx context.Context, path string) (storage.Info, error) {
				info, err := s.Stat(ctx, path)
				info.Size = int64(uint32(info.Size))
				return info, err
			}}
		}, "object-of-5-gib"),
		"offsets are ignored": changed(func(s *store) storage.Store {
			return opener{s, func(ctx context.Context, path string, _ int64) (io.ReadCloser, error) { return s.Open(ctx, path, 0) }}
		}, "read-from-an-offset", "object-of-5-gib"),
		"beyond the end is nothing": changed(func(s *store) storage.Store {
			return opener{s, func(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
				r, err := s.Open(ctx, path, offset)
				if errs.Is(err, errs.OutOfRange) {
					return io.NopCloser(strings.NewReader("")), nil
				}
				return r, err
			}}
		}, "read-from-an-offset", "empty-object"),
		"a directory is an object": changed(func(s *store) storage.Store {
			return statting{s, func(ctx context.Context, path string) (storage.Info, error) {
				if len(s.paths(path+"/")) > 0 {
					return storage.Info{Path: path}, nil
				}
				return s.Stat(ctx, path)
			}}
		}, "missing-object"),
		"readers are never closed": changed(func(s *store) storage.Store {
			var open atomic.Int64
			return opener{s, func(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
				if open.Add(1) > 20 {
					return nil, errs.New(errs.Unavailable, "too many objects are open")
				}
				return s.Open(ctx, path, offset)
			}}
		}, "cancelled-read-ends"),
		"what is missing cannot be deleted": deleteMutant(func(ctx context.Context, s *store, paths []string) error {
			for _, path := range paths {
				if _, err := s.Stat(ctx, path); err != nil {
					return err
				}
				if err := s.Delete(ctx, path); err != nil {
					return err
				}
			}
			return nil
		}, "delete-is-idempotent", "delete-many", "delete-a-thousand-objects"),
		"what is below is deleted, too": deleteMutant(func(ctx context.Context, s *store, paths []string) error {
			for _, path := range paths {
				for _, below := range append(s.paths(path+"/"), path) {
					if err := s.Delete(ctx, below); err != nil {
						return err
					}
				}
			}
			return nil
		}, "delete-takes-nothing-else"),
		"deleted later": deleteMutant(func(_ context.Context, s *store, paths []string) error {
			go func() {
				time.Sleep(100 * time.Millisecond)
				_ = s.DeleteAll(context.Background(), paths) // It does not fail.
			}()
			return nil
		}, "delete-is-idempotent", "calls-that-run-out-of-time", "list-shows-changes"),
		"case does not matter": changed(func(s *store) storage.Store { return renaming{s, strings.ToLower} }, "good-paths"),
		"long paths are cut": changed(func(s *store) storage.Store {
			return renaming{s, func(path string) string { return path[:min(len(path), 500)] }}
		}, "long-paths"),
		"a copy takes the object away": copyMutant(func(ctx context.Context, s *store, from, to string) error {
			if err := s.Copy(ctx, from, to); err != nil {
				return err
			}
			return s.Delete(ctx, from)
		}, "copy"),
		"a copy of nothing is empty": copyMutant(func(ctx context.Context, s *store, from, to string) error {
			if err := s.Copy(ctx, from, to); errs.Is(err, errs.NotFound) {
				return s.Put(ctx, to, strings.NewReader(""))
			} else if err != nil {
				return err
			}
			return nil
		}, "copy-of-a-missing-object"),
		"a copy does not replace": copyMutant(func(ctx context.Context, s *store, from, to string) error {
			if _, err := s.Stat(ctx, to); err == nil {
				return nil
			}
			return s.Copy(ctx, from, to)
		}, "copy-replaces"),
		"copies are made in place": copyMutant(func(ctx context.Context, s *store, from, to string) error {
			r, err := s.Open(ctx, from, 0)
			if err != nil {
				return err
			}
			defer r.Close()
			return inPlace(ctx, s, to, r)
		}, "copies-at-once"),
	}
}

// whole is a reader whose failure looks like the end.
type whole struct{ io.Reader }

func (w whole) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

type copying struct {
	*store
	copy func(ctx context.Context, from, to string) error
}

func (c copying) Copy(ctx context.Context, from, to string) error { return c.copy(ctx, from, to) }

func copyMutant(f func(ctx context.Context, s *store, from, to string) error, cases ...string) mutant {
	return changed(func(s *store) storage.Store {
		return copying{s, func(ctx context.Context, from, to string) error { return f(ctx, s, from, to) }}
	}, cases...)
}

func togetherMutants() map[string]mutant {
	return map[string]mutant{
		"objects are written in place": putMutant(inPlace, "different-writes-at-once", "write-is-all-or-nothing", "write-in-a-crash", "descriptor-outlives-the-object"),
		"a read of what is deleted ends": changed(func(s *store) storage.Store {
			return opener{s, func(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
				r, err := s.Open(ctx, path, offset)
				return &looking{ReadCloser: r, there: func() bool { _, err := s.Stat(ctx, path); return err == nil }}, err
			}}
		}, "reads-while-deleted"),
	}
}

// looking is a reader that ends when the object is gone.
type looking struct {
	io.ReadCloser
	there func() bool
}

func (l *looking) Read(p []byte) (int, error) {
	time.Sleep(time.Millisecond)
	if !l.there() {
		return 0, io.EOF
	}
	return l.ReadCloser.Read(p[:min(len(p), 100000)])
}
