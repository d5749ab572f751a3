package control_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/control"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/binary"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk/errs"
)

// roleKey makes the test binary a hostile plugin: the variable has the paths of a
// directory of its own and of the control socket.
const roleKey = "QUAY_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := strings.Fields(os.Getenv(roleKey)); len(role) == 2 {
		takeOver(role[0], role[1])
		return
	}
	os.Exit(m.Run())
}

// takeOver does what a plugin that was broken into would: it leaves a program where it
// may write, and has the host run it in place of another plugin.
func takeOver(dir, socket string) {
	program := filepath.Join(dir, "evil")
	if err := os.WriteFile(program, []byte("a program"), 0o755); err != nil {
		fmt.Println(err)
		return
	}
	token, err := os.ReadFile(socket + ".token")
	fmt.Printf("token %q, error %v\n", token, err)
	status, err := post(context.Background(), socket, string(token), `{"path":"`+program+`"}`)
	fmt.Printf("status %d, error %v\n", status, err)
}

// post orders a host to replace a plugin, and returns the status of the answer.
func post(ctx context.Context, socket, token, body string) (int, error) {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://quay/plugins/storage/local/replace", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Quay-Control-Token", token)
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// plugins notes what it is told. The restart of the plugin "storage/slow" says so by
// waits and takes until it is given up.
type plugins struct {
	told  []string
	waits chan struct{}
}

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

func (p *plugins) Restart(ctx context.Context, id string) error {
	if id == "storage/slow" {
		p.waits <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}
	return p.tell("restart %s", id)
}

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
		if left, err := os.ReadDir(filepath.Dir(socket)); err != nil || len(left) > 0 {
			t.Errorf("%v is left, error %v", left, err)
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
	for _, trial := range []time.Duration{-1, 10*time.Minute + 1} {
		if err := client.Replace(t.Context(), id, "", trial); !errs.Is(err, errs.Invalid) || len(p.told) > 1 {
			t.Errorf("a trial of %v: told %q, error %v", trial, p.told, err)
		}
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

// A file that is no socket is not removed, neither at the socket's path nor at that of
// the socket which is being made.
func TestListenKeepsFiles(t *testing.T) {
	for _, suffix := range []string{"", "~"} {
		path := filepath.Join(plugintest.RunDir(t), "config.yaml")
		if err := os.WriteFile(path+suffix, []byte("A: 1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		server, err := control.Listen(path, &plugins{}, slog.New(slog.DiscardHandler))
		if err == nil {
			t.Errorf("the server listens in place of config.yaml%s", suffix)
			_ = server.Close(context.Background())
		} else if !errs.Is(err, errs.Conflict) || !strings.Contains(err.Error(), "--control-socket") {
			t.Errorf("config.yaml%s: %v", suffix, err)
		}
		if content, err := os.ReadFile(path + suffix); string(content) != "A: 1\n" {
			t.Errorf("config.yaml%s has become %q, error %v", suffix, content, err)
		}
		if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
			t.Errorf("%v is there, error %v", left, err)
		}
	}
}

// A plugin that has the network, and so may connect to sockets, is a stranger to the
// control socket although its user is the host's: it neither reads the token nor is
// listened to.
func TestPluginIsAStranger(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := binary.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p := &plugins{}
	socket, own := listen(t, p), plugintest.RunDir(t)
	cmd := exec.Command(b.Exec())
	cmd.Env = []string{roleKey + "=" + own + " " + socket}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	c, err := confine.Start(cmd, confine.Policy{Network: true}, confine.Needs{Dir: own, Loader: b.Loader})
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if err := c.Release(); err != nil {
		t.Error(err)
	}
	if len(p.told) > 0 || !strings.Contains(out.String(), `token "", error`) || !strings.Contains(out.String(), "status 0, error") {
		t.Errorf("the host was told %q, the plugin got %q", p.told, out.String())
	}
}

// A child of the host is refused even with the token, as one that is not confined could
// read it; the host's own user is refused without the token, or with a wrong one.
func TestToken(t *testing.T) {
	plugintest.Leaks(t)
	p := &plugins{}
	socket := listen(t, p)
	info, err := os.Stat(socket + ".token")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the token is %v, error %v", info, err)
	}
	token, err := os.ReadFile(socket + ".token")
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"", string(token[1:]), string(token) + "x"} {
		if status, err := post(t.Context(), socket, wrong, "{}"); status != http.StatusForbidden {
			t.Errorf("with the token %q the status is %d, error %v", wrong, status, err)
		}
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = []string{roleKey + "=" + t.TempDir() + " " + socket}
	out, err := cmd.Output()
	if err != nil || !strings.Contains(string(out), string(token)) || !strings.Contains(string(out), "status 0, error") {
		t.Errorf("a child of the host: %s, error %v", out, err)
	}
	if len(p.told) > 0 {
		t.Errorf("the host was told %q", p.told)
	}
	if status, err := post(t.Context(), socket, string(token), "{}"); status != http.StatusOK || len(p.told) != 1 {
		t.Errorf("with the token the status is %d, error %v", status, err)
	}
}

// Neither a client that never finishes its request nor an order that takes long keeps
// the server from ending: the order is given up, and its client is told.
func TestClose(t *testing.T) {
	plugintest.Leaks(t)
	p := &plugins{waits: make(chan struct{})}
	socket := filepath.Join(plugintest.RunDir(t), "control.sock")
	server, err := control.Listen(socket, p, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	token, err := os.ReadFile(socket + ".token")
	if err != nil {
		t.Fatal(err)
	}
	client, err := control.Dial(t.Context(), socket)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	slow := make(chan error, 1)
	go func() { slow <- client.Restart(context.WithoutCancel(t.Context()), "storage/slow") }()
	<-p.waits
	silent, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if _, err := fmt.Fprintf(silent, "POST /plugins/storage/local/restart HTTP/1.1\r\nHost: quay\r\nQuay-Control-Token: %s\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n", token); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(silent).ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("the server does not wait for the body: %q, error %v", line, err)
	}
	begin := time.Now()
	if err := server.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 8*time.Second {
		t.Errorf("it took %v", took)
	}
	if err := <-slow; err == nil || errs.Is(err, errs.Unavailable) {
		t.Errorf("the order that takes long ends with %v", err)
	}
}
