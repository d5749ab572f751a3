// Package confine starts a process that can reach little more than it is granted:
// a few system files that every program needs, the paths of its policy, and the
// network only where it may. Nothing of it needs a helper program or a right that
// the host does not have; what the machine or the host's rights do not allow is
// reported, never passed over.
package confine

import (
	"cmp"
	"path/filepath"

	"github.com/quay/quay/sdk/errs"
)

const (
	// defaultOpenFiles is more than any plugin needs, and far less than there is.
	defaultOpenFiles = 8192
	// defaultProcesses counts threads too, of which a Go program has one for every
	// system call that blocks.
	defaultProcesses = 2048
)

// Policy says what a process may reach. Its zero value allows nothing but what
// every process needs: system files for TLS, DNS and time zones, and a directory
// of its own for its socket.
type Policy struct {
	// Off confines nothing, for debugging.
	Off bool
	// Require makes it a failure when anything of the policy is unavailable, a path
	// that is to be granted included.
	Require bool

	// ReadOnly are absolute paths of files and directories that may be read. One that
	// is missing at the start is not granted, which is reported.
	ReadOnly []string
	// ReadWrite are absolute paths of directories in which files and directories
	// may be made, changed and removed. A missing one is made, and belongs to the
	// process's user; one that cannot be made is not granted, which is reported.
	ReadWrite []string
	// Network is whether the process may connect to anything. Without it, it can
	// only accept connections to a Unix socket.
	Network bool

	// UID and GID are the user and group of the process, which only a host that is
	// root can change. Zero means the host's own. A user that nobody else has is
	// best, for the bound of processes counts all of a user's.
	UID, GID uint32

	// OpenFiles bounds the open descriptors. Zero means 8192; the host's own bound
	// counts too.
	OpenFiles uint64
	// Processes bounds the processes and threads. Zero means 2048. It needs a user
	// of its own or a control group.
	Processes uint64
	// Memory bounds the memory in bytes: what is used where there is a control
	// group, else what is reserved to be written. Zero means no bound.
	Memory uint64
	// CPUs bounds the processor time, in processors. Zero means no bound. It needs
	// a control group.
	CPUs float64
	// Cgroup is the directory of a control group, version 2, that belongs to the
	// host and has no process in it. Each process gets a group of its own below it.
	// Empty means that there is none.
	Cgroup string
}

func (p Policy) openFiles() uint64 { return cmp.Or(p.OpenFiles, defaultOpenFiles) }
func (p Policy) processes() uint64 { return cmp.Or(p.Processes, defaultProcesses) }

// check fails when the policy cannot be meant.
func (p Policy) check() error {
	for _, paths := range [][]string{p.ReadOnly, p.ReadWrite} {
		for _, path := range paths {
			if !filepath.IsAbs(path) || filepath.Clean(path) == "/" {
				return errs.New(errs.Invalid, "a plugin cannot be granted the path %q: grant the absolute path of a directory of its own", path)
			}
		}
	}
	if p.CPUs < 0 {
		return errs.New(errs.Invalid, "a plugin cannot be bound to %v processors", p.CPUs)
	}
	return nil
}

// State says what became of a part of a policy.
type State string

// The states.
const (
	// StateApplied says that the process is confined in this respect.
	StateApplied State = "applied"
	// StateUnavailable says that it is not, since the machine or the host's rights
	// do not allow it.
	StateUnavailable State = "unavailable"
	// StateOff says that the policy does not ask for it.
	StateOff State = "off"
)

// Applied is what became of one part of a policy.
type Applied struct {
	// Name is "files", "modes", "network", "user", "privileges", "open files",
	// "processes", "memory", "cpu", "core dumps" or "control group".
	Name  string `json:"name"`
	State State  `json:"state"`
	// Detail says how, or why not.
	Detail string `json:"detail"`
}

// Needs is what a process needs of the machine whatever its policy is.
type Needs struct {
	// Dir is the directory for its socket and its temporary files. It is given to
	// the policy's user.
	Dir string
	// Loader is the dynamic loader of its program, empty when there is none.
	Loader string
}

// report collects what becomes of a policy.
type report struct{ applied []Applied }

func (r *report) add(name string, state State, detail string) {
	r.applied = append(r.applied, Applied{Name: name, State: state, Detail: detail})
}

// unavailable returns an error for the first part that is unavailable.
func (r *report) unavailable() error {
	for _, a := range r.applied {
		if a.State == StateUnavailable {
			return errs.New(errs.Unsupported, "a plugin cannot be confined as it must be (%s): %s", a.Name, a.Detail)
		}
	}
	return nil
}
