package local

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/storage"
)

// emptyState is the state of every upload, that of the Python server: the file
// says all.
const emptyState = `{}`

func uploadPath(id string) string { return uploadsDir + "/" + id }

// committingPath is where an upload is while it becomes the object at a path. Ids
// do not begin with a dot. The name is the object's too: commits of other bytes,
// begun after a commit that hangs, must not get in its way.
func committingPath(id, to string) string {
	sum := sha256.Sum256([]byte(to))
	return commitPrefix + id + "-" + hex.EncodeToString(sum[:8])
}

// Begin implements storage.Uploader.
func (s *store) Begin(_ context.Context, id string) (storage.State, error) {
	const flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	f, err := s.root.OpenFile(uploadPath(id), flags, fileMode)
	if errors.Is(err, fs.ErrNotExist) {
		s.dirs.forget(uploadsDir)
		if err := s.dirs.ensure(uploadsDir); err != nil {
			return nil, failure(err, "begin the upload")
		}
		f, err = s.root.OpenFile(uploadPath(id), flags, fileMode)
	}
	if err != nil {
		return nil, failure(err, "begin the upload")
	}
	return storage.State(emptyState), failure(f.Close(), "begin the upload")
}

// OpenUpload implements storage.LocalUploader.
func (s *store) OpenUpload(ctx context.Context, u storage.Upload) (*os.File, error) {
	f, err := s.openAt(u)
	if !errs.Is(err, errs.NotFound) || u.Offset > 0 {
		return f, err
	}
	if _, err := s.Begin(ctx, u.ID); err != nil {
		return nil, err
	}
	return s.openAt(u)
}

// openAt opens an upload that was begun, cut to its offset and positioned there.
func (s *store) openAt(u storage.Upload) (*os.File, error) {
	f, size, err := s.openUpload(u.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case u.Offset > size:
		err = errs.New(errs.OutOfRange, "the upload has %d bytes, the offset is %d", size, u.Offset)
	case u.Offset < size:
		err = f.Truncate(u.Offset)
	}
	if err == nil {
		_, err = f.Seek(u.Offset, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, failure(err, "open the upload")
	}
	return f, nil
}

// openUpload opens an upload's file for writing and returns its size.
func (s *store) openUpload(id string) (*os.File, int64, error) {
	return s.openFile(uploadPath(id), id)
}

// openFile opens the file at a path, which is of an upload, and returns its size.
func (s *store) openFile(path, id string) (*os.File, int64, error) {
	f, err := s.root.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, 0, failure(err, "open the upload")
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errs.New(errs.NotFound, "there is no upload %q", id)
	}
	if err != nil {
		f.Close()
		return nil, 0, failure(err, "open the upload")
	}
	return f, info.Size(), nil
}

// Append implements storage.Uploader.
func (s *store) Append(_ context.Context, u storage.Upload, r io.Reader) (int64, storage.State, error) {
	f, err := s.openAt(u)
	if err != nil {
		return 0, u.State, err
	}
	added, err := io.Copy(f, r)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return added, storage.State(emptyState), failure(err, "write the upload")
}

// Commit implements storage.Uploader. The bytes are not read again: whoever wrote
// them has hashed them. Before anything else the file gets a name that no call can
// open: whatever becomes of this call, and however long the disk takes, nobody
// writes to what is about to be an object.
func (s *store) Commit(_ context.Context, u storage.Upload, to string) error {
	if err := target(to); err != nil {
		return err
	}
	private := committingPath(u.ID, to)
	err := s.root.Rename(uploadPath(u.ID), private)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failure(err, "commit the upload")
	}
	// When it has the name already, an earlier commit did not come to its end.
	f, size, err := s.openFile(private, u.ID)
	if errs.Is(err, errs.NotFound) {
		return s.committed(u, to)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	switch {
	case size < u.Offset:
		// It is no commit: the upload goes on.
		return errors.Join(
			errs.New(errs.Conflict, "the upload has %d bytes, fewer than the %d to commit", size, u.Offset),
			failure(s.root.Rename(private, uploadPath(u.ID)), "give the upload back"))
	case size > u.Offset:
		// A broken call left more than the host knows of.
		if err := f.Truncate(u.Offset); err != nil {
			return failure(err, "commit the upload")
		}
	}
	if err := s.datasync(f); err != nil {
		return failure(err, "commit the upload")
	}
	err = s.dirs.place(private, to)
	if errors.Is(err, fs.ErrNotExist) {
		// A commit of the same upload was faster.
		return s.committed(u, to)
	}
	return failure(err, "commit the upload")
}

// committed answers the commit of an upload that is gone: it is a success when
// the object is there. It may be there from a commit that died half way, so this
// makes it durable again.
func (s *store) committed(u storage.Upload, to string) error {
	f, err := s.root.Open(to)
	if errors.Is(err, fs.ErrNotExist) {
		return errs.New(errs.NotFound, "there is no upload %q", u.ID)
	}
	if err != nil {
		return failure(err, "commit the upload")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return failure(err, "commit the upload")
	}
	if !info.Mode().IsRegular() || info.Size() != u.Offset {
		return errs.New(errs.NotFound, "there is no upload %q", u.ID)
	}
	if err := s.datasync(f); err != nil {
		return failure(err, "commit the upload")
	}
	dir := path.Dir(to)
	if err := s.dirs.ensure(dir); err != nil {
		return failure(err, "commit the upload")
	}
	return failure(s.dirs.sync(dir), "commit the upload")
}

// Cancel implements storage.Uploader.
func (s *store) Cancel(_ context.Context, u storage.Upload) error {
	err := s.root.Remove(uploadPath(u.ID))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return failure(err, "cancel the upload")
}
