package server

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/quay/quay/test/evil/orders"
)

// evilBinary builds the evil plugin once for each test program.
var evilBinary = sync.OnceValues(func() (string, error) {
	bin, err := Binaries()
	if err != nil {
		return "", err
	}
	path := filepath.Join(bin, "evil")
	build := exec.Command("go", "build", "-trimpath", "-o", path, "github.com/quay/quay/test/evil")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build of the evil plugin: %w\n%s", err, out)
	}
	return path, nil
})

// Evil is a server whose storage driver does wrong what it is told to.
type Evil struct {
	*Server
	t      testing.TB
	driver string
	orders orders.Orders
}

// StartEvil starts a server on an evil driver that behaves. Capabilities are those
// that the driver says it has; nil means those of the local driver. The options are
// the server's, but for the plugins' directory and the data directory.
func StartEvil(t testing.TB, o Options, capabilities []string) *Evil {
	t.Helper()
	evil, err := evilBinary()
	if err != nil {
		t.Fatal(err)
	}
	o.PluginDir, o.DataDir = t.TempDir(), scratchDir(t)
	e := &Evil{
		t: t, driver: filepath.Join(o.PluginDir, "quay-storage-local"),
		orders: orders.Orders{Capabilities: capabilities, Record: true, Directory: filepath.Join(o.DataDir, "storage")},
	}
	bin, err := Binaries()
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{evil: e.driver, filepath.Join(bin, "quay-storage-local"): orders.Real(e.driver)} {
		if err := os.Link(from, to); err != nil {
			t.Fatal(err)
		}
	}
	e.Order()
	e.Server = Start(t, o)
	return e
}

// Order gives the driver faults; none means to behave.
func (e *Evil) Order(faults ...orders.Fault) {
	e.t.Helper()
	o := e.orders
	o.Faults = faults
	if err := orders.Give(e.driver, o); err != nil {
		e.t.Fatal(err)
	}
}

// Calls are the names of the calls that the driver got since the last order.
func (e *Evil) Calls() []string {
	e.t.Helper()
	calls, err := orders.Calls(e.driver)
	if err != nil {
		e.t.Fatal(err)
	}
	return calls
}
