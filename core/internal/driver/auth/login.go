package auth

import (
	"cmp"
	"context"

	"github.com/quay/quay/core/internal/plugin"
	sdk "github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/errs"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

// BeginLogin returns where to send a browser that wants to sign in.
func (p *Provider) BeginLogin(ctx context.Context, login sdk.BeginLogin) (sdk.Redirect, error) {
	if err := text("the address or the state of the login", login.RedirectURI, login.State); err != nil {
		return sdk.Redirect{}, err
	}
	var redirect sdk.Redirect
	err := p.ask(ctx, sdk.CapabilityLogin, func(ctx context.Context, client authv1.AuthClient) error {
		resp, err := client.BeginLogin(ctx, &authv1.BeginLoginRequest{
			Instance: p.instance, RedirectUri: login.RedirectURI, State: login.State,
		})
		if err != nil {
			return err
		}
		redirect = sdk.Redirect{URL: resp.GetUrl(), Session: resp.GetSession()}
		return wrong(sdk.CheckRedirect(redirect))
	})
	if err != nil {
		return sdk.Redirect{}, err
	}
	return redirect, nil
}

// CompleteLogin finishes a login, for which the caller has compared the state. It is
// not repeated: a code can be used once, and when the plugin crashes under it the
// user signs in again.
func (p *Provider) CompleteLogin(ctx context.Context, login sdk.CompleteLogin) (sdk.SignedIn, error) {
	if err := cmp.Or(text("the address of the login", login.RedirectURI), parameters(login.Parameters)); err != nil {
		return sdk.SignedIn{}, err
	}
	var signedIn sdk.SignedIn
	err := p.call(ctx, plugin.Call{}, sdk.CapabilityLogin, func(ctx context.Context, client authv1.AuthClient) error {
		resp, err := client.CompleteLogin(ctx, &authv1.CompleteLoginRequest{
			Instance:    p.instance,
			RedirectUri: login.RedirectURI,
			Parameters:  login.Parameters,
			Session:     login.Session,
		})
		if err != nil {
			return err
		}
		if signedIn.IDToken = resp.GetIdToken(); len(signedIn.IDToken) > sdk.MaxTokenBytes {
			return wrong(errs.New(errs.Invalid, "the id token has %d bytes", len(signedIn.IDToken)))
		}
		signedIn.User, err = user(resp.GetUser())
		return err
	})
	if err != nil {
		return sdk.SignedIn{}, err
	}
	return signedIn, nil
}
