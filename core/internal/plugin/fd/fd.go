// Package fd is the host's end of a descriptor channel. It believes nothing that
// a driver says of a descriptor: each is looked at before it is used, and each is
// closed by somebody.
package fd

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

const (
	// maxOutstanding bounds the tickets of one driver that are not answered yet.
	maxOutstanding = 1024
	// arrival is how long a descriptor may take after the driver said that it sent
	// it. It is in the socket by then.
	arrival = time.Second
)

// Pair makes a descriptor channel. The host's end is for NewReceiver; the child's
// end is inherited by the driver and then closed here.
func Pair() (host *net.UnixConn, child *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("make a socket pair: %w", err)
	}
	child = os.NewFile(uintptr(fds[1]), "descriptor channel of the driver")
	f := os.NewFile(uintptr(fds[0]), "descriptor channel of the host")
	defer f.Close() // FileConn makes a copy.
	conn, err := net.FileConn(f)
	if err != nil {
		child.Close()
		return nil, nil, fmt.Errorf("make a socket pair: %w", err)
	}
	return conn.(*net.UnixConn), child, nil
}

// Receiver hands arriving descriptors to the calls that wait for them. Its
// methods may be called from many goroutines.
type Receiver struct {
	conn   *net.UnixConn
	logger *slog.Logger
	done   chan struct{} // closed when the receiving goroutine has ended

	mu      sync.Mutex
	last    uint64
	waiting map[uint64]*Ticket
	closed  bool
}

// NewReceiver starts a receiver on conn, which Close closes.
func NewReceiver(conn *net.UnixConn, logger *slog.Logger) *Receiver {
	r := &Receiver{conn: conn, logger: logger, done: make(chan struct{}), waiting: map[uint64]*Ticket{}}
	go r.receive()
	return r
}

// Close closes the channel, which tells the driver to go, fails the waiting calls
// with errs.Unavailable and returns when the receiver's goroutine has ended.
func (r *Receiver) Close() {
	r.conn.Close()
	<-r.done
}

// Receive makes a call with a ticket and returns the file that came for it. Unlike a
// file that Take returns it is not looked at: the conformance suite finds out by
// itself what the driver sent. The caller closes it.
func (r *Receiver) Receive(ctx context.Context, call func(ticket uint64) error) (*os.File, error) {
	ticket, err := r.Expect()
	if err != nil {
		return nil, err
	}
	defer ticket.Cancel()
	if err := call(ticket.Number()); err != nil {
		return nil, err
	}
	fd, err := ticket.take(ctx)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "received"), nil
}

// Ticket is the place where one descriptor arrives.
type Ticket struct {
	r       *Receiver
	number  uint64
	arrived chan arrivedFile // holds one
}

type arrivedFile struct {
	fd  int
	err error
}

// Expect issues a ticket, which the caller must Cancel when it is done with it,
// whether or not it took the file. It fails with errs.Unavailable when too many are
// out or the channel is closed.
func (r *Receiver) Expect() (*Ticket, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.closed:
		return nil, errClosed
	case len(r.waiting) >= maxOutstanding:
		return nil, errs.New(errs.Unavailable, "too many files of the storage are being opened")
	}
	r.last++
	t := &Ticket{r: r, number: r.last, arrived: make(chan arrivedFile, 1)}
	r.waiting[t.number] = t
	return t, nil
}

var errClosed = errs.New(errs.Unavailable, "the descriptor channel of the plugin is closed")

// Number is what the driver must send along with the descriptor.
func (t *Ticket) Number() uint64 { return t.number }

// Cancel gives the ticket back. A descriptor that came, or comes later, is closed.
func (t *Ticket) Cancel() {
	t.r.mu.Lock()
	delete(t.r.waiting, t.number)
	t.r.mu.Unlock()
	// Nothing is delivered after the ticket left the map.
	select {
	case a := <-t.arrived:
		if a.err == nil {
			syscall.Close(a.fd)
		}
	default:
	}
}

// Take returns the file that came for the ticket, after the driver has answered
// that it was sent. It waits a second for it at most. The file is closed, and the
// error's kind is errs.Internal, unless it is what want says. The caller closes
// the file.
func (t *Ticket) Take(ctx context.Context, want Want) (*os.File, error) {
	fd, err := t.take(ctx)
	if err != nil {
		return nil, err
	}
	if err := want.check(fd); err != nil {
		syscall.Close(fd)
		return nil, errs.Wrap(errs.Internal, err, "the driver sent a descriptor that it must not send")
	}
	return os.NewFile(uintptr(fd), want.Name), nil
}

func (t *Ticket) take(ctx context.Context) (int, error) {
	var a arrivedFile
	select {
	case a = <-t.arrived:
	default:
		timer := time.NewTimer(arrival)
		defer timer.Stop()
		select {
		case a = <-t.arrived:
		case <-ctx.Done():
			return -1, context.Cause(ctx)
		case <-timer.C:
			return -1, errs.New(errs.Internal, "the driver answered but sent no descriptor")
		}
	}
	return a.fd, a.err
}

// receive is the receiver's goroutine; it ends when either end is closed.
func (r *Receiver) receive() {
	defer close(r.done)
	defer r.close()
	message := make([]byte, 64)
	control := make([]byte, unix.CmsgSpace(4*16))
	for {
		// The Go runtime sets MSG_CMSG_CLOEXEC.
		n, oobn, flags, _, err := r.conn.ReadMsgUnix(message, control)
		if err != nil {
			return
		}
		fds := descriptors(control[:oobn])
		err = nil
		switch {
		case n != protocol.TicketBytes || flags&unix.MSG_TRUNC != 0:
			r.logger.Error("the driver sent a message of the wrong size", "bytes", n)
			closeAll(fds)
			continue
		case flags&unix.MSG_CTRUNC != 0 || len(fds) > 1:
			err = errs.New(errs.Internal, "the driver sent more than one descriptor")
		case len(fds) == 0:
			err = errs.New(errs.Internal, "the driver sent no descriptor")
		}
		if err != nil {
			closeAll(fds)
			fds = nil
		}
		number := binary.BigEndian.Uint64(message)
		if !r.deliver(number, fds, err) {
			// The call gave up, or the driver made the number up.
			closeAll(fds)
		}
	}
}

// deliver hands a descriptor or an error to the call that waits for it.
func (r *Receiver) deliver(number uint64, fds []int, err error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.waiting[number]
	if t == nil {
		return false
	}
	delete(r.waiting, number) // A second descriptor for it will be closed.
	a := arrivedFile{fd: -1, err: err}
	if err == nil {
		a.fd = fds[0]
	}
	t.arrived <- a
	return true
}

// close fails all calls that wait.
func (r *Receiver) close() {
	r.conn.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for number, t := range r.waiting {
		delete(r.waiting, number)
		t.arrived <- arrivedFile{fd: -1, err: errClosed}
	}
}

func descriptors(control []byte) []int {
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return nil
	}
	var fds []int
	for i := range messages {
		// ParseUnixRights wants whole numbers.
		messages[i].Data = messages[i].Data[:len(messages[i].Data)/4*4]
		if got, err := unix.ParseUnixRights(&messages[i]); err == nil {
			fds = append(fds, got...)
		}
	}
	return fds
}

func closeAll(fds []int) {
	for _, fd := range fds {
		syscall.Close(fd)
	}
}
