package local

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/log"
	"github.com/quay/quay/sdk/storage"
)

const (
	// uploadsDir holds the uploads; no object is in it.
	uploadsDir = "uploads"
	// tempPrefix begins the names of files that are being written. An upload's id
	// never begins with it.
	tempPrefix = uploadsDir + "/.tmp-"
	// commitPrefix begins the names of uploads that are being committed.
	commitPrefix = uploadsDir + "/.commit-"
	// leftoverAge is the age from which a file that is being written is not.
	leftoverAge = 24 * time.Hour
)

// store is one directory.
type store struct {
	root    *os.Root
	dirs    *dirs
	metrics *metrics  // may be nil
	foreign sync.Once // tells of files that are no objects
}

func (s *store) Close() error { return s.root.Close() }

// reserved reports whether a path belongs to the store itself.
func reserved(path string) bool {
	return path == uploadsDir || strings.HasPrefix(path, uploadsDir+"/")
}

// target checks a path that an object is to have.
func target(path string) error {
	if reserved(path) {
		return errs.New(errs.Invalid, "the path %q is among the uploads", path)
	}
	return nil
}

func notFound(path string) error {
	return errs.New(errs.NotFound, "there is no object at %q", path)
}

// OpenFile implements storage.LocalReader.
func (s *store) OpenFile(_ context.Context, path string) (*os.File, error) {
	if reserved(path) {
		return nil, notFound(path)
	}
	// Without O_NONBLOCK the open of a named pipe would wait for a writer. It means
	// nothing for a regular file.
	f, err := s.root.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, objectFailure(err, path, "read the object")
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = notFound(path)
	}
	if err != nil {
		f.Close()
		return nil, failure(err, "read the object")
	}
	return f, nil
}

// objectFailure is failure with the object's path where it is missing.
func objectFailure(err error, path, what string) error {
	err = failure(err, what)
	if errs.Is(err, errs.NotFound) {
		return notFound(path)
	}
	return err
}

// Open implements storage.Store.
func (s *store) Open(ctx context.Context, path string, offset int64) (io.ReadCloser, error) {
	f, err := s.OpenFile(ctx, path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && offset > info.Size() {
		err = errs.New(errs.OutOfRange, "the object has %d bytes, the offset is %d", info.Size(), offset)
	}
	if err == nil {
		_, err = f.Seek(offset, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, failure(err, "read the object")
	}
	return f, nil
}

// Stat implements storage.Store.
func (s *store) Stat(_ context.Context, path string) (storage.Info, error) {
	if reserved(path) {
		return storage.Info{}, notFound(path)
	}
	info, err := s.root.Stat(path)
	if err != nil {
		return storage.Info{}, objectFailure(err, path, "look at the object")
	}
	if !info.Mode().IsRegular() {
		return storage.Info{}, notFound(path)
	}
	return storage.Info{Path: path, Size: info.Size(), Modified: info.ModTime()}, nil
}

// Put implements storage.Store.
func (s *store) Put(ctx context.Context, path string, r io.Reader) error {
	return s.write(ctx, path, func(f *os.File) error {
		_, err := io.Copy(f, r)
		return err
	})
}

// write makes an object from what fill writes.
func (s *store) write(ctx context.Context, path string, fill func(*os.File) error) (err error) {
	if err := target(path); err != nil {
		return err
	}
	if err := s.dirs.ensure(uploadsDir); err != nil {
		return failure(err, "store the object")
	}
	temp := tempPrefix + rand.Text()
	f, err := s.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if errors.Is(err, fs.ErrNotExist) {
		s.dirs.forget(uploadsDir)
		if err := s.dirs.ensure(uploadsDir); err != nil {
			return failure(err, "store the object")
		}
		f, err = s.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	}
	if err != nil {
		return failure(err, "store the object")
	}
	defer func() {
		if err != nil {
			if err := s.root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
				log.From(ctx).Warn("a temporary file is left", "error", err)
			}
		}
	}()
	err = fill(f)
	if err == nil {
		// The caller may have given up while the last bytes arrived.
		err = context.Cause(ctx)
	}
	if err == nil {
		err = s.datasync(f)
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = s.dirs.place(temp, path)
	}
	return failure(err, "store the object")
}

// datasync writes a file's content and size to the disk.
func (s *store) datasync(f *os.File) error {
	defer s.metrics.synced(syncedFile, time.Now())
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var syncErr error
	err = conn.Control(func(fd uintptr) {
		for {
			if syncErr = syscall.Fdatasync(int(fd)); syncErr != syscall.EINTR {
				return
			}
		}
	})
	return errors.Join(err, syncErr)
}

// Delete implements storage.Store. The directory stays, also when it is empty:
// removing it would race with a commit into it.
func (s *store) Delete(_ context.Context, path string) error {
	if reserved(path) {
		return nil
	}
	// Remove would remove an empty directory, too.
	info, err := s.root.Lstat(path)
	if err == nil && !info.IsDir() {
		err = s.root.Remove(path)
	}
	if err = failure(err, "delete the object"); errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

// Copy implements storage.Copier. It copies: a second link to the file would
// share its fate if the Python server rewrote one of them in place.
func (s *store) Copy(ctx context.Context, from, to string) error {
	if from == to {
		_, err := s.Stat(ctx, from)
		return err
	}
	source, err := s.OpenFile(ctx, from)
	if err != nil {
		return err
	}
	defer source.Close()
	return s.write(ctx, to, func(f *os.File) error {
		// Pieces, so that a caller that gives up ends it. The kernel copies them
		// itself, on some file systems without moving a byte.
		for {
			n, err := io.CopyN(f, source, 256<<20)
			switch {
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return err
			case n == 0 || ctx.Err() != nil:
				return context.Cause(ctx)
			}
		}
	})
}

// Probe implements storage.Prober: it writes, as a full or read-only file system
// is what goes wrong.
func (s *store) Probe(context.Context) error {
	temp := tempPrefix + rand.Text()
	f, err := s.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return failure(err, "write to the storage")
	}
	_, err = f.WriteString("quay\n")
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if removeErr := s.root.Remove(temp); err == nil {
		err = removeErr
	}
	return failure(err, "write to the storage")
}

// removeLeftovers removes the temporary files of processes that died.
func (s *store) removeLeftovers(ctx context.Context) {
	dir, err := s.root.Open(uploadsDir)
	if err != nil {
		return
	}
	defer dir.Close()
	for ctx.Err() == nil {
		entries, err := dir.ReadDir(256)
		if err != nil {
			return
		}
		for _, e := range entries {
			name := path.Join(uploadsDir, e.Name())
			if !strings.HasPrefix(name, tempPrefix) && !strings.HasPrefix(name, commitPrefix) {
				continue
			}
			if info, err := s.root.Lstat(name); err == nil && time.Since(info.ModTime()) > leftoverAge {
				if err := s.root.Remove(name); err == nil {
					log.From(ctx).Info("removed what a dead process left", "file", name)
				}
			}
		}
	}
}
