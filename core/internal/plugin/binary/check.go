package binary

import (
	"os"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/core/internal/plugin/ownership"
	"github.com/quay/quay/sdk/errs"
)

// openFile opens a file that may be run.
func openFile(path string) (*os.File, error) {
	f, err := ownership.Open("the plugin binary", path)
	if errs.Is(err, errs.NotFound) {
		return nil, errs.Wrap(errs.NotFound, err, "there is no plugin binary at %s: install it or name its directory", path)
	}
	if err != nil {
		return nil, err
	}
	if err := checkFile(f, path); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// checkFile fails when an open file may not be executed.
func checkFile(f *os.File, path string) error {
	info, err := f.Stat()
	if err != nil {
		return errs.Wrap(errs.Denied, err, "the plugin binary %s cannot be looked at", path)
	}
	if info.Mode().Perm()&0o111 == 0 {
		return errs.New(errs.Denied, "the plugin binary %s is not executable: run \"chmod 0755 %s\"", path, path)
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
