package launch

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/fd"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/protocol"
)

// Attached is a plugin that a person runs, for instance in a debugger, by the argument
// "debug". It is used like a Process, but it was not started here and is not ended
// here. Its methods may be called from many goroutines.
type Attached struct {
	address  string
	pid      int
	conn     *grpc.ClientConn
	receiver *fd.Receiver

	done    chan struct{} // closed when the plugin is lost
	watched chan struct{} // closed when the watching goroutine has ended
	stop    context.CancelFunc
	detach  sync.Once
	exit    Exit // set by detach
}

// Attach attaches to a plugin at an address, which is the path of its socket or the
// line that it prints. It fails with errs.Unavailable when none is there, and with
// errs.Denied when another user could be. Of the spec the Logger, the StartTimeout and
// the DialOptions count: the plugin runs as it was started, confined to nothing. The
// caller must Kill the plugin, which detaches from it.
func Attach(ctx context.Context, address string, spec Spec) (*Attached, error) {
	if spec.StartTimeout == 0 {
		spec.StartTimeout = 5 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, spec.StartTimeout)
	defer cancel()
	path, err := attachPath(address)
	if err != nil {
		return nil, err
	}
	channel, pid, err := dialAttach(ctx, path)
	if err != nil {
		return nil, err
	}
	receiver := fd.NewReceiver(channel, spec.Logger)
	conn, err := openStream(ctx, channel, receiver, spec)
	if err != nil {
		receiver.Close()
		return nil, errs.Wrap(errs.Unavailable, err, "the plugin at %s does not answer: if it stands still in a debugger let it go on", path)
	}
	watch, stop := context.WithCancel(context.Background())
	a := &Attached{
		address: path, pid: pid, conn: conn, receiver: receiver,
		done: make(chan struct{}), watched: make(chan struct{}), stop: stop,
	}
	go func() {
		defer close(a.watched)
		waitLost(watch, conn)
		close(a.done)
	}()
	return a, nil
}

// DescribeAttached returns what the plugin at an address says of itself. It fails as
// Attach does, though it does not find out whether the plugin still runs.
func DescribeAttached(address string) (protocol.Description, error) {
	path, err := attachPath(address)
	if err != nil {
		return protocol.Description{}, err
	}
	data, err := os.ReadFile(filepath.Join(filepath.Dir(path), protocol.DebugFile))
	if err != nil {
		return protocol.Description{}, notThere(path, err)
	}
	var d protocol.Debugged
	if err := json.Unmarshal(data, &d); err != nil {
		return protocol.Description{}, notThere(path, err)
	}
	if d.Protocol != protocol.Version || d.Description == nil || !protocol.KnownKind(d.Description.Kind) {
		return protocol.Description{}, errs.New(errs.Unsupported, "the plugin at %s speaks version %d of the protocol, not %d: build it with this program's sdk", path, d.Protocol, protocol.Version)
	}
	return *d.Description, nil
}

// attachPath returns the path of the socket of an address, if it is in a directory that
// only this user may enter: in another one it could be anybody's.
func attachPath(address string) (string, error) {
	path := address
	if strings.HasPrefix(strings.TrimSpace(address), "{") {
		var line protocol.Debugged
		if err := json.Unmarshal([]byte(address), &line); err != nil {
			return "", errs.Wrap(errs.Invalid, err, "the line of the plugin to attach to cannot be read")
		}
		path = line.Address
	}
	if !filepath.IsAbs(path) {
		return "", errs.New(errs.Invalid, "%q is no address to attach to: give the one that the plugin prints when it is run with %q", path, protocol.DebugArgument)
	}
	dir := filepath.Dir(path)
	info, err := os.Lstat(dir)
	if err != nil {
		return "", notThere(path, err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || !ok || int(stat.Uid) != os.Geteuid() {
		return "", errs.New(errs.Denied, "%s is not a directory that belongs to this user with the mode 0700: what is in it may be another user's", dir)
	}
	return path, nil
}

func notThere(path string, err error) error {
	return errs.Wrap(errs.Unavailable, err, "there is no plugin to attach to at %s: run it with the argument %q", path, protocol.DebugArgument)
}

// dialAttach connects to a plugin, and returns its process id.
func dialAttach(ctx context.Context, path string) (*net.UnixConn, int, error) {
	dialed, err := (&net.Dialer{}).DialContext(ctx, "unixpacket", path)
	if err != nil {
		return nil, 0, notThere(path, err)
	}
	conn := dialed.(*net.UnixConn)
	peer, err := peerOf(conn)
	if err == nil && int(peer.Uid) != os.Geteuid() {
		err = errs.New(errs.Denied, "the plugin at %s is run by the user %d: run it as this program's user", path, peer.Uid)
	}
	if err != nil {
		conn.Close()
		return nil, 0, err
	}
	return conn, int(peer.Pid), nil
}

// peerOf returns who listened on the other end of a connection, as the kernel knows.
func peerOf(conn *net.UnixConn) (*unix.Ucred, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	var peer *unix.Ucred
	controlErr := raw.Control(func(fd uintptr) {
		peer, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	return peer, errors.Join(controlErr, err)
}

// openStream asks for the stream to the plugin's services and connects to them.
func openStream(ctx context.Context, channel *net.UnixConn, receiver *fd.Receiver, spec Spec) (*grpc.ClientConn, error) {
	f, err := receiver.Receive(ctx, func(ticket uint64) error {
		var message [protocol.TicketBytes]byte
		binary.BigEndian.PutUint64(message[:], ticket)
		_, err := channel.Write(message[:])
		return err
	})
	if err != nil {
		return nil, err
	}
	defer f.Close() // FileConn makes a copy.
	stream, err := net.FileConn(f)
	if err != nil {
		return nil, err
	}
	streams := make(chan net.Conn, 1)
	streams <- stream
	conn, err := grpc.NewClient("passthrough:///attached", append(spec.dialOptions(),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) {
			select {
			case s := <-streams:
				return s, nil
			default:
				return nil, errors.New("the plugin is lost")
			}
		}))...)
	if err != nil {
		stream.Close()
		return nil, err
	}
	conn.Connect()
	if !waitReady(ctx, conn) {
		conn.Close()
		stream.Close()
		return nil, errs.New(errs.Unavailable, "it serves nothing")
	}
	return conn, nil
}

// Conn is the connection to the plugin's services.
func (a *Attached) Conn() grpc.ClientConnInterface { return a.conn }

// Descriptors receives the descriptors that the plugin sends.
func (a *Attached) Descriptors() *fd.Receiver { return a.receiver }

// Done is closed when the plugin has ended.
func (a *Attached) Done() <-chan struct{} { return a.done }

// PID is the process id.
func (a *Attached) PID() int { return a.pid }

// Confinement says that nothing is confined.
func (a *Attached) Confinement() []confine.Applied {
	return []confine.Applied{{Name: "files", State: confine.StateOff, Detail: "the plugin is run by a person, who can be attached to at " + a.address}}
}

// Kill detaches from the plugin, which drops what it has of this host and goes on. It
// says whether the plugin had ended before.
func (a *Attached) Kill() Exit {
	a.detach.Do(func() {
		a.exit = Exit{Reason: "the host has detached from it"}
		select {
		case <-a.done:
			a.exit.Reason = "the process that the host was attached to has ended"
		default:
		}
		a.stop()
		<-a.watched
		a.conn.Close()
		a.receiver.Close()
	})
	return a.exit
}
