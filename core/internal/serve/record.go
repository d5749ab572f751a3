package serve

import (
	"context"

	"github.com/redis/go-redis/v9"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/audit"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/events"
	"github.com/quay/quay/core/internal/geoip"
	"github.com/quay/quay/core/internal/pullstats"
	"github.com/quay/quay/core/internal/userevents"
)

// openLog opens the action log.
func (h *host) openLog() (err error) {
	cfg := h.cfg.ActionLog
	h.log, err = actionlog.New(h.store, actionlog.Options{
		Policy: actionlog.Policy{
			Model: cfg.Model, DisabledFor: cfg.DisabledFor, PullsDisabledFor: cfg.PullsDisabledFor,
			ReadOnly: h.cfg.Credentials.ReadOnly(), NoPulls: !cfg.Pulls, NoPullsOfFree: cfg.NoPullsOfFree, Lenient: cfg.Lenient, LenientPulls: cfg.LenientPulls,
			ServiceAccount: domain.UserID(cfg.ServiceAccount),
		},
		Batch: cfg.BatchPulls, Queue: cfg.Queue, Logger: h.opts.Logger,
	})
	if err != nil {
		return err
	}
	h.onClose(h.inTime(h.log.Close))
	h.metrics.Gauge("quay_action_log_waiting", "entries of the action log that wait to be written", nil,
		func() float64 { return float64(h.log.Counts().Waiting) })
	h.metrics.Counter("quay_action_log_dropped_total", "entries of the action log that could not be written",
		func() float64 { return float64(h.log.Counts().Dropped) })
	return nil
}

// inTime bounds what is done at the end by the time that the shutdown may take.
func (h *host) inTime(end func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, h.opts.ShutdownTimeout)
		defer cancel()
		return end(ctx)
	}
}

// trail builds what records the requests to the registry.
func (h *host) trail(callers audit.Callers) (*audit.Trail, error) {
	ranges, err := geoip.Load()
	if err != nil {
		return nil, err
	}
	cfg := h.cfg.ActionLog
	opts := audit.Options{
		Log: h.log, Callers: callers, Repositories: h.store, Locate: func(address string) *actionlog.Address {
			l := ranges.Locate(address)
			return &actionlog.Address{Provider: l.Provider, SyncToken: l.Version, AWSRegion: l.Region}
		},
		Events:       h.events(),
		PullFailures: cfg.PullFailures, PushFailures: cfg.PushFailures, DeletionFailures: cfg.DeletionFailures,
	}
	if p := h.openUserEvents(); p != nil {
		opts.Users = p
	}
	if h.cfg.Audit.StorageReplication {
		opts.Replication = h.queues.Replication
	}
	if h.cfg.Tags.PullStatistics {
		opts.Pulls = h.openPullCounter()
	}
	return audit.New(opts), nil
}

// events makes what is queued for the notifications of repositories and namespaces.
func (h *host) events() events.Events {
	return events.Events{Scheme: h.cfg.URLScheme, Host: h.cfg.ServerHostname, Queue: h.queues.Notifications}
}

// openUserEvents makes what tells people's browsers; nil where nobody is told.
func (h *host) openUserEvents() *userevents.Publisher {
	if h.redis == nil || !h.cfg.Audit.UserEvents {
		return nil
	}
	p := userevents.New(h.redis, h.opts.Logger)
	h.onClose(h.inTime(p.Close))
	h.metrics.Counter("quay_user_events_dropped_total", "events for people's browsers that could not be sent",
		func() float64 { return float64(p.Counts().Dropped) })
	return p
}

// openPullCounter makes what counts pulls.
func (h *host) openPullCounter() *pullstats.Counter {
	client := redis.NewClient(redisOptions(h.cfg.Audit.PullMetrics()))
	h.onClose(func(context.Context) error { return client.Close() })
	c := pullstats.New(client, h.opts.Logger)
	h.onClose(h.inTime(c.Close))
	h.metrics.Counter("quay_pull_counts_dropped_total", "pulls that could not be counted",
		func() float64 { return float64(c.Counts().Dropped) })
	return c
}
