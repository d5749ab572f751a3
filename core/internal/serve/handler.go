package serve

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/obs/tracing"
	"github.com/quay/quay/core/internal/route"
)

// dispatcher finds the row of each request and watches its handler.
type dispatcher struct {
	table   *route.Table
	routes  map[*route.Row]*obs.Route
	tracing *tracing.Tracing
	logger  *slog.Logger
}

func newDispatcher(table *route.Table, m *obs.Metrics, t *tracing.Tracing, logger *slog.Logger) *dispatcher {
	d := &dispatcher{table: table, routes: make(map[*route.Row]*obs.Route), tracing: t, logger: logger}
	rows := table.Rows()
	for i := range rows {
		d.routes[&rows[i]] = m.Route(rows[i].Method, rows[i].Path)
	}
	return d
}

func (d *dispatcher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	row, params, known, allowed := d.table.Match(r.Method, r.URL.Path)
	switch {
	case !known:
		refuse(w, r, http.StatusNotFound, "NOT_FOUND", "there is nothing here")
		return
	case row == nil:
		slices.Sort(allowed)
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		refuse(w, r, http.StatusMethodNotAllowed, "UNSUPPORTED", "The operation is unsupported.")
		return
	case row.Handler == nil:
		refuse(w, r, http.StatusNotImplemented, "UNSUPPORTED", "The operation is unsupported.")
		return
	}
	start := time.Now()
	rec := &recorder{ResponseWriter: w, status: http.StatusOK}
	r, end := d.tracing.Request(r, row.Path)
	defer func() { end(rec.status) }()
	defer d.finish(rec, r, row, start)
	row.Handler(rec, r, params)
}

// finish counts and logs a request, and keeps a defect in one handler from
// ending the program.
func (d *dispatcher) finish(rec *recorder, r *http.Request, row *route.Row, start time.Time) {
	p := recover()
	took := time.Since(start)
	if err, _ := p.(error); p != nil && !errors.Is(err, http.ErrAbortHandler) {
		d.logger.LogAttrs(r.Context(), slog.LevelError, "panic in a handler", slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		rec.status = http.StatusInternalServerError
	}
	d.routes[row].Observe(rec.status, took)
	if d.logger.Enabled(r.Context(), slog.LevelDebug) {
		d.logger.LogAttrs(r.Context(), slog.LevelDebug, "request", slog.String("method", r.Method), slog.String("path", r.URL.Path),
			slog.Int("status", rec.status), slog.Int64("bytes", rec.bytes), slog.Duration("took", took),
			slog.String("remote", r.RemoteAddr), slog.String("agent", r.UserAgent()))
	}
	if p != nil {
		panic(http.ErrAbortHandler) // the server closes the connection and says nothing
	}
}

// refuse answers what no row answers, in the form of /v2 there.
func refuse(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	if r.URL.Path != "/v2" && !strings.HasPrefix(r.URL.Path, "/v2/") {
		http.Error(w, message, status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"errors":[{"code":"`+code+`","message":"`+message+`","detail":{}}]}`+"\n") // the client is gone when this fails
}

// recorder remembers the status and size of an answer. It passes ReadFrom on, so
// that files are still sent without copying.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

func (r *recorder) ReadFrom(src io.Reader) (int64, error) {
	n, err := io.Copy(r.ResponseWriter, src)
	r.bytes += n
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
