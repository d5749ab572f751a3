// Package secscan is what the author of a scanner plugin implements: a service that
// finds out what is in an image and what is wrong with it.
//
// A driver implements Driver and, for each configured instance, Scanner: three
// methods. Everything else is an optional interface that a Scanner may have too.
// Errors are those of package errs:
//
//   - errs.NotFound: the manifest was not indexed, or there is no such notification.
//   - errs.Invalid: the scanner can never index this manifest.
//   - errs.TooLarge: a layer is larger than the scanner takes.
//   - errs.Unavailable: the scanner cannot be reached; the host tries again.
//   - errs.Internal: the scanner answered with an error of its own.
//
// Every method may be called from many goroutines at once, returns soon after its
// context ends, and may be called again after a failure.
package secscan

import (
	"context"
	"encoding/json"

	"github.com/quay/quay/sdk/config"
)

// Config is the configuration of one instance.
type Config = config.Config

// Problem is one thing that is wrong with a configuration, as package config finds
// it.
type Problem = config.Problem

// Driver opens scanners.
type Driver interface {
	// Validate checks a configuration offline and without side effects. It returns
	// nil when there is nothing wrong with it.
	Validate(cfg Config) []Problem
	// Open opens a scanner. It need not reach it: one that is down now may be up
	// later. A Scanner that implements io.Closer is closed when the instance is
	// configured anew or the process is drained.
	Open(ctx context.Context, cfg Config) (Scanner, error)
}

// Report is a JSON object of at most MaxReportBytes with the members that Clair 4
// gives it. The host needs these:
//
//   - of an index report: manifest_hash, state ("IndexFinished" or "IndexError"), err
//     and success;
//   - of a vulnerability report: manifest_hash, and the objects packages,
//     distributions, environments, vulnerabilities and package_vulnerabilities.
type Report = json.RawMessage

// Scanner is one configured instance.
type Scanner interface {
	// State returns the scanner's state, an opaque text of 1 to 255 bytes: when it
	// changes, what was indexed before may give another report when it is indexed
	// again. Without a Prober it is also how the SDK finds out whether the scanner works.
	State(ctx context.Context) (string, error)
	// Index has the scanner fetch and examine the layers of a manifest. Indexing what
	// is indexed already is cheap. It may take ten minutes.
	Index(ctx context.Context, m Manifest) (Indexed, error)
	// Vulnerabilities returns the vulnerability report of a manifest that was indexed.
	Vulnerabilities(ctx context.Context, digest string) (Report, error)
}

// Manifest is an image for a scanner.
type Manifest struct {
	// Digest is for instance "sha256:...".
	Digest string
	// Layers are from the lowest to the topmost, at most 1,000.
	Layers []Layer
}

// Layer is where a scanner finds a layer.
type Layer struct {
	Digest string
	// Size in bytes as it is stored; zero when it is not known.
	Size int64
	// URI is an http or https URL, which expires soon.
	URI string
	// Headers are for the request of it, and may hold a token: they must not be logged.
	Headers []Header
}

// Header is one field of an HTTP header.
type Header struct {
	Name, Value string
}

// Indexed is the outcome of Index.
type Indexed struct {
	// Report is the index report.
	Report Report
	// State is the scanner's state in which it was made.
	State string
}

// Prober is a Scanner that can tell more cheaply than by State whether it works.
type Prober interface {
	Probe(ctx context.Context) error
}

// IndexReporter is a Scanner that keeps index reports.
// Capability "secscan.index_reports".
type IndexReporter interface {
	// IndexReport returns the index report of a manifest that was indexed.
	IndexReport(ctx context.Context, digest string) (Report, error)
}

// Deleter is a Scanner that can forget. Capability "secscan.delete".
type Deleter interface {
	// Delete forgets a manifest. One that is not known is no error.
	Delete(ctx context.Context, digest string) error
}

// Notifier is a Scanner that learns of vulnerabilities in what it has indexed, and
// calls the host then. Capability "secscan.notifications".
type Notifier interface {
	// Receive checks that a request to the host came from the scanner, and returns the
	// id of the notification that is ready: 1 to 255 bytes. A request of somebody else is
	// errs.Unauthenticated, one that cannot be understood errs.Invalid.
	Receive(ctx context.Context, c Callback) (notification string, err error)
	// Notification returns a page of a notification: the first one for an empty page.
	Notification(ctx context.Context, id, page string) (Page, error)
	// DeleteNotification ends a notification. One that does not exist is no error.
	DeleteNotification(ctx context.Context, id string) error
}

// Callback is a request that the host received in the scanner's name.
type Callback struct {
	// Authorization is that field of the header; empty when there is none.
	Authorization string
	// Body has at most 64 KiB.
	Body []byte
}

// Page is a part of a notification.
type Page struct {
	// Content is a JSON object whose member "notifications" is a list as Clair has it,
	// each with id, manifest, reason and vulnerability.
	Content Report
	// Next is the page that follows; empty on the last one.
	Next string
}

// Names of the capabilities, as they cross the wire.
const (
	CapabilityIndexReports  = "secscan.index_reports"
	CapabilityDelete        = "secscan.delete"
	CapabilityNotifications = "secscan.notifications"
)

// Capabilities lists the capabilities that a Scanner has, in the order above.
func Capabilities(s Scanner) []string {
	var names []string
	if _, ok := s.(IndexReporter); ok {
		names = append(names, CapabilityIndexReports)
	}
	if _, ok := s.(Deleter); ok {
		names = append(names, CapabilityDelete)
	}
	if _, ok := s.(Notifier); ok {
		names = append(names, CapabilityNotifications)
	}
	return names
}
