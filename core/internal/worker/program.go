// Package worker runs the product's background programs (workers/worker.py,
// workers/queueworker.py): operations that are done again and again, and queues whose
// items are worked off. A program is goroutines of the host, or a process of its own.
//
// Programs hold no rules. What an operation does is done by a rule package, in bites:
// between two of them the runner can pause, drain and end.
package worker

import (
	"context"
	"time"
)

// Program is one of the product's background programs.
type Program struct {
	// Name is that of Catalog.
	Name string
	// Class is what the product's metrics call it.
	Class string
	// Off says why it does nothing; empty means that it works. The product's programs
	// sleep then, too, and do not end.
	Off string
	// Operations are done side by side.
	Operations []Operation
}

// Operation is what a program does again and again.
type Operation struct {
	// Name is what the product's metrics call it.
	Name string
	// Every is the time from the beginning of one run to that of the next. A run that
	// takes longer lets the next ones fall out: there is never more than one at a time.
	Every time.Duration
	// Lock is held during a run; the zero value is none.
	Lock Lock
	// Run does one bite, and reports whether there is more to do now: it is called again
	// then, in the same run. It ends when its context does.
	Run func(ctx context.Context) (more bool, err error)
}

// Lock is a lock that the product's programs take, too.
type Lock struct {
	Name string
	// TTL is after how long others get it when the holder has died.
	TTL time.Duration
}
