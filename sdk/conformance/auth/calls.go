package auth

import (
	"net/url"

	api "github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/conformance/internal/runner"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

// needUser skips the rest of a case when no user is known.
func (c *check) needUser() {
	if c.known.Username == "" {
		c.Skip("no user is known")
	}
}

// good notes a problem unless u is as the API says.
func (c *check) good(u *authv1.User) {
	err := api.CheckUser(api.User{
		Subject:    u.GetSubject(),
		Username:   u.GetUsername(),
		Email:      u.GetEmail(),
		FullName:   u.GetFullName(),
		GivenName:  u.GetGivenName(),
		FamilyName: u.GetFamilyName(),
		Groups:     u.GetGroups(),
	})
	if err != nil {
		c.Errorf("the user %q is wrong: %v", u.GetSubject(), err)
	}
	if !u.GetGroupsKnown() && len(u.GetGroups()) > 0 {
		c.Errorf("the user %q has groups that are not known", u.GetSubject())
	}
}

func (c *check) verify(username, password string) (*authv1.User, error) {
	resp, err := c.auth.VerifyCredentials(c.Ctx, &authv1.VerifyCredentialsRequest{Instance: runner.Instance, Username: username, Password: password})
	return resp.GetUser(), err
}

func (c *check) token(token string) (*authv1.User, error) {
	resp, err := c.auth.VerifyToken(c.Ctx, &authv1.VerifyTokenRequest{Instance: runner.Instance, Token: token})
	return resp.GetUser(), err
}

func (c *check) lookup(username string) (*authv1.User, error) {
	resp, err := c.auth.LookupUser(c.Ctx, &authv1.LookupUserRequest{Instance: runner.Instance, Username: username})
	return resp.GetUser(), err
}

func (c *check) search(query string, limit int32) ([]*authv1.User, error) {
	resp, err := c.auth.SearchUsers(c.Ctx, &authv1.SearchUsersRequest{Instance: runner.Instance, Query: query, Limit: limit})
	return resp.GetUsers(), err
}

func (c *check) roles(subject string) (*authv1.Roles, error) {
	resp, err := c.auth.GetRoles(c.Ctx, &authv1.GetRolesRequest{Instance: runner.Instance, Subject: subject})
	return resp.GetRoles(), err
}

// hasParameter reports whether a URL has a parameter with the value.
func hasParameter(address, value string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	for _, values := range u.Query() {
		for _, v := range values {
			if v == value {
				return true
			}
		}
	}
	return false
}
