package storage_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// listUploads calls fn for each upload.
func (d *disk) listUploads(fn func(storage.Info) error) error {
	files, err := filepath.Glob(d.uploadFile("*"))
	for _, file := range files {
		info, statErr := os.Stat(file)
		if statErr != nil {
			continue
		}
		id := strings.TrimPrefix(filepath.Base(file), "upload-")
		err = first(err, fn(storage.Info{Path: "uploads/" + id, Size: info.Size()}))
	}
	return err
}

// filing is a store with another OpenFile.
type filing struct {
	*store
	open func(ctx context.Context, path string) (*os.File, error)
}

func (f filing) OpenFile(ctx context.Context, path string) (*os.File, error) {
	return f.open(ctx, path)
}

func fileMutant(open func(ctx context.Context, s *store, path string) (*os.File, error), cases ...string) mutant {
	return changed(func(s *store) storage.Store {
		return filing{s, func(ctx context.Context, path string) (*os.File, error) { return open(ctx, s, path) }}
	}, cases...)
}

// uploading is a store with other uploads: each function that is nil is the
// reference's.
type uploading struct {
	*store
	begin  func(ctx context.Context, id string) (storage.State, error)
	append func(ctx context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error)
	commit func(ctx context.Context, u storage.Upload, path string) error
	cancel func(ctx context.Context, u storage.Upload) error
	open   func(ctx context.Context, u storage.Upload) (*os.File, error)
}

func (u uploading) Begin(ctx context.Context, id string) (storage.State, error) {
	if u.begin == nil {
		return u.store.Begin(ctx, id)
	}
	return u.begin(ctx, id)
}

func (u uploading) Append(ctx context.Context, up storage.Upload, r io.Reader) (int64, storage.State, error) {
	if u.append == nil {
		return u.store.Append(ctx, up, r)
	}
	return u.append(ctx, up, r)
}

func (u uploading) Commit(ctx context.Context, up storage.Upload, path string) error {
	if u.commit == nil {
		return u.store.Commit(ctx, up, path)
	}
	return u.commit(ctx, up, path)
}

func (u uploading) Cancel(ctx context.Context, up storage.Upload) error {
	if u.cancel == nil {
		return u.store.Cancel(ctx, up)
	}
	return u.cancel(ctx, up)
}

func (u uploading) OpenUpload(ctx context.Context, up storage.Upload) (*os.File, error) {
	if u.open == nil {
		return u.store.OpenUpload(ctx, up)
	}
	return u.open(ctx, up)
}

// uploads makes a mutant of a store with other uploads.
func uploads(build func(s *store) uploading, cases ...string) mutant {
	return changed(func(s *store) storage.Store {
		u := build(s)
		u.store = s
		return u
	}, cases...)
}

func localMutants() map[string]mutant {
	return map[string]mutant{
		"descriptors can be written": fileMutant(func(_ context.Context, s *store, path string) (*os.File, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			if s.objects[path] == "" {
				return nil, notFound(path)
			}
			return os.OpenFile(s.objects[path], os.O_RDWR, 0)
		}, "descriptor"),
		"descriptors stand at the end": fileMutant(func(ctx context.Context, s *store, path string) (*os.File, error) {
			f, err := s.OpenFile(ctx, path)
			if err == nil {
				_, err = f.Seek(0, io.SeekEnd)
			}
			return f, err
		}, "descriptor"),
		"descriptors share their offset": changed(func(s *store) storage.Store {
			var mu sync.Mutex
			open := map[string]*os.File{}
			return filing{s, func(ctx context.Context, path string) (*os.File, error) {
				mu.Lock()
				defer mu.Unlock()
				if open[path] == nil {
					f, err := s.OpenFile(ctx, path)
					if err != nil {
						return nil, err
					}
					open[path] = f
				}
				fd, err := syscall.Dup(int(open[path].Fd()))
				return os.NewFile(uintptr(fd), path), err
			}}
		}, "descriptors-have-their-own-offsets"),
		"what is missing has a descriptor": fileMutant(func(ctx context.Context, s *store, path string) (*os.File, error) {
			f, err := s.OpenFile(ctx, path)
			if err != nil {
				return os.CreateTemp(s.dir, "empty")
			}
			return f, nil
		}, "descriptor-of-a-missing-object", "descriptors-while-deleted"),
		"descriptors are mixed up": changed(func(s *store) storage.Store {
			var mu sync.Mutex
			var last string
			return filing{s, func(ctx context.Context, path string) (*os.File, error) {
				mu.Lock()
				path, last = last, path
				mu.Unlock()
				if path == "" {
					path = last
				}
				return s.OpenFile(ctx, path)
			}}
		}, "descriptors-at-once"),
	}
}

func uploadMutants() map[string]mutant {
	return map[string]mutant{
		"begin does not empty": uploads(func(s *store) uploading {
			return uploading{begin: func(_ context.Context, id string) (storage.State, error) {
				f, err := os.OpenFile(s.uploadFile(id), os.O_WRONLY|os.O_CREATE, 0o600)
				return nil, first(err, f.Close())
			}}
		}, "upload-begin-again"),
		"begin ends the others": uploads(func(s *store) uploading {
			return uploading{begin: func(ctx context.Context, id string) (storage.State, error) {
				err := s.listUploads(func(info storage.Info) error {
					return s.Cancel(ctx, storage.Upload{ID: strings.TrimPrefix(info.Path, "uploads/")})
				})
				state, beginErr := s.Begin(ctx, id)
				return state, first(err, beginErr)
			}}
		}, "uploads-at-once", "upload-good-ids"),
		"the state is no object": uploads(func(s *store) uploading {
			return uploading{append: func(ctx context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error) {
				n, _, err := s.Append(ctx, u, r)
				return n, storage.State(`"x"`), err
			}}
		}, "upload-in-pieces"),
		"append goes to the end": uploads(func(s *store) uploading {
			return uploading{append: func(ctx context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error) {
				if info, err := os.Stat(s.uploadFile(u.ID)); err == nil {
					u.Offset = max(u.Offset, info.Size())
				}
				return s.Append(ctx, u, r)
			}}
		}, "upload-goes-back-to-an-offset", "append-in-a-crash"),
		"append leaves a hole": uploads(func(s *store) uploading {
			return uploading{append: func(ctx context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error) {
				if info, err := os.Stat(s.uploadFile(u.ID)); err == nil && info.Size() < u.Offset {
					if err := os.Truncate(s.uploadFile(u.ID), u.Offset); err != nil {
						return 0, nil, err
					}
				}
				return s.Append(ctx, u, r)
			}}
		}, "upload-refuses-an-offset-beyond-the-end", "upload-begin-again"),
		"append that fails loses the upload": uploads(func(s *store) uploading {
			return uploading{append: func(ctx context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error) {
				n, state, err := s.Append(ctx, u, r)
				if err != nil {
					err = first(s.Cancel(ctx, u), err)
				}
				return n, state, err
			}}
		}, "upload-after-a-broken-append", "append-in-a-crash"),
		"append begins": uploads(func(s *store) uploading {
			return uploading{append: func(ctx context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error) {
				if _, err := os.Stat(s.uploadFile(u.ID)); err != nil {
					if err := os.WriteFile(s.uploadFile(u.ID), make([]byte, u.Offset), 0o600); err != nil {
						return 0, nil, err
					}
				}
				return s.Append(ctx, u, r)
			}}
		}, "upload-unknown", "upload-cancel"),
		"append shows the bytes": uploads(func(s *store) uploading {
			return uploading{append: func(ctx context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error) {
				n, state, err := s.Append(ctx, u, r)
				if err == nil {
					err = s.Put(ctx, "uploads/"+u.ID, strings.NewReader("x"))
				}
				return n, state, err
			}}
		}, "upload-is-invisible-before-the-commit"),
		"append counts by itself": uploads(func(s *store) uploading {
			var mu sync.Mutex
			sizes := map[string]int64{}
			return uploading{append: func(ctx context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error) {
				mu.Lock()
				defer mu.Unlock()
				if u.Offset > sizes[u.ID] {
					return 0, nil, errs.New(errs.OutOfRange, "the upload has %d bytes", sizes[u.ID])
				}
				n, state, err := s.Append(ctx, u, r)
				sizes[u.ID] = u.Offset + n
				return n, state, err
			}}
		}, "upload-descriptor-and-appends"),
		"cancel does nothing": uploads(func(*store) uploading {
			return uploading{cancel: func(context.Context, storage.Upload) error { return nil }}
		}, "upload-cancel"),
		"a descriptor does not begin": uploads(func(s *store) uploading {
			return uploading{open: func(_ context.Context, u storage.Upload) (*os.File, error) { return s.openAt(u) }}
		}, "upload-descriptor-begins"),
		"a descriptor is not cut": uploads(func(s *store) uploading {
			return uploading{open: func(_ context.Context, u storage.Upload) (*os.File, error) {
				f, err := os.OpenFile(s.uploadFile(u.ID), os.O_WRONLY|os.O_CREATE, 0o600)
				if err == nil {
					_, err = f.Seek(u.Offset, io.SeekStart)
				}
				return f, err
			}}
		}, "upload-descriptor", "upload-descriptor-refuses"),
		"a descriptor appends": uploads(func(s *store) uploading {
			return uploading{open: func(_ context.Context, u storage.Upload) (*os.File, error) {
				return os.OpenFile(s.uploadFile(u.ID), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
			}}
		}, "upload-descriptor"),
	}
}

func commitMutants() map[string]mutant {
	return map[string]mutant{
		"a commit works once": uploads(func(s *store) uploading {
			return uploading{commit: func(ctx context.Context, u storage.Upload, path string) error {
				if _, err := os.Stat(s.uploadFile(u.ID)); err != nil {
					return notFound(u.ID)
				}
				return s.Commit(ctx, u, path)
			}}
		}, "upload-commit-is-idempotent", "upload-commit-repeated-at-once"),
		"an empty upload cannot be committed": uploads(func(s *store) uploading {
			return uploading{commit: func(ctx context.Context, u storage.Upload, path string) error {
				if u.Offset == 0 {
					return errs.New(errs.Invalid, "there is nothing to commit")
				}
				return s.Commit(ctx, u, path)
			}}
		}, "upload-of-nothing"),
		"a commit takes what there is": uploads(func(s *store) uploading {
			return uploading{commit: func(ctx context.Context, u storage.Upload, path string) error {
				if info, err := os.Stat(s.uploadFile(u.ID)); err == nil {
					u.Offset = info.Size()
				}
				return s.Commit(ctx, u, path)
			}}
		}, "upload-commit-checks-the-size", "upload-commit-cuts", "upload-descriptor"),
		"a commit does not replace": uploads(func(s *store) uploading {
			return uploading{commit: func(ctx context.Context, u storage.Upload, path string) error {
				if _, err := s.Stat(ctx, path); err == nil {
					return errs.New(errs.Exists, "there is an object")
				}
				return s.Commit(ctx, u, path)
			}}
		}, "upload-commit-replaces", "upload-commits-of-one-layer-at-once"),
		"a commit that fails loses the upload": uploads(func(s *store) uploading {
			return uploading{commit: func(ctx context.Context, u storage.Upload, path string) error {
				if _, err := s.Stat(ctx, filepath.Dir(path)); err == nil {
					return first(s.Cancel(ctx, u), errs.New(errs.Conflict, "an object is in the way"))
				}
				return s.Commit(ctx, u, path)
			}}
		}, "upload-commit-after-one-that-failed"),
		"a commit that is given up loses the upload": uploads(func(s *store) uploading {
			return uploading{commit: func(ctx context.Context, u storage.Upload, path string) error {
				time.Sleep(5 * time.Millisecond)
				if ctx.Err() != nil {
					return first(s.Cancel(ctx, u), ctx.Err())
				}
				return s.Commit(ctx, u, path)
			}}
		}, "calls-that-run-out-of-time", "commit-in-a-crash"),
		"a commit keeps the upload": uploads(func(s *store) uploading {
			return uploading{commit: func(_ context.Context, u storage.Upload, path string) error {
				if _, err := os.Stat(s.uploadFile(u.ID)); err != nil {
					return notFound(u.ID)
				}
				s.mu.Lock()
				defer s.mu.Unlock()
				s.objects[path] = s.uploadFile(u.ID)
				return nil
			}}
		}, "upload-after-its-commit"),
	}
}
