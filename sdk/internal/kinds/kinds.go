// Package kinds knows the kinds of plugins: which driver is served as what.
package kinds

import (
	"errors"
	"log/slog"

	"github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/internal/authserver"
	"github.com/quay/quay/sdk/internal/fdpass"
	"github.com/quay/quay/sdk/internal/notifyserver"
	"github.com/quay/quay/sdk/internal/secscanserver"
	"github.com/quay/quay/sdk/internal/serve"
	"github.com/quay/quay/sdk/internal/storageserver"
	"github.com/quay/quay/sdk/notify"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
	notifyv1 "github.com/quay/quay/sdk/proto/quay/plugin/notify/v1"
	secscanv1 "github.com/quay/quay/sdk/proto/quay/plugin/secscan/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/protocol"
	"github.com/quay/quay/sdk/secscan"
	"github.com/quay/quay/sdk/storage"
)

// Drivers are those that a plugin has: exactly one.
type Drivers struct {
	Storage storage.Driver
	Auth    auth.Driver
	Notify  notify.Driver
	Secscan secscan.Driver
}

// Kind is what a driver makes of a plugin.
type Kind struct {
	// Name is one of protocol.Kinds.
	Name string
	// Service is the name of the gRPC service.
	Service string
	// Serve returns the service. The sender may be nil.
	Serve func(sender *fdpass.Sender, logger *slog.Logger) serve.Kind
}

// Kind returns the kind of the one driver. Its error is for the plugin's author.
func (d Drivers) Kind() (Kind, error) {
	var found []Kind
	if d.Storage != nil {
		found = append(found, Kind{
			protocol.KindStorage, storagev1.Storage_ServiceDesc.ServiceName,
			func(sender *fdpass.Sender, logger *slog.Logger) serve.Kind {
				return storageserver.New(d.Storage, sender, logger)
			},
		})
	}
	if d.Auth != nil {
		found = append(found, Kind{
			protocol.KindAuth, authv1.Auth_ServiceDesc.ServiceName,
			func(_ *fdpass.Sender, logger *slog.Logger) serve.Kind { return authserver.New(d.Auth, logger) },
		})
	}
	if d.Notify != nil {
		found = append(found, Kind{
			protocol.KindNotify, notifyv1.Notify_ServiceDesc.ServiceName,
			func(_ *fdpass.Sender, logger *slog.Logger) serve.Kind { return notifyserver.New(d.Notify, logger) },
		})
	}
	if d.Secscan != nil {
		found = append(found, Kind{
			protocol.KindSecscan, secscanv1.Secscan_ServiceDesc.ServiceName,
			func(_ *fdpass.Sender, logger *slog.Logger) serve.Kind { return secscanserver.New(d.Secscan, logger) },
		})
	}
	switch len(found) {
	case 0:
		return Kind{}, errors.New("it has no driver: set Storage, Auth, Notify or Secscan")
	case 1:
		return found[0], nil
	}
	return Kind{}, errors.New("it has more than one driver: a plugin has exactly one of Storage, Auth, Notify and Secscan")
}
