package authserver

import (
	"context"

	"google.golang.org/grpc"

	"github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/errs/grpcerr"
	"github.com/quay/quay/sdk/internal/instances"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

func (s *Server) VerifyCredentials(ctx context.Context, req *authv1.VerifyCredentialsRequest) (*authv1.VerifyCredentialsResponse, error) {
	// A directory may take an empty password for an anonymous visitor.
	if req.GetPassword() == "" {
		return nil, errs.New(errs.Invalid, "Anonymous binding not allowed.")
	}
	if err := given("the password", req.GetPassword(), auth.MaxPasswordBytes); err != nil {
		return nil, err
	}
	if err := given("the user name", req.GetUsername(), auth.MaxUsernameBytes); err != nil {
		return nil, err
	}
	ctx, in, verifier, err := instances.As[auth.Verifier](ctx, s.Set, req.GetInstance(), auth.CapabilityVerify)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	u, err := user(verifier.Verify(ctx, req.GetUsername(), req.GetPassword()))
	if err != nil {
		return nil, err
	}
	return &authv1.VerifyCredentialsResponse{User: u}, nil
}

func (s *Server) VerifyToken(ctx context.Context, req *authv1.VerifyTokenRequest) (*authv1.VerifyTokenResponse, error) {
	if err := given("the token", req.GetToken(), auth.MaxTokenBytes); err != nil {
		return nil, err
	}
	ctx, in, verifier, err := instances.As[auth.TokenVerifier](ctx, s.Set, req.GetInstance(), auth.CapabilityTokens)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	u, err := user(verifier.VerifyToken(ctx, req.GetToken()))
	if err != nil {
		return nil, err
	}
	return &authv1.VerifyTokenResponse{User: u}, nil
}

func (s *Server) LookupUser(ctx context.Context, req *authv1.LookupUserRequest) (*authv1.LookupUserResponse, error) {
	if err := given("the user name", req.GetUsername(), auth.MaxUsernameBytes); err != nil {
		return nil, err
	}
	ctx, in, finder, err := instances.As[auth.Finder](ctx, s.Set, req.GetInstance(), auth.CapabilityLookup)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	u, err := user(finder.Lookup(ctx, req.GetUsername()))
	if err != nil {
		return nil, err
	}
	return &authv1.LookupUserResponse{User: u}, nil
}

func (s *Server) SearchUsers(ctx context.Context, req *authv1.SearchUsersRequest) (*authv1.SearchUsersResponse, error) {
	if err := given("the query", req.GetQuery(), auth.MaxQueryBytes); err != nil {
		return nil, err
	}
	limit := int(req.GetLimit())
	if limit < 1 || limit > auth.MaxSearch {
		return nil, errs.New(errs.Invalid, "a search finds 1 to %d users, not %d", auth.MaxSearch, limit)
	}
	ctx, in, searcher, err := instances.As[auth.Searcher](ctx, s.Set, req.GetInstance(), auth.CapabilitySearch)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	found, err := searcher.Search(ctx, req.GetQuery(), limit)
	if err != nil {
		return nil, err
	}
	if len(found) > limit {
		found = found[:limit]
	}
	resp := &authv1.SearchUsersResponse{}
	for _, f := range found {
		f.Groups, f.Roles = nil, nil // Who was found may have very many.
		u, err := user(f, nil)
		if err != nil {
			return nil, err
		}
		resp.Users = append(resp.Users, u)
	}
	return resp, nil
}

func (s *Server) GetRoles(ctx context.Context, req *authv1.GetRolesRequest) (*authv1.GetRolesResponse, error) {
	if err := given("the subject", req.GetSubject(), auth.MaxNameBytes); err != nil {
		return nil, err
	}
	ctx, in, keeper, err := instances.As[auth.RoleKeeper](ctx, s.Set, req.GetInstance(), auth.CapabilityRoles)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	r, err := keeper.Roles(ctx, req.GetSubject())
	if err != nil {
		return nil, err
	}
	return &authv1.GetRolesResponse{Roles: roles(&r)}, nil
}

func (s *Server) CheckGroup(ctx context.Context, req *authv1.CheckGroupRequest) (*authv1.CheckGroupResponse, error) {
	if err := auth.CheckGroup(req.GetGroup()); err != nil {
		return nil, err
	}
	ctx, in, grouper, err := instances.As[auth.Grouper](ctx, s.Set, req.GetInstance(), auth.CapabilityGroups)
	if err != nil {
		return nil, err
	}
	defer in.Release()
	if err := grouper.CheckGroup(ctx, req.GetGroup()); err != nil {
		return nil, err
	}
	return &authv1.CheckGroupResponse{}, nil
}

// membersPerMessage is the largest number of members in one message.
const membersPerMessage = 500

func (s *Server) ListGroupMembers(req *authv1.ListGroupMembersRequest, stream grpc.ServerStreamingServer[authv1.ListGroupMembersResponse]) error {
	if err := auth.CheckGroup(req.GetGroup()); err != nil {
		return err
	}
	ctx, in, grouper, err := instances.As[auth.Grouper](stream.Context(), s.Set, req.GetInstance(), auth.CapabilityGroups)
	if err != nil {
		return err
	}
	defer in.Release()
	var batch []*authv1.User
	send := func() error {
		err := stream.Send(&authv1.ListGroupMembersResponse{Members: batch})
		batch = nil // The message may still be in use.
		return grpcerr.From(err)
	}
	err = grouper.Members(ctx, req.GetGroup(), func(member auth.User) error {
		// The host wants to know who is in the group, not in which others.
		member.Groups, member.Roles = nil, nil
		u, err := user(member, nil)
		if err != nil {
			return err
		}
		if batch = append(batch, u); len(batch) < membersPerMessage {
			return nil
		}
		return send()
	})
	if err == nil && len(batch) > 0 {
		err = send()
	}
	return err
}
