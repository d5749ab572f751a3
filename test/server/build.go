package server

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// binaries holds the directory of the programs under test and what removes it.
var binaries struct {
	once    sync.Once
	dir     string
	scratch bool
	err     error
}

// Main runs a package's tests and removes what was built for them. A package that
// starts servers calls it from TestMain.
func Main(m *testing.M) int {
	defer removeBinaries()
	return m.Run()
}

func removeBinaries() {
	if !binaries.scratch {
		return
	}
	if err := os.RemoveAll(binaries.dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// Binaries returns the directory of quay and its drivers: $QUAY_BIN, or else a
// temporary one that they are built into, once for each test program.
func Binaries() (string, error) {
	binaries.once.Do(func() {
		if dir := os.Getenv("QUAY_BIN"); dir != "" {
			binaries.dir, binaries.err = filepath.Abs(dir)
			return
		}
		binaries.dir, binaries.err = os.MkdirTemp("", "quay-bin-")
		if binaries.err != nil {
			return
		}
		binaries.scratch = true
		build := exec.Command("go", "build", "-trimpath", "-o", binaries.dir+"/",
			"github.com/quay/quay/cmd/quay", "github.com/quay/quay/cmd/plugins/...")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			binaries.err = fmt.Errorf("build of the programs under test: %w\n%s", err, out)
		}
	})
	return binaries.dir, binaries.err
}
