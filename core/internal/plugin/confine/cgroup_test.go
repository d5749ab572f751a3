package confine_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/core/internal/plugin/confine"
)

// The bounds are written in the kernel's form, where it has files for them.
func TestGroupBounds(t *testing.T) {
	tests := []struct {
		name    string
		files   []string
		policy  confine.Policy
		bounded []string
		values  map[string]string
	}{
		{
			"all",
			[]string{"pids.max", "memory.max", "cpu.max"},
			confine.Policy{Processes: 10, Memory: 1 << 20, CPUs: 0.5},
			[]string{"pids", "memory", "cpu"},
			map[string]string{"pids.max": "10", "memory.max": "1048576", "cpu.max": "50000 100000"},
		},
		{
			"the default",
			[]string{"pids.max", "memory.max", "cpu.max"},
			confine.Policy{},
			[]string{"pids"},
			map[string]string{"pids.max": "2048", "memory.max": "", "cpu.max": ""},
		},
		{"no controllers", nil, confine.Policy{Processes: 10, Memory: 1, CPUs: 1}, nil, nil},
	}
	for _, test := range tests {
		dir := t.TempDir()
		if err := confine.EmptyGroup(dir, test.files...); err != nil {
			t.Fatal(err)
		}
		bounded, err := confine.Bound(dir, test.policy)
		if err != nil || !slices.Equal(bounded, test.bounded) {
			t.Errorf("%s: %v, error %v", test.name, bounded, err)
		}
		for file, want := range test.values {
			if got, err := os.ReadFile(within(dir, file)); err != nil || string(got) != want {
				t.Errorf("%s: %s has %q, not %q; error %v", test.name, file, got, want, err)
			}
		}
	}
}

// The directory of a process's own group is found where the group is mounted.
func TestOwnGroup(t *testing.T) {
	const mounted = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n"
	tests := []struct{ name, groups, mounts, want string }{
		{"a service", "0::/system.slice/quay.service/host\n", "22 1 0:20 / / rw - ext4 /dev/vda rw\n" + mounted, "/sys/fs/cgroup/system.slice/quay.service/host"},
		{"a mount of a part", "0::/a/b/c\n", "30 23 0:26 /a /mnt rw - cgroup2 none rw\n", "/mnt/b/c"},
		{"the root of what is seen", "0::/\n", mounted, ""},
		{"outside of what is seen", "0::/../other\n", "30 23 0:26 /a /mnt rw - cgroup2 none rw\n", ""},
		{"version 1 only", "3:pids:/user\n", "30 23 0:26 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n", ""},
		{"nothing", "", "", ""},
	}
	for _, test := range tests {
		if got := confine.OwnGroup(test.groups, test.mounts); got != test.want {
			t.Errorf("%s: %q, not %q", test.name, got, test.want)
		}
	}
}

// realGroup makes a control group of version 2, or skips the test.
func realGroup(t *testing.T) string {
	t.Helper()
	needRoot(t)
	for _, mount := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"} {
		var system unix.Statfs_t
		if err := unix.Statfs(mount, &system); err != nil || system.Type != unix.CGROUP2_SUPER_MAGIC {
			continue
		}
		dir := within(mount, "quay-test-"+strconv.Itoa(os.Getpid()))
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Skip("no control group can be made")
		}
		t.Cleanup(func() {
			if err := os.Remove(dir); err != nil {
				t.Error(err)
			}
		})
		return dir
	}
	t.Skip("no control groups of version 2 are mounted")
	return ""
}

// A process begins in a group of its own, and what it leaves behind ends with the
// group.
func TestGroup(t *testing.T) {
	b := self(t)
	parent := realGroup(t)
	cmd, needs := hostile(b, ownDir(t), "orphan", "sleep 300")
	var out bytes.Buffer
	cmd.Stdout = &out
	c, err := confine.Start(cmd, confine.Policy{Cgroup: parent, UID: 64126}, needs)
	if err != nil {
		t.Fatal(err)
	}
	groups, err := filepath.Glob(within(parent, "plugin-*"))
	if err != nil || len(groups) != 1 {
		t.Fatalf("the groups are %v, error %v", groups, err)
	}
	if own, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/cgroup"); err != nil || !strings.Contains(string(own), filepath.Base(groups[0])+"\n") {
		t.Errorf("the process is in %s, error %v", own, err)
	}
	if err := cmd.Wait(); err != nil || out.String() != "ok\nok\n" {
		t.Errorf("it said %q, error %v", out.String(), err)
	}
	if left, err := os.ReadFile(within(groups[0], "cgroup.procs")); err != nil || len(left) == 0 {
		t.Errorf("its child is gone already: %q, error %v", left, err)
	}
	if err := c.Release(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(groups[0]); !os.IsNotExist(err) {
		t.Errorf("the group is still there, error %v", err)
	}
	if a := state(c.Applied(), "control group"); a.State == confine.StateUnavailable {
		t.Errorf("%+v", a)
	}
}

// A group that the service manager has delegated is found by its mark, and one
// that it has not is left alone.
func TestDelegated(t *testing.T) {
	parent := realGroup(t)
	host := within(parent, "host")
	if err := os.Mkdir(host, 0o755); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(host)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	find := func() string {
		t.Helper()
		dir, err := os.Open(host)
		if err != nil {
			t.Fatal(err)
		}
		defer dir.Close()
		cmd := exec.Command(exe)
		cmd.Env = []string{roleKey + "=delegated"}
		cmd.SysProcAttr = &syscall.SysProcAttr{UseCgroupFD: true, CgroupFD: int(dir.Fd())}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if got := find(); got != "" {
		t.Errorf("without a mark it found %q", got)
	}
	if err := unix.Setxattr(parent, "user.delegate", []byte("1"), 0); err != nil {
		t.Fatal(err)
	}
	if got := find(); got != parent {
		t.Errorf("it found %q, not %q", got, parent)
	}
}
