package launch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/storage"
)

// serveHostile makes this process a plugin that does what the paths say which it
// is asked for: "read:PATH", "write:PATH", "dial:ADDRESS", "env:NAME", "user"
// and "spawn", which starts a process that sleeps.
func serveHostile() {
	sdk.Main(sdk.Plugin{Name: "hostile", Version: "1.0.0", Storage: hostile{}})
}

type hostile struct{}

func (hostile) Validate(storage.Config) []storage.Problem { return nil }

func (hostile) Open(context.Context, storage.Config) (storage.Store, error) {
	return hostileStore{}, nil
}

// hostileStore has no objects: only its Stat is called.
type hostileStore struct{ storage.Store }

func (hostileStore) Stat(_ context.Context, path string) (storage.Info, error) {
	verb, argument, _ := strings.Cut(path, ":")
	var err error
	switch verb {
	case "read":
		_, err = os.ReadFile(argument)
	case "write":
		err = os.WriteFile(argument, []byte("x"), 0o600)
	case "temporary":
		var f *os.File
		if f, err = os.CreateTemp("", "x"); err == nil {
			f.Close()
		}
	case "dial":
		var conn net.Conn
		if conn, err = net.Dial("tcp", argument); err == nil {
			conn.Close()
		}
	case "env":
		err = fmt.Errorf("%q", os.Getenv(argument))
	case "spawn":
		cmd := exec.Command("/proc/self/exe")
		cmd.Env = []string{roleKey + "=sleep"}
		if err = cmd.Start(); err == nil {
			err = fmt.Errorf("process %d", cmd.Process.Pid)
		}
	case "user":
		err = fmt.Errorf("user %d", os.Getuid())
	}
	if err != nil {
		// Only such a message crosses the wire.
		err = errs.New(errs.Internal, "%v", err)
	}
	return storage.Info{}, err
}

// startConfined starts the hostile plugin and returns a function that asks it.
func startConfined(t testing.TB, b *binary.Binary, run string, policy confine.Policy) (*launch.Process, func(path string) error) {
	t.Helper()
	p, err := launch.Start(t.Context(), launch.Spec{
		Binary: b, Confine: policy, RunDir: run, Env: []string{roleKey}, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Kill() })
	if _, err := basev1.NewLifecycleClient(p.Conn()).Configure(t.Context(), &basev1.ConfigureRequest{Instance: "x"}); err != nil {
		t.Fatal(err)
	}
	return p, func(path string) error {
		_, err := storagev1.NewStorageClient(p.Conn()).Stat(t.Context(), &storagev1.StatRequest{Instance: "x", Path: path})
		return grpcerr.From(err)
	}
}

// A plugin serves confined: what it was not granted it cannot reach, whatever it
// is asked for, and what it was granted it can. So does one with a user of its own.
func TestConfinedPlugin(t *testing.T) {
	b := self(t)
	t.Setenv(roleKey, "serve")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	users := []uint32{0}
	if os.Geteuid() == 0 {
		users = append(users, 64127)
	}
	for _, uid := range users {
		t.Run(fmt.Sprint("user ", uid), func(t *testing.T) {
			plugintest.Leaks(t)
			outside, root := t.TempDir(), t.TempDir()
			if err := errors.Join(os.Chmod(filepath.Dir(outside), 0o711), os.Chmod(outside, 0o777), os.Chmod(root, 0o777)); err != nil {
				t.Fatal(err)
			}
			secret := filepath.Join(outside, "secret")
			if err := os.WriteFile(secret, []byte("secret"), 0o644); err != nil {
				t.Fatal(err)
			}
			p, ask := startConfined(t, b, plugintest.RunDir(t), confine.Policy{UID: uid, ReadWrite: []string{root}})
			defer p.Kill()
			for _, path := range []string{
				"read:" + secret, "write:" + secret, "write:" + filepath.Join(outside, "new"), "read:/etc/passwd",
				"dial:" + listener.Addr().String(),
			} {
				if err := ask(path); err == nil || !strings.Contains(err.Error(), "permission denied") {
					t.Errorf("%s: %v", path, err)
				}
			}
			for _, path := range []string{"write:" + filepath.Join(root, "new"), "read:/etc/hosts", "temporary"} {
				if err := ask(path); err != nil {
					t.Errorf("%s: %v", path, err)
				}
			}
			if want := fmt.Sprint("user ", max(int(uid), os.Getuid())); !strings.Contains(ask("user").Error(), want) {
				t.Errorf("it is the %v, not %s", ask("user"), want)
			}
			if applied := p.Confinement(); len(applied) == 0 || applied[0].Name == "" {
				t.Errorf("the report is %+v", applied)
			}
		})
	}
}

// A host in which FIPS is switched off for a moment does not switch it off in plugins,
// whose builds were checked for it.
func TestGodebugDoesNotReachPlugins(t *testing.T) {
	b := self(t)
	t.Setenv(roleKey, "serve")
	t.Setenv("GODEBUG", "fips140=off")
	t.Setenv("TZ", "UTC")
	_, ask := startConfined(t, b, plugintest.RunDir(t), confine.Policy{})
	for name, want := range map[string]string{"GODEBUG": `""`, "TZ": `"UTC"`} {
		if err := ask("env:" + name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, not %s", name, err, want)
		}
	}
}

// What a plugin has started ends with it, whether it is killed or dies by itself.
func TestChildrenEndWithThePlugin(t *testing.T) {
	b := self(t)
	t.Setenv(roleKey, "serve")
	for name, end := range map[string]func(*launch.Process){
		"killed": func(p *launch.Process) { p.Kill() },
		"dead": func(p *launch.Process) {
			if err := syscall.Kill(p.PID(), syscall.SIGKILL); err != nil {
				t.Error(err)
			}
			<-p.Done()
		},
	} {
		p, ask := startConfined(t, b, plugintest.RunDir(t), confine.Policy{Off: true})
		answer := ask("spawn").Error()
		pid, err := strconv.Atoi(answer[strings.LastIndexByte(answer, ' ')+1:])
		if err != nil {
			t.Fatalf("it answers %s", answer)
		}
		end(p)
		plugintest.Eventually(t, 5*time.Second, "the child of a "+name+" plugin is gone", func() bool {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			return err != nil || bytes.Contains(status, []byte("State:\tZ"))
		})
	}
}

// What a grant opens is open.
func TestGrantedNetwork(t *testing.T) {
	b := self(t)
	t.Setenv(roleKey, "serve")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, ask := startConfined(t, b, plugintest.RunDir(t), confine.Policy{Network: true})
	if err := ask("dial:" + listener.Addr().String()); err != nil {
		t.Error(err)
	}
}

// A description is made by a process that can reach nothing.
func TestDescribe(t *testing.T) {
	dir, err := plugintest.Build("quay-storage-local")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	b, err := binary.Open(filepath.Join(dir, "quay-storage-local"))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if d, err := launch.Describe(t.Context(), b); err != nil || d.Name != "local" {
		t.Errorf("%+v, error %v", d, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if d, err := launch.Describe(ctx, b); err == nil {
		t.Errorf("after it was given up: %+v", d)
	}
}

// From the start of the process to the first call that can be made.
func BenchmarkStart(b *testing.B) {
	dir, err := plugintest.Build("quay-storage-local")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(dir)
	program, err := binary.Open(filepath.Join(dir, "quay-storage-local"))
	if err != nil {
		b.Fatal(err)
	}
	defer program.Close()
	for _, policy := range []confine.Policy{{Off: true}, {}} {
		b.Run(fmt.Sprint("off=", policy.Off), func(b *testing.B) {
			run := plugintest.RunDir(b)
			for b.Loop() {
				p, err := launch.Start(b.Context(), launch.Spec{Binary: program, Confine: policy, RunDir: run, Logger: slog.New(slog.DiscardHandler)})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				p.Kill()
				b.StartTimer()
			}
		})
	}
}
