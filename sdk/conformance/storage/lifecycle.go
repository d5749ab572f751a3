package storage

import (
	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func lifecycleCases() []Case {
	return []Case{
		{Name: "validate-accepts-the-configuration", run: validateAccepts},
		{Name: "validate-refuses-what-is-no-object", run: validateRefuses},
		{Name: "configure-is-idempotent", run: configureTwice},
		{Name: "configure-refuses-what-is-no-object", run: configureRefuses},
		{Name: "two-instances-in-one-process", run: twoInstances},
		{Name: "unknown-instance", run: unknownInstance},
		{Name: "probe", run: probe},
		{Name: "missing-capabilities-are-unsupported", run: unsupported},
	}
}

func validateAccepts(c *check) {
	for range 2 {
		resp, err := c.lifecycle.Validate(c.ctx, &basev1.ValidateRequest{Config: c.opts.Config, Secrets: c.opts.Secrets})
		c.must("validate", err)
		for _, p := range resp.GetProblems() {
			c.errorf("the configuration has a problem: %s: %s", p.GetField(), p.GetMessage())
		}
	}
}

func validateRefuses(c *check) {
	for _, config := range []string{`[]`, `null`, `"x"`, `{`} {
		resp, err := c.lifecycle.Validate(c.ctx, &basev1.ValidateRequest{Config: []byte(config)})
		c.must("validate", err)
		if len(resp.GetProblems()) == 0 {
			c.errorf("the configuration %s has no problem", config)
		}
		for _, p := range resp.GetProblems() {
			if p.GetMessage() == "" {
				c.errorf("a problem of %s has no message", config)
			}
		}
	}
}

func configureTwice(c *check) {
	data := content(1, 100)
	path := c.path("x")
	c.put(path, data)
	for range 2 {
		resp, err := c.lifecycle.Configure(c.ctx, c.configuration(instance))
		c.must("configure", err)
		if len(resp.GetCapabilities()) != len(c.capabilities) {
			c.errorf("the capabilities were %q and are %q", c.capabilities, resp.GetCapabilities())
		}
	}
	c.holds(path, data)
}

func configureRefuses(c *check) {
	_, err := c.lifecycle.Configure(c.ctx, &basev1.ConfigureRequest{Instance: "conformance-bad", Config: []byte(`[]`)})
	c.want("configure a list", err, errs.Invalid)
	_, err = c.lifecycle.Configure(c.ctx, c.configuration(""))
	c.want("configure without a name", err, errs.Invalid)
}

func twoInstances(c *check) {
	const other = "conformance-other"
	_, err := c.lifecycle.Configure(c.ctx, c.configuration(other))
	c.must("configure another instance", err)
	data := content(2, 1000)
	path := c.path("x")
	c.put(path, data)
	resp, err := c.storage.Stat(c.ctx, &storagev1.StatRequest{Instance: other, Path: path})
	c.must("look through the other instance", err)
	if resp.GetSize() != int64(len(data)) {
		c.errorf("the other instance sees %d bytes", resp.GetSize())
	}
}

func unknownInstance(c *check) {
	_, err := c.storage.Stat(c.ctx, &storagev1.StatRequest{Instance: "conformance-unknown", Path: "x"})
	c.want("look at an object of an unknown instance", err, errs.Conflict)
	_, err = c.lifecycle.Probe(c.ctx, &basev1.ProbeRequest{Instance: "conformance-unknown"})
	c.want("probe an unknown instance", err, errs.Conflict)
}

func probe(c *check) {
	for range 3 {
		_, err := c.lifecycle.Probe(c.ctx, &basev1.ProbeRequest{Instance: instance})
		c.must("probe", err)
	}
}

// unsupported calls each method whose capability is missing.
func unsupported(c *check) {
	calls := []struct {
		capability string
		call       func() error
	}{
		{api.CapabilityList, func() error {
			stream, err := c.storage.List(c.ctx, &storagev1.ListRequest{Instance: instance})
			if err == nil {
				_, err = stream.Recv()
			}
			return err
		}},
		{api.CapabilityCopy, func() error {
			_, err := c.storage.Copy(c.ctx, &storagev1.CopyRequest{Instance: instance, From: c.path("a"), To: c.path("b")})
			return err
		}},
		{api.CapabilitySign, func() error {
			_, err := c.storage.SignURL(c.ctx, &storagev1.SignURLRequest{Instance: instance, Path: c.path("a"), Method: "GET", ExpiresInSeconds: 60})
			return err
		}},
		{api.CapabilityLocal, func() error {
			_, err := c.storage.OpenDescriptor(c.ctx, &storagev1.OpenDescriptorRequest{Instance: instance, Path: c.path("a")})
			return err
		}},
		{api.CapabilityUploads, func() error {
			_, err := c.storage.BeginUpload(c.ctx, &storagev1.BeginUploadRequest{Instance: instance, Upload: "x"})
			return err
		}},
		{api.CapabilityLocalUploads, func() error {
			_, err := c.storage.OpenUploadDescriptor(c.ctx, &storagev1.OpenUploadDescriptorRequest{Instance: instance, Upload: "x"})
			return err
		}},
	}
	for _, call := range calls {
		if !c.has(call.capability) {
			c.want("call without "+call.capability, call.call(), errs.Unsupported)
		}
	}
}

func drainCases() []Case {
	return []Case{{Name: "drain", run: drain}}
}

// drain is last: nothing can be called after it. So it cleans up by itself.
func drain(c *check) {
	path := c.prefix + "x"
	c.put(path, content(3, 10))
	_, err := c.storage.Delete(c.ctx, &storagev1.DeleteRequest{Instance: instance, Paths: []string{path}})
	c.must("delete", err)
	for range 2 {
		_, err := c.lifecycle.Drain(c.ctx, &basev1.DrainRequest{})
		c.must("drain", err)
	}
	_, err = c.storage.Stat(c.ctx, &storagev1.StatRequest{Instance: instance, Path: path})
	c.want("call after the drain", err, errs.Unavailable)
}
