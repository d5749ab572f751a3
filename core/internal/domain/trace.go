package domain

// Trace is what a change leaves beside the rows that it is about. It is written in the
// same transaction: all is committed, or nothing is.
type Trace struct {
	Entries []LogEntry
	Events  []RepositoryEvent
}

// RepositoryEvent is something that happened to a repository, of which those are told
// who have asked for it.
type RepositoryEvent struct {
	// Name of the event, in the table externalnotificationevent.
	Name       string
	Repository RepositoryID
	// Item is what goes into the queue for one of the repository's notifications, which
	// is given by its uuid.
	Item func(notification string) NewQueueItem
}
