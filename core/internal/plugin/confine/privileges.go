package confine

import (
	"bytes"
	"cmp"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/sdk/errs"
)

// user is the one as which the process runs.
type user struct {
	uid, gid int
	other    bool // than the host
	root     bool // whether the host is root
}

// chooseUser must be called before any thread changes its own.
func chooseUser(p Policy) user {
	host := user{uid: os.Geteuid(), gid: os.Getegid()}
	host.root = host.uid == 0
	if p.UID == 0 || !host.root {
		return host
	}
	// The group of root is not what leaving the group out means.
	return user{uid: int(p.UID), gid: int(cmp.Or(p.GID, p.UID)), other: true, root: true}
}

// dropPrivileges makes this thread, and so the process, one without rights. The
// system calls concern one thread where they are made without the C library's and
// Go's help; the other threads keep theirs.
func (s *start) dropPrivileges() error {
	capabilities := s.dropCapabilities()
	switch u := s.user; {
	case u.other:
		if err := become(u); err != nil {
			return errs.Wrap(errs.Denied, err, "a plugin cannot be run as the user %d", u.uid)
		}
		s.report.add("user", StateApplied, fmt.Sprintf("user %d, group %d", u.uid, u.gid))
	case s.policy.UID != 0 && int(s.policy.UID) != u.uid:
		s.report.add("user", StateUnavailable, fmt.Sprintf("the host is the user %d, and only root can start plugins as another one", u.uid))
	default:
		s.report.add("user", StateOff, fmt.Sprintf("it is the host's, %d", u.uid))
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return errs.Wrap(errs.Unavailable, err, "a plugin cannot be kept from new privileges")
	}
	s.report.add("privileges", StateApplied, "it gains none by executing a program, "+capabilities)
	return nil
}

// dropCapabilities takes the capabilities that the process would get for being
// root, and says which it keeps.
func (s *start) dropCapabilities() string {
	if !s.user.root {
		return "and has none"
	}
	for c := uintptr(0); c <= unix.CAP_LAST_CAP; c++ {
		// What belongs to other users is in the directories of a root that stays
		// root; which directories these are is decided by Landlock.
		if c == unix.CAP_DAC_OVERRIDE {
			continue
		}
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err == unix.EPERM {
			return "but the host may take none of root's away (it needs CAP_SETPCAP)"
		}
	}
	if s.user.other {
		return "and has none"
	}
	return "and has none of root's but CAP_DAC_OVERRIDE"
}

// become changes the user and the groups of this thread alone.
func become(u user) error {
	uid, gid := uintptr(u.uid), uintptr(u.gid)
	for _, call := range []struct {
		name    string
		number  uintptr
		a, b, c uintptr
	}{
		{"setgroups", unix.SYS_SETGROUPS, 0, 0, 0},
		{"setresgid", unix.SYS_SETRESGID, gid, gid, gid},
		{"setresuid", unix.SYS_SETRESUID, uid, uid, uid},
	} {
		if _, _, errno := unix.RawSyscall(call.number, call.a, call.b, call.c); errno != 0 {
			return os.NewSyscallError(call.name, errno)
		}
	}
	return nil
}

// traced reports whether somebody traces this thread, whose children are then
// theirs to trace.
func traced() bool {
	status, err := os.ReadFile("/proc/thread-self/status")
	if err != nil {
		return false
	}
	_, after, found := bytes.Cut(status, []byte("\nTracerPid:\t"))
	return found && !bytes.HasPrefix(after, []byte("0\n"))
}
