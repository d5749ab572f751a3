// Package ownership opens files that decide what the host runs: binaries, the lists of
// those that may run, and keys. It refuses a file that another user than root and the
// host's own could have written, or put into its place.
package ownership

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/sdk/errs"
)

// maxLinks is the number of symbolic links after which a path has no end.
const maxLinks = 40

// Open opens a regular file for reading. what is how messages call it, "the plugin
// binary" for instance. A file that is missing is errs.NotFound, one that others could
// have written errs.Denied, and what is no regular file errs.Invalid. The caller closes
// the file.
func Open(what, path string) (*os.File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "the path of %s", what)
	}
	if err := checkWay(what, path); err != nil {
		return nil, err
	}
	// What is not a regular file must not keep us waiting for its other end.
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, missing(what, path, err)
	case err != nil:
		return nil, errs.Wrap(errs.Denied, err, "%s %s cannot be read: let the server's user read it", what, path)
	}
	if err := checkFile(f, what, path); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func missing(what, path string, err error) error {
	return errs.Wrap(errs.NotFound, err, "there is no file at %s for %s", path, what)
}

// checkWay fails when another user than root and this one could put something
// else under an absolute path: when a directory or a symbolic link on the way is
// theirs or open to their writing. A directory with the sticky bit is not, for
// what lies in it is looked at in its turn.
func checkWay(what, path string) error {
	rest := strings.Split(strings.TrimPrefix(filepath.Clean(path), "/"), "/")
	at := "/"
	if err := checkDirectory(what, at); err != nil {
		return err
	}
	for links := 0; len(rest) > 0; {
		next := filepath.Join(at, rest[0])
		rest = rest[1:]
		info, err := os.Lstat(next)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return missing(what, path, err)
		case err != nil:
			return errs.Wrap(errs.Denied, err, "the way to %s %s cannot be looked at: let the server's user enter %s", what, path, at)
		case info.Mode()&fs.ModeSymlink != 0:
			if links++; links > maxLinks {
				return errs.New(errs.Invalid, "%s %s is a symbolic link without an end", what, path)
			}
			if err := checkOwner(what, next, info); err != nil {
				return err
			}
			target, err := os.Readlink(next)
			if err != nil {
				return errs.Wrap(errs.Denied, err, "the symbolic link %s cannot be read", next)
			}
			if filepath.IsAbs(target) {
				at = "/"
			}
			rest = append(strings.Split(strings.Trim(target, "/"), "/"), rest...)
		case info.IsDir():
			at = next
			if err := checkDirectory(what, at); err != nil {
				return err
			}
		case len(rest) > 0:
			return missing(what, path, errs.New(errs.Invalid, "%s is not a directory", next))
		}
	}
	return nil
}

func checkDirectory(what, dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return errs.Wrap(errs.Denied, err, "the directory %s on the way to %s cannot be looked at", dir, what)
	}
	if err := checkOwner(what, dir, info); err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return errs.New(errs.Denied, "the directory %s on the way to %s can be written by other users (mode %#o): run \"chmod go-w %s\"", dir, what, info.Mode().Perm(), dir)
	}
	return nil
}

func checkOwner(what, path string, info fs.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errs.New(errs.Unsupported, "the owner of %s is not known on this system", path)
	}
	if owner := int(stat.Uid); owner != 0 && owner != os.Geteuid() {
		return errs.New(errs.Denied, "%s belongs to the user %d, who could replace %s: run \"chown -h root %s\"", path, owner, what, path)
	}
	return nil
}

// checkFile fails when an open file is not regular or could be written by others.
func checkFile(f *os.File, what, path string) error {
	info, err := f.Stat()
	if err != nil {
		return errs.Wrap(errs.Denied, err, "%s %s cannot be looked at", what, path)
	}
	if !info.Mode().IsRegular() {
		return errs.New(errs.Invalid, "%s %s is not a regular file", what, path)
	}
	if err := checkOwner(what, path, info); err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return errs.New(errs.Denied, "%s %s can be written by other users (mode %#o): run \"chmod go-w %s\"", what, path, info.Mode().Perm(), path)
	}
	return nil
}
