// Package sdk turns a driver into a plugin binary. The whole of its main is
//
//	func main() {
//		sdk.Main(sdk.Plugin{Name: "example", Version: "1.0.0", Storage: example.Driver{}})
//	}
package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/internal/fdpass"
	"github.com/quay/quay/sdk/internal/kinds"
	"github.com/quay/quay/sdk/internal/serve"
	"github.com/quay/quay/sdk/notify"
	"github.com/quay/quay/sdk/secscan"
	"github.com/quay/quay/sdk/storage"
)

// Plugin is what a plugin binary serves.
type Plugin struct {
	// Name is the plugin's name, the last part of the binary's: "local" for
	// quay-storage-local.
	Name string
	// Version is the plugin's own version.
	Version string
	// Summary says in a few sentences of Markdown what the plugin is for. It begins
	// the plugin's reference page. May be empty.
	Summary string
	// Capabilities are those that the plugin's instances can have. They are for
	// people: what an instance has is found by looking at what the driver opened. May
	// be nil.
	Capabilities []string
	// Offline says that the plugin needs no network, so that the host gives it none.
	Offline bool
	// ConfigSchema is a JSON Schema of an instance's configuration. May be nil.
	ConfigSchema json.RawMessage
	// Metrics returns what the driver counts, in the text format of Prometheus,
	// which the host shows among its own metrics. It may be called at any time and
	// has a second. Package sdk/prometheus makes one of a registry. May be nil.
	Metrics func(ctx context.Context) ([]byte, error)

	// Exactly one driver is set: it makes the plugin's kind.

	// Storage is the driver of a storage plugin.
	Storage storage.Driver
	// Auth is the driver of an identity plugin.
	Auth auth.Driver
	// Notify is the driver of a notification plugin.
	Notify notify.Driver
	// Secscan is the driver of a scanner plugin.
	Secscan secscan.Driver
}

// check returns what is wrong with p. It shows to the plugin's author.
func (p Plugin) check() error {
	if p.Name == "" {
		return fmt.Errorf("sdk.Plugin has no Name")
	}
	if _, err := p.drivers().Kind(); err != nil {
		return fmt.Errorf("sdk.Plugin is wrong: %w", err)
	}
	if len(p.ConfigSchema) > 0 && !json.Valid(p.ConfigSchema) {
		return fmt.Errorf("sdk.Plugin's ConfigSchema is not JSON")
	}
	return nil
}

func (p Plugin) drivers() kinds.Drivers {
	return kinds.Drivers{Storage: p.Storage, Auth: p.Auth, Notify: p.Notify, Secscan: p.Secscan}
}

// served is the kind of a plugin that check has found to be good.
func (p Plugin) served() kinds.Kind {
	kind, _ := p.drivers().Kind()
	return kind
}

func (p Plugin) kind() string { return p.served().Name }

func (p Plugin) services() []string { return []string{p.served().Service} }

// server returns the plugin's kind and services. The sender may be nil.
func (p Plugin) server(sender *fdpass.Sender, logger *slog.Logger) (*serve.Service, serve.Kind) {
	kind := p.served().Serve(sender, logger)
	service := serve.New(kind, logger)
	service.Measure(p.Metrics)
	return service, kind
}
