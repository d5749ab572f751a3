// Package fdpass is a plugin's end of the descriptor channel.
package fdpass

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// sendTimeout bounds a send to a host that does not receive.
const sendTimeout = 5 * time.Second

// Inherited returns the channel that the host left as descriptor number fd. It
// fails when there is none. The caller closes the connection.
func Inherited(fd int) (*net.UnixConn, error) {
	// Whatever else the number may stand for, this fails for it.
	kind, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_TYPE)
	if err != nil {
		return nil, fmt.Errorf("descriptor %d is no socket: %w", fd, err)
	}
	if kind != syscall.SOCK_SEQPACKET {
		return nil, fmt.Errorf("descriptor %d is a socket of type %d, not SOCK_SEQPACKET", fd, kind)
	}
	f := os.NewFile(uintptr(fd), "descriptor channel")
	defer f.Close() // FileConn makes a copy, which is closed on exec.
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, err
	}
	unix, ok := conn.(*net.UnixConn)
	if !ok {
		conn.Close()
		return nil, fmt.Errorf("descriptor %d is a %T", fd, conn)
	}
	return unix, nil
}

// Sender sends descriptors to the host. Its methods may be called from many
// goroutines.
type Sender struct {
	mu   sync.Mutex
	conn *net.UnixConn
}

// NewSender returns a sender on conn, which stays the caller's to close.
func NewSender(conn *net.UnixConn) *Sender { return &Sender{conn: conn} }

// Send sends f under a ticket. The host gets a descriptor of the same open file
// description; f remains the caller's to close. It waits for room in the channel
// until ctx ends, at most five seconds.
func (s *Sender) Send(ctx context.Context, ticket uint64, f *os.File) error {
	deadline := time.Now().Add(sendTimeout)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	var message [protocol.TicketBytes]byte
	binary.BigEndian.PutUint64(message[:], ticket)
	rights := syscall.UnixRights(int(f.Fd()))

	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.conn.SetWriteDeadline(deadline); err != nil {
		return errs.Wrap(errs.Unavailable, err, "the descriptor channel is closed")
	}
	_, _, err := s.conn.WriteMsgUnix(message[:], rights, nil)
	runtime.KeepAlive(f)
	return errs.Wrap(errs.Unavailable, err, "the host does not take the descriptor")
}

// SendStream makes a stream socket, sends one end of it under the ticket with which the
// host has begun, and returns the other end. The caller closes it.
func (s *Sender) SendStream(ctx context.Context) (net.Conn, error) {
	var message [protocol.TicketBytes]byte
	n, err := s.conn.Read(message[:])
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "the host is gone")
	}
	if n != len(message) {
		return nil, errs.New(errs.Invalid, "the host began with %d bytes, which are no ticket", n)
	}
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, errs.Wrap(errs.Exhausted, err, "there is no socket for the host")
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), "stream of the plugin"), os.NewFile(uintptr(fds[1]), "stream of the host")
	defer ours.Close() // FileConn makes a copy.
	defer theirs.Close()
	if err := s.Send(ctx, binary.BigEndian.Uint64(message[:]), theirs); err != nil {
		return nil, err
	}
	return net.FileConn(ours)
}

// WaitClosed returns when the host's end of the channel is closed, or this one.
func (s *Sender) WaitClosed() {
	var ignored [64]byte
	for {
		if _, err := s.conn.Read(ignored[:]); err != nil {
			return
		}
	}
}
