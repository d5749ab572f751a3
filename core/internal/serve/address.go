package serve

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"github.com/quay/quay/sdk/errs"
)

// onlyThisMachine reports whether an address to listen on can be reached from
// this machine alone.
func onlyThisMachine(listen string) (bool, error) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false, errs.Wrap(errs.Invalid, err, "the address to listen on")
	}
	if host == "localhost" {
		return true, nil
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback(), nil
}

// addresses are the IP addresses that clients may use for an address to listen
// on.
func addresses(listen string) []string {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return nil
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return []string{host}
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var list []string
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() {
			list = append(list, n.IP.String())
		}
	}
	return list
}

// hostname is what this machine is called.
func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "localhost"
	}
	return name
}

// lockDirectory keeps a second process off a mirror's directory. The lock ends
// with the process.
func lockDirectory(dir string) (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(dir, "quay.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "lock the data directory")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errs.New(errs.Conflict, "another quay runs on %s", dir)
		}
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}
