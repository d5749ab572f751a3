package plugintest

import (
	"context"
	"net"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/fd"
	"github.com/quay/quay/core/internal/plugin/launch"
	"github.com/quay/quay/sdk"
	sdktest "github.com/quay/quay/sdk/plugintest"
)

// process is a plugin that runs in the process of the test.
type process struct {
	conn     grpc.ClientConnInterface
	receiver *fd.Receiver
	done     chan struct{}
	end      func()
	once     sync.Once
}

func (p *process) Conn() grpc.ClientConnInterface { return p.conn }
func (p *process) Descriptors() *fd.Receiver      { return p.receiver }
func (p *process) Done() <-chan struct{}          { return p.done }
func (p *process) PID() int                       { return 0 }

func (p *process) Kill() launch.Exit {
	p.once.Do(func() {
		p.end()
		p.receiver.Close()
		close(p.done)
	})
	return launch.Exit{Reason: "it was ended by the test"}
}

// Launch is for plugin.Options.
type Launch = func(ctx context.Context, spec launch.Spec) (plugin.Process, error)

// InProcess runs a plugin over pipes.
func InProcess(p sdk.Plugin) Launch {
	return func(_ context.Context, spec launch.Spec) (plugin.Process, error) {
		s, err := sdktest.Start(p, spec.Logger, spec.DialOptions...)
		if err != nil {
			return nil, err
		}
		return &process{
			conn:     s.Conn(),
			receiver: fd.NewReceiver(s.Descriptors(), spec.Logger),
			done:     make(chan struct{}),
			end:      s.Close,
		}, nil
	}
}

// Services runs gRPC services that need not keep any promise. register also gets
// the plugin's end of the descriptor channel.
func Services(register func(r grpc.ServiceRegistrar, channel *net.UnixConn)) Launch {
	return func(_ context.Context, spec launch.Spec) (plugin.Process, error) {
		host, child, err := fd.Pair()
		if err != nil {
			return nil, err
		}
		channel, err := net.FileConn(child)
		child.Close()
		if err != nil {
			host.Close()
			return nil, err
		}
		server := grpc.NewServer()
		register(server, channel.(*net.UnixConn))
		listener := bufconn.Listen(1 << 20)
		served := make(chan struct{})
		go func() {
			defer close(served)
			_ = server.Serve(listener) // It ends by Stop.
		}()
		conn, err := grpc.NewClient("passthrough:///services", append([]grpc.DialOption{
			grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
			grpc.WithTransportCredentials(insecure.NewCredentials()),
		}, spec.DialOptions...)...)
		if err != nil {
			server.Stop()
			channel.Close()
			host.Close()
			return nil, err
		}
		return &process{
			conn:     conn,
			receiver: fd.NewReceiver(host, spec.Logger),
			done:     make(chan struct{}),
			end: func() {
				conn.Close()
				server.Stop()
				<-served
				channel.Close()
			},
		}, nil
	}
}
