package confine_test

import (
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// filterAll makes a filter that of all threads of this process.
func filterAll(program []unix.SockFilter) error {
	runtime.LockOSThread() // The right to do so is that of the thread which asked for it.
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	prog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	runtime.KeepAlive(program)
	if errno != 0 {
		return os.NewSyscallError("seccomp", errno)
	}
	return nil
}
