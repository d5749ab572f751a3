package storage

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/quay/quay/sdk/errs"
	sdk "github.com/quay/quay/sdk/storage"
)

// spooledState is the state of an upload that the host collects itself, for a
// store without the capability: the state says where the upload's bytes are, also
// when the plugin has been replaced by one with other capabilities.
const spooledState = `{"spooled":true}`

func isSpooled(state []byte) bool { return string(state) == spooledState }

// spool is a directory with a file for each upload, which has the upload's id for
// its name. Files are left alone by a restart of the host, and their bytes are synced when
// UploadWriter.Finish returns. The empty spool takes no uploads.
type spool string

// begin makes an upload's file, or empties it.
func (s spool) begin(id string) error {
	f, err := s.create(id)
	if err != nil {
		return err
	}
	return spoolError(f.Close())
}

func (s spool) create(id string) (*os.File, error) {
	name, err := s.path(id)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(string(s), 0o700); err != nil {
		return nil, spoolError(err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	return f, spoolError(err)
}

// write opens an upload for writing, cut to the offset and positioned there. At
// offset 0 it begins the upload. It fails with errs.NotFound when the upload is
// shorter.
func (s spool) write(id string, offset int64) (*os.File, error) {
	if offset == 0 {
		return s.create(id)
	}
	f, err := s.open(id, os.O_WRONLY, offset, errs.NotFound)
	if err != nil {
		return nil, err
	}
	if err = f.Truncate(offset); err == nil {
		_, err = f.Seek(offset, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, spoolError(err)
	}
	return f, nil
}

// open opens an upload that has at least size bytes; one with fewer is an error of
// the kind that is given.
func (s spool) open(id string, flags int, size int64, shorter errs.Kind) (*os.File, error) {
	name, err := s.path(id)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, flags, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.NotFound, "there is no upload %q", id)
	}
	if err != nil {
		return nil, spoolError(err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		err = spoolError(err)
	case info.Size() < size:
		err = errs.New(shorter, "the upload has %d bytes, fewer than %d", info.Size(), size)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// remove drops an upload; one that does not exist is no error, and in the empty spool
// none does.
func (s spool) remove(id string) error {
	if s == "" {
		return nil
	}
	name, err := s.path(id)
	if err != nil {
		return err
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return spoolError(err)
	}
	return nil
}

// SweepSpool removes the uploads in the spool directory dir that nobody has written to
// since a time, and returns how many. They are litter: of sessions that have ended while
// their bytes could not be removed. A directory that does not exist has none.
func SweepSpool(dir string, before time.Time) (int, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, spoolError(err)
	}
	swept := 0
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !info.ModTime().Before(before) || sdk.CheckUpload(e.Name()) != nil {
			continue // Or it is gone.
		}
		if err := spool(dir).remove(e.Name()); err != nil {
			return swept, err
		}
		swept++
	}
	return swept, nil
}

// path is where an upload's bytes are. It fails for the empty spool, whose paths would
// be in the working directory, and for what is no upload's id.
func (s spool) path(id string) (string, error) {
	if s == "" {
		return "", errs.New(errs.Unsupported, "the storage driver takes no uploads, and the server has no directory to collect them in")
	}
	if err := sdk.CheckUpload(id); err != nil {
		return "", err
	}
	return filepath.Join(string(s), id), nil
}

func spoolError(err error) error { return writeError(err) }

// commitSpooled stores an upload that the host has collected as an object, and
// drops it. When the upload is gone and the object is there with its size, an
// earlier commit did so.
func (l *Location) commitSpooled(ctx context.Context, id, path string, size int64) error {
	f, err := l.spool.open(id, os.O_RDONLY, size, errs.Conflict)
	if errs.Is(err, errs.NotFound) {
		if got, statErr := l.stat(ctx, path); statErr == nil && got == size {
			return nil
		}
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if err := l.store(ctx, path, true, func() io.Reader { return io.NewSectionReader(f, 0, size) }); err != nil {
		return err
	}
	return l.spool.remove(id)
}
