package domain

import "time"

// Ledger says what becomes of the totals of the quota when content comes or goes.
type Ledger int

const (
	// LedgerForget marks the totals for counting anew: nobody counts here
	// (FEATURE_QUOTA_MANAGEMENT: false).
	LedgerForget Ledger = iota
	// LedgerKeep leaves them as they are (QUOTA_INVALIDATE_TOTALS: false).
	LedgerKeep
	// LedgerCount counts what comes and goes (FEATURE_QUOTA_MANAGEMENT).
	LedgerCount
)

// Quota is how much a namespace may hold, and what happens on the way there.
type Quota struct {
	Namespace    UserID
	Name         string
	Organization bool
	// Limit is in bytes; zero is a namespace without a quota.
	Limit int64
	// Limits are in the order of their making.
	Limits []QuotaLimit
}

// QuotaLimit is a share of a quota at which something happens.
type QuotaLimit struct {
	// Percent of the quota, 1 to 100.
	Percent int64
	// Reject refuses pushes; without, administrators are warned.
	Reject bool
}

// Notice is something that accounts are told once.
type Notice struct {
	// Namespace is told, or the administrators of an organisation.
	Namespace    UserID
	Organization bool
	// Kind is a name of the table notificationkind.
	Kind string
	// Metadata is a JSON object in the form that the product writes.
	Metadata string
	// Known reports whether the metadata of an earlier notice of this kind say the same.
	Known func(metadata string) bool
	Now   time.Time
}
