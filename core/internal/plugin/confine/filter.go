package confine

import (
	"encoding/binary"
	"runtime"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// platform has what a filter of system calls must know of an architecture.
type platform struct {
	arch       uint32 // of the audit subsystem
	socket     uint32
	connect    uint32
	socketcall uint32   // 0 where there is none
	modes      []uint32 // what changes the mode, the owner or an attribute of a file
}

// platforms are those that the server is built for.
func platforms() map[string]platform {
	return map[string]platform{
		"amd64": {
			arch: unix.AUDIT_ARCH_X86_64, socket: 41, connect: 42,
			modes: []uint32{90, 91, 92, 93, 94, 188, 189, 190, 197, 198, 199, 260, 268, 452, 463, 466, 469},
		},
		"arm64": {
			arch: unix.AUDIT_ARCH_AARCH64, socket: 198, connect: 203,
			modes: []uint32{5, 6, 7, 14, 15, 16, 52, 53, 54, 55, 452, 463, 466, 469},
		},
		"ppc64le": {
			arch: unix.AUDIT_ARCH_PPC64LE, socket: 326, connect: 328, socketcall: 102,
			modes: []uint32{15, 16, 94, 95, 181, 209, 210, 211, 218, 219, 220, 289, 297, 452, 463, 466, 469},
		},
		"s390x": {
			arch: unix.AUDIT_ARCH_S390X, socket: 359, connect: 362, socketcall: 102,
			modes: []uint32{15, 94, 198, 207, 212, 224, 225, 226, 233, 234, 235, 291, 299, 452, 463, 466, 469},
		},
	}
}

// filterCalls denies this thread, and so the process, the system calls that
// Landlock has no rules for, and says what that means for the network. No right
// is needed for it.
func (s *start) filterCalls() {
	problem := s.installFilter()
	if problem == "" {
		s.report.add("modes", StateApplied, "no change of the mode, the owner and the attributes of any file")
	} else {
		s.report.add("modes", StateUnavailable, problem)
	}
	var network []string
	if s.ownNetwork {
		network = append(network, "a network namespace of its own")
	}
	if problem == "" {
		network = append(network, "no sockets but those of a server on a Unix one")
	}
	switch {
	case s.policy.Network:
		s.report.add("network", StateOff, "the network is granted")
	case len(network) > 0:
		s.report.add("network", StateApplied, strings.Join(network, ", "))
	default:
		s.report.add("network", StateUnavailable, problem+", and the host may make no network namespace (it needs CAP_SYS_ADMIN)")
	}
}

// installFilter says why the filter cannot be had, if so.
func (s *start) installFilter() (problem string) {
	p, ok := platforms()[runtime.GOARCH]
	if !ok {
		return "there is no filter of system calls for " + runtime.GOARCH
	}
	program := filter(p, s.policy.Network)
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, errno := unix.Syscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(program)
	if errno != 0 {
		return "system calls cannot be filtered here: " + errno.Error()
	}
	return ""
}

// The parts of the kernel's struct seccomp_data.
const (
	offsetNumber = 0
	offsetArch   = 4
	offsetArgs   = 16
	argSize      = 8
)

// compatBit is set in the numbers of a second set of system calls on amd64, and
// in none on other machines.
const compatBit = 0x40000000

// The instructions of a filter, and what it gives.
const (
	opLoad  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	opAnd   = unix.BPF_ALU | unix.BPF_AND | unix.BPF_K
	opEqual = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	opLeast = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
	opGive  = unix.BPF_RET | unix.BPF_K

	allow   = unix.SECCOMP_RET_ALLOW
	kill    = unix.SECCOMP_RET_KILL_PROCESS
	denied  = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
	refused = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	absent  = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// filter is the program that the kernel runs at each system call. Jt and Jf of a
// comparison are how many instructions are left out when it holds and when not.
func filter(p platform, network bool) []unix.SockFilter {
	program := []unix.SockFilter{
		{Code: opLoad, K: offsetArch},
		{Code: opEqual, Jt: 1, K: p.arch},
		{Code: opGive, K: kill}, // System calls of another machine have other numbers.
		{Code: opLoad, K: offsetNumber},
		{Code: opLeast, Jf: 1, K: compatBit},
		{Code: opGive, K: kill},
	}
	give := func(number, what uint32) {
		program = append(program, unix.SockFilter{Code: opEqual, Jf: 1, K: number}, unix.SockFilter{Code: opGive, K: what})
	}
	give(unix.SYS_IO_URING_SETUP, absent) // It does much of what is filtered here.
	for _, number := range p.modes {
		give(number, refused)
	}
	if network {
		return append(program, unix.SockFilter{Code: opGive, K: allow})
	}
	give(p.connect, denied)
	if p.socketcall != 0 {
		give(p.socketcall, absent) // Its arguments are out of reach.
	}
	// What is left to make is what a server on a Unix socket needs: a datagram could
	// be sent to others' sockets without connecting to them.
	return append(program,
		unix.SockFilter{Code: opEqual, Jf: 6, K: p.socket},
		unix.SockFilter{Code: opLoad, K: argument(0)},
		unix.SockFilter{Code: opEqual, Jf: 3, K: unix.AF_UNIX},
		unix.SockFilter{Code: opLoad, K: argument(1)},
		unix.SockFilter{Code: opAnd, K: socketTypeMask},
		unix.SockFilter{Code: opEqual, Jt: 1, K: unix.SOCK_STREAM},
		unix.SockFilter{Code: opGive, K: denied},
		unix.SockFilter{Code: opGive, K: allow})
}

// socketTypeMask leaves the flags out of a socket's type.
const socketTypeMask = 0xf

// argument is where the lower half of an argument is, which is all of an int.
func argument(n uint32) uint32 {
	at := offsetArgs + argSize*n
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 { // The greater half comes first.
		at += argSize / 2
	}
	return at
}
