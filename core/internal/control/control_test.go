package control_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/control"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

// plugins notes what it is told.
type plugins struct{ told []string }

func (p *plugins) tell(format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	p.told = append(p.told, text)
	if strings.Contains(text, "bad") {
		return errs.New(errs.Conflict, "%s is impossible", text)
	}
	return nil
}

func (p *plugins) Plugins() []plugin.Status {
	return []plugin.Status{{Kind: "storage", Name: "local", State: plugin.Healthy, PID: 42}}
}

func (p *plugins) Replace(_ context.Context, id, path string, trial time.Duration) error {
	return p.tell("replace %s %s %v", id, path, trial)
}

func (p *plugins) Reconfigure(_ context.Context, id, instance string) error {
	return p.tell("reconfigure %s %s", id, instance)
}

func (p *plugins) Restart(_ context.Context, id string) error { return p.tell("restart %s", id) }

func (p *plugins) Quarantine(_ context.Context, id, reason string) error {
	return p.tell("quarantine %s %s", id, reason)
}

// listen serves p on a socket until the test ends.
func listen(t *testing.T, p *plugins) (socket string) {
	t.Helper()
	socket = filepath.Join(plugintest.RunDir(t), "control.sock")
	server, err := control.Listen(socket, p, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(socket); err == nil {
			t.Error("the socket is left")
		}
	})
	return socket
}

// Every order reaches the host as it was given, and its error comes back with its
// kind and its text.
func TestOrders(t *testing.T) {
	plugintest.Leaks(t)
	p := &plugins{}
	client, err := control.Dial(t.Context(), listen(t, p))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	list, err := client.Plugins(t.Context())
	if err != nil || len(list) != 1 || list[0].ID() != "storage/local" || list[0].PID != 42 {
		t.Errorf("the plugins are %+v, error %v", list, err)
	}
	const id = "storage/local"
	for _, test := range []struct {
		err  error
		told string
	}{
		{client.Replace(t.Context(), id, "/a b/ü", time.Second), "replace storage/local /a b/ü 1s"},
		{client.Reconfigure(t.Context(), id, "default"), "reconfigure storage/local default"},
		{client.Restart(t.Context(), id), "restart storage/local"},
		{client.Quarantine(t.Context(), id, "a reason"), "quarantine storage/local a reason"},
	} {
		if test.err != nil || p.told[0] != test.told {
			t.Errorf("told %q, error %v", p.told[0], test.err)
		}
		p.told = p.told[1:]
	}
	if err := client.Replace(t.Context(), id, "bad", 0); !errs.Is(err, errs.Conflict) || err.Error() != "replace storage/local bad 0s is impossible" {
		t.Errorf("the error is %v", err)
	}
	if err := client.Restart(t.Context(), "no id"); !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Unsupported) {
		t.Errorf("an order for nothing: %v", err)
	}
}

// The socket is the host's user's alone, one that nobody serves is replaced, one that
// is served is not, and what is wrong with a path is said.
func TestSocket(t *testing.T) {
	plugintest.Leaks(t)
	p := &plugins{}
	socket := listen(t, p)
	info, err := os.Stat(socket)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v, error %v", info.Mode(), err)
	}
	logger := slog.New(slog.DiscardHandler)
	if _, err := control.Listen(socket, p, logger); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second host: %v", err)
	}
	if _, err := control.Listen("/"+strings.Repeat("x", 200), p, logger); !errs.Is(err, errs.Invalid) {
		t.Errorf("a long path: %v", err)
	}
	if _, err := control.Dial(t.Context(), socket+".none"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("no host: %v", err)
	}

	stale := filepath.Join(plugintest.RunDir(t), "control.sock")
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()
	server, err := control.Listen(stale, p, logger)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
