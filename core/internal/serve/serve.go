// Package serve puts the host together and runs it: configuration, plugins,
// database, rules, protocols, in this order up and in the other one down.
package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/blobs"
	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/control"
	"github.com/quay/quay/core/internal/dockerversion"
	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/core/internal/obs"
	"github.com/quay/quay/core/internal/pagetoken"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/core/internal/queue"
	"github.com/quay/quay/core/internal/rcache"
	v1 "github.com/quay/quay/core/internal/registry/v1"
	v2 "github.com/quay/quay/core/internal/registry/v2"
	"github.com/quay/quay/core/internal/repos"
	"github.com/quay/quay/core/internal/route"
	"github.com/quay/quay/core/internal/storageproxy"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/uploads"
	"github.com/quay/quay/core/internal/users"
	"github.com/quay/quay/sdk/errs"
)

// Options of Run, as the command line has them.
type Options struct {
	// Mirror is mirror mode: the presets of config.Mirror, and the directory is
	// this process's alone.
	Mirror bool
	// ConfigFile is laid over the presets. One that was named must exist.
	ConfigFile string
	// ConfigDir has config.yaml, if it is there.
	ConfigDir string
	// DataDir is where a mirror keeps everything.
	DataDir string
	// Listen is host:port.
	Listen string
	// InsecureHTTP serves without TLS.
	InsecureHTTP bool
	// PluginDirs are searched for plugins, in this order.
	PluginDirs []string
	// Trust says which plugins may run.
	Trust Trust
	// ControlSocket is where the host is administered; empty means nowhere.
	ControlSocket string
	// ControlOptional makes it no failure when the socket cannot be made. Its
	// directory is made when it is missing, as one below /run is after a boot.
	ControlOptional bool
	// ShutdownTimeout is how long requests under way may take when the program is
	// told to end.
	ShutdownTimeout time.Duration
	Logger          *slog.Logger
	// Out gets what is said to the person who started it.
	Out io.Writer
}

// cacheBudget bounds the memory of facts about repositories.
const cacheBudget = 16 << 20

// host is a running instance.
type host struct {
	opts      Options
	cfg       *config.Config
	metrics   *obs.Metrics
	observe   *observers
	store     *store.Store
	plugins   *plugins
	locations *locations
	keys      *keys.Keys
	users     *users.Users
	health    *health
	locks     lock.Locker
	// redis is USER_EVENTS_REDIS; nil where the configuration has none.
	redis    redis.UniversalClient
	log      *actionlog.Log
	queues   *queue.Queues
	workers  *workers
	warnings []string // where the host is less safe than it could be
	closers  []func(context.Context) error
}

// Run serves until ctx ends, then finishes what is under way.
func Run(ctx context.Context, opts Options) (err error) {
	h := &host{opts: opts, metrics: obs.NewMetrics()}
	h.workers = newWorkers(h.metrics)
	defer func() { err = errors.Join(err, h.close(context.WithoutCancel(ctx))) }()
	if err := h.prepare(); err != nil {
		return err
	}
	if h.cfg, err = h.configure(); err != nil {
		return err
	}
	if err := h.open(ctx); err != nil {
		return err
	}
	return h.listen(ctx)
}

// close undoes what was done, last things first.
func (h *host) close(ctx context.Context) error {
	var err error
	for i := len(h.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, h.closers[i](ctx))
	}
	return err
}

func (h *host) onClose(fn func(context.Context) error) { h.closers = append(h.closers, fn) }

// prepare makes a mirror's directory and takes it into possession.
func (h *host) prepare() error {
	if !h.opts.Mirror {
		return nil
	}
	dir, err := filepath.Abs(h.opts.DataDir)
	if err != nil {
		return errs.Wrap(errs.Invalid, err, "the data directory")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return errs.Wrap(errs.Unavailable, err, "make the data directory")
	}
	h.opts.DataDir = dir
	unlock, err := lockDirectory(dir)
	if err != nil {
		return err
	}
	h.onClose(func(context.Context) error { return unlock() })
	return nil
}

// configure reads the configuration over the mode's presets.
func (h *host) configure() (*config.Config, error) {
	cfg := config.Product()
	if h.opts.Mirror {
		cfg = config.Mirror(h.opts.DataDir)
		cfg.URLScheme = "https"
		if h.opts.InsecureHTTP {
			cfg.URLScheme = "http"
		}
	}
	if h.opts.ConfigDir != "" {
		if err := cfg.Load(filepath.Join(h.opts.ConfigDir, config.FileName), true); err != nil {
			return nil, err
		}
	}
	if h.opts.ConfigFile != "" {
		if err := cfg.Load(h.opts.ConfigFile, false); err != nil {
			return nil, err
		}
	}
	return cfg, cfg.Validate()
}

// open starts the plugins and opens the database side by side: both take most of
// the time that a start takes.
func (h *host) open(ctx context.Context) (err error) {
	policy, err := h.policy()
	if err != nil {
		return err
	}
	for _, w := range policy.Warnings() {
		h.opts.Logger.Warn(w)
		h.warnings = append(h.warnings, w)
	}
	if h.observe, err = observe(ctx, h.cfg, h.metrics, h.opts.Logger); err != nil {
		return err
	}
	h.onClose(func(ctx context.Context) error {
		h.observe.tracing.Close(ctx)
		return nil
	})
	if h.plugins, err = newPlugins(h); err != nil {
		return err
	}
	h.onClose(h.plugins.close)
	var group errgroup.Group
	group.Go(func() (err error) {
		h.locations, err = startStorage(ctx, h.plugins, h.cfg)
		return err
	})
	group.Go(func() error {
		db, err := h.cfg.Database()
		if err != nil {
			return err
		}
		h.store, err = store.Open(ctx, store.Options{
			Path: db.Path, URL: db.URL, Replicas: db.Replicas, Connections: db.Connections, Queued: h.workers.metrics.Put,
		})
		return err
	})
	err = group.Wait()
	if h.store != nil {
		h.onClose(func(context.Context) error { return h.store.Close() })
	}
	if err != nil {
		return err
	}
	h.onClose(func(context.Context) error {
		h.locations.close()
		return nil
	})
	h.observe.database(h.metrics, h.store)
	h.openLocks()
	h.queues = queue.New(h.store, queue.Names(h.cfg.Queues), queue.Options{})
	if err := h.openLog(); err != nil {
		return err
	}
	for name := range h.cfg.Storage {
		if err := h.store.EnsureLocation(ctx, name); err != nil {
			return err
		}
	}
	return h.openControl()
}

// openControl lets the host be administered.
func (h *host) openControl() error {
	if h.opts.ControlSocket == "" {
		return nil
	}
	if h.opts.ControlOptional {
		// A failure is that of the socket, too.
		_ = os.MkdirAll(filepath.Dir(h.opts.ControlSocket), 0o700)
	}
	server, err := control.Listen(h.opts.ControlSocket, h.plugins, h.opts.Logger)
	switch {
	case err == nil:
		h.onClose(server.Close)
	case h.opts.ControlOptional:
		h.opts.Logger.Warn("the plugins of this server cannot be looked after while it runs", "error", err)
	default:
		return err
	}
	return nil
}

// listen builds the protocols and serves them.
func (h *host) listen(ctx context.Context) error {
	audience := h.cfg.ServerHostname
	if audience == "" {
		audience = "quay"
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.keys = keys.Load(background, h.store, keys.Options{
		KeyFile: h.cfg.ServiceKeyFile, KIDFile: h.cfg.ServiceKIDFile, Service: h.cfg.ServiceKeyName,
		Audience: audience, Name: keys.BootName(h.cfg.URLScheme, h.cfg.ServerHostname), Logger: h.opts.Logger,
		MaxFresh: config.Seconds(h.cfg.Credentials.TokenSeconds), ReadOnly: h.cfg.Credentials.ReadOnly(),
	})
	h.onClose(func(ctx context.Context) error {
		stop()
		return h.keys.Close(ctx)
	})
	h.users = users.New(h.store)
	if h.cfg.Credentials.ReadOnly() {
		h.users = users.New(uncounted{h.store})
	}
	h.health = &health{store: h.store, places: h.locations.places, plugins: h.plugins, keys: h.keys, warnings: h.warnings, workers: h.workers}

	local, err := onlyThisMachine(h.opts.Listen)
	if err != nil {
		return err
	}
	anonymousWrite := h.opts.Mirror && (local || h.cfg.MirrorAnonymousPush)
	tlsConfig, err := h.tls()
	if err != nil {
		return err
	}
	reg, err := h.registry(audience, anonymousWrite)
	if err != nil {
		return err
	}
	sweeper := startSweeper(background, reg.Uploads, h.spoolDir(), h.opts.Logger)
	h.onClose(func(context.Context) error {
		stop()
		<-sweeper
		return nil
	})
	if h.opts.Mirror {
		h.startWorkers(background)
	}
	server, err := httpd.Listen(ctx, httpd.Options{
		Address: h.opts.Listen, TLS: tlsConfig, Logger: h.opts.Logger,
		Handler: newDispatcher(route.New(rows(reg, h.health, h.storageProxy(), h.metrics)), h.metrics, h.observe.tracing, h.opts.Logger),
	})
	if err != nil {
		return err
	}
	// The account is made when nothing is left that could keep its password from
	// being shown.
	var first *users.First
	if h.opts.Mirror && !anonymousWrite {
		if first, err = h.users.EnsureFirst(ctx, firstUser); err != nil {
			return errors.Join(err, server.Shutdown(ctx))
		}
	}
	h.greet(server.Addr(), anonymousWrite, first)
	return h.wait(ctx, server)
}

// rows is the whole table of routes.
func rows(reg *v2.Registry, health *health, proxy *storageproxy.Proxy, metrics *obs.Metrics) []route.Row {
	return append(slices.Concat(reg.Rows(), v1.Rows(), health.rows()), storageProxyRow(proxy), route.Row{
		Method: http.MethodGet, Path: "/metrics", Family: route.FamilySystem, Capability: "SYSTEM", Auth: route.AuthNone,
		Handler: func(w http.ResponseWriter, r *http.Request, _ route.Params) { metrics.Handler().ServeHTTP(w, r) },
	})
}

// Routes lists the table of routes of a host that does not run.
func Routes() []route.Row { return rows(&v2.Registry{}, &health{}, nil, obs.NewMetrics()) }

// wait serves until ctx ends or the server fails.
func (h *host) wait(ctx context.Context, server *httpd.Server) error {
	select {
	case err := <-server.Done():
		return err
	case <-ctx.Done():
	}
	h.opts.Logger.Info("shutting down", "timeout", h.opts.ShutdownTimeout)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.opts.ShutdownTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errs.Wrap(errs.Timeout, err, "requests were broken off after %s", h.opts.ShutdownTimeout)
	}
	return nil
}

func (h *host) tls() (*tls.Config, error) {
	if h.opts.InsecureHTTP || !h.opts.Mirror {
		return nil, nil
	}
	names := []string{"localhost", "127.0.0.1", "::1"}
	if host, err := os.Hostname(); err == nil {
		names = append(names, host)
	}
	if h.cfg.ServerHostname != "" {
		host, _, err := net.SplitHostPort(h.cfg.ServerHostname)
		if err != nil {
			host = h.cfg.ServerHostname
		}
		names = append(names, host)
	}
	return httpd.SelfSigned(filepath.Join(h.opts.DataDir, "tls"), append(names, addresses(h.opts.Listen)...))
}

// ownsDatabase reports whether nobody else changes the database: it is in the
// directory that this process has locked.
func (h *host) ownsDatabase() bool {
	db, err := h.cfg.Database()
	return h.opts.Mirror && err == nil && db.Path != "" && filepath.Dir(db.Path) == h.opts.DataDir
}

// registry builds the rules and /v2 over them.
func (h *host) registry(audience string, anonymousWrite bool) (*v2.Registry, error) {
	var cache *rcache.Cache
	if h.ownsDatabase() {
		cache = rcache.New(cacheBudget)
		h.metrics.Gauge("quay_repository_cache_hits", "lookups that the cache of repositories answered", nil,
			func() float64 { hits, _ := cache.Counts(); return float64(hits) })
		h.metrics.Gauge("quay_repository_cache_misses", "lookups that the database answered", nil,
			func() float64 { _, misses := cache.Counts(); return float64(misses) })
	}
	pages := pagetoken.NewKey()
	if h.cfg.PageTokenKey != "" {
		var err error
		if pages, err = pagetoken.ParseKey(h.cfg.PageTokenKey); err != nil {
			return nil, errs.Wrap(errs.Invalid, err, "PAGE_TOKEN_KEY")
		}
	}
	tagRules, err := h.tagRules(cache)
	if err != nil {
		return nil, err
	}
	blobRules := blobs.New(h.store, h.locations.places, cache, h.cfg.TempTagLifetime())
	policy := manifests.Policy{
		UntaggedFor: h.cfg.TempTagLifetime(), HiddenTags: true, SparseIndexes: h.cfg.SparseIndex,
		Labels: &manifests.Labels{Terms: tagRules.Terms}, Convert: true, Open: blobRules.Open,
	}
	if h.opts.Mirror {
		policy = manifests.Policy{AnyMediaType: true, SparseIndexes: true}
	}
	policy.Library = h.cfg.LibraryNamespace
	quotaRules := h.quotaRules()
	policy.Tags, policy.Ledger, policy.Quota = tagRules.Policy(), h.quotaPolicy().Ledger(), quotaRules
	var stale func(context.Context) context.Context
	if len(h.cfg.DBReadReplicas) > 0 {
		stale = store.WithReplica
	}
	creds := h.cfg.Credentials
	docker, err := dockerversion.ParseSpec(creds.BlockedDocker)
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "BLACKLIST_V2_SPEC")
	}
	callers, err := h.callers()
	if err != nil {
		return nil, err
	}
	repoRules := repos.New(h.store, cache, repos.Policy{
		PrivateOnPush: h.cfg.PrivateRepoOnPush, NamespaceOnPush: h.cfg.NamespaceOnPush, PublicCatalog: h.cfg.PublicCatalog,
		OrganizationMirrors: h.cfg.OrganizationMirrors,
	})
	permRules := perms.New(h.store, h.permissions(anonymousWrite))
	tokenRules, err := h.issuer(permRules, repoRules)
	if err != nil {
		return nil, err
	}
	trail, err := h.trail(callers)
	if err != nil {
		return nil, err
	}
	proxies, err := h.cfg.Audit.Proxies()
	if err != nil {
		return nil, err
	}
	reg := &v2.Registry{
		Repos: repoRules,
		Blobs: blobRules,
		Uploads: uploads.New(h.store, h.locations.places, cache, h.locks, uploads.Policy{
			MaxBlob: int64(h.cfg.MaximumLayerSize), Linger: h.cfg.TempTagLifetime(), Measure: !h.opts.Mirror,
			Strict: h.opts.Mirror,
		}),
		Manifests: manifests.New(h.store, cache, policy),
		Tags:      tagRules,
		Quota:     quotaRules,
		Perms:     permRules,
		Keys:      h.keys,
		Callers:   callers,
		Issuer:    tokenRules,
		Trail:     trail,
		Pages:     pages,
		Logger:    h.opts.Logger,
		Options: v2.Options{
			Proxies: proxies,
			Host:    h.cfg.ServerHostname, Scheme: h.cfg.URLScheme, Audience: audience, Library: h.cfg.LibraryNamespace,
			PageSize: max(100, h.cfg.V2PageSize), BlobDelete: h.opts.Mirror,
			SparseIndexes: policy.SparseIndexes,
			LocalPush:     anonymousWrite && !h.cfg.MirrorAnonymousPush, Stale: stale,
			Hidden: !creds.AdvertiseV2, NoLibrary: !creds.Library, BlockedDocker: docker,
			AccountRecovery: creds.AccountRecovery, Spec: h.opts.Mirror, ReadOnly: creds.ReadOnly(), NoPushes: creds.PushesDisabled, NoReferrers: !creds.Referrers,
		},
	}
	if p := h.storageProxy(); p != nil {
		reg.StorageProxy = p
	}
	return reg, nil
}

// firstUser is the name of the account that a mirror's first start makes.
const firstUser = "init"

// greet tells the person who started it where it is and how to push.
func (h *host) greet(addr *net.TCPAddr, anonymousWrite bool, first *users.First) {
	address := addr.String()
	if addr.IP.IsUnspecified() {
		address = net.JoinHostPort(hostname(), fmt.Sprint(addr.Port))
	}
	h.opts.Logger.Info("serving", "address", addr.String(), "scheme", h.cfg.URLScheme, "anonymous_push", anonymousWrite)
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(h.opts.Out, format+"\n", args...) } // nobody reads it when this fails
	for _, w := range h.warnings {
		say("WARNING: %s", w)
	}
	say("Quay serves on %s://%s", h.cfg.URLScheme, address)
	if !h.opts.Mirror {
		return
	}
	if first != nil {
		say("To push, log in as %s with the password %s", first.Name, first.Password)
		say("(it is shown this once: podman login %s)", address)
	}
	push, pull := "", ""
	if h.cfg.URLScheme == "http" {
		push, pull = " --dest-tls-verify=false", " --tls-verify=false"
	}
	say("Push:  skopeo copy%s oci-archive:image.tar docker://%s/library/app:1", push, address)
	say("Pull:  podman pull%s %s/library/app:1", pull, address)
	if h.cfg.URLScheme == "https" {
		say("The certificate to trust is %s", filepath.Join(h.opts.DataDir, "tls", "cert.pem"))
	}
}
