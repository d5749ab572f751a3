package storage

import (
	"os"

	"golang.org/x/sys/unix"
)

// startWriteBack tells the kernel to begin writing n bytes from off to the disk,
// and does not wait. A failure costs only time later.
func startWriteBack(f *os.File, off, n int64) {
	conn, err := f.SyscallConn()
	if err != nil {
		return
	}
	_ = conn.Control(func(fd uintptr) {
		_ = unix.SyncFileRange(int(fd), off, n, unix.SYNC_FILE_RANGE_WRITE)
	})
}
