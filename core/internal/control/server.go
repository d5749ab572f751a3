package control

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

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
	token, err := writeToken(path)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, err, "the token of the control socket cannot be written")
	}
	listener, err := listen(path)
	if err != nil {
		return nil, errs.Wrap(errs.Unavailable, errors.Join(err, os.Remove(tokenPath(path))), "the control socket cannot be made")
	}
	s := &Server{
		http: &http.Server{
			Handler:           demandToken(token, handler(plugins, logger)),
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
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // The client is gone when this fails.
}
