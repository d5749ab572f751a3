package confine

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// bound bounds a process, which stands still or has just begun to run.
func (s *start) bound(pid int) {
	when := ""
	if !s.mayTrace {
		when = ", from a moment after its start: this machine does not allow to stop it there"
	}
	limit := func(name string, resource int, value uint64, detail string) {
		if err := setLimit(pid, resource, value); err != nil {
			s.report.add(name, StateUnavailable, "it cannot be set: "+err.Error())
			return
		}
		s.report.add(name, StateApplied, detail+when)
	}
	limit("core dumps", unix.RLIMIT_CORE, 0, "none")
	limit("open files", unix.RLIMIT_NOFILE, s.policy.openFiles(), fmt.Sprintf("at most %d", s.policy.openFiles()))

	inGroup := s.enterGroup(pid)
	processes := s.policy.processes()
	detail := fmt.Sprintf("at most %d with threads", processes)
	switch {
	case inGroup && s.group.bounds("pids"):
		s.report.add("processes", StateApplied, detail+", by its control group"+when)
	case s.user.other:
		limit("processes", unix.RLIMIT_NPROC, processes, detail+", counting all of its user")
	default:
		s.report.add("processes", StateUnavailable, "it needs a user of its own, or a control group (version 2) that the host may divide")
	}
	switch memory := s.policy.Memory; {
	case memory == 0:
		s.report.add("memory", StateOff, "no bound")
	case inGroup && s.group.bounds("memory"):
		s.report.add("memory", StateApplied, fmt.Sprintf("at most %d bytes, by its control group", memory)+when)
	default:
		limit("memory", unix.RLIMIT_DATA, memory, fmt.Sprintf("at most %d bytes of writable memory", memory))
	}
	switch cpus := s.policy.CPUs; {
	case cpus == 0:
		s.report.add("cpu", StateOff, "no bound")
	case inGroup && s.group.bounds("cpu"):
		s.report.add("cpu", StateApplied, fmt.Sprintf("at most %v processors, by its control group", cpus)+when)
	default:
		s.report.add("cpu", StateUnavailable, "it needs a control group (version 2) that the host may divide")
	}
}

// setLimit lowers a limit of a process, the soft and the hard one.
func setLimit(pid, resource int, value uint64) error {
	var old unix.Rlimit
	if err := unix.Prlimit(pid, resource, nil, &old); err != nil {
		return err
	}
	value = min(value, old.Max)
	return unix.Prlimit(pid, resource, &unix.Rlimit{Cur: value, Max: value}, nil)
}
