package launch

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"syscall"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// defaultEnv are the host's variables that every plugin sees: where to find
// things and how to reach the network. Secrets come by Configure. GODEBUG is not among
// them: it can switch off FIPS, which the check of the binary has found to be its
// default.
func defaultEnv() []string {
	return []string{
		"PATH", "HOME", "TZ", "LANG", "TMPDIR",
		"SSL_CERT_FILE", "SSL_CERT_DIR",
		"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
		"GOTRACEBACK", "GOGC", "GOMEMLIMIT", "GOMAXPROCS",
	}
}

// environment is the plugin's, without what go-plugin adds.
func environment(spec Spec) []string {
	var env []string
	for _, names := range [][]string{defaultEnv(), spec.Env} {
		for _, name := range names {
			if value, ok := os.LookupEnv(name); ok {
				env = append(env, name+"="+value)
			}
		}
	}
	if os.Getenv("GOMAXPROCS") == "" {
		// A confined plugin cannot see the bound of the container that it is in.
		env = append(env, "GOMAXPROCS="+strconv.Itoa(runtime.GOMAXPROCS(0)))
	}
	return append(env, protocol.LogLevelKey+"="+lowestLevel(spec.Logger).String())
}

// socketNameBytes is the length of what go-plugin appends to the run directory:
// "/plugin-dir" and "/plugin", each with up to ten digits.
const socketNameBytes = len("/plugin-dir") + 10 + len("/plugin") + 10

// checkRunDir makes the run directory and fails when no socket can be made in it, or
// when somebody else could put something into it. All plugins of a host share it, each
// process with a directory of its own in it that nobody else may enter: so others may
// pass through it, as those plugins must that have a user of their own.
func checkRunDir(dir string, otherUser bool) error {
	const closed, passable = fs.FileMode(0o066), fs.FileMode(0o711)
	var address syscall.RawSockaddrUnix
	longest := len(address.Path) - 1 - socketNameBytes
	if len(dir) > longest {
		return errs.New(errs.Invalid, "the run directory %q has %d bytes; the name of a plugin's socket leaves room for %d: choose a shorter one", dir, len(dir), longest)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return errs.Wrap(errs.Denied, err, "the run directory %q cannot be made", dir)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return errs.Wrap(errs.Denied, err, "the run directory %q cannot be looked at", dir)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() {
		return errs.New(errs.Invalid, "the run directory %q is no directory: choose another one", dir)
	}
	if owner := int(stat.Uid); owner != 0 && owner != os.Geteuid() {
		return errs.New(errs.Denied, "the run directory %q belongs to the user %d, who could have another program run: choose another one", dir, owner)
	}
	if info.Mode().Perm()&closed != 0 {
		return errs.New(errs.Denied, "the run directory %q is open to other users (mode %#o): run \"chmod 0700 %s\"", dir, info.Mode().Perm(), dir)
	}
	if otherUser && info.Mode().Perm()&passable != passable {
		return errs.Wrap(errs.Denied, os.Chmod(dir, passable), "the run directory %q cannot be opened to the plugin's user", dir)
	}
	return nil
}

// explainExec says what the failure to execute a file that looks good means.
func explainExec(path string, err error) error {
	var explained *errs.Error
	switch {
	case errors.As(err, &explained): // It was not the execution that failed.
		return errs.Wrap(explained.Kind, err, "the plugin binary %s cannot be started", path)
	case errors.Is(err, syscall.ENOEXEC):
		return errs.Wrap(errs.Invalid, err, "the plugin binary %s is no program for %s/%s: install the build for this machine", path, runtime.GOOS, runtime.GOARCH)
	case errors.Is(err, fs.ErrNotExist):
		return errs.Wrap(errs.Unavailable, err, "the plugin binary %s cannot be executed from memory: mount /proc, and see that its dynamic loader is still there", path)
	case errors.Is(err, fs.ErrPermission):
		return errs.Wrap(errs.Denied, err, "the plugin binary %s may not be executed from memory: look for a denial of SELinux or AppArmor in the audit log", path)
	}
	return errs.Wrap(errs.Unavailable, err, "the plugin binary %s cannot be executed", path)
}

// lowestLevel is the lowest level that reaches anybody.
func lowestLevel(logger *slog.Logger) slog.Level {
	for _, l := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn} {
		if logger.Enabled(context.Background(), l) {
			return l
		}
	}
	return slog.LevelError
}
