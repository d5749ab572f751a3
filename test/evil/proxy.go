package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"
	"syscall"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/quay/quay/sdk/protocol"
	"github.com/quay/quay/test/evil/orders"
)

// evil is the plugin.
type evil struct {
	path    string // of the binary
	channel *net.UnixConn
	driver  grpc.ClientConnInterface // the real one

	recording  sync.Mutex
	first      sync.Once
	afterwards func() // what to do at the first call; may be nil
}

// run is what main does with the arguments of the command line.
func (e *evil) run(args []string) error {
	o, err := orders.Read(e.path)
	if len(args) > 0 && errors.Is(err, fs.ErrPermission) {
		return e.describeItself()
	}
	if err != nil {
		return err
	}
	if len(args) > 0 {
		return e.describe(o.Describe, args)
	}
	if err := e.start(o.Start); err != nil {
		return err
	}
	f := os.NewFile(protocol.DescriptorFD, "descriptor channel")
	conn, err := net.FileConn(f)
	if err != nil {
		return err
	}
	e.channel = conn.(*net.UnixConn)
	go exitWithHost(e.channel)
	driver, err := e.startDriver(f)
	if err != nil {
		return err
	}
	defer driver.Kill()
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: handshake(),
		Plugins:         plugin.PluginSet{protocol.ServiceSet: services{}},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(options,
				grpc.ForceServerCodec(codec{}), grpc.UnknownServiceHandler(e.serve),
				grpc.MaxRecvMsgSize(protocol.MaxMessageBytes))...)
		},
		Logger: hclog.NewNullLogger(),
	})
	return e.end()
}

// exitWithHost ends the process when the host is gone, so that no test leaves any.
func exitWithHost(channel *net.UnixConn) {
	var ignored [64]byte
	for {
		if _, err := channel.Read(ignored[:]); err != nil {
			os.Exit(0)
		}
	}
}

func handshake() plugin.HandshakeConfig {
	return plugin.HandshakeConfig{
		ProtocolVersion:  protocol.Version,
		MagicCookieKey:   protocol.CookieKey,
		MagicCookieValue: protocol.CookieValue,
	}
}

// startDriver runs the real driver, which sends its descriptors to the host
// itself.
func (e *evil) startDriver(channel *os.File) (*plugin.Client, error) {
	cmd := exec.Command(orders.Real(e.path))
	cmd.ExtraFiles = []*os.File{channel}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  handshake(),
		Plugins:          plugin.PluginSet{protocol.ServiceSet: services{}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		Cmd:              cmd,
		SkipHostEnv:      true, // What the host has said there is for this process.
		Stderr:           os.Stderr,
		Logger:           hclog.NewNullLogger(),
	})
	protocolClient, err := client.Client()
	if err != nil {
		client.Kill()
		return nil, fmt.Errorf("start the real driver: %w", err)
	}
	e.driver = protocolClient.(*plugin.GRPCClient).Conn
	return client, nil
}

// services is the go-plugin side: all calls go to serve.
type services struct{ plugin.NetRPCUnsupportedPlugin }

func (services) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (services) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, nil
}

// call is one call of the host.
type call struct {
	evil   *evil
	orders orders.Orders
	method string // in full
	stream grpc.ServerStream
	read   []*frame // messages of the host that have been looked at
}

// serve answers a call: as its fault says, or as the real driver does.
func (e *evil) serve(_ any, stream grpc.ServerStream) error {
	e.first.Do(func() {
		if e.afterwards != nil {
			e.afterwards()
		}
	})
	method, ok := grpc.MethodFromServerStream(stream)
	if !ok {
		return status.Error(codes.Internal, "a call without a method")
	}
	o, err := orders.Read(e.path)
	if err != nil {
		return err
	}
	c := &call{evil: e, orders: o, method: method, stream: stream}
	fault, err := c.fault()
	if err != nil {
		return err
	}
	return c.do(fault)
}

// name is the last part of the method's name.
func (c *call) name() string { return path.Base(c.method) }

// fault returns what is to go wrong with a call; empty means nothing.
func (c *call) fault() (string, error) {
	number := 0
	ofStorage := strings.Contains(c.method, ".storage.")
	if c.orders.Record && ofStorage {
		c.evil.recording.Lock()
		defer c.evil.recording.Unlock()
		var err error
		if number, err = orders.Record(c.evil.path, c.name()); err != nil {
			return "", err
		}
	}
	for _, f := range c.orders.Faults {
		if f.Method == c.name() || f.Method == "" && ofStorage {
			if f.Call == 0 || f.Call == number {
				return f.Do, nil
			}
		}
	}
	return "", nil
}

// request reads the host's first message, which forward sends on all the same.
func (c *call) request() ([]byte, error) {
	if len(c.read) == 0 {
		var f frame
		if err := c.stream.RecvMsg(&f); err != nil {
			return nil, err
		}
		c.read = append(c.read, &f)
	}
	return c.read[0].data, nil
}

// forward has the real driver answer. Each message of the answer goes through
// change, unless that is nil; it may end the call by an error.
func (c *call) forward(change func(data []byte) ([]byte, error)) error {
	ctx, cancel := context.WithCancel(c.stream.Context())
	defer cancel()
	driver, err := c.evil.driver.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, c.method,
		grpc.ForceCodec(codec{}), grpc.MaxCallRecvMsgSize(protocol.MaxMessageBytes))
	if err != nil {
		return err
	}
	go c.sendOn(driver)
	for {
		var f frame
		switch err := driver.RecvMsg(&f); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if change != nil {
			if f.data, err = change(f.data); err != nil {
				return err
			}
		}
		if err := c.stream.SendMsg(&f); err != nil {
			return err
		}
	}
}

// sendOn sends the host's messages to the driver. It ends with the call.
func (c *call) sendOn(driver grpc.ClientStream) {
	for _, f := range c.read {
		if driver.SendMsg(f) != nil {
			return
		}
	}
	for {
		var f frame
		if err := c.stream.RecvMsg(&f); err != nil {
			_ = driver.CloseSend() // When the host broke off, the context ends too.
			return
		}
		if driver.SendMsg(&f) != nil {
			return
		}
	}
}
