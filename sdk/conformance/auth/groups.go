package auth

import (
	"errors"
	"io"

	api "github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/conformance/internal/runner"
	"github.com/quay/quay/sdk/errs"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

func groupCases() []Case {
	return []Case{
		{Name: "groups-that-are-none", Capability: api.CapabilityGroups, Run: badGroups},
		{Name: "members-of-a-group", Capability: api.CapabilityGroups, Run: groupMembers},
	}
}

func badGroups(c *check) {
	for _, group := range []string{`[]`, `null`, `"x"`, `{`, ``} {
		c.Want("check the group "+group, c.checkGroup([]byte(group)), errs.Invalid)
		_, err := c.members([]byte(group))
		c.Want("list the group "+group, err, errs.Invalid)
	}
	// The names of all providers' keys are not known here: none is given.
	c.Want("check a group without a name", c.checkGroup([]byte(`{}`)), errs.Invalid)
	_, err := c.members([]byte(`{}`))
	c.Want("list a group without a name", err, errs.Invalid)
}

func groupMembers(c *check) {
	if c.known.Group == nil {
		c.Skip("no group is known")
	}
	c.Must("check a group", c.checkGroup(c.known.Group))
	members, err := c.members(c.known.Group)
	c.Must("list a group", err)
	subjects := map[string]bool{}
	for _, m := range members {
		c.good(m)
		if subjects[m.GetSubject()] {
			c.Errorf("the member %q is listed twice", m.GetSubject())
		}
		subjects[m.GetSubject()] = true
	}
	c.needUser()
	if c.Has(api.CapabilityVerify) {
		u, err := c.verify(c.known.Username, c.known.Password)
		c.Must("verify", err)
		if !subjects[u.GetSubject()] {
			c.Errorf("the user %q is not among the %d members", u.GetSubject(), len(members))
		}
	}
}

func loginCases() []Case {
	return []Case{
		{Name: "begin-a-login", Capability: api.CapabilityLogin, Run: beginLogin},
		{Name: "complete-a-login-wrongly", Capability: api.CapabilityLogin, Run: completeWrongly},
	}
}

func beginLogin(c *check) {
	first, err := c.begin("a-state")
	c.Must("begin a login", err)
	if err := api.CheckRedirect(api.Redirect{URL: first.GetUrl(), Session: first.GetSession()}); err != nil {
		c.Errorf("where the login goes on is wrong: %v", err)
	}
	if !hasParameter(first.GetUrl(), "a-state") {
		c.Errorf("the state is no parameter of %q", first.GetUrl())
	}
	second, err := c.begin("another-state")
	c.Must("begin another login", err)
	if second.GetUrl() == first.GetUrl() {
		c.Errorf("two logins go on at the same address, whatever their state")
	}
	_, err = c.begin("")
	c.Want("begin a login without a state", err, errs.Invalid)
}

func completeWrongly(c *check) {
	begun, err := c.begin("state")
	c.Must("begin a login", err)
	_, err = c.complete(map[string]string{"state": "state", "error": "access_denied"}, begun.GetSession())
	c.Want("complete a login that was refused", err, errs.Denied)
	_, err = c.complete(map[string]string{"state": "state"}, begun.GetSession())
	c.Want("complete a login without a code", err, errs.Invalid, errs.Unauthenticated)
	_, err = c.complete(map[string]string{"state": "state", "code": "made up"}, begun.GetSession())
	c.Want("complete a login with a code that nobody issued", err, errs.Unauthenticated, errs.Denied)
	_, err = c.complete(map[string]string{"state": "state", "code": "x"}, []byte(`[]`))
	c.Want("complete a login with a broken session", err, errs.Invalid)
}

// redirectURI is where the suite's logins would end.
const redirectURI = "https://quay.example/oauth2/conformance/callback"

func (c *check) begin(state string) (*authv1.BeginLoginResponse, error) {
	return c.auth.BeginLogin(c.Ctx, &authv1.BeginLoginRequest{Instance: runner.Instance, RedirectUri: redirectURI, State: state})
}

func (c *check) complete(parameters map[string]string, session []byte) (*authv1.CompleteLoginResponse, error) {
	return c.auth.CompleteLogin(c.Ctx, &authv1.CompleteLoginRequest{
		Instance: runner.Instance, RedirectUri: redirectURI, Parameters: parameters, Session: session,
	})
}

func (c *check) checkGroup(group []byte) error {
	_, err := c.auth.CheckGroup(c.Ctx, &authv1.CheckGroupRequest{Instance: runner.Instance, Group: group})
	return err
}

func (c *check) members(group []byte) ([]*authv1.User, error) {
	stream, err := c.auth.ListGroupMembers(c.Ctx, &authv1.ListGroupMembersRequest{Instance: runner.Instance, Group: group})
	if err != nil {
		return nil, err
	}
	var members []*authv1.User
	for {
		resp, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return members, nil
		case err != nil:
			return nil, err
		}
		members = append(members, resp.GetMembers()...)
	}
}
