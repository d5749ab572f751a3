// Package actionlog is the log of what was done in a registry, by whom, that its
// users see (in the product: data/logs_model, and all calls of log_action).
//
// An entry is made of an Event, whose functions know what the product writes of
// each kind, and the place where it happened. What changes something hands its
// entry to the store together with the change, and both are committed or neither
// is: every accepted change has exactly one entry. What changes nothing is written
// by itself, and pulls and refusals may be written in batches, a little later.
package actionlog

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the log needs of the database.
type Store interface {
	// AppendLogs writes entries, all or none. A durable write has survived the loss
	// of power when it returns. errs.NotFound when an account does not exist.
	AppendLogs(ctx context.Context, durable bool, entries ...domain.LogEntry) error
}

// Policy says what is logged. Names and defaults are the product's.
type Policy struct {
	// Model is LOGS_MODEL. "database", also when empty, is the only one that this
	// program can write.
	Model string
	// ReadOnly leaves out everything: nothing may be written (REGISTRY_STATE: readonly).
	ReadOnly bool
	// DisabledFor are namespaces without entries (DISABLED_FOR_AUDIT_LOGS).
	DisabledFor []string
	// PullsDisabledFor are namespaces without entries of pulls
	// (DISABLED_FOR_PULL_LOGS).
	PullsDisabledFor []string
	// NoPulls leaves out all pulls.
	NoPulls bool
	// NoPullsOfFree leaves out pulls from namespaces that do not pay
	// (FEATURE_DISABLE_PULL_LOGS_FOR_FREE_NAMESPACES).
	NoPullsOfFree bool
	// Lenient lets any action go ahead whose entry cannot be written
	// (ALLOW_WITHOUT_STRICT_LOGGING).
	Lenient bool
	// LenientPulls lets pulls and logins go ahead (ALLOW_PULLS_WITHOUT_STRICT_LOGGING).
	LenientPulls bool
	// ServiceAccount owns entries of no namespace (SERVICE_LOG_ACCOUNT_ID); zero is
	// the oldest account.
	ServiceAccount domain.UserID
}

// Validate fails with errs.Unsupported for a model that cannot be written.
func (p Policy) Validate() error {
	switch p.Model {
	case "", "database":
		return nil
	}
	return errs.New(errs.Unsupported, "LOGS_MODEL: %q is not supported, only database is", p.Model)
}

// Skips reports whether an action leaves no entry. free says that the namespace
// does not pay.
func (p Policy) Skips(kind Kind, namespace string, free bool) bool {
	if p.ReadOnly || namespace != "" && slices.Contains(p.DisabledFor, namespace) {
		return true
	}
	if !kind.pull() {
		return false
	}
	return p.NoPulls || namespace != "" && slices.Contains(p.PullsDisabledFor, namespace) || p.NoPullsOfFree && free
}

// forgives reports whether an action may go ahead without its entry.
func (p Policy) forgives(kind Kind) bool {
	return p.Lenient || p.LenientPulls && kind.expendable()
}

// Place is where and by whom something was done.
type Place struct {
	// Namespace owns the entry; empty is no namespace. Account is its id, where the
	// caller knows it: it saves a query.
	Namespace string
	Account   domain.UserID
	// Free says that the namespace does not pay.
	Free bool
	// Performer is zero for nobody that is known, Repository for none.
	Performer  domain.UserID
	Repository domain.RepositoryID
	// IP is the client's address, if there is a client.
	IP string
	At time.Time
}

// entry is what the database gets of an event.
func (p Policy) entry(e Event, at Place) domain.LogEntry {
	account := at.Account
	if account == 0 && at.Namespace == "" {
		account = p.ServiceAccount
	}
	return domain.LogEntry{
		Kind: string(e.Kind), Account: account, Namespace: at.Namespace, Performer: at.Performer,
		Repository: at.Repository, IP: at.IP, Metadata: e.Metadata.text(), At: at.At,
	}
}

// Action is something that was done and whose entry is made when it is written: who
// did it may have to be looked up, and the request need not wait for that.
type Action interface {
	// Entry returns what happened, and where. It is asked again when it fails because
	// something is not available.
	Entry(ctx context.Context) (Event, Place, error)
}

// Options of New.
type Options struct {
	Policy Policy
	// Batch lets Later return before an entry is written. Entries of the last moment
	// are lost when the process is killed; Close writes them.
	Batch bool
	// Queue is how many entries may wait to be written; a call that finds more waits
	// itself. Zero means 4,096.
	Queue int
	// Patience is how long a call waits for a place in the queue. Zero means ten
	// seconds.
	Patience time.Duration
	Logger   *slog.Logger
}

// Log writes entries. Close it.
type Log struct {
	store   Store
	policy  Policy
	logger  *slog.Logger
	batches *batches // nil where all entries are written at once
}

// New returns a log. It fails for a policy that Validate refuses.
func New(store Store, opts Options) (*Log, error) {
	if err := opts.Policy.Validate(); err != nil {
		return nil, err
	}
	l := &Log{store: store, policy: opts.Policy, logger: opts.Logger}
	if opts.Batch {
		l.batches = startBatches(store, opts)
	}
	return l, nil
}

// Close writes what waits, until ctx ends, and refuses further entries. It fails
// when entries were left.
func (l *Log) Close(ctx context.Context) error {
	if l.batches == nil {
		return nil
	}
	return l.batches.close(ctx)
}

// Entries returns what a change hands to the store with it: one entry, or none
// where the policy wants none.
func (l *Log) Entries(e Event, at Place) []domain.LogEntry {
	if l.policy.Skips(e.Kind, at.Namespace, at.Free) {
		return nil
	}
	return []domain.LogEntry{l.policy.entry(e, at)}
}

// Write logs what changes nothing, or changes it elsewhere, durably. When it fails
// the action must fail; where the policy lets it go ahead the failure goes into the
// program's own log.
func (l *Log) Write(ctx context.Context, e Event, at Place) error {
	if l.policy.Skips(e.Kind, at.Namespace, at.Free) {
		return nil
	}
	return l.forgive(e.Kind, l.store.AppendLogs(ctx, true, l.policy.entry(e, at)))
}

// Later logs what its caller need not wait for: a pull, or what was refused. namespace is
// where it was done; free says that it does not pay. With Options.Batch it returns as
// soon as the entry waits, and waits itself while too many do, but not for ever:
// errs.Unavailable then. No entry is dropped, unless the policy lets such actions go
// ahead without one. An entry survives the end of the process when it is written, not
// the loss of power.
func (l *Log) Later(ctx context.Context, kind Kind, namespace string, free bool, a Action) error {
	if l.policy.Skips(kind, namespace, free) {
		return nil
	}
	if l.batches != nil {
		return l.forgive(kind, l.batches.add(ctx, pending{kind: kind, action: a}))
	}
	e, at, err := a.Entry(ctx)
	if err == nil {
		err = l.store.AppendLogs(ctx, false, l.policy.entry(e, at))
	}
	return l.forgive(kind, err)
}

// forgive returns err, unless the action may go ahead. A caller that has gone away
// is no failure of the log.
func (l *Log) forgive(kind Kind, err error) error {
	if err == nil || errs.Is(err, errs.Canceled) || !l.policy.forgives(kind) {
		return err
	}
	l.logger.Error("an action has no entry in the action log", "kind", string(kind), "error", err)
	return nil
}

// Counts are numbers of entries that Later took, since the start.
type Counts struct {
	// Waiting are in the queue now. Dropped could not be written and never will be.
	Waiting, Written, Dropped int64
}

// Counts returns what became of those entries; all are zero without
// Options.Batch.
func (l *Log) Counts() Counts {
	if l.batches == nil {
		return Counts{}
	}
	return l.batches.counts()
}
