package domain

import (
	"strings"
	"time"
)

// QueueItemID identifies an item of a queue.
type QueueItemID int64

// NewQueueItem is a piece of work to be put into a queue (the table queueitem).
// Package queue makes them.
type NewQueueItem struct {
	// Queue is the name of the queue.
	Queue string
	// Path says what the item is about: the namespace first, in queues of namespaces.
	Path []string
	// Body is a JSON text in the form that the product writes.
	Body string
	// Available is when it may be taken.
	Available time.Time
	// Retries is how many times it may be taken.
	Retries int
}

// Name is what the item is called: the names of its queue and of its path, each with a
// slash behind it (data/queue.py, _canonical_name).
func (i NewQueueItem) Name() string { return QueueName(i.Queue, i.Path...) }

// QueueName is the name of items about a path, and the beginning of the names of those
// below it.
func QueueName(queue string, path ...string) string {
	if len(path) == 0 {
		return queue + "/"
	}
	return queue + "/" + strings.Join(path, "/") + "/"
}

// QueueItem is an item that somebody has taken out of a queue.
type QueueItem struct {
	ID   QueueItemID
	Body string
	// Retries is how many times it may be taken again.
	Retries int
	// State is the mark of whoever has it: another one means that somebody else does.
	State string
}

// QueueCounts are the names of items in a queue, each counted once however many items
// have it (data/queue.py, get_metrics).
type QueueCounts struct {
	// Running items are with somebody, Available ones may be taken, Waiting ones may be
	// taken and none of their name is running.
	Running, Available, Waiting int
}
