package plugin

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/settings"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// Bounds of what a plugin may say about an instance; what is beyond them is
// dropped.
const (
	maxCapabilities = 64
	maxProblems     = 20
)

// instance is one configuration on one generation.
type instance struct {
	state atomic.Pointer[instanceState]
}

// instanceState is not written after it is stored.
type instanceState struct {
	spec Instance
	// configured is whether the plugin accepted the configuration.
	configured   bool
	capabilities []string
	withheld     []string // those that the plugin is not granted
	// problem is why the instance cannot be used; nil when it can.
	problem error
}

func (in *instance) status() InstanceStatus {
	st := in.state.Load()
	s := InstanceStatus{Name: st.spec.Name, Healthy: st.problem == nil, Capabilities: st.capabilities, Withheld: st.withheld}
	if st.problem != nil {
		s.Reason = st.problem.Error()
	}
	return s
}

// configure validates, configures and probes an instance within the timeout, and
// returns its state. The state has a problem when one of the three failed.
func (g *Generation) configure(ctx context.Context, spec Instance) *instanceState {
	ctx, cancel := context.WithTimeout(ctx, g.opts.ConfigureTimeout)
	defer cancel()
	state := &instanceState{spec: spec}
	state.problem = g.accept(ctx, state)
	if state.problem == nil {
		state.problem = g.Probe(ctx, spec.Name)
	}
	return state
}

// accept validates and configures an instance, and notes in its state what comes
// of it.
func (g *Generation) accept(ctx context.Context, state *instanceState) error {
	spec, err := g.version.divide(state.spec)
	if err != nil {
		return err
	}
	valid, err := g.lifecycle.Validate(ctx, &basev1.ValidateRequest{Config: spec.Config, Secrets: spec.Secrets})
	if err != nil {
		return instanceError(err, spec.Name, "validated")
	}
	if problems := valid.GetProblems(); len(problems) > 0 {
		return errs.New(errs.Invalid, "the configuration of the instance %q is wrong: %s", spec.Name, problemText(problems))
	}
	configured, err := g.lifecycle.Configure(ctx, &basev1.ConfigureRequest{Instance: spec.Name, Config: spec.Config, Secrets: spec.Secrets})
	if err != nil {
		return instanceError(err, spec.Name, "configured")
	}
	capabilities := configured.GetCapabilities()
	if len(capabilities) > maxCapabilities {
		return errs.New(errs.Invalid, "the instance %q claims to have %d capabilities", spec.Name, len(capabilities))
	}
	state.configured = true
	state.capabilities, state.withheld = g.version.admission.Grant.Filter(capabilities)
	return nil
}

// confine adds to a policy what the plugin needs for its instances, and takes from it
// what the plugin is not granted.
func (v version) confine(policy confine.Policy, instances []Instance) confine.Policy {
	policy.ReadOnly, policy.ReadWrite = slices.Clone(policy.ReadOnly), slices.Clone(policy.ReadWrite)
	for _, spec := range instances {
		// What cannot be taken apart is refused when it is to be configured.
		if s, err := v.settings(spec); err == nil {
			policy.ReadOnly = append(policy.ReadOnly, s.Read...)
			policy.ReadWrite = append(policy.ReadWrite, s.Write...)
		}
	}
	if v.binary != nil && v.admission.Description.Kind != "" {
		policy.Network = policy.Network && v.admission.Grant.Network
	}
	return policy
}

// settings takes an instance's configuration apart.
func (v version) settings(spec Instance) (settings.Settings, error) {
	s, err := settings.Divide(v.admission.Description.ConfigSchema, spec.Config)
	return s, errs.Wrap(errs.KindOf(err), err, "the configuration of the instance %q", spec.Name)
}

// divide takes the secrets out of an instance's configuration.
func (v version) divide(spec Instance) (Instance, error) {
	s, err := v.settings(spec)
	if err != nil {
		return spec, err
	}
	secrets := maps.Clone(s.Secrets)
	if secrets == nil {
		secrets = make(map[string]string)
	}
	maps.Copy(secrets, spec.Secrets)
	return Instance{Name: spec.Name, Config: s.Options, Secrets: secrets}, nil
}

func problemText(problems []*basev1.Problem) string {
	var text []string
	for _, p := range problems[:min(len(problems), maxProblems)] {
		text = append(text, strings.TrimPrefix(p.GetField()+": "+p.GetMessage(), ": "))
	}
	return strings.Join(text, " ")
}

// Probe does a cheap operation on an instance that shows whether it works.
func (g *Generation) Probe(ctx context.Context, name string) error {
	if _, err := g.lifecycle.Probe(ctx, &basev1.ProbeRequest{Instance: name}); err != nil {
		return instanceError(err, name, "used")
	}
	return nil
}

func instanceError(err error, name, what string) error {
	err = grpcerr.From(err)
	return errs.Wrap(errs.KindOf(err), err, "the instance %q cannot be %s", name, what)
}

// examine looks whether an instance works and remembers it. One that was never
// accepted is configured.
func (g *Generation) examine(ctx context.Context, in *instance) {
	old := in.state.Load()
	var next *instanceState
	if old.configured {
		ctx, cancel := context.WithTimeout(ctx, g.opts.Health.ProbeTimeout)
		defer cancel()
		changed := *old
		changed.problem = g.Probe(ctx, old.spec.Name)
		next = &changed
	} else {
		next = g.configure(ctx, old.spec)
	}
	// What was configured meanwhile by a person is newer than this.
	in.state.CompareAndSwap(old, next)
}

// reconfigure replaces the configuration of an instance in place. When it fails the
// old one stays.
func (g *Generation) reconfigure(ctx context.Context, spec Instance) error {
	in := g.instances[spec.Name]
	if in == nil {
		return errs.New(errs.NotFound, "the plugin has no instance %q", spec.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, g.opts.ConfigureTimeout)
	defer cancel()
	state := &instanceState{spec: spec}
	if err := g.accept(ctx, state); err != nil {
		return err
	}
	if state.problem = g.Probe(ctx, spec.Name); state.problem == nil {
		in.state.Store(state)
		return nil
	}
	// The plugin has it already: take it back.
	old := in.state.Load()
	if old.configured {
		if err := g.accept(ctx, &instanceState{spec: old.spec}); err != nil {
			return errs.Wrap(errs.KindOf(err), state.problem, "the old configuration of the instance %q cannot be restored (%v)", spec.Name, err)
		}
	}
	return state.problem
}
