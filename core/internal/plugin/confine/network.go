package confine

import (
	"encoding/binary"
	"runtime"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/sdk/errs"
)

// confineNetwork gives this thread, and so the process, a network without any
// interface where the host has the right to make one. It decides what the report
// says of the filter too.
func (s *start) confineNetwork() {
	if s.policy.Network {
		s.report.add("network", StateOff, "the network is granted")
		return
	}
	var how []string
	if unix.Unshare(unix.CLONE_NEWNET) == nil {
		how = append(how, "a network namespace of its own")
	}
	if _, ok := platforms()[runtime.GOARCH]; ok {
		how = append(how, "no sockets but Unix ones")
	}
	if len(how) == 0 {
		s.report.add("network", StateUnavailable, "the host may make no network namespace (it needs CAP_SYS_ADMIN), and there is no filter for "+runtime.GOARCH)
		return
	}
	s.report.add("network", StateApplied, strings.Join(how, ", "))
}

// platform has the numbers by which a filter knows system calls.
type platform struct {
	arch       uint32 // of the audit subsystem
	socket     uint32
	socketcall uint32 // 0 where there is none
}

func platforms() map[string]platform {
	return map[string]platform{
		"amd64":   {arch: unix.AUDIT_ARCH_X86_64, socket: 41},
		"arm64":   {arch: unix.AUDIT_ARCH_AARCH64, socket: 198},
		"ppc64le": {arch: unix.AUDIT_ARCH_PPC64LE, socket: 326, socketcall: 102},
		"s390x":   {arch: unix.AUDIT_ARCH_S390X, socket: 359, socketcall: 102},
	}
}

// filterSockets keeps this thread from making sockets other than Unix ones. It is
// what denies UDP, for which Landlock has no rules, to a host without privileges.
func (s *start) filterSockets() error {
	p, ok := platforms()[runtime.GOARCH]
	if s.policy.Network || !ok {
		return nil
	}
	program := socketFilter(p)
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, errno := unix.Syscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(program)
	if errno != 0 {
		return errs.Wrap(errs.Unavailable, errno, "a plugin cannot be kept from the network")
	}
	return nil
}

// The parts of the kernel's struct seccomp_data.
const (
	offsetNumber = 0
	offsetArch   = 4
	offsetArgs   = 16
)

// compatBit is set in the numbers of a second set of system calls on amd64, and
// in none on other machines.
const compatBit = 0x40000000

// socketFilter is the program that the kernel runs at each system call.
func socketFilter(p platform) []unix.SockFilter {
	first := uint32(offsetArgs) // the lower half of the first argument
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		first += 4
	}
	const (
		load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		least = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		give  = unix.BPF_RET | unix.BPF_K

		allow  = unix.SECCOMP_RET_ALLOW
		kill   = unix.SECCOMP_RET_KILL_PROCESS
		denied = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
		absent = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	)
	// The two numbers after a comparison are how many instructions are left out
	// when it holds and when it does not.
	program := []unix.SockFilter{
		{Code: load, K: offsetArch},
		{Code: equal, Jt: 1, K: p.arch},
		{Code: give, K: kill}, // System calls of another machine have other numbers.
		{Code: load, K: offsetNumber},
		{Code: least, Jf: 1, K: compatBit},
		{Code: give, K: kill},
		{Code: equal, Jf: 1, K: unix.SYS_IO_URING_SETUP},
		{Code: give, K: absent}, // It makes sockets past this filter.
	}
	if p.socketcall != 0 {
		program = append(program,
			unix.SockFilter{Code: equal, Jf: 1, K: p.socketcall},
			unix.SockFilter{Code: give, K: absent}) // Its arguments are out of reach.
	}
	return append(program,
		unix.SockFilter{Code: equal, Jf: 3, K: p.socket},
		unix.SockFilter{Code: load, K: first},
		unix.SockFilter{Code: equal, Jt: 1, K: unix.AF_UNIX},
		unix.SockFilter{Code: give, K: denied},
		unix.SockFilter{Code: give, K: allow})
}
