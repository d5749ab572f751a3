// Package authserver turns an auth.Driver into the gRPC service
// quay.plugin.auth.v1.Auth.
package authserver

import (
	"context"
	"log/slog"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/internal/bounds"
	"github.com/quay/quay/sdk/internal/instances"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

// Server serves a driver's providers.
type Server struct {
	authv1.UnimplementedAuthServer
	*instances.Set[auth.Provider]
}

// New serves driver.
func New(driver auth.Driver, logger *slog.Logger) *Server {
	probe := func(ctx context.Context, p auth.Provider) error { return p.Probe(ctx) }
	return &Server{Set: instances.New(driver, capabilities, probe, logger)}
}

// Register registers the service.
func (s *Server) Register(r grpc.ServiceRegistrar) { authv1.RegisterAuthServer(r, s) }

// capabilities refuses providers of which a host can make nothing.
func capabilities(p auth.Provider) ([]string, error) {
	if err := auth.CheckInfo(p.Info()); err != nil {
		return nil, instances.Fault(err)
	}
	_, verifies := p.(auth.Verifier)
	_, tokens := p.(auth.TokenVerifier)
	_, login := p.(auth.Login)
	if !verifies && !tokens && !login {
		return nil, errs.New(errs.Internal, "the driver can authenticate nobody: its Provider is no Verifier, TokenVerifier or Login")
	}
	return auth.Capabilities(p), nil
}

// given refuses a text of a request that is empty or too long.
func given(what, value string, limit int) error {
	return bounds.Given(bounds.Text{What: what, Value: value, Limit: limit})
}

func (s *Server) Describe(ctx context.Context, req *authv1.DescribeRequest) (*authv1.DescribeResponse, error) {
	_, in, err := s.Use(ctx, req.GetInstance())
	if err != nil {
		return nil, err
	}
	defer in.Release()
	info := in.Driven.Info()
	title := info.Title
	if title == "" {
		title = info.Service
	}
	return &authv1.DescribeResponse{Service: info.Service, Title: title, Metadata: info.Metadata}, nil
}

// user returns the message of a user who was found, or the error.
func user(u auth.User, err error) (*authv1.User, error) {
	if err != nil {
		return nil, err
	}
	if err := auth.CheckUser(u); err != nil {
		return nil, instances.Fault(err)
	}
	return &authv1.User{
		Subject:     u.Subject,
		Username:    u.Username,
		Email:       u.Email,
		FullName:    u.FullName,
		GivenName:   u.GivenName,
		FamilyName:  u.FamilyName,
		Groups:      u.Groups,
		GroupsKnown: u.Groups != nil,
		Roles:       roles(u.Roles),
	}, nil
}

func roles(r *auth.Roles) *authv1.Roles {
	if r == nil {
		return nil
	}
	return &authv1.Roles{
		Superuser:               r.Superuser,
		GlobalReadonlySuperuser: r.GlobalReadonlySuperuser,
		Restricted:              r.Restricted,
	}
}
