package auth

import (
	"context"
	"errors"
	"io"

	"github.com/quay/quay/core/internal/plugin"
	sdk "github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/errs"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

// Verify tells whose user name, or e-mail address, and password these are.
func (p *Provider) Verify(ctx context.Context, username, password string) (u sdk.User, err error) {
	if err := credentials(username, password); err != nil {
		return u, err
	}
	err = p.ask(ctx, sdk.CapabilityVerify, func(ctx context.Context, client authv1.AuthClient) error {
		resp, err := client.VerifyCredentials(ctx, &authv1.VerifyCredentialsRequest{
			Instance: p.instance, Username: username, Password: password,
		})
		if err == nil {
			u, err = user(resp.GetUser())
		}
		return err
	})
	return u, err
}

// VerifyToken tells whose token this is.
func (p *Provider) VerifyToken(ctx context.Context, token string) (u sdk.User, err error) {
	if err := credentials(token); err != nil {
		return u, err
	}
	err = p.ask(ctx, sdk.CapabilityTokens, func(ctx context.Context, client authv1.AuthClient) error {
		resp, err := client.VerifyToken(ctx, &authv1.VerifyTokenRequest{Instance: p.instance, Token: token})
		if err == nil {
			u, err = user(resp.GetUser())
		}
		return err
	})
	return u, err
}

// Lookup finds one user by user name or e-mail address, or fails with
// errs.NotFound.
func (p *Provider) Lookup(ctx context.Context, username string) (u sdk.User, err error) {
	if err := text("the user name", username); err != nil {
		return u, err
	}
	err = p.ask(ctx, sdk.CapabilityLookup, func(ctx context.Context, client authv1.AuthClient) error {
		resp, err := client.LookupUser(ctx, &authv1.LookupUserRequest{Instance: p.instance, Username: username})
		if err == nil {
			u, err = user(resp.GetUser())
		}
		return err
	})
	return u, err
}

// Search finds up to limit users, 100 at most, whose user name or e-mail address
// begins with query.
func (p *Provider) Search(ctx context.Context, query string, limit int) ([]sdk.User, error) {
	if err := text("the query", query); err != nil {
		return nil, err
	}
	limit = min(limit, sdk.MaxSearch)
	var found []sdk.User
	err := p.ask(ctx, sdk.CapabilitySearch, func(ctx context.Context, client authv1.AuthClient) error {
		resp, err := client.SearchUsers(ctx, &authv1.SearchUsersRequest{Instance: p.instance, Query: query, Limit: int32(limit)})
		if err != nil {
			return err
		}
		found, err = users(nil, resp.GetUsers(), limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// users appends users, of whom there may be up to limit.
func users(all []sdk.User, messages []*authv1.User, limit int) ([]sdk.User, error) {
	if len(all)+len(messages) > limit {
		return nil, errs.New(errs.TooLarge, "the identity plugin returned more than %d users", limit)
	}
	for _, m := range messages {
		u, err := user(m)
		if err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	return all, nil
}

// Roles returns what a user may do in the whole registry.
func (p *Provider) Roles(ctx context.Context, subject string) (r sdk.Roles, err error) {
	if err := text("the subject", subject); err != nil {
		return r, err
	}
	err = p.ask(ctx, sdk.CapabilityRoles, func(ctx context.Context, client authv1.AuthClient) error {
		resp, err := client.GetRoles(ctx, &authv1.GetRolesRequest{Instance: p.instance, Subject: subject})
		r = roles(resp.GetRoles())
		return err
	})
	return r, err
}

// CheckGroup returns nil when group names a group that can be synchronised with a
// team. The messages of its errors are for the administrator.
func (p *Provider) CheckGroup(ctx context.Context, group sdk.Group) error {
	return p.ask(ctx, sdk.CapabilityGroups, func(ctx context.Context, client authv1.AuthClient) error {
		_, err := client.CheckGroup(ctx, &authv1.CheckGroupRequest{Instance: p.instance, Group: group})
		return err
	})
}

// Members returns all members of a group, or an error: never some of them. A group
// with more than MaxMembers is errs.TooLarge.
func (p *Provider) Members(ctx context.Context, group sdk.Group) ([]sdk.User, error) {
	var members []sdk.User
	c := plugin.Call{Idempotent: true, Timeout: p.opts.GroupTimeout}
	err := p.call(ctx, c, sdk.CapabilityGroups, func(ctx context.Context, client authv1.AuthClient) (err error) {
		// The stream ends with ctx in any case.
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		members, err = p.members(ctx, client, group)
		return err
	})
	return members, err
}

func (p *Provider) members(ctx context.Context, client authv1.AuthClient, group sdk.Group) ([]sdk.User, error) {
	stream, err := client.ListGroupMembers(ctx, &authv1.ListGroupMembersRequest{Instance: p.instance, Group: group})
	if err != nil {
		return nil, err
	}
	var members []sdk.User
	for {
		resp, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return members, nil
		case err != nil:
			return nil, err
		}
		if members, err = users(members, resp.GetMembers(), p.opts.MaxMembers); err != nil {
			return nil, err
		}
	}
}
