package local

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"github.com/quay/quay/sdk/errs"
)

// failure gives an error of the file system its kind and a sentence that names no
// path of the server; the cause keeps it for the log. what says what was tried:
// "read the object". Errors that have a kind already are returned as they are.
func failure(err error, what string) error {
	var known *errs.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return errs.Wrap(errs.NotFound, err, "cannot %s: it does not exist", what)
	case errors.Is(err, syscall.ENOSPC):
		return errs.Wrap(errs.Exhausted, err, "cannot %s: the file system of the storage is full", what)
	case errors.Is(err, syscall.EDQUOT):
		return errs.Wrap(errs.Exhausted, err, "cannot %s: the disk quota of the storage is used up", what)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return errs.Wrap(errs.Unavailable, err, "cannot %s: too many files are open", what)
	case errors.Is(err, syscall.EROFS):
		return errs.Wrap(errs.Denied, err, "cannot %s: the file system of the storage is mounted read-only", what)
	case errors.Is(err, fs.ErrPermission):
		return errs.Wrap(errs.Denied, err, "cannot %s: the plugin's user may not access the files of the storage", what)
	case errors.Is(err, syscall.ENAMETOOLONG):
		return errs.Wrap(errs.Invalid, err, "cannot %s: a part of the path is too long for the file system", what)
	case errors.Is(err, syscall.EIO):
		return errs.Wrap(errs.Internal, err, "cannot %s: the disk of the storage reports an input/output error", what)
	case errors.Is(err, syscall.ESTALE), errors.Is(err, syscall.ETIMEDOUT):
		return errs.Wrap(errs.Unavailable, err, "cannot %s: the network file system of the storage does not answer", what)
	}
	return errs.Wrap(errs.Internal, err, "cannot %s", what)
}
