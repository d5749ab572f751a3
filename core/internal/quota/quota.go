// Package quota holds the rules about how much a namespace may hold: when a push is
// refused and who is told (data/model/namespacequota.py). How much it holds is counted
// by the store, in the transactions that bring content and take it away.
package quota

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	QuotaOfRepository(ctx context.Context, repo domain.RepositoryID) (*domain.Quota, error)
	NamespaceSize(ctx context.Context, repo domain.RepositoryID) (int64, error)
	UploadingSize(ctx context.Context, repo domain.RepositoryID) (int64, error)
	Notify(ctx context.Context, n domain.Notice) error
	HasNamespaceNotification(ctx context.Context, namespace domain.UserID, event string) (bool, error)
	ClaimQuotaEvent(ctx context.Context, namespace domain.UserID, percent int64, cutoff, now time.Time) (bool, error)
	ReleaseQuotaEvent(ctx context.Context, namespace domain.UserID, percent int64) error
}

// Policy is what the configuration decides. The zero value counts nothing, refuses
// nothing and tells nobody.
type Policy struct {
	// Count keeps the totals while content comes and goes (FEATURE_QUOTA_MANAGEMENT).
	Count bool
	// Keep leaves totals as they are that are not counted; without, they are marked for
	// counting anew (QUOTA_INVALIDATE_TOTALS: false).
	Keep bool
	// Verify refuses pushes, where totals are counted (FEATURE_VERIFY_QUOTA).
	Verify bool
	// Default is how many bytes a namespace may hold that has no quota; zero is any
	// number (DEFAULT_SYSTEM_REJECT_QUOTA_BYTES).
	Default int64
	// Events announces events of namespaces; nil announces none
	// (FEATURE_QUOTA_NOTIFICATIONS).
	Events Events
	// Cooldown is how long the same is not announced again
	// (QUOTA_NOTIFICATION_COOLDOWN_SECONDS).
	Cooldown time.Duration
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
}

// Ledger says what becomes of the totals when content comes or goes.
func (p Policy) Ledger() domain.Ledger {
	switch {
	case p.Count:
		return domain.LedgerCount
	case p.Keep:
		return domain.LedgerKeep
	}
	return domain.LedgerForget
}

// Rules applies the rules.
type Rules struct {
	store  Store
	policy Policy
	logger *slog.Logger
}

// New makes the rules. What only tells somebody something is logged when it fails, and
// fails no push.
func New(s Store, p Policy, logger *slog.Logger) *Rules {
	if p.Clock == nil {
		p.Clock = time.Now
	}
	return &Rules{s, p, logger}
}

// ErrExceeded is the refusal of a push into a namespace that holds too much.
var ErrExceeded = &errs.Error{Kind: errs.Denied, Reason: "quota_exceeded", Message: "Quota has been exceeded on namespace"}

// Enforced reports whether pushes may be refused or told of at all.
func (r *Rules) Enforced() bool { return r.policy.Count && r.policy.Verify }

// Begin decides whether a repository takes another upload: ErrExceeded when its
// namespace holds too much already.
func (r *Rules) Begin(ctx context.Context, repo domain.RepositoryID, by *domain.User) error {
	return r.upload(ctx, repo, by, false)
}

// Continue decides whether an upload may go on: ErrExceeded when the namespace and what
// is being uploaded to the repository are too much together. The upload has to end then.
func (r *Rules) Continue(ctx context.Context, repo domain.RepositoryID, by *domain.User) error {
	return r.upload(ctx, repo, by, true)
}

func (r *Rules) upload(ctx context.Context, repo domain.RepositoryID, by *domain.User, under bool) error {
	if !r.Enforced() {
		return nil
	}
	q, err := r.store.QuotaOfRepository(ctx, repo)
	if err != nil || !r.limits(q) {
		return err
	}
	size, err := r.store.NamespaceSize(ctx, repo)
	if err == nil && under {
		var uploading int64
		uploading, err = r.store.UploadingSize(ctx, repo)
		size += uploading
	}
	if err != nil {
		return err
	}
	v := r.judge(q, size)
	r.announce(ctx, q, v, by)
	if v.severity != reject {
		return nil
	}
	r.tell(ctx, q, errorKind, true)
	return ErrExceeded
}

// limits reports whether a namespace can reach anything.
func (r *Rules) limits(q *domain.Quota) bool { return q.Limit != 0 || r.policy.Default > 0 }

// Allowance is what a namespace may hold, for one push of a manifest.
type Allowance struct {
	rules *Rules
	quota *domain.Quota
}

// Of returns what the namespace of a repository may hold; nil when that is anything.
func (r *Rules) Of(ctx context.Context, repo domain.RepositoryID) (*Allowance, error) {
	if !r.Enforced() {
		return nil, nil
	}
	q, err := r.store.QuotaOfRepository(ctx, repo)
	if err != nil || !r.limits(q) {
		return nil, err
	}
	return &Allowance{r, q}, nil
}

// Full reports whether tags are refused when the namespace holds a number of bytes.
func (a *Allowance) Full(size int64) bool { return a.rules.judge(a.quota, size).severity == reject }

// Stored tells those who have to know how much the namespace holds after a push.
// ErrExceeded when that is too much.
func (a *Allowance) Stored(ctx context.Context, size int64) error {
	switch a.rules.judge(a.quota, size).severity {
	case warning:
		a.rules.tell(ctx, a.quota, warningKind, false)
	case reject:
		a.rules.tell(ctx, a.quota, errorKind, false)
		return ErrExceeded
	}
	return nil
}

// failed logs what only told somebody something.
func (r *Rules) failed(ctx context.Context, what string, q *domain.Quota, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	r.logger.WarnContext(ctx, what, "namespace", q.Name, "error", errs.Loggable(err))
}
