package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"go.opentelemetry.io/otel"
	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/internal/fdpass"
	"github.com/quay/quay/sdk/protocol"
)

// Main is the main of a plugin binary. It does not return.
//
// With the argument "describe" it prints the plugin's description as JSON. With the
// argument "debug" it waits for hosts to attach to it, so that a debugger can run it,
// until it is interrupted. Run by a host it serves until the host ends it or is gone.
// Run by a person it says what the binary is.
func Main(p Plugin) {
	os.Exit(run(p, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// run returns the exit status.
func run(p Plugin, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	if err := p.check(); err != nil {
		fmt.Fprintf(stderr, "This plugin is not built correctly: %v.\n", err)
		return 1
	}
	switch {
	case len(args) == 1 && args[0] == "describe":
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(Describe(p)); err != nil {
			fmt.Fprintln(stderr, err)
			return 1
		}
		return 0
	case len(args) == 1 && args[0] == protocol.DebugArgument:
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		if err := serveDebugged(ctx, p, getenv, stdout, stderr); err != nil {
			fmt.Fprintf(stderr, "%v\n", err)
			return 1
		}
		return 0
	case len(args) > 0:
		fmt.Fprintf(stderr, "The arguments of this plugin are \"describe\" and \"debug\".\n")
		return 2
	case getenv(protocol.CookieKey) != protocol.CookieValue:
		binary := protocol.BinaryName(p.kind(), p.Name)
		fmt.Fprintf(stderr, "%s %s is a %s plugin of Quay. The Quay server starts it by itself when a\n"+
			"configuration names it; put it into the server's plugin directory. Run\n"+
			"\"%s describe\" to see what it can do.\n", binary, p.Version, p.kind(), binary)
		return 2
	}
	if err := serveHost(p, getenv, stderr); err != nil {
		fmt.Fprintf(stderr, "%v\n", err)
		return 1
	}
	return 0
}

// drainTimeout bounds how long calls may go on when the server has been stopped.
const drainTimeout = 2 * time.Second

// serveHost serves the host that started this process, until it says stop.
func serveHost(p Plugin, getenv func(string) string, stderr io.Writer) error {
	logger := slog.New(slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: level(getenv(protocol.LogLevelKey))}))
	var sender *fdpass.Sender
	conn, err := fdpass.Inherited(protocol.DescriptorFD)
	if err != nil {
		// The plugin still works, and lives until its host kills it.
		logger.Debug("no descriptor channel", "error", err)
	} else {
		sender = fdpass.NewSender(conn)
		go exitWithHost(sender, conn)
	}

	service, kind := p.server(sender, logger)
	// go-plugin sends what is written to os.Stderr through its connection, where
	// the last words of a driver that dies are lost.
	original := os.Stderr
	// Libraries that make spans, as those of clouds do, find the provider here.
	otel.SetTracerProvider(service.TracerProvider())
	service.BeforeFirst(func() { os.Stderr = original })
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			ProtocolVersion:  protocol.Version,
			MagicCookieKey:   protocol.CookieKey,
			MagicCookieValue: protocol.CookieValue,
		},
		Plugins:    plugin.PluginSet{protocol.ServiceSet: services{}},
		GRPCServer: service.Server,
		// go-plugin's own lines matter only when something is wrong.
		Logger: hclog.New(&hclog.LoggerOptions{Name: "go-plugin", Level: hclog.Warn, Output: stderr, JSONFormat: true}),
	})
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	if err := service.Drain(ctx); err == nil {
		kind.Close()
	}
	return nil
}

// exitWithHost ends the process when the host's end of the channel is closed,
// which the kernel does however the host dies.
func exitWithHost(sender *fdpass.Sender, conn *net.UnixConn) {
	sender.WaitClosed()
	conn.Close()
	os.Exit(0)
}

func level(name string) slog.Level {
	var l slog.Level
	if l.UnmarshalText([]byte(name)) != nil {
		return slog.LevelInfo
	}
	return l
}

// services is the go-plugin side of a plugin. The gRPC services are registered
// when the server is made, so nothing is left to do here.
type services struct{ plugin.NetRPCUnsupportedPlugin }

func (services) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return nil }

func (services) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.New("a plugin is not a client")
}
