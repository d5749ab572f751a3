// Package auth is the host's side of an identity plugin: a Provider asks one
// configured instance who somebody is, and believes nothing that cannot be true.
package auth

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"github.com/quay/quay/core/internal/plugin"
	sdk "github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/errs"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

// Options of a provider. The zero value is good.
type Options struct {
	// Timeout bounds each question about one user or login. Zero means 10 s.
	Timeout time.Duration
	// GroupTimeout bounds the listing of a group. Zero means 2 min.
	GroupTimeout time.Duration
	// MaxMembers bounds the members of a group. Zero means 100,000.
	MaxMembers int
}

// Provider is one configured instance of a running identity plugin. Its methods may
// be called from many goroutines.
//
// Errors have the kinds of the driver's contract, and messages that may be shown to
// administrators; for who signs in, errs.NotFound and errs.Unauthenticated must look
// the same. A method whose capability the instance does not have fails with
// errs.Unsupported. Calls are repeated once when the plugin crashes under them, except
// CompleteLogin, and all wait a bounded time for a plugin that is being restarted
// before they fail with errs.Unavailable.
type Provider struct {
	sup      *plugin.Supervisor
	instance string
	opts     Options
}

// NewProvider returns the provider called instance of the plugin. The supervisor
// stays the caller's.
func NewProvider(sup *plugin.Supervisor, instance string, opts Options) *Provider {
	if opts.Timeout == 0 {
		opts.Timeout = 10 * time.Second
	}
	if opts.GroupTimeout == 0 {
		opts.GroupTimeout = 2 * time.Minute
	}
	if opts.MaxMembers == 0 {
		opts.MaxMembers = 100_000
	}
	return &Provider{sup: sup, instance: instance, opts: opts}
}

// Name is the name of the instance.
func (p *Provider) Name() string { return p.instance }

// call has f use a generation on which the instance has the capability; an empty one
// every instance has.
func (p *Provider) call(ctx context.Context, c plugin.Call, capability string, f func(ctx context.Context, client authv1.AuthClient) error) error {
	c.Instance = p.instance
	if c.Timeout == 0 {
		c.Timeout = p.opts.Timeout
	}
	return p.sup.Do(ctx, c, func(ctx context.Context, g *plugin.Generation) error {
		if capability != "" && !g.Has(p.instance, capability) {
			return errs.New(errs.Unsupported, "the identity provider %q does not have the capability %s", p.instance, capability)
		}
		return f(ctx, client(g.Conn()))
	})
}

// ask is call for what may be asked twice.
func (p *Provider) ask(ctx context.Context, capability string, f func(ctx context.Context, client authv1.AuthClient) error) error {
	return p.call(ctx, plugin.Call{Idempotent: true}, capability, f)
}

func client(conn grpc.ClientConnInterface) authv1.AuthClient { return authv1.NewAuthClient(conn) }

// Has reports whether the provider has a capability now. It fails when the plugin is
// not up.
func (p *Provider) Has(ctx context.Context, capability string) (has bool, err error) {
	err = p.sup.Do(ctx, plugin.Call{Idempotent: true}, func(_ context.Context, g *plugin.Generation) error {
		has = g.Has(p.instance, capability)
		return nil
	})
	return has, err
}

// Info says what the provider is.
func (p *Provider) Info(ctx context.Context) (sdk.Info, error) {
	var info sdk.Info
	err := p.ask(ctx, "", func(ctx context.Context, client authv1.AuthClient) error {
		resp, err := client.Describe(ctx, &authv1.DescribeRequest{Instance: p.instance})
		if err != nil {
			return err
		}
		info = sdk.Info{Service: resp.GetService(), Title: resp.GetTitle(), Metadata: resp.GetMetadata()}
		return wrong(sdk.CheckInfo(info))
	})
	if err != nil {
		return sdk.Info{}, err
	}
	return info, nil
}

// Probe does a cheap operation that shows whether the provider can be asked.
func (p *Provider) Probe(ctx context.Context) error {
	return p.sup.Do(ctx, plugin.Call{Idempotent: true, Timeout: p.opts.Timeout}, func(ctx context.Context, g *plugin.Generation) error {
		return g.Probe(ctx, p.instance)
	})
}

// wrong makes what cannot be true the plugin's fault. It returns nil for a nil err.
func wrong(err error) error {
	if err == nil {
		return nil
	}
	return errs.New(errs.Internal, "the identity plugin's answer is wrong: %v", err)
}

// user reads a user.
func user(m *authv1.User) (sdk.User, error) {
	u := sdk.User{
		Subject:    m.GetSubject(),
		Username:   m.GetUsername(),
		Email:      m.GetEmail(),
		FullName:   m.GetFullName(),
		GivenName:  m.GetGivenName(),
		FamilyName: m.GetFamilyName(),
	}
	if m.GetGroupsKnown() {
		u.Groups = append([]string{}, m.GetGroups()...)
	}
	if r := m.GetRoles(); r != nil {
		known := roles(r)
		u.Roles = &known
	}
	if err := sdk.CheckUser(u); err != nil {
		return sdk.User{}, wrong(err)
	}
	return u, nil
}

func roles(m *authv1.Roles) sdk.Roles {
	return sdk.Roles{
		Superuser:               m.GetSuperuser(),
		GlobalReadonlySuperuser: m.GetGlobalReadonlySuperuser(),
		Restricted:              m.GetRestricted(),
	}
}
