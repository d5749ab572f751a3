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

	"github.com/quay/quay/sdk/internal/fdpass"
	"github.com/quay/quay/sdk/internal/serve"
	"github.com/quay/quay/sdk/internal/storageserver"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	"github.com/quay/quay/sdk/storage"
)

// Plugin is what a plugin binary serves.
type Plugin struct {
	// Name is the plugin's name, the last part of the binary's: "local" for
	// quay-storage-local.
	Name string
	// Version is the plugin's own version.
	Version string
	// Capabilities are those that the plugin's instances can have. They are for
	// people: what an instance has is found by looking at its Store. May be nil.
	Capabilities []string
	// Offline says that the plugin needs no network, so that the host gives it none.
	Offline bool
	// ConfigSchema is a JSON Schema of an instance's configuration. May be nil.
	ConfigSchema json.RawMessage
	// Metrics returns what the driver counts, in the text format of Prometheus,
	// which the host shows among its own metrics. It may be called at any time and
	// has a second. Package sdk/prometheus makes one of a registry. May be nil.
	Metrics func(ctx context.Context) ([]byte, error)
	// Storage is the driver of a storage plugin.
	Storage storage.Driver
}

// check returns what is wrong with p. It shows to the plugin's author.
func (p Plugin) check() error {
	switch {
	case p.Name == "":
		return fmt.Errorf("sdk.Plugin has no Name")
	case p.Storage == nil:
		return fmt.Errorf("sdk.Plugin has no driver")
	case len(p.ConfigSchema) > 0 && !json.Valid(p.ConfigSchema):
		return fmt.Errorf("sdk.Plugin's ConfigSchema is not JSON")
	}
	return nil
}

func (p Plugin) kind() string { return protocol.KindStorage }

func (p Plugin) services() []string { return []string{storagev1.Storage_ServiceDesc.ServiceName} }

// server returns the plugin's kind and services. The sender may be nil.
func (p Plugin) server(sender *fdpass.Sender, logger *slog.Logger) (*serve.Service, serve.Kind) {
	kind := storageserver.New(p.Storage, sender, logger)
	service := serve.New(kind, logger)
	service.Measure(p.Metrics)
	return service, kind
}
