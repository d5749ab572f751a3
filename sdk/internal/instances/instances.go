// Package instances keeps the open instances of a plugin, whatever its kind: it
// configures, replaces, probes and closes them, and lends them to calls.
package instances

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"reflect"
	"sync"
	"sync/atomic"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/log"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// Driver opens instances. The Driver interfaces of all kinds have these methods.
type Driver[T any] interface {
	Validate(cfg config.Config) []config.Problem
	Open(ctx context.Context, cfg config.Config) (T, error)
}

// Set is the instances of a driver. Its methods may be called from many goroutines;
// together with Register of a service they are serve.Kind.
type Set[T any] struct {
	driver       Driver[T]
	capabilities func(T) ([]string, error)
	probe        func(context.Context, T) error
	logger       *slog.Logger

	mu          sync.RWMutex
	open        map[string]*Instance[T]
	configuring map[string]chan struct{} // full while an instance is being configured
}

// New returns an empty set. capabilities says what an instance that was just opened
// can do, or why it cannot be used; probe does a cheap operation on one.
func New[T any](driver Driver[T], capabilities func(T) ([]string, error), probe func(context.Context, T) error, logger *slog.Logger) *Set[T] {
	return &Set[T]{
		driver:       driver,
		capabilities: capabilities,
		probe:        probe,
		logger:       logger,
		open:         map[string]*Instance[T]{},
		configuring:  map[string]chan struct{}{},
	}
}

// Instance is one opened instance. It is closed when the last user is gone, the set
// itself being the first.
type Instance[T any] struct {
	// Driven is what the driver opened.
	Driven T

	request      *basev1.ConfigureRequest
	capabilities []string
	logger       *slog.Logger
	users        atomic.Int64
}

// Release gives the instance back.
func (in *Instance[T]) Release() {
	if in.users.Add(-1) == 0 {
		closeDriven(in.Driven, in.logger)
	}
}

func closeDriven(driven any, logger *slog.Logger) {
	if c, ok := driven.(io.Closer); ok {
		if err := c.Close(); err != nil {
			logger.Warn("the instance did not close cleanly", "error", err)
		}
	}
}

// Use returns an instance, which the caller releases, and a context with its
// logger. It fails with errs.Conflict when there is no such instance.
func (s *Set[T]) Use(ctx context.Context, name string) (context.Context, *Instance[T], error) {
	s.mu.RLock()
	in := s.open[name]
	if in != nil {
		in.users.Add(1)
	}
	s.mu.RUnlock()
	if in == nil {
		return ctx, nil, errs.New(errs.Conflict, "the instance %q is not configured", name)
	}
	return log.With(ctx, in.logger), in, nil
}

// Validate implements serve.Kind.
func (s *Set[T]) Validate(req *basev1.ValidateRequest) []*basev1.Problem {
	options, err := object(req.GetConfig())
	if err != nil {
		return []*basev1.Problem{{Message: err.Error()}}
	}
	return Problems(s.driver.Validate(config.Config{Options: options, Secrets: req.GetSecrets()}))
}

// Problems turns problems into those of the protocol.
func Problems(problems []config.Problem) []*basev1.Problem {
	var messages []*basev1.Problem
	for _, p := range problems {
		messages = append(messages, &basev1.Problem{Field: p.Field, Message: p.Message})
	}
	return messages
}

// Configure implements serve.Kind.
func (s *Set[T]) Configure(ctx context.Context, req *basev1.ConfigureRequest) ([]string, error) {
	name := req.GetInstance()
	if name == "" {
		return nil, errs.New(errs.Invalid, "the instance has no name")
	}
	options, err := object(req.GetConfig())
	if err != nil {
		return nil, err
	}
	release, err := s.claim(ctx, name)
	if err != nil {
		return nil, err
	}
	defer release()

	s.mu.RLock()
	old := s.open[name]
	s.mu.RUnlock()
	if old != nil && old.has(req) {
		if req.GetProbe() {
			return old.capabilities, s.Probe(ctx, name)
		}
		return old.capabilities, nil
	}
	in, err := s.start(ctx, req, options)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.open[name] = in
	s.mu.Unlock()
	if old != nil {
		old.Release()
	}
	return in.capabilities, nil
}

// claim waits until nobody else configures an instance. One that takes its time does
// not hold up the others.
func (s *Set[T]) claim(ctx context.Context, name string) (release func(), err error) {
	s.mu.Lock()
	place := s.configuring[name]
	if place == nil {
		place = make(chan struct{}, 1)
		s.configuring[name] = place
	}
	s.mu.Unlock()
	select {
	case place <- struct{}{}:
		return func() { <-place }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// has reports whether an instance has the configuration of a request.
func (in *Instance[T]) has(req *basev1.ConfigureRequest) bool {
	return bytes.Equal(in.request.GetConfig(), req.GetConfig()) && maps.Equal(in.request.GetSecrets(), req.GetSecrets())
}

// start opens an instance, which has one user, and probes it if that is asked for.
// When the caller has given up meanwhile it fails: what nobody waits for must not
// take the place of what serves.
func (s *Set[T]) start(ctx context.Context, req *basev1.ConfigureRequest, options json.RawMessage) (*Instance[T], error) {
	logger := s.logger.With("instance", req.GetInstance())
	driven, err := s.driver.Open(log.With(ctx, logger), config.Config{
		Instance: req.GetInstance(), Options: options, Secrets: req.GetSecrets(),
	})
	if err != nil {
		return nil, err
	}
	if nothing(driven) {
		return nil, errs.New(errs.Internal, "the driver opened nothing")
	}
	capabilities, err := s.capabilities(driven)
	if err == nil && req.GetProbe() {
		err = s.probe(log.With(ctx, logger), driven)
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		closeDriven(driven, logger)
		return nil, err
	}
	in := &Instance[T]{Driven: driven, request: req, capabilities: capabilities, logger: logger}
	in.users.Store(1)
	return in, nil
}

// nothing reports whether a driver opened nothing: a nil pointer in an interface counts.
func nothing(driven any) bool {
	v := reflect.ValueOf(driven)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

// object checks that a configuration is a JSON object; nothing means an empty one.
func object(options []byte) (json.RawMessage, error) {
	if len(options) == 0 {
		return json.RawMessage("{}"), nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(options, &object); err != nil || object == nil {
		return nil, errs.New(errs.Invalid, "the configuration is not a JSON object")
	}
	return options, nil
}

// Probe implements serve.Kind.
func (s *Set[T]) Probe(ctx context.Context, name string) error {
	ctx, in, err := s.Use(ctx, name)
	if err != nil {
		return err
	}
	defer in.Release()
	return s.probe(ctx, in.Driven)
}

// Close implements serve.Kind.
func (s *Set[T]) Close() {
	s.mu.Lock()
	open := s.open
	s.open = map[string]*Instance[T]{}
	s.mu.Unlock()
	for _, in := range open {
		in.Release()
	}
}

// As is Use for calls that need a capability, whose interface is C.
func As[C, T any](ctx context.Context, s *Set[T], name, capability string) (context.Context, *Instance[T], C, error) {
	var none C
	ctx, in, err := s.Use(ctx, name)
	if err != nil {
		return ctx, nil, none, err
	}
	able, ok := any(in.Driven).(C)
	if !ok {
		in.Release()
		return ctx, nil, none, Unsupported(capability)
	}
	return ctx, in, able, nil
}

// Unsupported is the answer to a call that needs a capability that is missing.
func Unsupported(capability string) error {
	return errs.New(errs.Unsupported, "the driver does not have the capability %s", capability)
}

// Fault marks what is wrong with an answer as the driver's fault, not the caller's. It
// returns nil for a nil err.
func Fault(err error) error {
	if err == nil {
		return nil
	}
	return errs.New(errs.Internal, "the driver's answer is wrong: %v", err)
}
