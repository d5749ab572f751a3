package notify

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	"github.com/quay/quay/sdk/errs"
	api "github.com/quay/quay/sdk/notify"
	notifyv1 "github.com/quay/quay/sdk/proto/quay/plugin/notify/v1"
)

func checkCases() []Case {
	return []Case{
		{Name: "check-accepts-what-is-good", Run: checkGood},
		{Name: "check-refuses-what-is-bad", Run: checkBad},
		{Name: "check-refuses-what-is-no-object", Run: checkNoObject},
		{Name: "check-bears-wrong-types", Run: checkTypes},
	}
}

func (c *check) check(config string) (*notifyv1.CheckResponse, error) {
	return c.notify.Check(c.Ctx, &notifyv1.CheckRequest{
		Instance: runner.Instance, Namespace: "conformance", Repository: "repository", Config: []byte(config),
	})
}

func (c *check) needGood() {
	if c.known.Good == nil {
		c.Skip("no configuration of a notification is known")
	}
}

func checkGood(c *check) {
	c.needGood()
	for range 2 {
		resp, err := c.check(string(c.known.Good))
		c.Must("check a good configuration", err)
		for _, p := range resp.GetProblems() {
			c.Errorf("it has a problem: %s: %s", p.GetField(), p.GetMessage())
		}
		if err := api.CheckEmails(resp.GetEmails()); err != nil {
			c.Errorf("the addresses of the check are wrong: %v", err)
		}
	}
}

func checkBad(c *check) {
	if len(c.known.Bad) == 0 {
		c.Skip("no bad configuration is known")
	}
	for _, config := range c.known.Bad {
		resp, err := c.check(string(config))
		c.Must("check a bad configuration", err)
		if len(resp.GetProblems()) == 0 {
			c.Errorf("the configuration %s has no problem", config)
		}
		for _, p := range resp.GetProblems() {
			if p.GetMessage() == "" {
				c.Errorf("a problem of %s has no message", config)
			}
		}
	}
}

func checkNoObject(c *check) {
	for _, config := range []string{``, `[]`, `null`, `"x"`, `{`, `{"x":"` + strings.Repeat("x", api.MaxConfigBytes) + `"}`} {
		_, err := c.check(config)
		c.Want("check a configuration that is no object of a good size", err, errs.Invalid)
	}
	_, err := c.notify.Check(c.Ctx, &notifyv1.CheckRequest{Instance: runner.Instance, Config: []byte(`{}`)})
	c.Want("check a notification about nothing", err, errs.Invalid)
}

// wrong returns good configurations in which one member is of another type each.
func (c *check) wrong() []string {
	var members map[string]json.RawMessage
	c.Must("read the good configuration", json.Unmarshal(c.known.Good, &members))
	var configs []string
	for name := range members {
		for _, value := range []string{`null`, `7`, `true`, `""`, `"\u0000"`, `[]`, `{}`, `[[[[[[]]]]]]`, `{"kind":{}}`} {
			changed := maps.Clone(members)
			changed[name] = json.RawMessage(value)
			config, err := json.Marshal(changed)
			c.Must("make a configuration", err)
			configs = append(configs, string(config))
		}
	}
	return slices.Sorted(slices.Values(configs))
}

// checkTypes: what users send is checked here first.
func checkTypes(c *check) {
	c.needGood()
	for _, config := range c.wrong() {
		_, err := c.check(config)
		c.Must("check "+config, err)
	}
}
