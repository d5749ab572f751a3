package confine_test

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
)

// attempt does a step, "VERB ARGUMENT ...", and says what came of it: "ok", a
// value, or the name of the kernel's error.
func attempt(step string) string {
	verb, argument, _ := strings.Cut(step, " ")
	first, second, _ := strings.Cut(argument, " ")
	n, _ := strconv.Atoi(argument)
	switch verb {
	case "read":
		_, err := os.ReadFile(argument)
		return result(err)
	case "list":
		_, err := os.ReadDir(argument)
		return result(err)
	case "write":
		return result(os.WriteFile(argument, []byte("x"), 0o644))
	case "truncate":
		return result(os.Truncate(argument, 0))
	case "mkdir":
		return result(os.Mkdir(argument, 0o755))
	case "remove":
		return result(os.Remove(argument))
	case "rename":
		return result(os.Rename(first, second))
	case "link":
		return result(os.Link(first, second))
	case "symlink":
		return result(os.Symlink(first, second))
	case "mknod":
		return result(unix.Mknod(argument, unix.S_IFCHR|0o600, int(unix.Mkdev(1, 3))))
	case "chmod":
		return result(os.Chmod(argument, 0o4777))
	case "fchmod":
		f, err := os.Open(argument)
		if err != nil {
			return result(err)
		}
		defer f.Close()
		return result(f.Chmod(0o4777))
	case "chown":
		return result(os.Chown(argument, os.Getuid(), os.Getgid()))
	case "setxattr":
		return result(unix.Setxattr(argument, "user.quay", []byte("x"), 0))
	case "exec":
		return result(exec.Command(argument).Run())
	case "mount":
		return result(unix.Mount("none", argument, "tmpfs", 0, ""))
	case "chroot":
		return result(unix.Chroot(argument))
	case "dial":
		conn, err := net.DialTimeout(first, second, 5*time.Second)
		if err == nil {
			conn.Close()
		}
		return result(err)
	case "listen":
		l, err := net.Listen(first, second)
		if err == nil {
			l.Close()
		}
		return result(err)
	case "socket":
		return attemptSocket(argument)
	case "net":
		name, err := os.Readlink("/proc/self/ns/net")
		if err != nil {
			return result(err)
		}
		return name
	case "fork":
		return strconv.Itoa(fork(n))
	case "open":
		return strconv.Itoa(openFiles(n))
	case "allocate":
		data, err := unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
		if err == nil {
			data[0] = 1
		}
		return result(err)
	case "signal":
		return result(syscall.Kill(n, 0))
	case "trace":
		runtime.LockOSThread()
		return result(unix.PtraceAttach(n))
	case "setuid":
		_, _, errno := unix.RawSyscall(unix.SYS_SETUID, uintptr(n), 0, 0)
		return result(nonzero(errno))
	case "limit":
		var limit unix.Rlimit
		if err := unix.Getrlimit(n, &limit); err != nil {
			return result(err)
		}
		return fmt.Sprint(limit.Max)
	case "who":
		return fmt.Sprint(os.Getuid(), os.Geteuid(), os.Getgid())
	case "capabilities":
		return capabilities()
	case "no-new-privileges":
		v, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
		if err != nil {
			return result(err)
		}
		return strconv.Itoa(v)
	case "orphan":
		pid, _, errno := unix.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
		if errno == 0 && pid == 0 {
			unix.Close(1) // Nobody must wait for it.
			unix.Close(2)
			for {
				_, _, _ = unix.RawSyscall6(unix.SYS_PPOLL, 0, 0, 0, 0, 0, 0)
			}
		}
		return result(nonzero(errno))
	case "delegated":
		return confine.Delegated()
	case "sleep":
		time.Sleep(time.Duration(n) * time.Millisecond)
		return ok
	case "host":
		return poorHost(strings.Fields(argument))
	}
	return "unknown"
}

// result is the name of the kernel's error in err, or its text.
func result(err error) string {
	var errno syscall.Errno
	switch {
	case err == nil:
		return ok
	case errors.As(err, &errno):
		return unix.ErrnoName(errno)
	}
	return err.Error()
}

func nonzero(errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}

// attemptSocket makes a socket of a family and type in a way that no library of
// Go goes.
func attemptSocket(kind string) string {
	families := map[string][2]int{
		"udp":     {unix.AF_INET, unix.SOCK_DGRAM},
		"udp6":    {unix.AF_INET6, unix.SOCK_DGRAM},
		"raw":     {unix.AF_INET, unix.SOCK_RAW},
		"packet":  {unix.AF_PACKET, unix.SOCK_RAW},
		"netlink": {unix.AF_NETLINK, unix.SOCK_RAW},
		"vsock":   {unix.AF_VSOCK, unix.SOCK_STREAM},
		"unix":    {unix.AF_UNIX, unix.SOCK_STREAM | unix.SOCK_CLOEXEC},
		"unixdgm": {unix.AF_UNIX, unix.SOCK_DGRAM},
	}
	switch kind {
	case "io_uring":
		_, _, errno := unix.RawSyscall(unix.SYS_IO_URING_SETUP, 1, 0, 0)
		return result(nonzero(errno))
	case "pair":
		_, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		return result(err)
	}
	family, known := families[kind]
	if !known {
		return "unknown"
	}
	_, err := unix.Socket(family[0], family[1], 0)
	return result(err)
}

// fork makes processes that sleep until one more is denied or there are n, and
// returns how many there were.
func fork(n int) int {
	var children []int
	for range n {
		pid, _, errno := unix.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
		if errno != 0 {
			break
		}
		if pid == 0 {
			for {
				_, _, _ = unix.RawSyscall6(unix.SYS_PPOLL, 0, 0, 0, 0, 0, 0)
			}
		}
		children = append(children, int(pid))
	}
	for _, pid := range children {
		_ = syscall.Kill(pid, syscall.SIGKILL) // It is there: nobody has waited for it.
	}
	return len(children)
}

// openFiles opens up to n descriptors and returns how many it got.
func openFiles(n int) int {
	for i := range n {
		if _, err := unix.Open("/dev/null", unix.O_RDONLY, 0); err != nil {
			return i
		}
	}
	return n
}

// capabilities are the effective and permitted ones.
func capabilities() string {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return result(err)
	}
	return fmt.Sprintf("%x %x", data[1].Effective|data[1].Permitted, data[0].Effective|data[0].Permitted)
}

// poorHost is a host that may not make some system calls, as in a container. It
// starts a confined process that asks for its limit of open files, and returns
// what became of the policy and what the process said.
func poorHost(denied []string) string {
	numbers := map[string]uint32{
		"ptrace":   unix.SYS_PTRACE,
		"landlock": unix.SYS_LANDLOCK_CREATE_RULESET,
		"unshare":  unix.SYS_UNSHARE,
	}
	for _, name := range denied {
		if err := deny(numbers[name]); err != nil {
			return result(err)
		}
	}
	exe, err := os.Executable()
	if err != nil {
		return result(err)
	}
	b, err := binary.Open(exe)
	if err != nil {
		return result(err)
	}
	defer b.Close()
	var out bytes.Buffer
	cmd, needs := hostile(b, "", "sleep 100", fmt.Sprint("limit ", unix.RLIMIT_NOFILE), "socket udp")
	cmd.Stdout, cmd.Stderr = &out, &out
	policy := confine.Policy{OpenFiles: 77, Require: os.Getenv("REQUIRE") != ""}
	c, err := confine.Start(cmd, policy, needs)
	if err != nil {
		return err.Error()
	}
	if err := errors.Join(cmd.Wait(), c.Release()); err != nil {
		return err.Error()
	}
	return toJSON(struct {
		Applied []confine.Applied
		Output  []string
	}{c.Applied(), strings.Fields(out.String())})
}

// deny makes a system call fail with EPERM in all threads of this process.
func deny(number uint32) error {
	program := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: number},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	return filterAll(program)
}

// within is a path below a directory.
func within(dir string, elements ...string) string {
	return filepath.Join(append([]string{dir}, elements...)...)
}
