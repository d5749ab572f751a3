package server

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// driverComm is what the kernel calls a local storage driver: the first 15 bytes
// of the name of its program.
const driverComm = "quay-storage-lo"

// Logs returns everything that the processes have written so far.
func (s *Server) Logs() string { return s.logs.String() }

// PID is the host's process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Running tells whether the host has not ended.
func (s *Server) Running() bool {
	select {
	case <-s.exited:
		return false
	default:
		return true
	}
}

// DriverPID returns the storage driver's process, or 0 while there is none.
func (s *Server) DriverPID() int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		comm, parent, state, err := stat(pid)
		// A sealed copy of the program may carry another name, but it is the
		// host's child all the same.
		if err == nil && parent == s.PID() && state != "Z" &&
			(comm == driverComm || strings.Contains(commandLine(pid), "quay-storage-local")) {
			return pid
		}
	}
	return 0
}

// stat reads what /proc says of a process.
func stat(pid int) (comm string, parent int, state string, err error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0, "", err
	}
	open, end := bytes.IndexByte(data, '('), bytes.LastIndexByte(data, ')')
	if open < 0 || end < open {
		return "", 0, "", errors.New("unknown form of stat")
	}
	rest := strings.Fields(string(data[end+1:]))
	if len(rest) < 2 {
		return "", 0, "", errors.New("unknown form of stat")
	}
	parent, err = strconv.Atoi(rest[1])
	return string(data[open+1 : end]), parent, rest[0], err
}

func commandLine(pid int) string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	return string(data)
}

// ResidentMiB returns the memory that a process keeps resident.
func ResidentMiB(pid int) (float64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(data), "VmRSS:")
	if !ok {
		return 0, errors.New("unknown form of status")
	}
	kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	return kib / 1024, err
}

// Alive tells whether a process exists and is no zombie.
func Alive(pid int) bool {
	_, _, state, err := stat(pid)
	return err == nil && state != "Z"
}

// Kill9 kills the host without warning and waits for its end.
func (s *Server) Kill9(t testing.TB) {
	t.Helper()
	s.killed.Store(true)
	if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	<-s.exited
}

// KillDriver kills the driver without warning and returns the process it had.
func (s *Server) KillDriver(t testing.TB) int {
	t.Helper()
	pid := s.DriverPID()
	if pid == 0 {
		t.Fatal("there is no driver process to kill")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	return pid
}

// Terminate asks the host to end and does not wait.
func (s *Server) Terminate(t testing.TB) {
	t.Helper()
	s.told.Store(true)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
}

// Interrupt does what Ctrl-C in a terminal does: it interrupts the host and all of
// its children at once.
func (s *Server) Interrupt(t testing.TB) {
	t.Helper()
	s.told.Store(true)
	if err := syscall.Kill(-s.PID(), syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
}

// Wait waits for the host's end and returns its exit code.
func (s *Server) Wait(t testing.TB, limit time.Duration) int {
	t.Helper()
	select {
	case <-s.exited:
		return s.cmd.ProcessState.ExitCode()
	case <-time.After(limit):
		t.Fatalf("quay did not end within %s\n%s", limit, s.Logs())
		return -1
	}
}

// Restart starts the host again on the same address and data.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if s.Running() {
		s.Terminate(t)
		s.Wait(t, 30*time.Second)
	}
	if err := s.start(); err != nil {
		t.Fatalf("restart: %v\n%s", err, s.Logs())
	}
}

// Close ends the server, and shows its last log lines when the test failed.
func (s *Server) Close(t testing.TB) {
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if t.Failed() {
		lines := strings.Split(s.Logs(), "\n")
		t.Logf("the server's last lines:\n%s", strings.Join(lines[max(0, len(lines)-40):], "\n"))
	}
}

// stop ends the host, by force where it does not end by itself, and drops its
// database. It fails when the host had ended without being told to, ends with another
// status than 0, or has panicked.
func (s *Server) stop() error {
	if s.cmd == nil || s.cmd.Process == nil {
		return s.drop()
	}
	return errors.Join(s.end(), s.panicked(), s.drop())
}

func (s *Server) end() error {
	if !s.Running() && !s.told.Load() && !s.killed.Load() {
		return fmt.Errorf("quay ended by itself: %s", s.cmd.ProcessState)
	}
	if s.Running() {
		s.told.Store(true)
		if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		select {
		case <-s.exited:
		case <-time.After(20 * time.Second):
			_ = s.cmd.Process.Kill() // it has ended or ends now
			<-s.exited
			return errors.New("quay did not end within 20 s of SIGTERM")
		}
	}
	if !s.killed.Load() && s.cmd.ProcessState.ExitCode() != 0 {
		return fmt.Errorf("quay, told to end, ended with %s", s.cmd.ProcessState)
	}
	return nil
}

// panicked looks for what a defect in the host leaves in its log. The lines of a
// driver look otherwise: the host quotes them.
func (s *Server) panicked() error {
	for line := range strings.Lines(s.Logs()) {
		for _, sign := range []string{"panic: ", "fatal error: ", "WARNING: DATA RACE"} {
			if strings.HasPrefix(line, sign) {
				return fmt.Errorf("quay crashed: %s", line)
			}
		}
		if strings.Contains(line, `msg="panic in a handler"`) {
			return fmt.Errorf("quay has a defect: %s", line)
		}
	}
	return nil
}

// logBuffer keeps what processes write.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
