// Package plugintest runs a plugin inside a test: the same gRPC services and the
// same descriptor channel as in a process of its own, over pipes.
package plugintest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/quay/quay/sdk"
	"github.com/quay/quay/sdk/internal/fdpass"
	"github.com/quay/quay/sdk/internal/kinds"
	"github.com/quay/quay/sdk/internal/serve"
	"github.com/quay/quay/sdk/protocol"
)

// Server is a plugin that runs in this process.
type Server struct {
	conn        *grpc.ClientConn
	server      *grpc.Server
	served      chan struct{}
	service     *serve.Service
	kind        serve.Kind
	host, child *net.UnixConn

	receiving sync.Mutex
	ticket    uint64
}

// Serve runs p until the test ends. Its log lines go to the test's.
func Serve(t testing.TB, p sdk.Plugin) *Server {
	t.Helper()
	s, err := Start(p, slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Start runs p until Close. Options, if any, are for the connection to it.
func Start(p sdk.Plugin, logger *slog.Logger, options ...grpc.DialOption) (*Server, error) {
	kind, err := kinds.Drivers{Storage: p.Storage, Auth: p.Auth, Notify: p.Notify, Secscan: p.Secscan}.Kind()
	if err != nil {
		return nil, fmt.Errorf("sdk.Plugin is wrong: %w", err)
	}
	host, child, err := pair()
	if err != nil {
		return nil, err
	}
	s := &Server{host: host, child: child, served: make(chan struct{})}
	s.kind = kind.Serve(fdpass.NewSender(child), logger)
	s.service = serve.New(s.kind, logger)
	s.service.Measure(p.Metrics)
	s.server = s.service.Server(nil)
	listener := bufconn.Listen(1 << 20)
	go func() {
		defer close(s.served)
		_ = s.server.Serve(listener) // It ends by Close only.
	}()
	s.conn, err = grpc.NewClient("passthrough:///"+p.Name, append([]grpc.DialOption{
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(protocol.MaxMessageBytes),
			grpc.MaxCallSendMsgSize(protocol.MaxMessageBytes)),
	}, options...)...)
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Conn is the connection to the plugin's services.
func (s *Server) Conn() grpc.ClientConnInterface { return s.conn }

// Descriptors is the host's end of the descriptor channel, which Close closes. Use
// either it or Receive.
func (s *Server) Descriptors() *net.UnixConn { return s.host }

// Close stops the plugin: calls that are under way fail.
func (s *Server) Close() {
	if s.conn != nil {
		s.conn.Close()
	}
	s.server.Stop()
	<-s.served
	s.kind.Close()
	s.host.Close()
	s.child.Close()
}

// Receive makes a call with a ticket and returns the descriptor that came for it.
// One call at a time is made. The caller closes the file.
func (s *Server) Receive(ctx context.Context, call func(ticket uint64) error) (*os.File, error) {
	s.receiving.Lock()
	defer s.receiving.Unlock()
	s.ticket++
	if err := call(s.ticket); err != nil {
		return nil, err
	}
	deadline := time.Now().Add(time.Second)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	if err := s.host.SetReadDeadline(deadline); err != nil {
		return nil, err
	}
	for {
		ticket, f, err := s.receive()
		switch {
		case err != nil:
			return nil, err
		case ticket == s.ticket:
			return f, nil
		}
		f.Close() // Of a call that failed after it had sent it.
	}
}

func (s *Server) receive() (uint64, *os.File, error) {
	var message [protocol.TicketBytes + 1]byte
	control := make([]byte, syscall.CmsgSpace(4))
	n, oobn, _, _, err := s.host.ReadMsgUnix(message[:], control)
	if err != nil {
		return 0, nil, fmt.Errorf("no descriptor came: %w", err)
	}
	messages, err := syscall.ParseSocketControlMessage(control[:oobn])
	if err != nil {
		return 0, nil, err
	}
	if n != protocol.TicketBytes || len(messages) != 1 {
		return 0, nil, fmt.Errorf("a message of %d bytes with %d control messages came", n, len(messages))
	}
	fds, err := syscall.ParseUnixRights(&messages[0])
	if err != nil {
		return 0, nil, err
	}
	if len(fds) != 1 {
		return 0, nil, fmt.Errorf("%d descriptors came", len(fds))
	}
	return binary.BigEndian.Uint64(message[:]), os.NewFile(uintptr(fds[0]), "received"), nil
}

// pair makes a descriptor channel.
func pair() (host, child *net.UnixConn, err error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_SEQPACKET|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	var conns [2]*net.UnixConn
	for i, fd := range fds {
		f := os.NewFile(uintptr(fd), "descriptor channel")
		conn, connErr := net.FileConn(f) // It makes a copy.
		f.Close()
		if connErr != nil {
			err = errors.Join(err, connErr)
			continue
		}
		conns[i] = conn.(*net.UnixConn)
	}
	if err != nil {
		for _, c := range conns {
			if c != nil {
				c.Close()
			}
		}
		return nil, nil, err
	}
	return conns[0], conns[1], nil
}
