package auth_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/quay/quay/core/internal/driver/auth"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	sdkauth "github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/errs"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// liar is a plugin that keeps no promise. It answers with what it was given.
type liar struct {
	authv1.UnimplementedAuthServer
	user     *authv1.User
	members  [][]*authv1.User
	failure  error // ends the members
	redirect *authv1.BeginLoginResponse
	service  string
}

func (l *liar) Describe(context.Context, *authv1.DescribeRequest) (*authv1.DescribeResponse, error) {
	return &authv1.DescribeResponse{Service: l.service, Title: "Liar"}, nil
}

func (l *liar) VerifyCredentials(context.Context, *authv1.VerifyCredentialsRequest) (*authv1.VerifyCredentialsResponse, error) {
	return &authv1.VerifyCredentialsResponse{User: l.user}, nil
}

func (l *liar) SearchUsers(_ context.Context, req *authv1.SearchUsersRequest) (*authv1.SearchUsersResponse, error) {
	resp := &authv1.SearchUsersResponse{}
	for range req.GetLimit() + 1 {
		resp.Users = append(resp.Users, l.user)
	}
	return resp, nil
}

func (l *liar) ListGroupMembers(_ *authv1.ListGroupMembersRequest, stream grpc.ServerStreamingServer[authv1.ListGroupMembersResponse]) error {
	for _, batch := range l.members {
		if err := stream.Send(&authv1.ListGroupMembersResponse{Members: batch}); err != nil {
			return err
		}
	}
	return l.failure
}

func (l *liar) BeginLogin(context.Context, *authv1.BeginLoginRequest) (*authv1.BeginLoginResponse, error) {
	return l.redirect, nil
}

// provider asks the liar.
func (l *liar) provider(t testing.TB, opts auth.Options) *auth.Provider {
	t.Helper()
	sup := plugintest.Start(t, plugin.Options{
		Kind: "auth",
		Name: "liar",
		Launch: plugintest.Services(func(r grpc.ServiceRegistrar, _ *net.UnixConn) {
			basev1.RegisterLifecycleServer(r, plugintest.Lifecycle{Capabilities: []string{
				sdkauth.CapabilityVerify, sdkauth.CapabilitySearch, sdkauth.CapabilityGroups, sdkauth.CapabilityLogin,
			}})
			authv1.RegisterAuthServer(r, l)
		}),
	})
	return auth.NewProvider(sup, "default", opts)
}

func named(name string) *authv1.User { return &authv1.User{Subject: name, Username: name} }

// TestUsersThatCannotBe proves that the host lets nobody in of whom the plugin says
// something that cannot be.
func TestUsersThatCannotBe(t *testing.T) {
	plugintest.Leaks(t)
	tests := []struct {
		name string
		user *authv1.User
	}{
		{"nobody", nil},
		{"no subject", &authv1.User{Username: "x"}},
		{"no name", &authv1.User{Subject: "x"}},
		{"a long subject", &authv1.User{Subject: strings.Repeat("x", 256), Username: "x"}},
		{"two lines", &authv1.User{Subject: "x", Username: "x", Email: "a@b\r\nBcc: c@d"}},
		{"too many groups", &authv1.User{Subject: "x", Username: "x", GroupsKnown: true, Groups: make([]string, sdkauth.MaxUserGroups+1)}},
	}
	for _, test := range tests {
		l := &liar{user: test.user}
		u, err := l.provider(t, auth.Options{}).Verify(t.Context(), "x", "y")
		if !errs.Is(err, errs.Internal) || u.Subject != "" {
			t.Errorf("%s: the user is %+v, error %v", test.name, u, err)
		}
	}
}

// TestMembersAreAllOrNone proves that a list of members that is not complete, or too
// long, is no list: whoever is not on it would lose the team.
func TestMembersAreAllOrNone(t *testing.T) {
	plugintest.Leaks(t)
	tests := []struct {
		name string
		liar liar
		kind errs.Kind
	}{
		{"it fails at the end", liar{members: [][]*authv1.User{{named("a")}, {named("b")}}, failure: status.Error(codes.Unavailable, "gone")}, errs.Unavailable},
		{"a member cannot be", liar{members: [][]*authv1.User{{named("a"), {Username: "b"}}}}, errs.Internal},
		{"there are too many", liar{members: [][]*authv1.User{{named("a"), named("b")}, {named("c"), named("d")}}}, errs.TooLarge},
	}
	for _, test := range tests {
		members, err := test.liar.provider(t, auth.Options{MaxMembers: 3}).Members(t.Context(), sdkauth.Group(`{}`))
		if !errs.Is(err, test.kind) || len(members) != 0 {
			t.Errorf("%s: %d members, error %v", test.name, len(members), err)
		}
	}
}

// TestOtherAnswersThatCannotBe proves the same of what is neither a user nor a group.
func TestOtherAnswersThatCannotBe(t *testing.T) {
	plugintest.Leaks(t)
	for _, redirect := range []*authv1.BeginLoginResponse{
		{},
		{Url: "javascript:alert(1)"},
		{Url: "/relative"},
		{Url: "https://idp.example/" + strings.Repeat("x", sdkauth.MaxURLBytes)},
		{Url: "https://idp.example/", Session: []byte(`[]`)},
		{Url: "https://idp.example/", Session: []byte(`{"x":"` + strings.Repeat("x", sdkauth.MaxSessionBytes) + `"}`)},
	} {
		l := &liar{redirect: redirect}
		if got, err := l.provider(t, auth.Options{}).BeginLogin(t.Context(), sdkauth.BeginLogin{}); !errs.Is(err, errs.Internal) || got.URL != "" {
			t.Errorf("a login goes on at %.40q, error %v", got.URL, err)
		}
	}
	for _, service := range []string{"", "UPPER", "x-y", "x/y", strings.Repeat("x", 65)} {
		l := &liar{service: service}
		if info, err := l.provider(t, auth.Options{}).Info(t.Context()); !errs.Is(err, errs.Internal) {
			t.Errorf("the service is %q, error %v", info.Service, err)
		}
	}
	l := &liar{user: named("x")}
	if found, err := l.provider(t, auth.Options{}).Search(t.Context(), "x", 3); !errs.Is(err, errs.TooLarge) {
		t.Errorf("a search for 3 users found %d, error %v", len(found), err)
	}
}
