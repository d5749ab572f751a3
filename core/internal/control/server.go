package control

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Server serves the control API of one host.
type Server struct {
	http   *http.Server
	stop   context.CancelFunc // of what requests do
	served chan struct{}      // closed when the serving goroutine has ended
}

const (
	// readTimeout bounds the time that a client takes for its request.
	readTimeout = 10 * time.Second
	// closeTimeout bounds the end of the server. Requests are given up at once: what
	// they have begun is the business of the plugins.
	closeTimeout = 5 * time.Second
	// maxTrial bounds the time for which two processes of one plugin are kept.
	maxTrial = 10 * time.Minute
)

// Listen makes the socket at path, in place of one that nobody serves any more, and
// serves the API on it. The caller closes the server.
func Listen(path string, plugins Plugins, logger *slog.Logger) (*Server, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if err := removeStale(path); err != nil {
		return nil, err
	}
	token, err := writeToken(path)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "the token of the control socket cannot be written")
	}
	listener, err := listen(path)
	if err != nil {
		_ = os.Remove(tokenPath(path)) // The first failure is the one to tell.
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{
		http: &http.Server{
			Handler:           demandToken(token, handler(plugins, logger)),
			ReadHeaderTimeout: readTimeout,
			BaseContext:       func(net.Listener) context.Context { return ctx },
			ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
		},
		stop:   stop,
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

// Close ends the API. Requests under way are given up, and have until ctx ends, five
// seconds at most, to say so.
func (s *Server) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	s.stop()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close() // Who is at the other end waits in vain, but the host does not.
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
			o, err := readOrder(w, r)
			if err != nil {
				answer(w, nil, err)
				return
			}
			id := r.PathValue("kind") + "/" + r.PathValue("name")
			logger.Info("a person looks after a plugin", "plugin", id, "action", verb, "path", o.Path, "instance", o.Instance)
			if err = do(r.Context(), id, o); err != nil {
				logger.Error("it failed", "plugin", id, "action", verb, "error", err)
			}
			answer(w, struct{}{}, err)
		})
	}
	return mux
}

// readOrder reads the body of a request.
func readOrder(w http.ResponseWriter, r *http.Request) (o order, err error) {
	// The server has no timeout for it: it would end what the request does, too.
	connection := http.NewResponseController(w)
	if err = connection.SetReadDeadline(time.Now().Add(readTimeout)); err == nil {
		err = json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&o)
	}
	if err = errors.Join(err, connection.SetReadDeadline(time.Time{})); err != nil {
		return o, errs.Wrap(errs.Invalid, err, "the request cannot be read")
	}
	if o.Trial < 0 || o.Trial > maxTrial {
		return o, errs.New(errs.Invalid, "a trial of %v is not possible: say one of at most %v", o.Trial, maxTrial)
	}
	return o, nil
}

func answer(w http.ResponseWriter, v any, err error) {
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // The client is gone when this fails.
}
