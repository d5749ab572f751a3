package serve

import (
	"bufio"
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// TestAttach proves that a plugin in a debugger may stand still for any number of
// questions whether it is alive, that it is not taken for another plugin, and that it
// cannot be attached to where FIPS builds are demanded.
func TestAttach(t *testing.T) {
	bin, err := plugintest.Build("quay-storage-local")
	if err != nil {
		t.Fatal(err)
	}
	dir := plugintest.RunDir(t)
	t.Cleanup(func() { os.RemoveAll(bin) })
	debugged := exec.CommandContext(t.Context(), filepath.Join(bin, "quay-storage-local"), protocol.DebugArgument)
	debugged.Env = []string{"TMPDIR=" + dir}
	out, err := debugged.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := debugged.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = debugged.Process.Kill() // It may have ended.
		_ = debugged.Wait()         // It was killed.
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}

	h := &host{cfg: &config.Config{}}
	h.opts.Trust.Development = map[string]string{"storage/local": attachPrefix + address}
	start := func(name string) (*plugin.Supervisor, error) {
		options, err := json.Marshal(map[string]string{"storage_path": filepath.Join(dir, "data")})
		if err != nil {
			t.Fatal(err)
		}
		opts := plugin.Options{
			Kind: "storage", Name: name, RunDir: dir, Logger: slog.New(slog.DiscardHandler),
			Instances: []plugin.Instance{{Name: "default", Config: options}},
			Health:    plugin.Health{PingEvery: 5 * time.Millisecond, PingTimeout: 5 * time.Millisecond},
		}
		h.attach(&opts, address)
		return plugin.Start(t.Context(), opts)
	}
	sup, err := start("local")
	if err != nil {
		t.Fatal(err)
	}
	defer sup.Close(t.Context())
	if err := debugged.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // Some twenty questions.
	if err := debugged.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if st := sup.Status(); st.Generation != 1 || st.Crashes != 0 || st.PID != debugged.Process.Pid || st.Binary.Version == "" {
		t.Errorf("after it stood still: %+v", st)
	}

	if _, err := start("other"); !errs.Is(err, errs.Denied) || !strings.Contains(err.Error(), `"local"`) {
		t.Errorf("as another plugin: %v", err)
	}
	h.cfg.FIPS = true
	if _, err := start("local"); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "FIPS") {
		t.Errorf("where FIPS is demanded: %v", err)
	}
}
