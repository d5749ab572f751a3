package control

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/sdk/errs"
)

// checkPath fails when the name of a socket is too long.
func checkPath(path string) error {
	var address syscall.RawSockaddrUnix
	if longest := len(address.Path) - 1; len(path) > longest {
		return errs.New(errs.Invalid, "the control socket's path %q has %d bytes, a socket's may have %d: name a shorter one with --control-socket", path, len(path), longest)
	}
	return nil
}

// removeStale removes a socket that nobody serves.
func removeStale(path string) error {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(context.Background(), "unix", path)
	switch {
	case err == nil:
		return errors.Join(conn.Close(), errs.New(errs.Conflict, "another host serves the control socket %s: end it, or name another socket with --control-socket", path))
	case errors.Is(err, syscall.ECONNREFUSED):
		return removeSocket(path)
	}
	return nil
}

// removeSocket removes a socket if it is there. It fails for what is no socket.
func removeSocket(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && info.Mode().Type() != fs.ModeSocket:
		return errs.New(errs.Conflict, "%s is in the place of the control socket and is none: name another one with --control-socket, or remove it", path)
	case err == nil:
		err = os.Remove(path)
	}
	return errs.Wrap(errs.Denied, err, "the old control socket cannot be removed")
}

// listen makes the socket for the host's own user only. It has another name until
// its permissions are right.
func listen(path string) (net.Listener, error) {
	temporary := path + "~"
	if err := removeSocket(temporary); err != nil {
		return nil, err
	}
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: temporary, Net: "unix"})
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "the control socket cannot be made")
	}
	listener.SetUnlinkOnClose(false) // Its name is another by then.
	err = os.Chmod(temporary, 0o600)
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, errors.Join(err, listener.Close(), os.Remove(temporary)), "the control socket cannot be made")
	}
	return &unlinking{listener, path}, nil
}

// unlinking is a listener that removes its token and its socket, in this order: once
// the socket is gone another host may make both anew.
type unlinking struct {
	net.Listener
	path string
}

func (u *unlinking) Close() error {
	return errors.Join(os.Remove(tokenPath(u.path)), os.Remove(u.path), u.Listener.Close())
}

// guarded closes the connections of other users than this one and root, and those of
// the host's own children, which are plugins.
type guarded struct {
	net.Listener
	logger *slog.Logger
}

func (g guarded) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		peer, err := credentials(conn)
		if err == nil && (peer.Uid == 0 || int(peer.Uid) == os.Geteuid()) && !descends(int(peer.Pid), os.Getpid()) {
			return conn, nil
		}
		g.logger.Warn("a stranger at the control socket", "uid", peer.Uid, "pid", peer.Pid, "error", err)
		conn.Close()
	}
}

// credentials are those of the process at the other end.
func credentials(conn net.Conn) (unix.Ucred, error) {
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return unix.Ucred{}, err
	}
	var found *unix.Ucred
	var foundErr error
	err = raw.Control(func(fd uintptr) {
		found, foundErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err = errors.Join(err, foundErr); err != nil {
		return unix.Ucred{}, err
	}
	return *found, nil
}
