package serve

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/worker"
	"github.com/quay/quay/sdk/errs"
)

// workers are the background programs of a process.
type workers struct {
	metrics *worker.Metrics
	runner  atomic.Pointer[worker.Runner] // nil until they begin
}

func newWorkers(m *obs.Metrics) *workers {
	return &workers{metrics: worker.NewMetrics(m.Registerer())}
}

// failing says of each operation that does not work why.
func (w *workers) failing() map[string]string {
	r := w.runner.Load()
	if r == nil {
		return nil
	}
	return r.Failing()
}

// programs builds the background programs that are here, in the order of the catalog.
func programs(cfg *config.Config, s *store.Store, logger *slog.Logger) []worker.Program {
	w := cfg.Workers
	backfill := func(name string, c domain.ManifestColumns, seconds int) worker.Operation {
		return worker.Operation{Name: name, Every: worker.Seconds(seconds), Run: manifests.NewBackfill(s, c, logger).Step}
	}
	return []worker.Program{
		{
			Name: worker.ManifestBackfill, Class: "ManifestBackfillWorker", Off: off(w.ManifestSizes, "FEATURE_MANIFEST_SIZE_BACKFILL"),
			Operations: []worker.Operation{backfill("_backfill_manifests", domain.ManifestSize, w.ManifestSizesSeconds)},
		},
		{
			Name: worker.ManifestSubjectBackfill, Class: "ManifestSubjectBackfillWorker",
			Off: off(w.ManifestSubjects, "FEATURE_MANIFEST_SUBJECT_BACKFILL"),
			Operations: []worker.Operation{
				backfill("_backfill_manifest_subject", domain.ManifestSubject, w.ManifestSubjectsSeconds),
				backfill("_backfill_manifest_artifact_type", domain.ManifestArtifactType, w.ManifestSubjectsSeconds),
			},
		},
	}
}

// off says why a program does nothing that a feature switches on.
func off(on bool, key string) string {
	if on {
		return ""
	}
	return key + " is false"
}

// idle says why no background work is done.
func idle(cfg *config.Config) string {
	switch {
	case cfg.ReadOnly():
		return "REGISTRY_STATE is readonly"
	case cfg.Workers.AccountRecovery:
		return "ACCOUNT_RECOVERY_MODE is true"
	case !cfg.Workers.SetupComplete:
		return "SETUP_COMPLETE is not true"
	}
	return ""
}

// workerDrain is how long background work of a host may go on when the host ends.
const workerDrain = 30 * time.Second

// startWorkers begins with background work in this process, until ctx ends.
func (h *host) startWorkers(ctx context.Context) {
	runner := worker.New(programs(h.cfg, h.store, h.opts.Logger), h.workerOptions(workerDrain))
	h.workers.runner.Store(runner)
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- runner.Run(ctx) }()
	h.onClose(func(context.Context) error {
		stop()
		return <-ended
	})
}

func (h *host) workerOptions(drain time.Duration) worker.Options {
	return worker.Options{
		Locks: h.locks, Logger: h.opts.Logger, Metrics: h.workers.metrics, Idle: idle(h.cfg), Stagger: h.cfg.Workers.Stagger, Drain: drain,
	}
}

// WorkerOptions of RunWorker.
type WorkerOptions struct {
	// Name is that of a program of worker.Catalog.
	Name string
	// ConfigFile and ConfigDir are those of Options.
	ConfigFile string
	ConfigDir  string
	// Listen is host:port of /health and /metrics; empty is nowhere.
	Listen string
	// Once does all that there is to do now, and ends.
	Once bool
	// Drain is how long the work under way may take when told to end.
	Drain  time.Duration
	Logger *slog.Logger
}

// RunWorker runs one background program as a process of its own until ctx ends: beside
// servers and other workers of either product. One that is switched off waits, as the
// product's do, and so does one whose database is not there yet. It returns what became
// of each operation.
func RunWorker(ctx context.Context, opts WorkerOptions) (_ []worker.Status, err error) {
	if err := known(opts.Name); err != nil {
		return nil, err
	}
	h := &host{opts: Options{ConfigFile: opts.ConfigFile, ConfigDir: opts.ConfigDir, Logger: opts.Logger}, metrics: obs.NewMetrics()}
	h.workers = newWorkers(h.metrics)
	defer func() { err = errors.Join(err, h.close(context.WithoutCancel(ctx))) }()
	if h.cfg, err = h.configure(); err != nil {
		return nil, err
	}
	if err := h.listenForWorkers(ctx, opts.Listen); err != nil {
		return nil, err
	}
	if err := h.awaitStore(ctx, opts.Once); err != nil || ctx.Err() != nil {
		return nil, err
	}
	if err := h.openWorkerLocks(); err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(programs(h.cfg, h.store, opts.Logger), func(p worker.Program) bool { return p.Name != opts.Name })
	runner := worker.New(list, h.workerOptions(opts.Drain))
	h.workers.runner.Store(runner)
	if opts.Once {
		err = runner.Once(ctx)
	} else {
		err = runner.Run(ctx)
	}
	return runner.Status(), err
}

// known refuses what is no program that can be run here.
func known(name string) error {
	for _, e := range worker.Catalog() {
		switch {
		case e.Name != name:
		case e.Where == worker.Here:
			return nil
		case e.Where == worker.Serve:
			return errs.New(errs.Unsupported, "quay serve does the work of %s, as long as it runs", name)
		case e.Where == worker.Python:
			return errs.New(errs.Unsupported, "%s is not there yet: run the Python product's", name)
		default:
			return errs.New(errs.Unsupported, "nobody needs %s any more", name)
		}
	}
	return errs.New(errs.NotFound, "there is no worker %q; quay worker --list shows them", name)
}

// awaitStore opens the database. Unless there is no time for that, it waits for one that
// cannot be reached; what only a person can put right is a failure.
func (h *host) awaitStore(ctx context.Context, once bool) error {
	db, err := h.cfg.Database()
	if err != nil {
		return err
	}
	opts := store.Options{Path: db.Path, URL: db.URL, Connections: db.Connections, Queued: h.workers.metrics.Put}
	passing := func(err error) bool { return !once && errs.Is(err, errs.Unavailable) }
	err = worker.Await(ctx, h.opts.Logger, passing, func(ctx context.Context) (err error) {
		h.store, err = store.Open(ctx, opts)
		return err
	})
	switch {
	case err == nil:
		h.onClose(func(context.Context) error { return h.store.Close() })
	case ctx.Err() != nil:
		return nil
	}
	return err
}

// openWorkerLocks makes the locks that this process shares with other workers: in Redis
// where the configuration has one, as the Python product's are, in PostgreSQL otherwise,
// and in the process where there is neither.
func (h *host) openWorkerLocks() error {
	db, err := h.cfg.Database()
	if err != nil {
		return err
	}
	if h.cfg.UserEventsRedis.Host == "" && db.URL != "" {
		h.locks = lock.NewAdvisory(h.store)
		return nil
	}
	h.openLocks()
	return nil
}

// listenForWorkers shows how a process of workers is, from before there is a database.
func (h *host) listenForWorkers(ctx context.Context, address string) error {
	if address == "" {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", h.metrics.Handler())
	mux.HandleFunc("GET /health", h.workers.serveHealth)
	server, err := httpd.Listen(ctx, httpd.Options{Address: address, Logger: h.opts.Logger, Handler: mux})
	if err != nil {
		return err
	}
	h.opts.Logger.Info("serving health and metrics", "address", server.Addr().String())
	h.onClose(server.Shutdown)
	return nil
}

// workerHealth is what a process of workers says of itself.
type workerHealth struct {
	// Ready is false while the database is waited for.
	Ready   bool              `json:"ready"`
	Failing map[string]string `json:"failing,omitempty"`
	Workers []worker.Status   `json:"workers,omitempty"`
}

// serveHealth answers 503 when an operation fails again and again. Waiting for the
// database is healthy: another process would wait for it, too.
func (w *workers) serveHealth(rw http.ResponseWriter, _ *http.Request) {
	a := workerHealth{}
	if r := w.runner.Load(); r != nil {
		a = workerHealth{Ready: true, Failing: r.Failing(), Workers: r.Status()}
	}
	rw.Header().Set("Content-Type", "application/json")
	if len(a.Failing) > 0 {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(rw).Encode(a) // the client is gone when this fails
}
