package plugin

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
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
	// busy is held while the instance is configured or examined.
	busy  sync.Mutex
	state atomic.Pointer[instanceState]
}

// instanceState is not written after it is stored.
type instanceState struct {
	spec Instance
	// configured is whether the plugin accepted the configuration, and unsure
	// whether it may have another one nevertheless.
	configured, unsure bool
	capabilities       []string
	withheld           []string // those that the plugin is not granted
	// problem is why the instance cannot be used; nil when it can.
	problem error
}

func (in *instance) status() InstanceStatus {
	st := in.state.Load()
	s := InstanceStatus{Name: st.spec.Name, Healthy: st.problem == nil, Capabilities: st.capabilities, Withheld: st.withheld}
	if st.problem != nil {
		s.Reason = reason(st.problem)
	}
	return s
}

// maxReason bounds a sentence that a plugin can have part in.
const maxReason = 1024

// reason is what an error says to whoever may see it.
func reason(err error) string { return shortened(errs.Public(err)) }

func shortened(text string) string {
	if len(text) > maxReason {
		text = strings.ToValidUTF8(text[:maxReason], "") + "..."
	}
	return text
}

// configure validates, configures and probes an instance within the timeout, and
// returns its state. The state has a problem when one of the three failed.
func (g *Generation) configure(ctx context.Context, spec Instance) *instanceState {
	ctx, cancel := context.WithTimeout(ctx, g.opts.ConfigureTimeout)
	defer cancel()
	state := &instanceState{spec: spec}
	state.problem = g.accept(ctx, state, false)
	if state.problem == nil {
		state.problem = g.Probe(ctx, spec.Name)
	}
	return state
}

// accept validates and configures an instance, and notes in its state what comes
// of it. With probe the plugin probes it before it takes the place of the one that
// it has.
func (g *Generation) accept(ctx context.Context, state *instanceState, probe bool) error {
	spec, err := g.version.divide(state.spec)
	if err != nil {
		return err
	}
	valid, err := g.lifecycle.Validate(ctx, &basev1.ValidateRequest{Config: spec.Config, Secrets: spec.Secrets})
	if err != nil {
		return instanceError(err, spec, "validated")
	}
	if problems := valid.GetProblems(); len(problems) > 0 {
		return errs.New(errs.Invalid, "the configuration of the instance %q is wrong: %s", spec.Name, spec.masked(problemText(problems)))
	}
	configured, err := g.lifecycle.Configure(ctx, &basev1.ConfigureRequest{Instance: spec.Name, Config: spec.Config, Secrets: spec.Secrets, Probe: probe})
	if err != nil {
		return instanceError(err, spec, "configured")
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
	return shortened(strings.Join(text, " "))
}

// Probe does a cheap operation on an instance that shows whether it works.
func (g *Generation) Probe(ctx context.Context, name string) error {
	_, err := g.lifecycle.Probe(ctx, &basev1.ProbeRequest{Instance: name})
	if err == nil {
		return nil
	}
	spec := Instance{Name: name}
	if in := g.instances[name]; in != nil {
		if state := in.state.Load(); state != nil {
			spec = state.spec
		}
	}
	return instanceError(err, spec, "used")
}

// instanceError says what could not be done with an instance, without its secrets.
func instanceError(err error, spec Instance, what string) error {
	err = grpcerr.From(err)
	return errs.Wrap(errs.KindOf(err), errs.New(errs.KindOf(err), "%s", shortened(spec.masked(errs.Public(err)))),
		"the instance %q cannot be %s", spec.Name, what)
}

// masked returns a text of the plugin in which no secret of the instance is.
func (spec Instance) masked(text string) string {
	for _, secret := range spec.Secrets {
		if len(secret) >= 4 { // A shorter one is in many words.
			text = strings.ReplaceAll(text, secret, "[secret]")
		}
	}
	return text
}

// examine looks whether an instance works and remembers it. One that was never
// accepted, or may have another configuration than it should, is configured.
func (g *Generation) examine(ctx context.Context, in *instance) {
	in.busy.Lock()
	defer in.busy.Unlock()
	old := in.state.Load()
	var next *instanceState
	if old.configured && !old.unsure {
		ctx, cancel := context.WithTimeout(ctx, g.opts.Health.ProbeTimeout)
		defer cancel()
		changed := *old
		changed.problem = g.Probe(ctx, old.spec.Name)
		next = &changed
	} else {
		next = g.configure(ctx, old.spec)
	}
	if ctx.Err() == nil { // Else what failed may have done so because nobody waits.
		in.state.Store(next)
	}
}

// reconfigure replaces the configuration of an instance in place. When it fails the
// old one stays.
func (g *Generation) reconfigure(ctx context.Context, spec Instance) error {
	in := g.instances[spec.Name]
	if in == nil {
		return errs.New(errs.NotFound, "the plugin has no instance %q", spec.Name)
	}
	in.busy.Lock()
	defer in.busy.Unlock()
	state := &instanceState{spec: spec}
	if err := g.acceptProbed(ctx, state); err != nil {
		g.restore(ctx, in, err)
		return err
	}
	in.state.Store(state)
	return nil
}

func (g *Generation) acceptProbed(ctx context.Context, state *instanceState) error {
	ctx, cancel := context.WithTimeout(ctx, g.opts.ConfigureTimeout)
	defer cancel()
	return g.accept(ctx, state, true)
}

// restore makes sure that the plugin has the old configuration after a new one
// failed. Where the answer was lost, what the plugin did is unknown.
func (g *Generation) restore(ctx context.Context, in *instance, err error) {
	switch errs.KindOf(err) {
	case errs.Timeout, errs.Canceled, errs.Unavailable:
	default:
		return
	}
	old := in.state.Load()
	if !old.configured {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.opts.ConfigureTimeout)
	defer cancel()
	again := &instanceState{spec: old.spec}
	if err := g.accept(ctx, again, false); err != nil {
		unsure := *old
		unsure.unsure = true
		in.state.Store(&unsure)
		return
	}
	again.problem = old.problem
	in.state.Store(again)
}
