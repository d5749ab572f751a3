package binary_test

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/sdk/errs"
)

const module = "github.com/quay/quay"

// The programs under test: a driver, and a FIPS build of it.
var plain, fips []byte

func TestMain(m *testing.M) {
	for _, program := range []struct {
		content *[]byte
		setting string
	}{{&plain, "off"}, {&fips, "v1.0.0"}} {
		var err error
		if *program.content, err = build(program.setting); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// build returns the local driver's program, built with a GOFIPS140 setting.
func build(setting string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "binary")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "program")
	cmd := exec.Command("go", "build", "-o", path, module+"/cmd/plugins/quay-storage-local")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFIPS140="+setting)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	return os.ReadFile(path)
}

// install puts a program into a new directory.
func install(t testing.TB, content []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "quay-storage-x")
	write(t, path, content, 0o755)
	return path
}

// write makes a file with a mode, whatever the umask is.
func write(t testing.TB, path string, content []byte, mode os.FileMode) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path, content, 0o600), os.Chmod(path, mode)); err != nil {
		t.Fatal(err)
	}
}

// needRoot skips a test that gives files away or mounts.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
}

func open(t testing.TB, path string) *binary.Binary {
	t.Helper()
	b, err := binary.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// The copy has the bytes and the hash of the file, is run under its own name,
// cannot be changed by this process, and outlives the file.
func TestSealedCopy(t *testing.T) {
	path := install(t, plain)
	b := open(t, path)
	if err := os.WriteFile(path, []byte("something else"), 0o755); err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(plain); b.SHA256 != hex.EncodeToString(sum[:]) || b.Size != int64(len(plain)) {
		t.Errorf("the hash is %s, of %d bytes", b.SHA256, b.Size)
	}
	if sealed, err := io.ReadAll(b.Reader()); err != nil || !bytes.Equal(sealed, plain) {
		t.Errorf("the copy has %d bytes, not %d; error %v", len(sealed), len(plain), err)
	}
	for range 2 {
		if out, err := exec.Command(b.Exec(), "describe").CombinedOutput(); err != nil || !bytes.Contains(out, []byte(`"local"`)) {
			t.Errorf("it says %q, error %v", out, err)
		}
	}
	f, err := os.OpenFile(b.Exec(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, change := range map[string]error{
		"write":    func() error { _, err := f.WriteAt([]byte("x"), 0); return err }(),
		"grow":     f.Truncate(b.Size + 1),
		"shrink":   f.Truncate(1),
		"map":      func() error { _, err := unix.Mmap(int(f.Fd()), 0, 4096, unix.PROT_WRITE, unix.MAP_SHARED); return err }(),
		"unsealed": func() error { _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, unix.F_SEAL_SEAL); return err }(),
	} {
		if !errors.Is(change, unix.EPERM) {
			t.Errorf("%s: %v", name, change)
		}
	}
}

// A file that is no program, or that somebody else could have written, is refused
// with an error that names the way to mend it.
func TestRefused(t *testing.T) {
	needRoot(t)
	foreign := bytes.Clone(plain)
	foreign[18], foreign[19] = byte(elf.EM_MIPS), 0 // e_machine
	object := bytes.Clone(plain)
	object[16] = byte(elf.ET_REL) // e_type
	loader := []byte("\x00/lib64/ld-linux-x86-64.so.2\x00")
	dynamic, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	dynamic = bytes.Replace(dynamic, loader, []byte("\x00/lib64/ld-linux-x86-64.so.9\x00"), 1)
	if !bytes.Contains(dynamic, []byte("so.9")) {
		t.Fatal("/bin/sh has another loader than this test expects")
	}

	file := func(content []byte, mode os.FileMode) func(t *testing.T, path string) {
		return func(t *testing.T, path string) { write(t, path, content, mode) }
	}
	then := func(first func(*testing.T, string), second func(path string) error) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			first(t, path)
			if err := second(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	tests := []struct {
		name string
		make func(t *testing.T, path string)
		kind errs.Kind
		part string
	}{
		{"missing", func(*testing.T, string) {}, errs.NotFound, "install it"},
		{"a directory", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}, errs.Invalid, "not a regular file"},
		{"a fifo", func(t *testing.T, path string) {
			if err := unix.Mkfifo(path, 0o755); err != nil {
				t.Fatal(err)
			}
		}, errs.Invalid, "not a regular file"},
		{"an endless link", func(t *testing.T, path string) {
			if err := os.Symlink(path, path); err != nil {
				t.Fatal(err)
			}
		}, errs.Invalid, "without an end"},
		{"not executable", file(plain, 0o644), errs.Denied, "chmod 0755"},
		{"writable by the group", file(plain, 0o775), errs.Denied, "chmod go-w"},
		{"writable by all", file(plain, 0o757), errs.Denied, "chmod go-w"},
		{"in a directory that is writable", then(file(plain, 0o755), func(path string) error {
			return os.Chmod(filepath.Dir(path), 0o775)
		}), errs.Denied, "the directory"},
		{"below a directory that is writable", then(file(plain, 0o755), func(path string) error {
			return os.Chmod(filepath.Dir(filepath.Dir(path)), 0o777)
		}), errs.Denied, "chmod go-w"},
		{"of another user", then(file(plain, 0o755), func(path string) error {
			return os.Chown(path, 12345, -1)
		}), errs.Denied, "belongs to the user 12345"},
		{"in a directory of another user", then(file(plain, 0o755), func(path string) error {
			return os.Chown(filepath.Dir(path), 12345, -1)
		}), errs.Denied, "belongs to the user 12345"},
		{"by a link of another user", then(file(plain, 0o755), func(path string) error {
			return errors.Join(os.Rename(path, path+"-1"), os.Symlink(path+"-1", path), os.Lchown(path, 12345, -1))
		}), errs.Denied, "belongs to the user 12345"},
		{"by a link into a directory that is writable", then(file(plain, 0o755), func(path string) error {
			open := filepath.Join(filepath.Dir(path), "open")
			return errors.Join(os.Mkdir(open, 0o755), os.Chmod(open, 0o777),
				os.Rename(path, filepath.Join(open, "x")), os.Symlink("open/../open/x", path))
		}), errs.Denied, "open on the way"},
		{"empty", file(nil, 0o755), errs.Invalid, "no program for"},
		{"text", file([]byte("hello"), 0o755), errs.Invalid, "install the build for this machine"},
		{"a script", file([]byte("#!/bin/sh\n"), 0o755), errs.Invalid, "is a script"},
		{"the head of a program", file(plain[:40], 0o755), errs.Invalid, "no program for"},
		{"another machine's", file(foreign, 0o755), errs.Invalid, "EM_MIPS"},
		{"an object file", file(object, 0o755), errs.Invalid, "ET_REL"},
		{"no dynamic loader", file(dynamic, 0o755), errs.Invalid, "CGO_ENABLED=0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "a", "b")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "quay-storage-x")
			test.make(t, path)
			b, err := binary.Open(path)
			if err == nil {
				b.Close()
				t.Fatal("it is opened")
			}
			if !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.part) {
				t.Errorf("the error, of the kind %q, is %v", errs.KindOf(err), err)
			}
		})
	}
}

// An administrator's noexec is respected, though memory has none.
func TestNoExec(t *testing.T) {
	needRoot(t)
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_NOEXEC, "mode=0755"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	}()
	path := filepath.Join(dir, "quay-storage-x")
	write(t, path, plain, 0o755)
	if b, err := binary.Open(path); err == nil || !strings.Contains(err.Error(), "noexec") {
		t.Errorf("%v, error %v", b, err)
	}
}

// Links, sticky directories and the mode 0700 are all well where nobody else can
// write: that is how packages and tests install plugins.
func TestAdmitted(t *testing.T) {
	path := install(t, plain)
	sticky := filepath.Join(t.TempDir(), "sticky")
	if err := errors.Join(os.Mkdir(sticky, 0o755), os.Chmod(sticky, 0o777|os.ModeSticky)); err != nil {
		t.Fatal(err)
	}
	direct, link := filepath.Join(sticky, "x"), filepath.Join(sticky, "link")
	write(t, direct, plain, 0o700)
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{direct, link, "/bin/sh"} {
		b, err := binary.Open(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		b.Close()
	}
}

// What the toolchain recorded is read from the binary itself, and a FIPS build is
// told from one that is none.
func TestBuild(t *testing.T) {
	tests := []struct {
		setting string
		content []byte
		fips    bool
	}{
		{"GOFIPS140=off", plain, false},
		{"GOFIPS140=v1.0.0", fips, true},
	}
	for _, test := range tests {
		b := open(t, install(t, test.content))
		if b.FIPS() != test.fips {
			t.Errorf("%s: FIPS is %v: %+v", test.setting, b.FIPS(), b.Build)
		}
		if b.Build.Module != module || !strings.HasPrefix(b.Build.Go, "go1.") || b.Loader != "" {
			t.Errorf("%s: loader %q, %+v", test.setting, b.Loader, b.Build)
		}
	}
	if b := open(t, "/bin/sh"); b.Build != (binary.Build{}) || b.FIPS() || b.Loader == "" {
		t.Errorf("a program of another language: loader %q, %+v", b.Loader, b.Build)
	}
	for _, b := range []binary.Build{
		{FIPSModule: "v1.0.0", FIPSDefault: "off"}, {FIPSModule: "v1.0.0"}, {FIPSModule: "latest", FIPSDefault: "on"}, {FIPSModule: "off", FIPSDefault: "on"}, {FIPSDefault: "only"},
	} {
		if (&binary.Binary{Build: b}).FIPS() {
			t.Errorf("%+v counts as a FIPS build", b)
		}
	}
}

// Opening costs the hash of the file, once for each version.
func BenchmarkOpen(b *testing.B) {
	path := install(b, plain)
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		x, err := binary.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		x.Close()
	}
}

// A binary that is opened gives its descriptor back.
func ExampleOpen() {
	b, err := binary.Open("/no/such/quay-storage-x")
	if err != nil {
		fmt.Println(errs.KindOf(err))
		return
	}
	defer b.Close()
	// Output: not found
}
