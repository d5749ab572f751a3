package plugintest

import (
	"context"

	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// Lifecycle is that of a plugin that accepts everything: for Services.
type Lifecycle struct {
	basev1.UnimplementedLifecycleServer
	// Capabilities are those of every instance. May be nil.
	Capabilities []string
}

// Validate implements basev1.LifecycleServer.
func (Lifecycle) Validate(context.Context, *basev1.ValidateRequest) (*basev1.ValidateResponse, error) {
	return &basev1.ValidateResponse{}, nil
}

// Configure implements basev1.LifecycleServer.
func (l Lifecycle) Configure(context.Context, *basev1.ConfigureRequest) (*basev1.ConfigureResponse, error) {
	return &basev1.ConfigureResponse{Capabilities: l.Capabilities}, nil
}

// Probe implements basev1.LifecycleServer.
func (Lifecycle) Probe(context.Context, *basev1.ProbeRequest) (*basev1.ProbeResponse, error) {
	return &basev1.ProbeResponse{}, nil
}

// Drain implements basev1.LifecycleServer.
func (Lifecycle) Drain(context.Context, *basev1.DrainRequest) (*basev1.DrainResponse, error) {
	return &basev1.DrainResponse{}, nil
}
