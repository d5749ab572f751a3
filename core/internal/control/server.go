package control

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/sdk/errs"
)

// Server serves the control API of one host.
type Server struct {
	http   *http.Server
	served chan struct{} // closed when the serving goroutine has ended
}

// Listen makes the socket at path, in place of one that nobody serves any more, and
// serves the API on it. The caller closes the server.
func Listen(path string, plugins Plugins, logger *slog.Logger) (*Server, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if err := removeStale(path); err != nil {
		return nil, err
	}
	listener, err := listen(path)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "the control socket cannot be made")
	}
	s := &Server{
		http: &http.Server{
			Handler:           handler(plugins, logger),
			ReadHeaderTimeout: 10 * time.Second,
			ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
		},
		served: make(chan struct{}),
	}
	go func() {
		defer close(s.served)
		if err := s.http.Serve(guarded{listener, logger}); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("the control socket is not served any more", "error", err)
		}
	}()
	return s, nil
}

// checkPath fails when the name of a socket is too long.
func checkPath(path string) error {
	var address syscall.RawSockaddrUnix
	if longest := len(address.Path) - 1; len(path) > longest {
		return errs.New(errs.Invalid, "the control socket's path %q has %d bytes, a socket's may have %d: name a shorter one with --control-socket", path, len(path), longest)
	}
	return nil
}

// removeStale removes a socket that nobody serves.
func removeStale(path string) error {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(context.Background(), "unix", path)
	switch {
	case err == nil:
		return errors.Join(conn.Close(), errs.New(errs.Conflict, "another host serves the control socket %s: end it, or name another socket with --control-socket", path))
	case errors.Is(err, syscall.ECONNREFUSED):
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errs.Wrap(errs.Denied, err, "the old control socket cannot be removed")
		}
	}
	return nil
}

// listen makes the socket for the host's own user only. It has another name until
// its permissions are right.
func listen(path string) (net.Listener, error) {
	temporary := path + "~"
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: temporary, Net: "unix"})
	if err != nil {
		return nil, err
	}
	listener.SetUnlinkOnClose(false) // Its name is another by then.
	err = os.Chmod(temporary, 0o600)
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		return nil, errors.Join(err, listener.Close(), os.Remove(temporary))
	}
	return &unlinking{listener, path}, nil
}

// unlinking is a listener that removes its socket.
type unlinking struct {
	net.Listener
	path string
}

func (u *unlinking) Close() error {
	return errors.Join(os.Remove(u.path), u.Listener.Close())
}

// guarded closes the connections of other users than this one and root.
type guarded struct {
	net.Listener
	logger *slog.Logger
}

func (g guarded) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		uid, err := peer(conn)
		if err == nil && (uid == 0 || uid == uint32(os.Geteuid())) {
			return conn, nil
		}
		g.logger.Warn("a stranger at the control socket", "uid", uid, "error", err)
		conn.Close()
	}
}

// peer is the user at the other end.
func peer(conn net.Conn) (uint32, error) {
	raw, err := conn.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0, err
	}
	var credentials *unix.Ucred
	var credentialsErr error
	err = raw.Control(func(fd uintptr) {
		credentials, credentialsErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err = errors.Join(err, credentialsErr); err != nil {
		return 0, err
	}
	return credentials.Uid, nil
}

// Close ends the API: requests under way may finish until ctx ends.
func (s *Server) Close(ctx context.Context) error {
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	<-s.served
	return err
}

// handler answers the requests of the API.
func handler(plugins Plugins, logger *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /plugins", func(w http.ResponseWriter, _ *http.Request) { answer(w, plugins.Plugins(), nil) })
	for verb, do := range map[string]func(ctx context.Context, id string, o order) error{
		"replace":     func(ctx context.Context, id string, o order) error { return plugins.Replace(ctx, id, o.Path, o.Trial) },
		"reconfigure": func(ctx context.Context, id string, o order) error { return plugins.Reconfigure(ctx, id, o.Instance) },
		"restart":     func(ctx context.Context, id string, _ order) error { return plugins.Restart(ctx, id) },
		"quarantine":  func(ctx context.Context, id string, o order) error { return plugins.Quarantine(ctx, id, o.Reason) },
	} {
		mux.HandleFunc("POST /plugins/{kind}/{name}/"+verb, func(w http.ResponseWriter, r *http.Request) {
			var o order
			if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&o); err != nil {
				answer(w, nil, errs.Wrap(errs.Invalid, err, "the request cannot be read"))
				return
			}
			id := r.PathValue("kind") + "/" + r.PathValue("name")
			logger.Info("a person looks after a plugin", "plugin", id, "action", verb, "path", o.Path, "instance", o.Instance)
			err := do(r.Context(), id, o)
			if err != nil {
				logger.Error("it failed", "plugin", id, "action", verb, "error", err)
			}
			answer(w, struct{}{}, err)
		})
	}
	return mux
}

func answer(w http.ResponseWriter, v any, err error) {
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		w.WriteHeader(httpd.Status(err))
		v = failure{Kind: errs.KindOf(err).String(), Message: err.Error()}
	}
	_ = json.NewEncoder(w).Encode(v) // The client is gone when this fails.
}
