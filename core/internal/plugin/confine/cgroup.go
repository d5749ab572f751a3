package confine

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/sdk/errs"
)

const (
	// cpuPeriod is over which processor time is counted, in microseconds.
	cpuPeriod = 100_000
	// removeTimeout is how long the processes of a group may take to be gone.
	removeTimeout = 2 * time.Second
)

// group is a control group of one process and what it starts.
type group struct {
	dir     string
	procs   *os.File // what enters a process
	bounded []string // the controllers that bound it
}

// prepareGroup makes the process's group, if there is to be one.
func (s *start) prepareGroup() error {
	if s.policy.Cgroup == "" {
		return nil
	}
	// Where one of them cannot be had its bound is reported as unavailable.
	for _, controller := range []string{"+pids", "+memory", "+cpu"} {
		_ = setFile(filepath.Join(s.policy.Cgroup, "cgroup.subtree_control"), controller)
	}
	dir := filepath.Join(s.policy.Cgroup, "plugin-"+rand.Text())
	if err := os.Mkdir(dir, 0o755); err != nil {
		return errs.Wrap(errs.Denied, err, "no control group can be made for a plugin in %s: name one that is delegated to the server, or none", s.policy.Cgroup)
	}
	g := &group{dir: dir}
	if err := g.open(s.policy); err != nil {
		_ = g.remove() // the first failure is the one to tell
		return errs.Wrap(errs.Denied, err, "the control group %s cannot be set up", dir)
	}
	s.group = g
	return nil
}

// open sets the bounds of the group. Where a controller is not available in it,
// its file does not exist.
func (g *group) open(p Policy) (err error) {
	for _, b := range []struct {
		controller, file, value string
		wanted                  bool
	}{
		{"pids", "pids.max", strconv.FormatUint(p.processes(), 10), true},
		{"memory", "memory.max", strconv.FormatUint(p.Memory, 10), p.Memory != 0},
		{"cpu", "cpu.max", strconv.Itoa(int(p.CPUs*cpuPeriod)) + " " + strconv.Itoa(cpuPeriod), p.CPUs != 0},
	} {
		if !b.wanted {
			continue
		}
		err := setFile(filepath.Join(g.dir, b.file), b.value)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		g.bounded = append(g.bounded, b.controller)
	}
	// The kernel looks at who has opened the file: the thread that will write to it
	// has other rights by then.
	g.procs, err = os.OpenFile(filepath.Join(g.dir, "cgroup.procs"), os.O_WRONLY, 0)
	return err
}

// Delegated returns the directory of a control group that is this process's to
// divide, for Policy.Cgroup, and "" when there is none: the one above its own, if
// the service manager has marked it as delegated. systemd does so for a unit with
// "Delegate=yes" and "DelegateSubgroup=NAME".
func Delegated() string {
	groups, err1 := os.ReadFile("/proc/self/cgroup")
	mounts, err2 := os.ReadFile("/proc/self/mountinfo")
	if err1 != nil || err2 != nil {
		return ""
	}
	own := ownGroup(string(groups), string(mounts))
	if own == "" {
		return ""
	}
	parent := filepath.Dir(own)
	for _, mark := range []string{"user.delegate", "trusted.delegate"} {
		value := make([]byte, 8)
		if n, err := unix.Getxattr(parent, mark, value); err == nil && string(value[:n]) == "1" {
			return parent
		}
	}
	return ""
}

// ownGroup returns the directory of a process's control group of version 2, from
// what /proc says of the process. It is empty when there is none, or none above it
// that can be seen.
func ownGroup(groups, mounts string) string {
	var path string
	for line := range strings.Lines(groups) {
		if p, ok := strings.CutPrefix(line, "0::"); ok {
			path = strings.TrimSuffix(p, "\n")
		}
	}
	for line := range strings.Lines(mounts) {
		// "ID PARENT DEVICE ROOT POINT OPTIONS ... - TYPE SOURCE OPTIONS"
		before, after, _ := strings.Cut(line, " - ")
		fields := strings.Fields(before)
		if !strings.HasPrefix(after, "cgroup2 ") || len(fields) < 5 {
			continue
		}
		below, err := filepath.Rel(fields[3], path)
		if err != nil || below == "." || below == ".." || strings.HasPrefix(below, "../") {
			return ""
		}
		return filepath.Join(fields[4], below)
	}
	return ""
}

// setFile writes to a file of the kernel, which must exist.
func setFile(path, value string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(value)
	return err
}

// bounds reports whether a controller bounds the group.
func (g *group) bounds(controller string) bool { return slices.Contains(g.bounded, controller) }

// enterGroup puts the process into its group.
func (s *start) enterGroup(pid int) bool {
	if s.group == nil {
		return false
	}
	if _, err := s.group.procs.WriteString(strconv.Itoa(pid)); err != nil {
		s.report.add("control group", StateUnavailable, "the process cannot enter it: "+err.Error())
		return false
	}
	return true
}

// close gives back what is needed for the start only.
func (g *group) close() { g.procs.Close() }

// remove ends what is left in the group and removes it.
func (g *group) remove() error {
	// Kernels before 5.14 have no such file: there what is left stays.
	_ = setFile(filepath.Join(g.dir, "cgroup.kill"), "1")
	for end := time.Now().Add(removeTimeout); ; time.Sleep(5 * time.Millisecond) {
		err := os.Remove(g.dir)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if time.Now().After(end) {
			return errs.Wrap(errs.Unavailable, err, "the control group %s of a plugin is left", g.dir)
		}
	}
}
