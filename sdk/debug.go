package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"go.opentelemetry.io/otel"

	"github.com/quay/quay/sdk/internal/fdpass"
	"github.com/quay/quay/sdk/protocol"
)

// serveDebugged serves the hosts that attach to this process until ctx ends.
func serveDebugged(ctx context.Context, p Plugin, getenv func(string) string, stdout, stderr io.Writer) error {
	binary := protocol.BinaryName(p.kind(), p.Name)
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("%s-debug-%d", binary, os.Geteuid()))
	if err := makePrivate(dir); err != nil {
		return err
	}
	address := filepath.Join(dir, "socket")
	listener, err := listenDebug(address)
	if err != nil {
		return err
	}
	defer listener.Close()
	self := protocol.Debugged{Protocol: protocol.Version, Kind: p.kind(), Name: p.Name, PID: os.Getpid(), Address: address}
	if err := announce(self, Describe(p), stdout); err != nil {
		return err
	}
	defer os.Remove(filepath.Join(dir, protocol.DebugFile))
	logger := slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level(getenv(protocol.LogLevelKey))}))

	var hosts sync.WaitGroup
	defer hosts.Wait()
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	for {
		conn, err := listener.AcceptUnix()
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("wait for a host: %w", err)
		}
		hosts.Go(func() {
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			if err := serveAttached(ctx, p, conn, logger); err != nil {
				logger.Warn("a host could not attach", "error", err)
			}
		})
	}
}

// serveAttached serves one host until it detaches.
func serveAttached(ctx context.Context, p Plugin, conn *net.UnixConn, logger *slog.Logger) error {
	sender := fdpass.NewSender(conn)
	stream, err := sender.SendStream(ctx)
	if err != nil {
		return err
	}
	logger.Info("a host has attached")
	service, kind := p.server(sender, logger)
	otel.SetTracerProvider(service.TracerProvider())
	server := service.Server(nil)
	served := make(chan error, 1)
	go func() { served <- server.Serve(newOneConn(stream)) }()
	sender.WaitClosed()
	server.Stop()
	err = <-served
	kind.Close()
	logger.Info("a host has detached")
	return err
}

// makePrivate makes a directory that only this user may enter. One that is there
// already must be such a one: in a directory of others they could take our place.
func makePrivate(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil || !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || !ok || int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("%s is not a directory of this user alone: remove it, or set TMPDIR to another place", dir)
	}
	return nil
}

// listenDebug listens on a socket. What a process that was killed left there is
// removed.
func listenDebug(path string) (*net.UnixListener, error) {
	address := &net.UnixAddr{Name: path, Net: "unixpacket"}
	if conn, err := net.DialUnix(address.Net, nil, address); err == nil {
		conn.Close()
		return nil, fmt.Errorf("this plugin is being debugged already, at %s: end that process first", path)
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	return net.ListenUnix(address.Net, address)
}

// announce tells hosts, and whoever reads stdout, of this process.
func announce(self protocol.Debugged, d protocol.Description, stdout io.Writer) error {
	line, err := json.Marshal(self)
	if err != nil {
		return err
	}
	self.Description = &d
	file, err := json.Marshal(self)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(self.Address), protocol.DebugFile), file, 0o600); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s\n", line)
	return err
}

// oneConn is a listener with one connection to accept.
type oneConn struct {
	conns  chan net.Conn
	addr   net.Addr
	once   sync.Once
	closed chan struct{}
}

func newOneConn(conn net.Conn) *oneConn {
	l := &oneConn{conns: make(chan net.Conn, 1), addr: conn.LocalAddr(), closed: make(chan struct{})}
	l.conns <- conn
	return l
}

// Accept implements net.Listener.
func (l *oneConn) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. A connection that was not accepted is closed.
func (l *oneConn) Close() error {
	l.once.Do(func() {
		close(l.closed)
		select {
		case conn := <-l.conns:
			conn.Close()
		default:
		}
	})
	return nil
}

// Addr implements net.Listener.
func (l *oneConn) Addr() net.Addr { return l.addr }
