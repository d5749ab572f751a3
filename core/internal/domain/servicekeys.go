package domain

import (
	"encoding/json"
	"time"
)

// ServiceKeyRow is all that the database knows of a service key.
type ServiceKeyRow struct {
	ServiceKey
	ID int64
	// Metadata is a JSON object: who made the key, from where.
	Metadata json.RawMessage
	Created  time.Time
	// Rotation is how often the key is to be replaced; zero is never.
	Rotation time.Duration
	// Approval is nil for a key that nobody has approved.
	Approval *ServiceKeyApproval
}

// ServiceKeyApproval says who let a key be trusted.
type ServiceKeyApproval struct {
	// Approver is zero when it was no person.
	Approver UserID
	Kind     ServiceKeyApprovalKind
	At       time.Time
	Notes    string
}

// ServiceKeyApprovalKind is how a key was approved.
type ServiceKeyApprovalKind string

// The kinds of the product, as it writes them.
const (
	ApprovedBySuperuser ServiceKeyApprovalKind = "ServiceKeyApprovalType.SUPERUSER"
	ApprovedByRotation  ServiceKeyApprovalKind = "ServiceKeyApprovalType.KEY_ROTATION"
	ApprovedByItself    ServiceKeyApprovalKind = "ServiceKeyApprovalType.AUTOMATIC"
)

// NewServiceKey is a key that is to be stored.
type NewServiceKey struct {
	ServiceKeyRow
	// Notify are the names of those who are told of a key without approval.
	Notify []string
	// Notice is what they are told, a JSON object.
	Notice json.RawMessage
	Drop   StaleServiceKeys
}

// StaleServiceKeys are the keys of a service that go when another one changes.
type StaleServiceKeys struct {
	// Expired are keys that expired at or before the instant, Unapproved those that
	// were made at or before it and that nobody has approved.
	Expired, Unapproved time.Time
}
