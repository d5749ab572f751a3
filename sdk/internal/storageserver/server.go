// Package storageserver turns a storage.Driver into the gRPC service
// quay.plugin.storage.v1.Storage.
package storageserver

import (
	"context"
	"log/slog"
	"slices"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/internal/fdpass"
	"github.com/quay/quay/sdk/internal/instances"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/storage"
)

// Server serves a driver's locations.
type Server struct {
	storagev1.UnimplementedStorageServer
	*instances.Set[storage.Store]

	sender *fdpass.Sender
}

// instance is one location.
type instance = instances.Instance[storage.Store]

// New serves driver. Without a sender, which may be nil, no instance has the
// capabilities that need descriptors.
func New(driver storage.Driver, sender *fdpass.Sender, logger *slog.Logger) *Server {
	s := &Server{sender: sender}
	s.Set = instances.New(driver, s.capabilities, probe, logger)
	return s
}

// Register registers the service.
func (s *Server) Register(r grpc.ServiceRegistrar) { storagev1.RegisterStorageServer(r, s) }

// capabilities are those of the store that can be used on this connection.
func (s *Server) capabilities(store storage.Store) ([]string, error) {
	names := storage.Capabilities(store)
	if s.sender == nil {
		names = slices.DeleteFunc(names, func(c string) bool {
			return c == storage.CapabilityLocal || c == storage.CapabilityLocalUploads
		})
	}
	return names, nil
}

// usePath is Use with a check of the paths.
func (s *Server) usePath(ctx context.Context, name string, paths ...string) (context.Context, *instance, error) {
	for _, path := range paths {
		if err := storage.CheckPath(path); err != nil {
			return ctx, nil, err
		}
	}
	return s.Use(ctx, name)
}

// missing names an object that no host ever stores.
const missing = "_quay/probe/does-not-exist"

func probe(ctx context.Context, store storage.Store) error {
	if p, ok := store.(storage.Prober); ok {
		return p.Probe(ctx)
	}
	if _, err := store.Stat(ctx, missing); !errs.Is(err, errs.NotFound) {
		return err
	}
	return nil
}
