// Package httpd is the host's HTTP server: listening, TLS, limits of what a
// client may hold, sending content, and the statuses of errors.
package httpd

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// errRange is what ServeContent returns for ranges beyond the content.
var errRange = errs.New(errs.OutOfRange, "the range is not in the content")

// Options of Listen.
type Options struct {
	// Address is host:port.
	Address string
	// TLS is nil for plain HTTP.
	TLS *tls.Config
	// Handler answers all requests.
	Handler http.Handler
	Logger  *slog.Logger
}

// Server is a listening server.
type Server struct {
	http     *http.Server
	listener net.Listener
	done     chan error
}

// Stall is how long a client may neither send nor take anything.
const Stall = 2 * time.Minute

const (
	headerTimeout = 30 * time.Second
	idleTimeout   = 3 * time.Minute
	maxHeader     = 256 << 10
)

// Listen opens the address and begins to serve. A request and its answer have
// Stall; a layer may take hours, so whoever reads or writes one moves the
// deadlines of its own connection on.
func Listen(ctx context.Context, opts Options) (*Server, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", opts.Address)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "listen on %s", opts.Address)
	}
	s := &Server{
		listener: l,
		done:     make(chan error, 1),
		http: &http.Server{
			Handler:           opts.Handler,
			TLSConfig:         opts.TLS,
			ReadHeaderTimeout: headerTimeout,
			ReadTimeout:       Stall,
			WriteTimeout:      Stall,
			IdleTimeout:       idleTimeout,
			MaxHeaderBytes:    maxHeader,
			ErrorLog:          slog.NewLogLogger(opts.Logger.Handler(), slog.LevelDebug),
		},
	}
	go func() {
		var err error
		if opts.TLS != nil {
			err = s.http.ServeTLS(l, "", "")
		} else {
			err = s.http.Serve(l)
		}
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		s.done <- err
	}()
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() *net.TCPAddr { return s.listener.Addr().(*net.TCPAddr) }

// Done delivers the error that ended the server, or nil after Shutdown.
func (s *Server) Done() <-chan error { return s.done }

// Shutdown stops taking connections and waits for the requests under way until
// ctx ends; then it breaks them off.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	return err
}
