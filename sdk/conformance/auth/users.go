package auth

import (
	"strings"

	api "github.com/quay/quay/sdk/auth"
	"github.com/quay/quay/sdk/conformance/internal/runner"
	"github.com/quay/quay/sdk/errs"
	authv1 "github.com/quay/quay/sdk/proto/quay/plugin/auth/v1"
)

// stranger is a user whom no provider knows.
const stranger = "quay-conformance-nobody"

func providerCases() []Case {
	return []Case{
		{Name: "describe", Run: describe},
		{Name: "somebody-can-be-authenticated", Run: authenticates},
		{Name: "missing-capabilities-are-unsupported", Run: unsupported},
	}
}

func describe(c *check) {
	first, err := c.auth.Describe(c.Ctx, &authv1.DescribeRequest{Instance: runner.Instance})
	c.Must("describe", err)
	if err := api.CheckInfo(api.Info{Service: first.GetService(), Title: first.GetTitle(), Metadata: first.GetMetadata()}); err != nil {
		c.Errorf("the description is wrong: %v", err)
	}
	if first.GetTitle() == "" {
		c.Errorf("the description has no title")
	}
	second, err := c.auth.Describe(c.Ctx, &authv1.DescribeRequest{Instance: runner.Instance})
	c.Must("describe again", err)
	if second.GetService() != first.GetService() {
		c.Errorf("the service was %q and is %q", first.GetService(), second.GetService())
	}
}

func authenticates(c *check) {
	if !c.Has(api.CapabilityVerify) && !c.Has(api.CapabilityTokens) && !c.Has(api.CapabilityLogin) {
		c.Errorf("the capabilities are %q: nobody can sign in", c.Capabilities)
	}
}

// unsupported calls each method whose capability is missing.
func unsupported(c *check) {
	group := []byte(`{"group":"x"}`)
	calls := []struct {
		capability string
		call       func() error
	}{
		{api.CapabilityVerify, func() error { _, err := c.verify("x", "y"); return err }},
		{api.CapabilityTokens, func() error { _, err := c.token("x"); return err }},
		{api.CapabilityLookup, func() error { _, err := c.lookup("x"); return err }},
		{api.CapabilitySearch, func() error { _, err := c.search("x", 1); return err }},
		{api.CapabilityRoles, func() error { _, err := c.roles("x"); return err }},
		{api.CapabilityGroups, func() error { return c.checkGroup(group) }},
		{api.CapabilityGroups, func() error { _, err := c.members(group); return err }},
		{api.CapabilityLogin, func() error { _, err := c.begin("state"); return err }},
		{api.CapabilityLogin, func() error { _, err := c.complete(nil, nil); return err }},
	}
	for _, call := range calls {
		if !c.Has(call.capability) {
			c.Want("call without "+call.capability, call.call(), errs.Unsupported)
		}
	}
}

func userCases() []Case {
	return []Case{
		{Name: "the-right-password", Capability: api.CapabilityVerify, Run: rightPassword},
		{Name: "a-wrong-password", Capability: api.CapabilityVerify, Run: wrongPassword},
		{Name: "an-empty-password", Capability: api.CapabilityVerify, Run: emptyPassword},
		{Name: "an-unknown-user", Capability: api.CapabilityVerify, Run: unknownUser},
		{Name: "hostile-user-names", Capability: api.CapabilityVerify, Run: hostileNames},
		{Name: "texts-that-are-too-long", Run: tooLong},
		{Name: "passwords-at-once", Capability: api.CapabilityVerify, Run: atOnce},
		{Name: "a-good-token", Capability: api.CapabilityTokens, Run: goodToken},
		{Name: "bad-tokens", Capability: api.CapabilityTokens, Run: badTokens},
		{Name: "look-up", Capability: api.CapabilityLookup, Run: lookUp},
		{Name: "search", Capability: api.CapabilitySearch, Run: search},
		{Name: "roles", Capability: api.CapabilityRoles, Run: roles},
	}
}

func rightPassword(c *check) {
	c.needUser()
	first, err := c.verify(c.known.Username, c.known.Password)
	c.Must("verify the right password", err)
	c.good(first)
	second, err := c.verify(c.known.Username, c.known.Password)
	c.Must("verify it again", err)
	if second.GetSubject() != first.GetSubject() {
		c.Errorf("the subject was %q and is %q", first.GetSubject(), second.GetSubject())
	}
}

func wrongPassword(c *check) {
	c.needUser()
	for _, password := range []string{c.known.Password + "x", strings.ToUpper(c.known.Password) + "-", " "} {
		_, err := c.verify(c.known.Username, password)
		c.Want("verify a wrong password", err, errs.Unauthenticated)
	}
}

// emptyPassword: a directory takes a bind without a password for an anonymous one,
// which succeeds.
func emptyPassword(c *check) {
	for _, username := range []string{c.known.Username, stranger, ""} {
		_, err := c.verify(username, "")
		c.Want("verify an empty password", err, errs.Invalid)
	}
	_, err := c.verify("", "x")
	c.Want("verify without a user name", err, errs.Invalid)
}

func unknownUser(c *check) {
	_, err := c.verify(stranger, "a password")
	c.Want("verify an unknown user", err, errs.NotFound, errs.Unauthenticated)
}

// hostileNames: what a directory or a URL takes for syntax is a part of the name.
func hostileNames(c *check) {
	names := []string{
		"*", "x)(uid=*", "*)(objectClass=*", "a\\", "\x00", "x,dc=example", "../x", "x?limit=1", "x@", "é\xff", "' OR 1=1 --",
	}
	passwords := []string{"a password", "*"}
	if c.known.Username != "" {
		names = append(names, c.known.Username+"*", c.known.Username+")(uid=*")
		passwords = append(passwords, c.known.Password)
	}
	for _, name := range names {
		for _, password := range passwords {
			u, err := c.verify(strings.ToValidUTF8(name, "?"), password)
			if err == nil {
				c.Errorf("the user name %q gives the user %q", name, u.GetSubject())
				continue
			}
			c.Want("verify the user name "+name, err, errs.NotFound, errs.Unauthenticated, errs.Invalid, errs.Denied)
		}
	}
}

func tooLong(c *check) {
	calls := []struct {
		capability, what string
		call             func() error
	}{
		{api.CapabilityVerify, "user name", func() error { _, err := c.verify(long(api.MaxUsernameBytes), "x"); return err }},
		{api.CapabilityVerify, "password", func() error { _, err := c.verify(stranger, long(api.MaxPasswordBytes)); return err }},
		{api.CapabilityTokens, "token", func() error { _, err := c.token(long(api.MaxTokenBytes)); return err }},
		{api.CapabilityLookup, "user name", func() error { _, err := c.lookup(long(api.MaxUsernameBytes)); return err }},
		{api.CapabilitySearch, "query", func() error { _, err := c.search(long(api.MaxQueryBytes), 1); return err }},
		{api.CapabilityGroups, "group", func() error { return c.checkGroup([]byte(`{"x":"` + long(api.MaxGroupBytes) + `"}`)) }},
		{api.CapabilityLogin, "state", func() error { _, err := c.begin(long(api.MaxStateBytes)); return err }},
	}
	for _, call := range calls {
		if c.Has(call.capability) {
			c.Want("a "+call.what+" that is too long", call.call(), errs.Invalid)
		}
	}
}

// long returns a text that is longer than a limit.
func long(limit int) string { return strings.Repeat("x", limit+1) }

func atOnce(c *check) {
	c.needUser()
	want, err := c.verify(c.known.Username, c.known.Password)
	c.Must("verify", err)
	c.Together(8, func(i int) {
		if i%4 == 3 {
			_, err := c.verify(stranger, c.known.Password)
			c.Want("verify an unknown user beside others", err, errs.NotFound, errs.Unauthenticated)
			return
		}
		got, err := c.verify(c.known.Username, c.known.Password)
		c.Must("verify beside others", err)
		if got.GetSubject() != want.GetSubject() {
			c.Errorf("the subject is %q, not %q", got.GetSubject(), want.GetSubject())
		}
	})
}

func goodToken(c *check) {
	if c.known.Token == "" {
		c.Skip("no token is known")
	}
	u, err := c.token(c.known.Token)
	c.Must("verify a token", err)
	c.good(u)
}

func badTokens(c *check) {
	// An unsigned one, that claims not to need a signature.
	const unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0."
	tokens := []string{"x", "a.b.c", unsigned, strings.Repeat(".", 100)}
	if c.known.Token != "" {
		tokens = append(tokens, c.known.Token+"x", c.known.Token[:len(c.known.Token)-1])
	}
	for _, token := range tokens {
		_, err := c.token(token)
		c.Want("verify a bad token", err, errs.Unauthenticated, errs.Invalid)
	}
}

func lookUp(c *check) {
	_, err := c.lookup(stranger)
	c.Want("look up an unknown user", err, errs.NotFound)
	c.needUser()
	found, err := c.lookup(c.known.Username)
	c.Must("look up a user", err)
	c.good(found)
	if c.Has(api.CapabilityVerify) {
		verified, err := c.verify(c.known.Username, c.known.Password)
		c.Must("verify", err)
		if verified.GetSubject() != found.GetSubject() {
			c.Errorf("the subject is %q by the password and %q by the look-up", verified.GetSubject(), found.GetSubject())
		}
	}
}

func search(c *check) {
	found, err := c.search(stranger, 10)
	c.Must("search for an unknown user", err)
	if len(found) > 0 {
		c.Errorf("an unknown user is found: %q", found[0].GetUsername())
	}
	for _, limit := range []int32{0, -1, api.MaxSearch + 1} {
		_, err := c.search("x", limit)
		c.Want("search with a bad limit", err, errs.Invalid)
	}
	_, err = c.search("", 1)
	c.Want("search for nothing", err, errs.Invalid)
	c.needUser()
	found, err = c.search(c.known.Username, api.MaxSearch)
	c.Must("search for a user", err)
	seen := false
	for _, u := range found {
		c.good(u)
		seen = seen || u.GetUsername() == c.known.Username
	}
	if !seen && len(found) < api.MaxSearch {
		c.Errorf("a search for %q does not find it", c.known.Username)
	}
	one, err := c.search(c.known.Username[:1], 1)
	c.Must("search for one user", err)
	if len(one) > 1 {
		c.Errorf("a search for one user finds %d", len(one))
	}
}

func roles(c *check) {
	nobody, err := c.roles(stranger)
	c.Must("the roles of an unknown user", err)
	if nobody.GetSuperuser() || nobody.GetGlobalReadonlySuperuser() {
		c.Errorf("an unknown user has the roles %v", nobody)
	}
	c.needUser()
	if !c.Has(api.CapabilityVerify) {
		return
	}
	u, err := c.verify(c.known.Username, c.known.Password)
	c.Must("verify", err)
	_, err = c.roles(u.GetSubject())
	c.Must("the roles of a user", err)
}
