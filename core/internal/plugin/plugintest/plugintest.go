// Package plugintest helps tests that run real plugins.
package plugintest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

// Build builds the plugin binaries of this module that are named, and returns
// their directory. The caller removes it.
func Build(names ...string) (dir string, err error) { return build("cmd/plugins", names) }

// BuildTest is Build for the plugins of test/plugins, which are for tests only.
func BuildTest(names ...string) (dir string, err error) { return build("test/plugins", names) }

func build(folder string, names []string) (dir string, err error) {
	dir, err = os.MkdirTemp("", "plugins")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		if err := BuildPackage(filepath.Join(dir, name), folder+"/"+name); err != nil {
			os.RemoveAll(dir)
			return "", err
		}
	}
	return dir, nil
}

// BuildPackage builds a program of this module, whose package is below its root,
// as the file at path.
func BuildPackage(path, folder string) error {
	cmd := exec.Command("go", "build", "-o", path, "github.com/quay/quay/"+folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", folder, err, out)
	}
	return nil
}

// RunDir returns a new directory whose path is short enough for sockets. It is
// removed when the test ends.
func RunDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Leaks remembers the open descriptors and the goroutines, and fails the test at
// its end when there are more. Call it before anything else.
func Leaks(t testing.TB) {
	t.Helper()
	files, goroutines := descriptors(), runtime.NumGoroutine()
	t.Cleanup(func() {
		var nowFiles, nowGoroutines int
		for range 100 { // What has been told to end may need a moment.
			nowFiles, nowGoroutines = descriptors(), runtime.NumGoroutine()
			if nowFiles <= files && nowGoroutines <= goroutines {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		if nowFiles > files {
			t.Errorf("%d descriptors are open, %d were before:\n%s", nowFiles, files, strings.Join(listDescriptors(), "\n"))
		}
		if nowGoroutines > goroutines {
			t.Errorf("%d goroutines run, %d did before", nowGoroutines, goroutines)
			_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
		}
	})
}

func descriptors() int { return len(listDescriptors()) }

func listDescriptors() []string {
	const dir = "/proc/self/fd"
	entries, _ := os.ReadDir(dir)
	var open []string
	for _, e := range entries {
		// The directory itself is closed by now, and epoll is the runtime's.
		target, err := os.Readlink(filepath.Join(dir, e.Name()))
		if err != nil || strings.Contains(target, "eventpoll") || strings.Contains(target, "eventfd") {
			continue
		}
		open = append(open, e.Name()+" "+target)
	}
	return open
}

// Eventually waits until ok is true, and fails the test when it takes too long.
func Eventually(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(within); ; time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}
