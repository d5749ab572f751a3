package confine_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/sdk/errs"
)

// tree makes a directory with the files "a/file" and "b/", and returns it.
func tree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := errors.Join(os.MkdirAll(within(dir, "a"), 0o755), os.MkdirAll(within(dir, "b"), 0o755),
		os.WriteFile(within(dir, "a", "file"), []byte("secret"), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A hostile process reads and changes nothing outside of what it was granted, not
// even as root and by no detour, and is not kept from working inside of it.
func TestFiles(t *testing.T) {
	b := self(t)
	outside, readOnly, root, own := tree(t), tree(t), tree(t), ownDir(t)
	if err := os.Symlink(within(outside, "a", "file"), within(root, "way-out")); err != nil {
		t.Fatal(err)
	}
	made := within(root, "made", "below")
	policy := confine.Policy{ReadOnly: []string{readOnly}, ReadWrite: []string{root, made}}
	host := strconv.Itoa(os.Getpid())
	const denied = "EACCES|EPERM|EXDEV"
	applied := expect(t, b, policy, own, [][2]string{
		{"read " + within(outside, "a", "file"), denied},
		{"list " + outside, denied},
		{"write " + within(outside, "a", "file"), denied},
		{"write " + within(outside, "new"), denied},
		{"truncate " + within(outside, "a", "file"), denied},
		{"mkdir " + within(outside, "c"), denied},
		{"remove " + within(outside, "a", "file"), denied},
		{"remove " + within(outside, "b"), denied},
		{"rename " + within(outside, "a", "file") + " " + within(root, "stolen"), denied},
		{"rename " + within(root, "a", "file") + " " + within(outside, "b", "given"), denied},
		{"link " + within(outside, "a", "file") + " " + within(root, "linked"), denied},
		{"read " + within(root, "way-out"), denied},
		{"read " + within(root, "..", filepath.Base(filepath.Dir(outside)), filepath.Base(outside), "a", "file"), denied + "|ENOENT"},
		{"symlink / " + within(root, "link"), denied},
		{"mknod " + within(root, "null"), denied},
		{"read /etc/passwd", denied},
		{"read /etc/shadow", denied + "|ENOENT"},
		{"list /", denied},
		{"list /etc", denied},
		{"list /tmp", denied},
		{"write /tmp/quay-test-hostile", denied},
		{"read /proc/self/mem", denied},
		{"read /proc/" + host + "/environ", denied},
		{"read /proc/" + host + "/cmdline", denied},
		{"list /proc/" + host + "/fd", denied},
		{"read /proc/" + host + "/root" + within(outside, "a", "file"), denied},
		{"chmod " + within(outside, "a", "file"), denied},
		{"chmod " + outside, denied},
		{"fchmod /etc/hosts", denied},
		{"chown " + within(outside, "a", "file"), denied},
		{"setxattr " + within(outside, "a", "file"), denied},
		{"exec /bin/true", denied},
		{"mount " + root, denied},
		{"chroot " + root, denied},
		{"signal " + host, denied},
		{"trace " + host, denied},

		{"read " + within(readOnly, "a", "file"), ok},
		{"list " + readOnly, ok},
		{"write " + within(readOnly, "a", "file"), denied},
		{"write " + within(readOnly, "new"), denied},
		{"remove " + within(readOnly, "a", "file"), denied},
		{"rename " + within(readOnly, "a", "file") + " " + within(root, "stolen"), denied},

		{"read " + within(root, "a", "file"), ok},
		{"list " + root, ok},
		{"write " + within(root, "new"), ok},
		{"truncate " + within(root, "new"), ok},
		{"rename " + within(root, "new") + " " + within(root, "b", "new"), ok},
		{"mkdir " + within(root, "c"), ok},
		{"remove " + within(root, "c"), ok},
		{"write " + within(made, "new"), ok},
		{"write " + within(own, "temporary"), ok},
		{"listen unix " + within(own, "socket"), ok},
		{"read /etc/hosts", ok},
		{"write /dev/null", ok},
	})
	if a := state(applied, "files"); a.State != confine.StateApplied {
		t.Errorf("%+v", a)
	}
	if content, err := os.ReadFile(within(outside, "a", "file")); err != nil || string(content) != "secret" {
		t.Errorf("outside there is %q, error %v", content, err)
	}
	if info, err := os.Stat(made); err != nil || info.Mode().Perm()&0o700 != 0o700 {
		t.Errorf("the missing directory: %v, error %v", info, err)
	}
}

// What cannot be granted fails the start, and starts nothing.
func TestGrantsAreChecked(t *testing.T) {
	b := self(t)
	file := within(tree(t), "a", "file")
	tests := []struct {
		name   string
		policy confine.Policy
		kind   errs.Kind
		part   string
	}{
		{"a missing path that is required", confine.Policy{ReadOnly: []string{"/no/such/path"}, Require: true}, errs.Unavailable, "/no/such/path"},
		{"a relative path", confine.Policy{ReadOnly: []string{"etc"}}, errs.Invalid, `"etc"`},
		{"the whole machine", confine.Policy{ReadWrite: []string{"/tmp/.."}}, errs.Invalid, "directory of its own"},
		{"a directory in a file that is required", confine.Policy{ReadWrite: []string{within(file, "x")}, Require: true}, errs.Unavailable, file},
		{"a foreign control group", confine.Policy{Cgroup: "/no/such/group"}, errs.Denied, "/no/such/group"},
		{"negative processors", confine.Policy{CPUs: -1}, errs.Invalid, "-1"},
	}
	for _, test := range tests {
		cmd, needs := hostile(b, "", "who")
		_, err := confine.Start(cmd, test.policy, needs)
		if !errs.Is(err, test.kind) || !strings.Contains(err.Error(), test.part) || cmd.Process != nil {
			t.Errorf("%s: the process is %v, error %v", test.name, cmd.Process, err)
		}
	}
	if c, err := confine.Start(exec.Command("/no/such/program"), confine.Policy{}, confine.Needs{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing program: %v, error %v", c, err)
	}
}

// A path that cannot be granted takes no other with it: the report names it, and the
// process works with the rest.
func TestUnusablePaths(t *testing.T) {
	b := self(t)
	root := tree(t)
	policy := confine.Policy{
		ReadOnly:  []string{"/no/such/path", within(root, "a")},
		ReadWrite: []string{within(root, "a", "file", "x"), within(root, "b")},
	}
	applied := expect(t, b, policy, ownDir(t), [][2]string{
		{"read " + within(root, "a", "file"), ok},
		{"write " + within(root, "b", "new"), ok},
		{"write " + within(root, "a", "file"), "EACCES"},
	})
	a := state(applied, "files")
	for _, part := range []string{"/no/such/path (no such file", within(root, "a", "file", "x") + " ("} {
		if a.State != confine.StateApplied || !strings.Contains(a.Detail, part) {
			t.Errorf("%q is not in %+v", part, a)
		}
	}
	if strings.Count(a.Detail, "(") != 2 || len(policy.ReadWrite) != 2 || policy.ReadWrite[1] != within(root, "b") {
		t.Errorf("the report is %+v, the policy has become %+v", a, policy)
	}
}

// Without the grant nothing can be connected to, by no kind of socket, though the
// process can serve on its own Unix one; with it the network is as the host's.
func TestNetwork(t *testing.T) {
	b := self(t)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	abstract, err := net.Listen("unix", "@quay-test-"+strconv.Itoa(os.Getpid()))
	if err != nil {
		t.Fatal(err)
	}
	defer abstract.Close()
	own := ownDir(t)
	path, err := net.Listen("unix", within(own, "host"))
	if err != nil {
		t.Fatal(err)
	}
	defer path.Close()
	namespace, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Fatal(err)
	}

	applied := expect(t, b, confine.Policy{}, own, [][2]string{
		{"dial tcp " + tcp.Addr().String(), "EACCES"},
		{"dial udp " + tcp.Addr().String(), "EACCES"},
		{"dial unix " + abstract.Addr().String(), "EACCES"},
		{"dial unix " + path.Addr().String(), "EACCES"},
		{"listen tcp 127.0.0.1:0", "EACCES"},
		{"socket udp", "EACCES"},
		{"socket udp6", "EACCES"},
		{"socket raw", "EACCES"},
		{"socket packet", "EACCES"},
		{"socket netlink", "EACCES"},
		{"socket vsock", "EACCES"},
		{"socket io_uring", "ENOSYS"},
		{"socket unixdgm", "EACCES"},
		{"socket unix", ok},
		{"socket pair", ok},
		{"listen unix " + within(own, "plugin"), ok},
	})
	if a := state(applied, "network"); a.State != confine.StateApplied {
		t.Errorf("%+v", a)
	}
	if os.Geteuid() == 0 {
		if results, _ := run(t, b, confine.Policy{}, own, "net"); results[0] == namespace {
			t.Errorf("it has the network of the host, %s", namespace)
		}
	}

	applied = expect(t, b, confine.Policy{Network: true}, own, [][2]string{
		{"dial tcp " + tcp.Addr().String(), ok},
		{"dial unix " + abstract.Addr().String(), "EPERM|ECONNREFUSED"},
		{"dial unix " + path.Addr().String(), ok},
		{"socket udp", ok},
		{"socket unixdgm", ok},
		{"socket io_uring", "ENOSYS"},
		{"chmod " + own, "EPERM"},
		{"net", namespace},
	})
	if a := state(applied, "network"); a.State != confine.StateOff {
		t.Errorf("%+v", a)
	}
}

// A fork bomb, of processes or of threads, ends at its limit.
func TestForkBomb(t *testing.T) {
	needRoot(t)
	b := self(t)
	const limit = 64
	policy := confine.Policy{UID: 64123, Processes: limit}
	results, applied := run(t, b, policy, ownDir(t), "fork 500")
	if n, err := strconv.Atoi(results[0]); err != nil || n == 0 || n >= limit {
		t.Errorf("it made %s processes", results[0])
	}
	if a := state(applied, "processes"); a.State != confine.StateApplied {
		t.Errorf("%+v", a)
	}
}

// Where nothing can bound the processes the report says so and what would.
func TestUnboundedProcesses(t *testing.T) {
	b := self(t)
	_, applied := run(t, b, confine.Policy{}, ownDir(t), "who")
	if a := state(applied, "processes"); a.State != confine.StateUnavailable || !strings.Contains(a.Detail, "user of its own") {
		t.Errorf("%+v", a)
	}
	cmd, needs := hostile(b, ownDir(t), "who")
	if _, err := confine.Start(cmd, confine.Policy{Require: true}, needs); !errs.Is(err, errs.Unsupported) {
		t.Errorf("where it is required: %v", err)
	}
	if cmd.ProcessState == nil {
		t.Error("the process was not ended")
	}
}

// The bounds hold from the first instruction on.
func TestBounds(t *testing.T) {
	b := self(t)
	policy := confine.Policy{OpenFiles: 100, Memory: 1 << 30}
	applied := expect(t, b, policy, ownDir(t), [][2]string{
		{fmt.Sprint("limit ", unix.RLIMIT_NOFILE), "100"},
		{fmt.Sprint("limit ", unix.RLIMIT_CORE), "0"},
		{"no-new-privileges", "1"},
		{fmt.Sprint("allocate ", 2<<30), "ENOMEM"},
		{fmt.Sprint("allocate ", 1<<20), ok},
	})
	for _, name := range []string{"open files", "core dumps", "privileges", "memory"} {
		if a := state(applied, name); a.State != confine.StateApplied || strings.Contains(a.Detail, "moment") {
			t.Errorf("%+v", a)
		}
	}
	if results, _ := run(t, b, policy, ownDir(t), "open 1000"); results[0] == "1000" {
		t.Errorf("%s files are open", results[0])
	}
	expect(t, b, confine.Policy{}, ownDir(t), [][2]string{{fmt.Sprint("limit ", unix.RLIMIT_NOFILE), "8192"}})
}

// Root's plugin has none of root's capabilities but the one that lets it work in
// other users' directories, and as another user it has none and no way back.
func TestPrivileges(t *testing.T) {
	needRoot(t)
	b := self(t)
	expect(t, b, confine.Policy{}, ownDir(t), [][2]string{{"who", "0 0 0"}, {"capabilities", "0 2"}, {"setuid 12345", "EPERM"}})

	root := t.TempDir()
	made := within(root, "made")
	if err := os.Chmod(filepath.Dir(root), 0o711); err != nil { // The test's directories are closed to others.
		t.Fatal(err)
	}
	applied := expect(t, b, confine.Policy{UID: 64124, GID: 64125, ReadWrite: []string{made}}, ownDir(t), [][2]string{
		{"who", "64124 64124 64125"}, {"capabilities", "0 0"}, {"setuid 0", "EPERM"}, {"write " + within(made, "file"), ok},
	})
	if a := state(applied, "user"); a.State != confine.StateApplied {
		t.Errorf("%+v", a)
	}
	expect(t, b, confine.Policy{UID: 64124}, ownDir(t), [][2]string{{"who", "64124 64124 64124"}})
	if dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || dumpable != 1 {
		t.Errorf("the host is left with dumpable %d, error %v", dumpable, err)
	}
}

// The host is confined in none of its threads, however many processes it starts.
func TestHostStaysFree(t *testing.T) {
	b := self(t)
	own := ownDir(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 3 {
				run(t, b, confine.Policy{}, own, "who")
			}
		})
	}
	wg.Wait()
	tasks, err := filepath.Glob("/proc/self/task/*/status")
	if err != nil || len(tasks) == 0 {
		t.Fatalf("%d threads, error %v", len(tasks), err)
	}
	for _, task := range tasks {
		status, err := os.ReadFile(task)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, unix.ESRCH) {
			continue // The thread has ended meanwhile.
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, free := range []string{"NoNewPrivs:\t0\n", "Seccomp:\t0\n"} {
			if !strings.Contains(string(status), free) {
				t.Errorf("%s has no %q:\n%s", task, free, status)
			}
		}
	}
	for range 4 * runtime.NumCPU() { // On several threads.
		wg.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			if _, err := os.ReadFile("/etc/passwd"); err != nil {
				t.Error(err)
			}
			if l, err := net.Listen("tcp", "127.0.0.1:0"); err != nil {
				t.Error(err)
			} else {
				l.Close()
			}
		})
	}
	wg.Wait()
}

// A host that may not do all of it, as in a container, starts the plugin
// nevertheless, with what there is, and says what is missing.
func TestPoorHost(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	start := func(env ...string) []byte {
		t.Helper()
		cmd := exec.Command(exe)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return out
	}
	var host struct {
		Applied []confine.Applied
		Output  []string
	}
	out := start(roleKey + "=host ptrace landlock unshare")
	if err := json.Unmarshal(out, &host); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if want := []string{"ok", "77", "EACCES"}; fmt.Sprint(host.Output) != fmt.Sprint(want) {
		t.Errorf("the process says %v, not %v", host.Output, want)
	}
	if a := state(host.Applied, "files"); a.State != confine.StateUnavailable {
		t.Errorf("%+v", a)
	}
	if a := state(host.Applied, "open files"); a.State != confine.StateApplied || !strings.Contains(a.Detail, "a moment after its start") {
		t.Errorf("%+v", a)
	}
	if a := state(host.Applied, "network"); a.State != confine.StateApplied || strings.Contains(a.Detail, "namespace") {
		t.Errorf("%+v", a)
	}
	if out := start(roleKey+"=host landlock", "REQUIRE=1"); !strings.Contains(string(out), "Landlock") {
		t.Errorf("where it is required: %s", out)
	}
}

// A policy that is off confines nothing and says so.
func TestOff(t *testing.T) {
	b := self(t)
	applied := expect(t, b, confine.Policy{Off: true}, "", [][2]string{{"read /etc/passwd", ok}, {"socket udp", ok}})
	if a := state(applied, "files"); a.State != confine.StateOff {
		t.Errorf("%+v", a)
	}
}

// What a confined start costs more than another one.
func BenchmarkStart(b *testing.B) {
	program, err := binary.Open("/bin/true")
	if err != nil {
		b.Fatal(err)
	}
	defer program.Close()
	for _, policy := range []confine.Policy{{Off: true}, {Network: true}, {}} {
		b.Run(fmt.Sprintf("off=%v,network=%v", policy.Off, policy.Network), func(b *testing.B) {
			for b.Loop() {
				cmd := exec.Command(program.Exec())
				c, err := confine.Start(cmd, policy, confine.Needs{Loader: program.Loader})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if err := errors.Join(cmd.Wait(), c.Release()); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}
