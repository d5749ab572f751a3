package storage

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	"github.com/quay/quay/sdk/errs"
	basev1 "github.com/quay/quay/sdk/proto/quay/plugin/base/v1"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func lifecycleCases() []Case {
	return []Case{
		{
			Name: "validate-makes-nothing", Run: validateMakesNothing,
			Promise: "Validate has no side effects: it opens no instance and makes no file or directory.",
		},
		{
			Name: "instances-share-the-objects", Run: instancesShare,
			Promise: "Two instances with one configuration are the same location.",
		},
		{
			Name: "replace-an-instance-under-transfers", Run: replaceUnderTransfers,
			Promise: "Transfers that are under way when an instance is configured anew finish on the old configuration.",
		},
		{
			Name: "missing-capabilities-are-unsupported", Run: unsupported,
			Promise: "Calls that need a capability which the instance does not have fail as unsupported.",
		},
	}
}

func validateMakesNothing(c *check) {
	config := c.Config
	if c.absent.Path != "" {
		config = c.absent.Config
	}
	resp, err := c.Lifecycle.Validate(c.Ctx, &basev1.ValidateRequest{Config: config, Secrets: c.Secrets})
	c.Must("validate", err)
	if problems := resp.GetProblems(); len(problems) > 0 {
		c.Errorf("the configuration has a problem: %s: %s", problems[0].GetField(), problems[0].GetMessage())
	}
	// The name of an instance is not known to Validate, so it cannot have one.
	_, err = c.Lifecycle.Probe(c.Ctx, &basev1.ProbeRequest{Instance: ""})
	c.Want("probe an instance without a name", err, errs.Conflict)
	if c.absent.Path == "" {
		return
	}
	if _, err := os.Lstat(c.absent.Path); !errors.Is(err, fs.ErrNotExist) {
		c.Errorf("%s exists after Validate: %v", c.absent.Path, err)
	}
}

// other configures another instance of the same location.
func (c *check) other() string {
	const name = "conformance-other"
	_, err := c.Lifecycle.Configure(c.Ctx, c.Configuration(name))
	c.Must("configure another instance", err)
	return name
}

func instancesShare(c *check) {
	other := c.other()
	data := content(2, 1000)
	path := c.path("x")
	c.put(path, data)
	got, err := c.readFrom(other, path, 0, mostRead)
	c.Must("read through the other instance", err)
	c.equal("what the other instance reads", got, data)
}

func replaceUnderTransfers(c *check) {
	data := content(1, 8<<20)
	path, written := c.path("read"), c.path("written")
	c.put(path, data)

	read, err := c.storage.Read(c.Ctx, &storagev1.ReadRequest{Instance: instance, Path: path})
	c.Must("read", err)
	first, err := read.Recv()
	c.Must("read the first message", err)
	got := slices.Clone(first.GetData())
	write, err := c.storage.Write(c.Ctx)
	c.Must("write", err)
	c.Must("write a part", write.Send(&storagev1.WriteRequest{Instance: instance, Path: written, Data: data[:100000]}))

	req := c.Configuration(instance)
	req.Config = runner.Padded(c.Config, 1) // An equal request would change nothing.
	_, err = c.Lifecycle.Configure(c.Ctx, req)
	c.Must("configure anew", err)

	got, err = drainRead(read, got, mostRead)
	c.Must("go on reading", err)
	c.equal("what is read over the change", got, data)
	c.Must("go on writing", write.Send(&storagev1.WriteRequest{Data: data[100000:200000]}))
	_, err = write.CloseAndRecv()
	c.Must("finish writing", err)
	c.holds(written, data[:200000])
}

// unsupported calls each method whose capability is missing.
func unsupported(c *check) {
	calls := []struct {
		capability string
		call       func() error
	}{
		{api.CapabilityList, func() error {
			_, err := c.list(c.prefix)
			return err
		}},
		{api.CapabilityCopy, func() error { return c.copy(c.path("a"), c.path("b")) }},
		{api.CapabilitySign, func() error {
			_, err := c.storage.SignURL(c.Ctx, &storagev1.SignURLRequest{Instance: instance, Path: c.path("a"), Method: "GET", ExpiresInSeconds: 60})
			return err
		}},
		{api.CapabilityLocal, func() error {
			_, err := c.storage.OpenDescriptor(c.Ctx, &storagev1.OpenDescriptorRequest{Instance: instance, Path: c.path("a")})
			return err
		}},
		{api.CapabilityUploads, func() error {
			_, err := c.storage.BeginUpload(c.Ctx, &storagev1.BeginUploadRequest{Instance: instance, Upload: "x"})
			return err
		}},
		{api.CapabilityUploads, func() error {
			_, err := c.tryAppend("x", 0, nil, []byte("x"))
			return err
		}},
		{api.CapabilityUploads, func() error { return c.commit("x", c.path("a"), 0, nil) }},
		{api.CapabilityUploads, func() error {
			_, err := c.storage.CancelUpload(c.Ctx, &storagev1.CancelUploadRequest{Instance: instance, Upload: "x"})
			return err
		}},
		{api.CapabilityLocalUploads, func() error {
			_, err := c.storage.OpenUploadDescriptor(c.Ctx, &storagev1.OpenUploadDescriptorRequest{Instance: instance, Upload: "x"})
			return err
		}},
	}
	for _, call := range calls {
		if !c.Has(call.capability) {
			c.Want("call without "+call.capability, call.call(), errs.Unsupported)
		}
	}
}

func drainCases() []Case {
	return []Case{{
		Name: "drain", Run: drain,
		Promise: "Drain waits for the calls that are under way, which end soon after they are given up, refuses new ones as unavailable, and can be repeated.",
	}}
}

// drain is last: nothing can be called after it. What it writes never becomes an
// object, so nothing is left.
func drain(c *check) {
	c.drained = true
	path := c.prefix + "x"
	ctx, giveUp := context.WithCancel(c.Ctx)
	defer giveUp()
	for range 3 {
		stream, err := c.storage.Write(ctx)
		c.Must("write", err)
		c.Must("write a part", stream.Send(&storagev1.WriteRequest{Instance: instance, Path: path, Data: content(1, 100000)}))
	}
	c.settle() // So that the plugin has begun to write.

	drained := make(chan error, 1)
	go func() {
		_, err := c.Lifecycle.Drain(c.Ctx, &basev1.DrainRequest{})
		drained <- err
	}()
	select {
	case err := <-drained:
		c.Errorf("drain did not wait for three writes that are under way: %v", err)
		drained <- err
	case <-time.After(300 * time.Millisecond):
	}
	_, err := c.stat(path)
	c.Want("call during the drain", err, errs.Unavailable)

	c.soon("drain after the writes were given up", func() {
		giveUp()
		c.Must("drain", <-drained)
	})
	_, err = c.Lifecycle.Drain(c.Ctx, &basev1.DrainRequest{})
	c.Must("drain again", err)
	_, err = c.stat(path)
	c.Want("call after the drain", err, errs.Unavailable)
}
