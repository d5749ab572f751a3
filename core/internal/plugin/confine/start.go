package confine

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/sdk/errs"
)

// Confinement is what holds a started process.
type Confinement struct {
	applied []Applied
	group   *group // nil when there is none
}

// Applied says what became of each part of the policy. It must not be changed.
func (c *Confinement) Applied() []Applied { return c.applied }

// Release gives back what the confinement took, when the process is gone: what is
// left in its control group ends with it.
func (c *Confinement) Release() error {
	if c.group == nil {
		return nil
	}
	return c.group.remove()
}

// Start starts cmd, which has not been started, under a policy. It holds before
// the first instruction of the program, as far as the report does not say
// otherwise. After a success the caller waits for cmd and then calls Release.
func Start(cmd *exec.Cmd, policy Policy, needs Needs) (*Confinement, error) {
	if policy.Off {
		c := &Confinement{applied: []Applied{{Name: "files", State: StateOff, Detail: "the plugin is not confined at all"}}}
		return c, cmd.Start()
	}
	if err := policy.check(); err != nil {
		return nil, err
	}
	s := &start{cmd: cmd, policy: policy, needs: needs, user: chooseUser(policy), ruleset: -1}
	defer s.close()
	if err := s.prepare(); err != nil {
		return nil, err
	}
	var err error
	onOwnThread(func() { err = s.run() })
	if err != nil {
		if s.group != nil {
			_ = s.group.remove() // the first failure is the one to tell
		}
		return nil, err
	}
	return &Confinement{applied: s.report.applied, group: s.group}, nil
}

// start is the start of one process.
type start struct {
	cmd    *exec.Cmd
	policy Policy
	needs  Needs
	user   user
	report report

	ungranted  []string // paths of the policy that could not be granted, and why
	ruleset    int      // the descriptor of the Landlock rules, or -1
	group      *group   // nil when there is none
	mayTrace   bool     // whether the process can be stopped at its start
	ownNetwork bool     // whether it has a network without interfaces
}

func (s *start) close() {
	if s.ruleset >= 0 {
		unix.Close(s.ruleset)
	}
	if s.group != nil {
		s.group.close()
	}
}

// prepare does what needs the host's own rights and concerns no thread.
func (s *start) prepare() error {
	if err := s.giveDirectories(); err != nil {
		return err
	}
	if err := s.prepareFiles(); err != nil {
		return err
	}
	return s.prepareGroup()
}

// giveDirectories makes the directories that the process may write, and gives it
// its own. One that cannot be made is not granted: others may serve nevertheless.
func (s *start) giveDirectories() error {
	s.policy.ReadWrite = slices.DeleteFunc(slices.Clone(s.policy.ReadWrite), func(dir string) bool {
		err := s.makeDirectory(dir)
		s.notGranted(dir, err)
		return err != nil
	})
	if s.needs.Dir != "" {
		if err := os.Chown(s.needs.Dir, s.user.uid, s.user.gid); err != nil {
			return errs.Wrap(errs.Denied, err, "the directory %s cannot be given to a plugin's user", s.needs.Dir)
		}
	}
	return nil
}

// makeDirectory makes a directory for the process's user if it is missing.
func (s *start) makeDirectory(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.Chown(dir, s.user.uid, s.user.gid)
}

// notGranted notes why a path of the policy cannot be granted; a nil error is no reason.
func (s *start) notGranted(path string, err error) {
	if err != nil {
		s.ungranted = append(s.ungranted, fmt.Sprintf("%s (%v)", path, err))
	}
}

// run confines the calling thread and starts the process from it. The kernel
// confines threads, not processes, and a child has the confinement of the thread
// that made it. The thread is of no other use afterwards.
func (s *start) run() error {
	// These need the rights that are given up next.
	s.mayTrace = mayTrace()
	s.ownNetwork = !s.policy.Network && unix.Unshare(unix.CLONE_NEWNET) == nil
	defer keepDumpable()()
	if err := s.dropPrivileges(); err != nil {
		return err
	}
	if err := s.restrictFiles(); err != nil {
		return err
	}
	s.filterCalls()
	return s.startStopped()
}

// keepDumpable returns a function that undoes what a change of users does to the
// whole process: the kernel keeps it from dumping core and from being looked into.
func keepDumpable() func() {
	before, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	return func() {
		if err == nil && before == 1 {
			_ = unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) // It cannot fail.
		}
	}
}

// startStopped starts the process and bounds it while it stands still before its
// first instruction.
func (s *start) startStopped() error {
	if s.cmd.SysProcAttr == nil {
		s.cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	s.cmd.SysProcAttr.Ptrace = s.mayTrace
	if err := s.cmd.Start(); err != nil {
		return err
	}
	pid := s.cmd.Process.Pid
	if s.mayTrace {
		stopped, err := waitStopped(pid)
		if err != nil {
			return s.abandon(err)
		}
		if !stopped {
			return nil // It was killed meanwhile: the one who waits for it will see.
		}
	}
	s.bound(pid)
	if s.policy.Require {
		if err := s.report.unavailable(); err != nil {
			return s.abandon(err)
		}
	}
	if s.mayTrace {
		if err := unix.PtraceDetach(pid); err != nil {
			return s.abandon(err)
		}
	}
	return nil
}

// abandon ends a process that has been started in vain.
func (s *start) abandon(err error) error {
	_ = s.cmd.Process.Kill() // It may be gone.
	_ = s.cmd.Wait()         // It was killed.
	return errs.Wrap(errs.KindOf(err), err, "the plugin was not started, since it could not be confined")
}

// mayTrace reports whether a child of this thread can ask to be traced by it:
// containers, the Yama module and a debugger of the host may be in the way.
func mayTrace() bool {
	// There is no process 0 to be found where the call is allowed at all.
	if _, _, err := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_DETACH, 0, 0, 0, 0, 0); err != unix.ESRCH {
		return false
	}
	if scope, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope"); err == nil && scope[0] > '1' {
		return false
	}
	return !traced()
}

// waitStopped waits until a child has executed its program and stands still, and
// reports false when it ended instead. It leaves the end to others to wait for.
func waitStopped(pid int) (bool, error) {
	for {
		var info unix.Siginfo
		err := unix.Waitid(unix.P_PID, pid, &info, unix.WSTOPPED|unix.WEXITED|unix.WNOWAIT, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return false, err
		default:
			return info.Code == cldTrapped || info.Code == cldStopped, nil
		}
	}
}

// Codes of a child's change, from the kernel's siginfo.
const (
	cldTrapped = 4
	cldStopped = 5
)

// onOwnThread calls f on a thread that dies afterwards, with whatever f has done
// to it. It is never the main thread, which would stay, and in whose name much of
// /proc/self is.
func onOwnThread(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		if unix.Gettid() == unix.Getpid() {
			onOwnThread(f) // This one is occupied meanwhile.
			runtime.UnlockOSThread()
			return
		}
		f()
		// The goroutine ends locked: the runtime ends the thread, and has never made
		// another one from it.
	}()
	<-done
}
