package secscan

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/quay/quay/sdk/conformance/internal/runner"
	"github.com/quay/quay/sdk/errs"
	secscanv1 "github.com/quay/quay/sdk/proto/quay/plugin/secscan/v1"
	"github.com/quay/quay/sdk/protocol"
	api "github.com/quay/quay/sdk/secscan"
)

// unknown is the digest of a manifest that nobody has indexed.
const unknown = "sha256:c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00"

func scanCases() []Case {
	return []Case{
		{Name: "state", Run: state},
		{Name: "missing-capabilities-are-unsupported", Run: unsupported},
		{Name: "manifest-that-was-not-indexed", Run: notIndexed},
		{Name: "bad-digests", Run: badDigests},
		{Name: "bad-manifests", Run: badManifests},
		{Name: "index", Run: index},
		{Name: "index-at-once", Run: indexAtOnce},
		{Name: "vulnerabilities", Run: vulnerabilities},
		{Name: "index-report", Capability: api.CapabilityIndexReports, Run: indexReport},
		{Name: "delete", Capability: api.CapabilityDelete, Run: deleteIndex},
	}
}

func state(c *check) {
	for range 2 {
		resp, err := c.secscan.GetState(c.Ctx, &secscanv1.GetStateRequest{Instance: runner.Instance})
		c.Must("get the state", err)
		if err := api.CheckState(resp.GetState()); err != nil {
			c.Errorf("the state is wrong: %v", err)
		}
	}
}

// unsupported calls each method whose capability is missing.
func unsupported(c *check) {
	calls := []struct {
		capability string
		call       func() error
	}{
		{api.CapabilityIndexReports, func() error { _, err := c.indexReport(unknown); return err }},
		{api.CapabilityDelete, func() error { return c.forget(unknown) }},
		{api.CapabilityNotifications, func() error { _, err := c.receive("", "{}"); return err }},
		{api.CapabilityNotifications, func() error { _, _, err := c.page("x", ""); return err }},
		{api.CapabilityNotifications, func() error { return c.end("x") }},
	}
	for _, call := range calls {
		if !c.Has(call.capability) {
			c.Want("call without "+call.capability, call.call(), errs.Unsupported)
		}
	}
}

func notIndexed(c *check) {
	_, err := c.vulnerabilities(unknown)
	c.Want("get the vulnerabilities of a manifest that was not indexed", err, errs.NotFound)
	if c.Has(api.CapabilityIndexReports) {
		_, err := c.indexReport(unknown)
		c.Want("get the index report of a manifest that was not indexed", err, errs.NotFound)
	}
	if c.Has(api.CapabilityDelete) {
		c.Must("forget a manifest that was not indexed", c.forget(unknown))
	}
}

func badDigests(c *check) {
	for _, digest := range []string{
		"", "x", "sha256:", ":abc", "sha256:../../x", "sha256:a/b", "sha256:a?b=c", "sha256:%2e", "sha256:abc ", "sha256:a\x00", "sha256:" + strings.Repeat("a", 300),
	} {
		_, err := c.vulnerabilities(digest)
		c.Want("get the vulnerabilities of "+digest, err, errs.Invalid)
		_, err = c.index(&secscanv1.IndexRequest{Instance: runner.Instance, Digest: digest, Layers: goodLayers()})
		c.Want("index "+digest, err, errs.Invalid)
		if c.Has(api.CapabilityIndexReports) {
			_, err = c.indexReport(digest)
			c.Want("get the index report of "+digest, err, errs.Invalid)
		}
		if c.Has(api.CapabilityDelete) {
			c.Want("forget "+digest, c.forget(digest), errs.Invalid)
		}
	}
}

// goodLayers are such that only their contents do not exist.
func goodLayers() []*secscanv1.Layer {
	return []*secscanv1.Layer{{Digest: unknown, Size: 1, Uri: "http://127.0.0.1:1/layer"}}
}

func badManifests(c *check) {
	header := func(name, value string) func([]*secscanv1.Layer) []*secscanv1.Layer {
		return func(l []*secscanv1.Layer) []*secscanv1.Layer {
			l[0].Headers = []*secscanv1.Header{{Name: name, Value: value}}
			return l
		}
	}
	uri := func(uri string) func([]*secscanv1.Layer) []*secscanv1.Layer {
		return func(l []*secscanv1.Layer) []*secscanv1.Layer { l[0].Uri = uri; return l }
	}
	tests := []struct {
		what   string
		change func([]*secscanv1.Layer) []*secscanv1.Layer
	}{
		{"no layers", func([]*secscanv1.Layer) []*secscanv1.Layer { return nil }},
		{"too many layers", func(l []*secscanv1.Layer) []*secscanv1.Layer {
			for len(l) <= api.MaxLayers {
				l = append(l, l[0])
			}
			return l
		}},
		{"a layer without a digest", func(l []*secscanv1.Layer) []*secscanv1.Layer { l[0].Digest = ""; return l }},
		{"a layer of a negative size", func(l []*secscanv1.Layer) []*secscanv1.Layer { l[0].Size = -1; return l }},
		{"a layer without an address", uri("")},
		{"a layer in a file", uri("file:///etc/passwd")},
		{"a layer at a relative address", uri("/v2/x")},
		{"a header without a name", header("", "x")},
		{"a header of two lines", header("Accept", "x\r\nHost: y")},
		{"a header that is too long", header("Accept", strings.Repeat("x", api.MaxHeaderBytes))},
	}
	for _, test := range tests {
		_, err := c.index(&secscanv1.IndexRequest{Instance: runner.Instance, Digest: unknown, Layers: test.change(goodLayers())})
		c.Want("index a manifest with "+test.what, err, errs.Invalid)
	}
}

// needManifest skips the rest of a case when there is no manifest to index.
func (c *check) needManifest() {
	if c.known.Manifest.Digest == "" {
		c.Skip("no manifest is known")
	}
}

// manifest is the known manifest.
func (c *check) manifest() *secscanv1.IndexRequest {
	req := &secscanv1.IndexRequest{Instance: runner.Instance, Digest: c.known.Manifest.Digest}
	for _, l := range c.known.Manifest.Layers {
		layer := &secscanv1.Layer{Digest: l.Digest, Size: l.Size, Uri: l.URI}
		for _, h := range l.Headers {
			layer.Headers = append(layer.Headers, &secscanv1.Header{Name: h.Name, Value: h.Value})
		}
		req.Layers = append(req.Layers, layer)
	}
	return req
}

// indexKnown indexes the known manifest.
func (c *check) indexKnown() {
	c.needManifest()
	report, err := c.index(c.manifest())
	c.Must("index", err)
	c.members("index report", report, "manifest_hash", "state", "err", "success")
	var r struct {
		ManifestHash string `json:"manifest_hash"`
		State        string `json:"state"`
		Err          string `json:"err"`
	}
	c.Must("read the index report", json.Unmarshal(report, &r))
	if r.ManifestHash != c.known.Manifest.Digest || r.State != "IndexFinished" || r.Err != "" {
		c.Errorf("the index report is of %q in the state %q with the error %q", r.ManifestHash, r.State, r.Err)
	}
}

// index is done twice: what is indexed can be indexed again.
func index(c *check) {
	c.indexKnown()
	c.indexKnown()
}

func indexAtOnce(c *check) {
	c.needManifest()
	c.Together(4, func(int) { c.indexKnown() })
}

func vulnerabilities(c *check) {
	c.indexKnown()
	report, err := c.vulnerabilities(c.known.Manifest.Digest)
	c.Must("get the vulnerabilities", err)
	c.members("vulnerability report", report,
		"manifest_hash", "packages", "distributions", "environments", "vulnerabilities", "package_vulnerabilities")
}

func indexReport(c *check) {
	c.indexKnown()
	report, err := c.indexReport(c.known.Manifest.Digest)
	c.Must("get the index report", err)
	c.members("index report", report, "manifest_hash", "state", "err", "success")
}

func deleteIndex(c *check) {
	c.indexKnown()
	for range 2 {
		c.Must("forget", c.forget(c.known.Manifest.Digest))
	}
	_, err := c.vulnerabilities(c.known.Manifest.Digest)
	c.Want("get the vulnerabilities of a forgotten manifest", err, errs.NotFound)
	c.indexKnown()
}

// members notes a problem unless a report is a JSON object with the members.
func (c *check) members(what string, report []byte, names ...string) {
	var object map[string]json.RawMessage
	c.Must("read the "+what, json.Unmarshal(report, &object))
	for _, name := range names {
		if _, ok := object[name]; !ok {
			c.Errorf("the %s has no %s", what, name)
		}
	}
}

// collect puts a report together.
func collect[T interface{ GetData() []byte }](next func() (T, error)) ([]byte, error) {
	var report []byte
	for {
		resp, err := next()
		switch {
		case errors.Is(err, io.EOF):
			return report, nil
		case err != nil:
			return nil, err
		case len(resp.GetData()) > protocol.MaxDataBytes:
			return nil, errs.New(errs.Internal, "a message has %d bytes", len(resp.GetData()))
		}
		report = append(report, resp.GetData()...)
	}
}

func (c *check) index(req *secscanv1.IndexRequest) ([]byte, error) {
	stream, err := c.secscan.Index(c.Ctx, req)
	if err != nil {
		return nil, err
	}
	first := true
	return collect(func() (*secscanv1.IndexResponse, error) {
		resp, err := stream.Recv()
		if err == nil && first != (resp.GetState() != "") {
			c.Errorf("the state is not in the first message alone")
		}
		first = false
		return resp, err
	})
}

func (c *check) vulnerabilities(digest string) ([]byte, error) {
	stream, err := c.secscan.GetVulnerabilityReport(c.Ctx, &secscanv1.GetVulnerabilityReportRequest{Instance: runner.Instance, Digest: digest})
	if err != nil {
		return nil, err
	}
	return collect(stream.Recv)
}

func (c *check) indexReport(digest string) ([]byte, error) {
	stream, err := c.secscan.GetIndexReport(c.Ctx, &secscanv1.GetIndexReportRequest{Instance: runner.Instance, Digest: digest})
	if err != nil {
		return nil, err
	}
	return collect(stream.Recv)
}

func (c *check) forget(digest string) error {
	_, err := c.secscan.DeleteIndex(c.Ctx, &secscanv1.DeleteIndexRequest{Instance: runner.Instance, Digest: digest})
	return err
}
