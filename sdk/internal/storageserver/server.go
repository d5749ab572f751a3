// Package storageserver turns a storage.Driver into the gRPC service
// quay.plugin.storage.v1.Storage.
package storageserver

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/internal/fdpass"
	"github.com/quay/quay/sdk/log"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	"github.com/quay/quay/sdk/storage"
)

// Server serves a driver's locations.
type Server struct {
	storagev1.UnimplementedStorageServer

	driver storage.Driver
	sender *fdpass.Sender
	logger *slog.Logger

	configuring sync.Mutex // serialises Configure
	mu          sync.RWMutex
	instances   map[string]*instance
}

// New serves driver. Without a sender, which may be nil, no instance has the
// capabilities that need descriptors.
func New(driver storage.Driver, sender *fdpass.Sender, logger *slog.Logger) *Server {
	return &Server{driver: driver, sender: sender, logger: logger, instances: map[string]*instance{}}
}

// Register registers the service.
func (s *Server) Register(r grpc.ServiceRegistrar) { storagev1.RegisterStorageServer(r, s) }

// instance is one opened location. It is closed when the last user is gone, the
// server itself being the first.
type instance struct {
	store        storage.Store
	request      *basev1.ConfigureRequest
	capabilities []string
	logger       *slog.Logger
	users        atomic.Int64
}

func (in *instance) release() {
	if in.users.Add(-1) > 0 {
		return
	}
	if c, ok := in.store.(io.Closer); ok {
		if err := c.Close(); err != nil {
			in.logger.Warn("the location did not close cleanly", "error", err)
		}
	}
}

// use returns an instance, which the caller releases, and a context with its
// logger.
func (s *Server) use(ctx context.Context, name string) (context.Context, *instance, error) {
	s.mu.RLock()
	in := s.instances[name]
	if in != nil {
		in.users.Add(1)
	}
	s.mu.RUnlock()
	if in == nil {
		return ctx, nil, errs.New(errs.Conflict, "the instance %q is not configured", name)
	}
	return log.With(ctx, in.logger), in, nil
}

// usePath is use with a check of the paths.
func (s *Server) usePath(ctx context.Context, name string, paths ...string) (context.Context, *instance, error) {
	for _, path := range paths {
		if err := storage.CheckPath(path); err != nil {
			return ctx, nil, err
		}
	}
	return s.use(ctx, name)
}

// Validate implements serve.Kind.
func (s *Server) Validate(req *basev1.ValidateRequest) []*basev1.Problem {
	config, err := options(req.GetConfig())
	if err != nil {
		return []*basev1.Problem{{Message: err.Error()}}
	}
	var problems []*basev1.Problem
	for _, p := range s.driver.Validate(storage.Config{Options: config, Secrets: req.GetSecrets()}) {
		problems = append(problems, &basev1.Problem{Field: p.Field, Message: p.Message})
	}
	return problems
}

// Configure implements serve.Kind.
func (s *Server) Configure(ctx context.Context, req *basev1.ConfigureRequest) ([]string, error) {
	name := req.GetInstance()
	if name == "" {
		return nil, errs.New(errs.Invalid, "the instance has no name")
	}
	config, err := options(req.GetConfig())
	if err != nil {
		return nil, err
	}
	s.configuring.Lock()
	defer s.configuring.Unlock()

	s.mu.RLock()
	old := s.instances[name]
	s.mu.RUnlock()
	if old != nil && proto.Equal(old.request, req) {
		return old.capabilities, nil
	}

	logger := s.logger.With("instance", name)
	store, err := s.driver.Open(log.With(ctx, logger), storage.Config{
		Instance: name, Options: config, Secrets: req.GetSecrets(),
	})
	if err != nil {
		return nil, err
	}
	if store == nil {
		return nil, errs.New(errs.Internal, "the driver opened nothing")
	}
	in := &instance{store: store, request: req, logger: logger, capabilities: storage.Capabilities(store)}
	if s.sender == nil {
		in.capabilities = slices.DeleteFunc(in.capabilities, func(c string) bool {
			return c == storage.CapabilityLocal || c == storage.CapabilityLocalUploads
		})
	}
	in.users.Store(1)
	s.mu.Lock()
	s.instances[name] = in
	s.mu.Unlock()
	if old != nil {
		old.release()
	}
	return in.capabilities, nil
}

// options checks that a configuration is a JSON object; nothing means an empty one.
func options(config []byte) (json.RawMessage, error) {
	if len(config) == 0 {
		return json.RawMessage("{}"), nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(config, &object); err != nil || object == nil {
		return nil, errs.New(errs.Invalid, "the configuration is not a JSON object")
	}
	return config, nil
}

// missing names an object that no host ever stores.
const missing = "_quay/probe/does-not-exist"

// Probe implements serve.Kind.
func (s *Server) Probe(ctx context.Context, name string) error {
	ctx, in, err := s.use(ctx, name)
	if err != nil {
		return err
	}
	defer in.release()
	if p, ok := in.store.(storage.Prober); ok {
		return p.Probe(ctx)
	}
	if _, err := in.store.Stat(ctx, missing); !errs.Is(err, errs.NotFound) {
		return err
	}
	return nil
}

// Close implements serve.Kind.
func (s *Server) Close() {
	s.mu.Lock()
	instances := s.instances
	s.instances = map[string]*instance{}
	s.mu.Unlock()
	for _, in := range instances {
		in.release()
	}
}

// unsupported is the answer to a call that needs a capability that is missing.
func unsupported(capability string) error {
	return errs.New(errs.Unsupported, "the driver does not have the capability %s", capability)
}
