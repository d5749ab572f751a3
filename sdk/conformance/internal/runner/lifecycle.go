package runner

import (
	"encoding/json"
	"slices"

	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
)

// Parts is what the cases of the lifecycle need of a kind's C.
type Parts struct {
	*Check
	*Plugin
	// Call makes a cheap call of the kind's service on an instance.
	Call func(instance string) error
}

// Beginning returns the cases of the lifecycle with which a suite begins.
func Beginning[C any](parts func(C) Parts) []Case[C] {
	return with(parts, []Case[Parts]{
		{Name: "validate-accepts-the-configuration", Promise: "Validate finds nothing wrong with a good configuration, as often as it is asked.", Run: validateAccepts},
		{Name: "validate-refuses-what-is-no-object", Promise: "Validate refuses what is not a JSON object, with a sentence for the administrator.", Run: validateRefuses},
		{Name: "configure-is-idempotent", Promise: "Configuring an instance again with the same request changes nothing.", Run: configureTwice},
		{Name: "configure-refuses-what-is-no-object", Promise: "Configure refuses what is not a JSON object, and an instance without a name.", Run: configureRefuses},
		{Name: "two-instances-in-one-process", Promise: "One process serves many instances.", Run: twoInstances},
		{Name: "replace-an-instance-under-calls", Promise: "An instance is configured anew without a failed call.", Run: replaceUnderCalls},
		{Name: "unknown-instance", Promise: "Calls that name an unknown instance fail as a conflict.", Run: unknownInstance},
		{Name: "probe", Promise: "Probe finds a good instance in order, as often as it is asked.", Run: probe},
	})
}

// End returns the cases with which a suite ends: nothing can be called after them.
func End[C any](parts func(C) Parts) []Case[C] {
	return with(parts, []Case[Parts]{
		{Name: "instance-after-a-crash", Promise: "After a crash an instance is configured again and has the same capabilities.", Run: crash},
		{Name: "drain", Promise: "Drain can be repeated, and calls after it are refused as unavailable.", Run: drain},
	})
}

// with turns cases of the lifecycle into those of a kind.
func with[C any](parts func(C) Parts, cases []Case[Parts]) []Case[C] {
	var result []Case[C]
	for _, c := range cases {
		result = append(result, Case[C]{Name: c.Name, Promise: c.Promise, Run: func(k C) { c.Run(parts(k)) }})
	}
	return result
}

func validateAccepts(c Parts) {
	for range 2 {
		resp, err := c.Lifecycle.Validate(c.Ctx, &basev1.ValidateRequest{Config: c.Config, Secrets: c.Secrets})
		c.Must("validate", err)
		for _, problem := range resp.GetProblems() {
			c.Errorf("the configuration has a problem: %s: %s", problem.GetField(), problem.GetMessage())
		}
	}
}

func validateRefuses(c Parts) {
	for _, config := range []string{`[]`, `null`, `"x"`, `{`} {
		resp, err := c.Lifecycle.Validate(c.Ctx, &basev1.ValidateRequest{Config: []byte(config)})
		c.Must("validate", err)
		if len(resp.GetProblems()) == 0 {
			c.Errorf("the configuration %s has no problem", config)
		}
		for _, problem := range resp.GetProblems() {
			if problem.GetMessage() == "" {
				c.Errorf("a problem of %s has no message", config)
			}
		}
	}
}

func configureTwice(c Parts) {
	for range 2 {
		resp, err := c.Lifecycle.Configure(c.Ctx, c.Configuration(Instance))
		c.Must("configure", err)
		if !slices.Equal(resp.GetCapabilities(), c.Capabilities) {
			c.Errorf("the capabilities were %q and are %q", c.Capabilities, resp.GetCapabilities())
		}
	}
	c.Must("call", c.Call(Instance))
}

func configureRefuses(c Parts) {
	_, err := c.Lifecycle.Configure(c.Ctx, &basev1.ConfigureRequest{Instance: "conformance-bad", Config: []byte(`[]`)})
	c.Want("configure a list", err, errs.Invalid)
	_, err = c.Lifecycle.Configure(c.Ctx, c.Configuration(""))
	c.Want("configure without a name", err, errs.Invalid)
}

func twoInstances(c Parts) {
	const other = "conformance-other"
	_, err := c.Lifecycle.Configure(c.Ctx, c.Configuration(other))
	c.Must("configure another instance", err)
	c.Must("call the other instance", c.Call(other))
	c.Must("call the first instance", c.Call(Instance))
}

// replaceUnderCalls configures an instance anew while it is called: no call fails.
func replaceUnderCalls(c Parts) {
	const name = "conformance-replaced"
	_, err := c.Lifecycle.Configure(c.Ctx, c.Configuration(name))
	c.Must("configure", err)
	done := make(chan struct{})
	c.Together(4, func(i int) {
		if i > 0 {
			for range 1000 {
				c.Must("call while it is replaced", c.Call(name))
				select {
				case <-done:
					return
				default:
				}
			}
			return
		}
		defer close(done)
		for j := range 5 {
			req := c.Configuration(name)
			req.Config = Padded(c.Config, j+1) // An equal request would change nothing.
			_, err := c.Lifecycle.Configure(c.Ctx, req)
			c.Must("replace", err)
		}
	})
}

// Padded returns an equal configuration in other bytes, n more of them.
func Padded(config json.RawMessage, n int) json.RawMessage {
	if len(config) == 0 {
		config = json.RawMessage("{}")
	}
	return append(slices.Clone(config), slices.Repeat([]byte(" "), n)...)
}

func unknownInstance(c Parts) {
	c.Want("call an unknown instance", c.Call("conformance-unknown"), errs.Conflict)
	_, err := c.Lifecycle.Probe(c.Ctx, &basev1.ProbeRequest{Instance: "conformance-unknown"})
	c.Want("probe an unknown instance", err, errs.Conflict)
}

func probe(c Parts) {
	for range 3 {
		_, err := c.Lifecycle.Probe(c.Ctx, &basev1.ProbeRequest{Instance: Instance})
		c.Must("probe", err)
	}
}

func crash(c Parts) {
	if c.Restart == nil {
		c.Skip("the plugin cannot be restarted here")
	}
	target, err := c.Restart(c.Ctx)
	c.Must("restart", err)
	before := c.Capabilities
	c.Must("connect", c.Connect(c.Ctx, target))
	if !slices.Equal(before, c.Capabilities) {
		c.Errorf("the capabilities were %q and are %q", before, c.Capabilities)
	}
	c.Must("call after the crash", c.Call(Instance))
}

// drain drains the plugin while it is called: a call succeeds or is refused, and none
// is broken off.
func drain(c Parts) {
	drained := make(chan struct{})
	c.Together(5, func(i int) {
		if i == 0 {
			defer close(drained)
			for range 2 {
				_, err := c.Lifecycle.Drain(c.Ctx, &basev1.DrainRequest{})
				c.Must("drain", err)
			}
			return
		}
		for {
			if err := c.Call(Instance); err != nil {
				c.Want("call during the drain", err, errs.Unavailable)
				return
			}
			select {
			case <-drained:
				return
			default:
			}
		}
	})
	c.Want("call after the drain", c.Call(Instance), errs.Unavailable)
}
