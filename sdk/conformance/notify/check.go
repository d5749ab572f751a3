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
	// Configurations may be secret: results have their numbers.
	for i, config := range c.known.Bad {
		resp, err := c.check(string(config))
		c.Must("check a bad configuration", err)
		if len(resp.GetProblems()) == 0 {
			c.Errorf("number %d of the bad configurations has no problem", i+1)
		}
		for _, p := range resp.GetProblems() {
			if p.GetMessage() == "" {
				c.Errorf("a problem of number %d of the bad configurations has no message", i+1)
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

// wrong returns good configurations in which one member is of another type each, by what
// is wrong with them.
func (c *check) wrong() map[string]string {
	var members map[string]json.RawMessage
	c.Must("read the good configuration", json.Unmarshal(c.known.Good, &members))
	configs := make(map[string]string)
	for name := range members {
		for _, value := range []string{`null`, `7`, `true`, `""`, `"\u0000"`, `[]`, `{}`, `[[[[[[]]]]]]`, `{"kind":{}}`} {
			changed := maps.Clone(members)
			changed[name] = json.RawMessage(value)
			config, err := json.Marshal(changed)
			c.Must("make a configuration", err)
			configs["a configuration whose member "+name+" is "+value] = string(config)
		}
	}
	return configs
}

// checkTypes: what users send is checked here first.
func checkTypes(c *check) {
	c.needGood()
	configs := c.wrong()
	for _, what := range slices.Sorted(maps.Keys(configs)) {
		_, err := c.check(configs[what])
		c.Must("check "+what, err)
	}
}
