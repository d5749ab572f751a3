package domain

import "time"

// OrphanedObject is an object of a blob that the database has forgotten.
type OrphanedObject struct {
	// Digest of its content; empty for layers of the oldest images.
	Digest Digest
	// Location has it under Path.
	Location string
	Path     string
}

// NamespaceDeletion is the wish to hide a namespace and have it purged.
type NamespaceDeletion struct {
	Namespace UserID
	// Delay is how long whoever purges it has to wait.
	Delay time.Duration
	Now   time.Time
}
