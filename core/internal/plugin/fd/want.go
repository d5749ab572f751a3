package fd

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Access is how a descriptor must be opened.
type Access int

// The two ways; a descriptor that allows both is refused.
const (
	ReadOnly  Access = unix.O_RDONLY
	WriteOnly Access = unix.O_WRONLY
)

// Want is what a descriptor must be beside a regular file.
type Want struct {
	// Name is the name of the os.File, for error messages.
	Name string
	// Access is the access mode.
	Access Access
	// Size of the file in bytes. A write-only descriptor must stand there, too.
	Size int64
}

func (w Want) check(fd int) error {
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return fmt.Errorf("fstat: %w", err)
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return fmt.Errorf("it is not a regular file: mode %#o", stat.Mode)
	}
	if stat.Size != w.Size {
		return fmt.Errorf("the file has %d bytes, the driver said %d", stat.Size, w.Size)
	}
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil {
		return fmt.Errorf("fcntl: %w", err)
	}
	if got := Access(flags & unix.O_ACCMODE); got != w.Access {
		return fmt.Errorf("it has access mode %d, not %d", got, w.Access)
	}
	// Each of them makes plain reads or writes fail or go elsewhere.
	if bad := flags & (unix.O_PATH | unix.O_DIRECT | unix.O_APPEND); bad != 0 {
		return fmt.Errorf("it is opened with the flags %#o", bad)
	}
	if w.Access != WriteOnly {
		return nil
	}
	at, err := unix.Seek(fd, 0, unix.SEEK_CUR)
	if err != nil {
		return fmt.Errorf("lseek: %w", err)
	}
	if at != w.Size {
		return fmt.Errorf("it stands at %d, not at %d", at, w.Size)
	}
	return nil
}
