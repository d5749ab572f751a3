package postgres

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// oldest is the first version of PostgreSQL that the tests are for.
const oldest = 15

// programs are PostgreSQL's programs and the user that they run as.
type programs struct {
	dir  string
	user *syscall.Credential // nil: ours
}

// findPrograms looks where Debian puts them, and beside the postgres of $PATH.
func findPrograms() (programs, error) {
	p := programs{}
	best := oldest - 1
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return p, err
	}
	for _, path := range found {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		if err == nil && version > best {
			best, p.dir = version, filepath.Dir(path)
		}
	}
	if path, err := exec.LookPath("postgres"); err == nil && p.dir == "" {
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return p, err
		}
		p.dir = filepath.Dir(path)
	}
	if p.dir == "" {
		return p, fmt.Errorf("PostgreSQL %d or newer is not installed: test/setup/install.sh database", oldest)
	}
	if os.Getuid() == 0 {
		p.user, err = credential("postgres")
	}
	return p, err
}

func credential(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// giveDirectory gives a directory to the user of the programs, and lets that user come
// to it: the temporary directories of tests are for their owner alone.
func (p programs) giveDirectory(dir string) error {
	if p.user == nil {
		return nil
	}
	if err := os.Chown(dir, int(p.user.Uid), int(p.user.Gid)); err != nil {
		return err
	}
	for parent := filepath.Dir(dir); strings.HasPrefix(parent, os.TempDir()+"/"); parent = filepath.Dir(parent) {
		info, err := os.Stat(parent)
		if err != nil {
			return err
		}
		if err := os.Chmod(parent, info.Mode()|0o011); err != nil {
			return err
		}
	}
	return nil
}

func (p programs) command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.dir, name), args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	// A group of its own: an interrupt from the terminal is for us, and we decide.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.user, Setpgid: true}
	return cmd
}

// run runs a program to its end.
func (p programs) run(dir, name string, args ...string) error {
	if out, err := p.command(dir, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

// process is a running server.
type process struct {
	pid      int
	logStart int64 // where its lines begin in the log
	dir      string
	done     chan struct{} // closed when it has ended
	err      error         // how, once done is closed
}

func logPath(dir string) string { return filepath.Join(dir, "log") }

// start starts a program that logs into the directory and that ends with us.
func (p programs) start(dir, name string, args ...string) (*process, error) {
	log, err := os.OpenFile(logPath(dir), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	info, err := log.Stat()
	if err != nil {
		return nil, err
	}
	cmd := p.command(dir, name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	// SIGQUIT ends a server and its children at once and frees its shared memory.
	cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	run := &process{dir: dir, logStart: info.Size(), done: make(chan struct{})}
	started := make(chan error)
	go func() {
		defer close(run.done)
		// Linux sends the signal when the thread ends that started the program, so
		// that thread must be of no other use until the program has ended.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			run.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	run.pid = cmd.Process.Pid
	return run, nil
}

// end sends a signal and waits until the process has ended; it kills one that does not
// end in time.
func (r *process) end(sig syscall.Signal) {
	for _, sig := range []syscall.Signal{sig, syscall.SIGKILL} {
		select {
		case <-r.done:
			return
		default:
		}
		_ = syscall.Kill(r.pid, sig) // it may just have ended
		select {
		case <-r.done:
			return
		case <-time.After(startTime):
		}
	}
	<-r.done
}

// log is what this process logged.
func (r *process) log() string {
	text := readLog(r.dir)
	return text[min(int64(len(text)), r.logStart):]
}

func readLog(dir string) string {
	text, err := os.ReadFile(logPath(dir))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// predecessorLives reports whether the process ended because an earlier server of the
// same data has not quite.
func (r *process) predecessorLives() bool {
	text := r.log()
	return slices.ContainsFunc([]string{
		"pre-existing shared memory block", "is already in use", "Address already in use",
	}, func(s string) bool { return strings.Contains(text, s) })
}

// leftover is a directory that a process of its own removes when this one ends, however
// it ends.
type leftover struct {
	cmd  *exec.Cmd
	hold io.Closer // the end of a pipe; the process waits for its other end to close
}

// remover removes a directory once its input ends. A server that is just ending may
// make files meanwhile.
const remover = `cat >/dev/null
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	rm -rf -- "$1" 2>/dev/null && [ ! -e "$1" ] && exit 0
	sleep 0.2
done
exec rm -rf -- "$1"`

func removeLater(dir string) (*leftover, error) {
	cmd := exec.Command("/bin/sh", "-c", remover, "sh", dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	hold, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &leftover{cmd: cmd, hold: hold}, nil
}

func (l *leftover) remove() error {
	if l == nil {
		return nil
	}
	if err := errors.Join(l.hold.Close(), l.cmd.Wait()); err != nil {
		return fmt.Errorf("postgres: remove its files: %w", err)
	}
	return nil
}

// freePort is a port that nothing listens on. It is not of those that the system gives
// to clients (32768 and up), which could take it while the server restarts.
func freePort() (int, error) {
	for range 100 {
		port := 15000 + rand.IntN(17000)
		l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, errors.New("no free port")
}
