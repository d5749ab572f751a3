// Package notify is what the author of a notification plugin implements: a way to
// tell somebody outside what happened in the registry.
//
// A driver implements Driver and, for each configured instance, Method. A Method
// keeps nothing between calls: what the receiver of a notification is comes with each
// call, as the notification's own configuration, which a user has written. So it is
// not to be trusted: a Method that makes requests must not let itself be sent to
// addresses of the registry's own network, and must not tell its users what they
// answered.
//
// Every method may be called from many goroutines at once and returns soon after its
// context ends.
package notify

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/quay/quay/sdk/config"
)

// Config is the configuration of one instance.
type Config = config.Config

// Problem is one thing that is wrong with a configuration, as package config finds
// it.
type Problem = config.Problem

// Driver opens methods.
type Driver interface {
	// Validate checks a configuration offline and without side effects. It returns
	// nil when there is nothing wrong with it.
	Validate(cfg Config) []Problem
	// Open opens a method. A Method that implements io.Closer is closed when the
	// instance is configured anew or the process is drained.
	Open(ctx context.Context, cfg Config) (Method, error)
}

// Method is one configured instance.
type Method interface {
	// Check checks the configuration of a notification before it is stored, without
	// reaching for the receiver. It returns no problems when it is good.
	Check(ctx context.Context, about About, config json.RawMessage) Checked
	// Deliver tells the receiver of one event. It returns nil when the receiver has it
	// or there is nobody to tell.
	//
	// An error of the kind errs.Invalid, errs.Denied, errs.NotFound, errs.Unauthenticated,
	// errs.TooLarge or errs.Unsupported says that trying again cannot help. After any
	// other the host tries again, as Later says or in its own time. Messages are shown to
	// the notification's owner: no secrets, and nothing of the receiver's answer but its
	// status.
	Deliver(ctx context.Context, d Delivery) error
}

// Prober is a Method that can tell cheaply whether it works, for instance whether the
// mail server answers. Without it an instance that is open works.
type Prober interface {
	Probe(ctx context.Context) error
}

// About says what a notification is about: a repository or, where Repository is
// empty, a namespace as a whole.
type About struct {
	Namespace, Repository string
}

// Checked is what Check finds.
type Checked struct {
	// Problems are what is wrong; their messages are for who makes the notification. Of
	// more than MaxProblems the SDK leaves out the last, and it cuts long texts.
	Problems []Problem
	// Emails are the addresses to which the notification would go. The host refuses it
	// unless their owners have agreed.
	Emails []string
}

// Delivery is one event for one receiver.
type Delivery struct {
	// Notification is the id of the notification, a UUID.
	Notification string
	// ID is the same in each attempt of this delivery and in no other: a receiver that
	// knows it can ignore what it has.
	ID string
	// Attempt counts the attempts from 1.
	Attempt int
	// Event is its name, for instance "repo_push".
	Event string
	About About
	Level Level
	// Summary is one line of plain text.
	Summary string
	// Message is HTML. What came from users in it is escaped.
	Message string
	// Data is what happened, as a JSON object. Its member "homepage" is the address of
	// the repository's or organization's page.
	Data json.RawMessage
	// Config is the configuration of the notification, as a JSON object. It may hold
	// secrets.
	Config json.RawMessage
	// OwnerEmails are the addresses of those to whom the namespace belongs, where the
	// delivery is about a namespace as a whole.
	OwnerEmails []string
}

// LogValue keeps what is secret or belongs to a user out of logs.
func (d Delivery) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("notification", d.Notification),
		slog.String("delivery", d.ID),
		slog.Int("attempt", d.Attempt),
		slog.String("event", d.Event),
	)
}

// Level is how an event is shown.
type Level string

// The levels.
const (
	Info    Level = "info"
	Primary Level = "primary"
	Success Level = "success"
	Warning Level = "warning"
	Error   Level = "error"
)

// Levels returns all levels.
func Levels() []Level { return []Level{Info, Primary, Success, Warning, Error} }
