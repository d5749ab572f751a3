// Package binary opens the binary of a plugin. It reads the file once: what is
// hashed, looked into and run, at every start, is one sealed copy in memory, so
// that whatever happens to the file later concerns only those who open it then.
package binary

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/sdk/errs"
)

// maxBytes bounds the size of a binary, which is kept in memory.
const maxBytes = 1 << 30

// Binary is the sealed copy of a plugin's binary. Its fields are not written
// after Open, and its methods may be called from many goroutines.
type Binary struct {
	// Path is the file that was read, for messages: the file may be another now.
	Path string
	// SHA256 is the hash of the bytes, in lower-case hexadecimal digits.
	SHA256 string
	// Size is the number of bytes.
	Size int64
	// Loader is the dynamic loader that the program asks for, empty for a program
	// that is linked statically.
	Loader string
	// Build is what the Go toolchain recorded. Its zero value means a program that
	// is not built by Go, or stripped of it.
	Build Build

	sealed *os.File
}

// Open reads a binary and seals the copy. It fails, with the way to mend it, when
// the file is missing or no program for this machine, and when another user than
// root and this process's could have written it. The caller closes the binary.
func Open(path string) (*Binary, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "the path of the plugin binary")
	}
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := &Binary{Path: path}
	if err := b.seal(f); err != nil {
		return nil, err
	}
	if err := b.inspect(); err != nil {
		b.sealed.Close()
		return nil, err
	}
	return b, nil
}

// seal copies f into memory that nobody can change, not even this process, and
// hashes it on the way.
func (b *Binary) seal(f *os.File) error {
	sealed, err := memory(filepath.Base(b.Path))
	if err != nil {
		return err
	}
	hash := sha256.New()
	// One reader for both: the hash is of the bytes that are sealed.
	size, err := io.Copy(io.MultiWriter(sealed, hash), bufio.NewReaderSize(io.LimitReader(f, maxBytes+1), 1<<20))
	switch {
	case err != nil:
		err = errs.Wrap(errs.Unavailable, err, "the plugin binary %s cannot be copied into memory", b.Path)
	case size > maxBytes:
		err = errs.New(errs.TooLarge, "the plugin binary %s has more than %d MiB", b.Path, maxBytes>>20)
	default:
		const seals = unix.F_SEAL_WRITE | unix.F_SEAL_GROW | unix.F_SEAL_SHRINK | unix.F_SEAL_SEAL
		_, err = unix.FcntlInt(sealed.Fd(), unix.F_ADD_SEALS, seals)
		err = errs.Wrap(errs.Unavailable, err, "the copy of the plugin binary %s cannot be sealed", b.Path)
	}
	if err != nil {
		sealed.Close()
		return err
	}
	b.sealed, b.Size, b.SHA256 = sealed, size, hex.EncodeToString(hash.Sum(nil))
	return nil
}

// memory makes a file in memory that may be executed. Its descriptor is above
// those that a child process has of its own.
func memory(name string) (*os.File, error) {
	const flags = unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	if len(name) > 200 {
		name = name[:200] // The kernel's limit is 249 bytes.
	}
	fd, err := unix.MemfdCreate(name, flags|unix.MFD_EXEC)
	if errors.Is(err, unix.EINVAL) { // Before Linux 6.3 every such file can be executed.
		fd, err = unix.MemfdCreate(name, flags)
	}
	if errors.Is(err, unix.EACCES) {
		return nil, errs.Wrap(errs.Denied, err, "this machine forbids programs in memory: set the sysctl vm.memfd_noexec to 0 or 1")
	}
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "there is no memory for the copy of a plugin binary")
	}
	defer unix.Close(fd)
	high, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, lowestFD)
	if err != nil {
		return nil, errs.Wrap(errs.Exhausted, err, "there is no descriptor for the copy of a plugin binary: raise the limit of open files")
	}
	return os.NewFile(uintptr(high), name), nil
}

// lowestFD is above the descriptors that a child gets under fixed numbers, which
// take the place of those of the host before the program is executed.
const lowestFD = 16

// Exec is the path under which a child process of this one finds the sealed copy
// until it has executed it; the program itself does not inherit the descriptor.
// It is of use until Close.
func (b *Binary) Exec() string { return "/proc/self/fd/" + strconv.Itoa(int(b.sealed.Fd())) }

// Reader reads the sealed copy.
func (b *Binary) Reader() *io.SectionReader { return io.NewSectionReader(b.sealed, 0, b.Size) }

// Close gives the copy back. Processes that run it go on.
func (b *Binary) Close() error { return b.sealed.Close() }
