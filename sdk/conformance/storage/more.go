package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

// moreCases are those of the capabilities list, copy and sign.
func moreCases() []Case {
	return []Case{
		{Name: "list-in-order", Capability: api.CapabilityList, run: listOrder},
		{Name: "list-prefixes", Capability: api.CapabilityList, run: listPrefixes},
		{Name: "list-many", Capability: api.CapabilityList, run: listMany, long: true},
		{Name: "copy", Capability: api.CapabilityCopy, run: copyObject},
		{Name: "sign", Capability: api.CapabilitySign, run: sign},
		{Name: "sign-refuses", Capability: api.CapabilitySign, run: signRefuses},
	}
}

// list returns the paths and sizes below a prefix.
func (c *check) list(prefix string) ([]string, []int64, error) {
	stream, err := c.storage.List(c.ctx, &storagev1.ListRequest{Instance: instance, Prefix: prefix})
	if err != nil {
		return nil, nil, err
	}
	var paths []string
	var sizes []int64
	for {
		resp, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return paths, sizes, nil
		}
		if err != nil {
			return paths, sizes, err
		}
		for _, o := range resp.GetObjects() {
			paths, sizes = append(paths, o.GetPath()), append(sizes, o.GetSize())
		}
	}
}

// lists notes a problem unless exactly these paths begin with a prefix.
func (c *check) lists(prefix string, want []string) {
	got, _, err := c.list(prefix)
	c.must("list "+prefix, err)
	if !slices.Equal(got, want) {
		c.errorf("below %q are %q, not %q", prefix, got, want)
	}
}

func listOrder(c *check) {
	// In a tree of files the order of paths is not that in which one walks it.
	names := []string{"a-b", "a.b", "a/b", "a/b.c", "a/c/d", "a0", "B", "b/x/y", "z"}
	for i, name := range names {
		c.put(c.path(name), content(1, i))
	}
	var want []string
	for _, name := range names {
		want = append(want, c.prefix+name)
	}
	slices.Sort(want)
	paths, sizes, err := c.list(c.prefix)
	c.must("list", err)
	if !slices.Equal(paths, want) {
		c.errorf("the list is %q, not %q", paths, want)
	}
	for i, path := range paths {
		if at := slices.Index(names, path[len(c.prefix):]); int64(at) != sizes[i] {
			c.errorf("%s has the size %d, not %d", path, sizes[i], at)
		}
	}
}

func listPrefixes(c *check) {
	var all []string
	for _, name := range []string{"ab/1", "ab/2", "abc", "b/ab/1"} {
		path := c.path(name)
		c.put(path, nil)
		all = append(all, path)
	}
	c.lists(c.prefix, all)
	c.lists(c.prefix+"a", all[:3])
	c.lists(c.prefix+"ab", all[:3])
	c.lists(c.prefix+"ab/", all[:2])
	c.lists(c.prefix+"ab/2", all[1:2])
	c.lists(c.prefix+"abc", all[2:3])
	c.lists(c.prefix+"abc/", nil)
	c.lists(c.prefix+"nothing", nil)
	c.lists(c.prefix+"nothing/at/all", nil)
	_, _, err := c.list("../")
	c.want("list a bad prefix", err, errs.Invalid)
}

// listMany needs more than one message, and more than one page of a cloud's API.
func listMany(c *check) {
	const n = 1050
	want := make([]string, n)
	for i := range want {
		want[i] = c.path(fmt.Sprintf("%02d/%04d", i%10, i))
	}
	c.together(10, func(worker int) {
		for i := worker; i < n; i += 10 {
			c.put(want[i], nil)
		}
	})
	slices.Sort(want)
	c.lists(c.prefix, want)
}

func copyObject(c *check) {
	from, to := c.path("from"), c.path("below/to")
	data := content(1, 1<<20+1)
	copies := func(from, to string) error {
		_, err := c.storage.Copy(c.ctx, &storagev1.CopyRequest{Instance: instance, From: from, To: to})
		return err
	}
	c.want("copy what is missing", copies(from, to), errs.NotFound)
	c.absent(to)
	c.put(from, data)
	for range 2 {
		c.must("copy", copies(from, to))
		c.holds(to, data)
	}
	c.must("copy onto itself", copies(from, from))
	c.holds(from, data)
	// The copy is an object of its own.
	_, err := c.storage.Delete(c.ctx, &storagev1.DeleteRequest{Instance: instance, Paths: []string{from}})
	c.must("delete", err)
	c.holds(to, data)
	for _, bad := range []string{"", "../x"} {
		c.want("copy to a bad path", copies(to, bad), errs.Invalid)
		c.want("copy from a bad path", copies(bad, to), errs.Invalid)
	}
}

func sign(c *check) {
	data := content(1, 100000)
	path := c.path("a b+c%")
	c.put(path, data)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		resp, err := c.storage.SignURL(c.ctx, &storagev1.SignURLRequest{Instance: instance, Path: path, Method: method, ExpiresInSeconds: 300})
		c.must("sign", err)
		got, err := fetch(c.ctx, method, resp.GetUrl())
		c.must("use the URL", err)
		if method == http.MethodGet && !bytes.Equal(got, data) {
			c.errorf("the URL gives %d bytes, not those of the object", len(got))
		}
	}
}

func fetch(ctx context.Context, method, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the status is %s", resp.Status)
	}
	return io.ReadAll(io.LimitReader(resp.Body, 1<<20))
}

func signRefuses(c *check) {
	for _, r := range []*storagev1.SignURLRequest{
		{Method: "PUT", ExpiresInSeconds: 60},
		{Method: "", ExpiresInSeconds: 60},
		{Method: "GET", ExpiresInSeconds: 0},
		{Method: "GET", ExpiresInSeconds: -1},
		{Method: "GET", ExpiresInSeconds: 8 * 24 * 3600},
	} {
		r.Instance, r.Path = instance, c.path("x")
		_, err := c.storage.SignURL(c.ctx, r)
		c.want(fmt.Sprintf("sign for %q and %d seconds", r.GetMethod(), r.GetExpiresInSeconds()), err, errs.Invalid)
	}
}
