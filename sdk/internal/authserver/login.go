package authserver

import (
	"context"

	"github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/internal/instances"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

func (s *Server) BeginLogin(ctx context.Context, req *authv1.BeginLoginRequest) (*authv1.BeginLoginResponse, error) {
	if err := given("the redirect URI", req.GetRedirectUri(), auth.MaxURLBytes); err != nil {
		return nil, err
	}
	if err := given("the state", req.GetState(), auth.MaxStateBytes); err != nil {
		return nil, err
	}
	ctx, in, login, err := instances.As[auth.Login](ctx, s.Set, req.GetInstance(), auth.CapabilityLogin)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	redirect, err := login.BeginLogin(ctx, auth.BeginLogin{RedirectURI: req.GetRedirectUri(), State: req.GetState()})
	if err != nil {
		return nil, err
	}
	if err := auth.CheckRedirect(redirect); err != nil {
		return nil, instances.Fault(err)
	}
	return &authv1.BeginLoginResponse{Url: redirect.URL, Session: redirect.Session}, nil
}

func (s *Server) CompleteLogin(ctx context.Context, req *authv1.CompleteLoginRequest) (*authv1.CompleteLoginResponse, error) {
	if err := checkCompletion(req); err != nil {
		return nil, err
	}
	ctx, in, login, err := instances.As[auth.Login](ctx, s.Set, req.GetInstance(), auth.CapabilityLogin)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	signedIn, err := login.CompleteLogin(ctx, auth.CompleteLogin{
		RedirectURI: req.GetRedirectUri(),
		Parameters:  req.GetParameters(),
		Session:     req.GetSession(),
	})
	if err != nil {
		return nil, err
	}
	u, err := user(signedIn.User, nil)
	if err != nil {
		return nil, err
	}
	if len(signedIn.IDToken) > auth.MaxTokenBytes {
		return nil, instances.Fault(errs.New(errs.Invalid, "the id token has %d bytes", len(signedIn.IDToken)))
	}
	return &authv1.CompleteLoginResponse{User: u, IdToken: signedIn.IDToken}, nil
}

func checkCompletion(req *authv1.CompleteLoginRequest) error {
	if err := given("the redirect URI", req.GetRedirectUri(), auth.MaxURLBytes); err != nil {
		return err
	}
	size := 0
	for name, value := range req.GetParameters() {
		size += len(name) + len(value)
	}
	if size > auth.MaxParametersBytes {
		return errs.New(errs.Invalid, "the parameters of the login have %d bytes, more than %d", size, auth.MaxParametersBytes)
	}
	return auth.CheckSession(req.GetSession())
}
