package binary

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

func missing(path string, err error) error {
	return errs.Wrap(errs.NotFound, err, "there is no plugin binary at %s: install it or name its directory", path)
}

// checkWay fails when another user than root and this one could put something
// else under an absolute path: when a directory or a symbolic link on the way is
// theirs or open to their writing. A directory with the sticky bit is not, for
// what lies in it is looked at in its turn.
func checkWay(path string) error {
	rest := strings.Split(strings.TrimPrefix(filepath.Clean(path), "/"), "/")
	at := "/"
	if err := checkDirectory(at); err != nil {
		return err
	}
	for links := 0; len(rest) > 0; {
		next := filepath.Join(at, rest[0])
		rest = rest[1:]
		info, err := os.Lstat(next)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return missing(path, err)
		case err != nil:
			return errs.Wrap(errs.Denied, err, "the way to the plugin binary %s cannot be looked at: let the server's user enter %s", path, at)
		case info.Mode()&fs.ModeSymlink != 0:
			if links++; links > maxLinks {
				return errs.New(errs.Invalid, "the plugin binary %s is a symbolic link without an end", path)
			}
			if err := checkOwner(next, info); err != nil {
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
			if err := checkDirectory(at); err != nil {
				return err
			}
		case len(rest) > 0:
			return missing(path, errs.New(errs.Invalid, "%s is not a directory", next))
		}
	}
	return nil
}

func checkDirectory(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return errs.Wrap(errs.Denied, err, "the directory %s on the way to a plugin binary cannot be looked at", dir)
	}
	if err := checkOwner(dir, info); err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return errs.New(errs.Denied, "the directory %s on the way to a plugin binary can be written by other users (mode %#o): run \"chmod go-w %s\"", dir, info.Mode().Perm(), dir)
	}
	return nil
}

func checkOwner(path string, info fs.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return errs.New(errs.Unsupported, "the owner of %s is not known on this system", path)
	}
	if owner := int(stat.Uid); owner != 0 && owner != os.Geteuid() {
		return errs.New(errs.Denied, "%s belongs to the user %d, who could replace a plugin binary: run \"chown -h root %s\"", path, owner, path)
	}
	return nil
}

// checkFile fails when an open file cannot be the binary of a plugin.
func checkFile(f *os.File, path string) error {
	info, err := f.Stat()
	if err != nil {
		return errs.Wrap(errs.Denied, err, "the plugin binary %s cannot be looked at", path)
	}
	if !info.Mode().IsRegular() {
		return errs.New(errs.Invalid, "the plugin binary %s is not a regular file", path)
	}
	if info.Mode().Perm()&0o111 == 0 {
		return errs.New(errs.Denied, "the plugin binary %s is not executable: run \"chmod 0755 %s\"", path, path)
	}
	if err := checkOwner(path, info); err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return errs.New(errs.Denied, "the plugin binary %s can be written by other users (mode %#o): run \"chmod go-w %s\"", path, info.Mode().Perm(), path)
	}
	var system unix.Statfs_t
	if err := unix.Fstatfs(int(f.Fd()), &system); err != nil {
		return errs.Wrap(errs.Denied, err, "the file system of the plugin binary %s cannot be looked at", path)
	}
	if system.Flags&unix.ST_NOEXEC != 0 {
		// The copy could be executed nevertheless, but somebody decided otherwise.
		return errs.New(errs.Denied, "the plugin binary %s is on a file system that is mounted noexec: install it elsewhere, or mount that with exec", path)
	}
	return nil
}
