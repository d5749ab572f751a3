package storage

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/quay/quay/sdk/errs"
	storagev1 "github.com/quay/quay/sdk/proto/quay/plugin/storage/v1"
	api "github.com/quay/quay/sdk/storage"
)

func signCases() []Case {
	cases := []Case{
		{
			Name: "sign", Run: sign,
			Promise: "A client without credentials can do at a signed URL what it is signed for, and gets the object's bytes and size.",
		},
		{
			Name: "sign-ranges", Run: signRanges,
			Promise: "A signed URL gives the range that is asked for, or the whole object.",
		},
		{
			Name: "sign-a-missing-object", Run: signMissing,
			Promise: "Signing a missing object fails as not found, or the URL does not give an object.",
		},
		{
			Name: "sign-is-for-one-object", Run: signTampered,
			Promise: "A URL without its signature, or with another path, gives nothing.",
		},
		{
			Name: "sign-expires", Run: signExpires, Long: true,
			Promise: "A signed URL works until it expires and not much longer.",
		},
		{
			Name: "sign-refuses", Run: signRefuses,
			Promise: "A URL is signed for GET or HEAD and for one second to seven days; all else is invalid.",
		},
	}
	for i := range cases {
		cases[i].Capability = api.CapabilitySign
	}
	return cases
}

// signed returns a URL for an object, or ends the case.
func (c *check) signed(path, method string, seconds int64) string {
	resp, err := c.storage.SignURL(c.Ctx, &storagev1.SignURLRequest{Instance: instance, Path: path, Method: method, ExpiresInSeconds: seconds})
	c.Must("sign", err)
	return resp.GetUrl()
}

// fetched is what a client without credentials gets at a URL.
type fetched struct {
	status int
	length int64
	body   []byte
}

// fetch asks for a URL, with a range unless that is empty.
func (c *check) fetch(method, url, byteRange string) fetched {
	f, err := fetch(c.Ctx, method, url, byteRange)
	c.Must("use the URL", err)
	return f
}

func fetch(ctx context.Context, method, url, byteRange string) (fetched, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return fetched{}, err
	}
	if byteRange != "" {
		req.Header.Set("Range", byteRange)
	}
	// A transport of its own leaves no idle connection, and no proxy is asked twice.
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return fetched{}, err
	}
	defer resp.Body.Close()
	const most = 1 << 20
	body, err := io.ReadAll(io.LimitReader(resp.Body, most))
	return fetched{status: resp.StatusCode, length: resp.ContentLength, body: body}, err
}

func sign(c *check) {
	for i, name := range []string{"x", "a b+c%", "ä/?#&=", "deep/below/x"} {
		path := c.path(name)
		data := content(byte(i), 100000)
		c.put(path, data)
		got := c.fetch(http.MethodGet, c.signed(path, http.MethodGet, 300), "")
		if got.status != http.StatusOK {
			c.Errorf("GET %s gives the status %d", name, got.status)
			continue
		}
		c.equal("what the URL gives", got.body, data)
		got = c.fetch(http.MethodHead, c.signed(path, http.MethodHead, 300), "")
		if got.status != http.StatusOK || got.length != int64(len(data)) {
			c.Errorf("HEAD %s gives the status %d and the length %d", name, got.status, got.length)
		}
	}
}

func signRanges(c *check) {
	path := c.path("x")
	data := content(1, 100000)
	c.put(path, data)
	got := c.fetch(http.MethodGet, c.signed(path, http.MethodGet, 300), "bytes=1000-1999")
	switch got.status {
	case http.StatusPartialContent:
		c.equal("the range", got.body, data[1000:2000])
	case http.StatusOK:
		c.equal("what the URL gives", got.body, data)
	default:
		c.Errorf("a GET with a range gives the status %d", got.status)
	}
}

func signMissing(c *check) {
	resp, err := c.storage.SignURL(c.Ctx, &storagev1.SignURLRequest{Instance: instance, Path: c.path("missing"), Method: "GET", ExpiresInSeconds: 60})
	if err != nil {
		c.Want("sign what is missing", err, errs.NotFound)
		return
	}
	if got := c.fetch(http.MethodGet, resp.GetUrl(), ""); got.status < 400 {
		c.Errorf("the URL of a missing object gives the status %d", got.status)
	}
}

func signTampered(c *check) {
	secret := c.path("secret-object")
	public := c.path("public-object")
	c.put(secret, content(1, 1000))
	c.put(public, content(2, 1000))
	signed := c.signed(public, http.MethodGet, 300)
	for what, url := range map[string]string{
		"another object":                  strings.ReplaceAll(signed, "public-object", "secret-object"),
		"another one without a signature": strings.ReplaceAll(withoutQuery(signed), "public-object", "secret-object"),
	} {
		if !strings.Contains(url, "secret-object") {
			continue // Its URLs hide the path, so that nobody can make one of another.
		}
		if got, err := fetch(c.Ctx, http.MethodGet, url, ""); err == nil && got.status == http.StatusOK {
			c.Errorf("a signed URL that was changed to %s gives %d bytes", what, len(got.body))
		}
	}
}

// withoutQuery returns a URL without what follows its path.
func withoutQuery(url string) string {
	before, _, _ := strings.Cut(url, "?")
	return before
}

func signExpires(c *check) {
	path := c.path("x")
	c.put(path, content(1, 100))
	url := c.signed(path, http.MethodGet, 2)
	if got := c.fetch(http.MethodGet, url, ""); got.status != http.StatusOK {
		c.Fatalf("the URL gives the status %d before it expires", got.status)
	}
	// Servers allow for clocks that differ, and some count whole seconds.
	const grace = 10 * time.Second
	for end := time.Now().Add(grace); ; {
		time.Sleep(time.Second)
		if got := c.fetch(http.MethodGet, url, ""); got.status >= 400 {
			return
		}
		if time.Now().After(end) {
			c.Fatalf("a URL that was signed for two seconds still works after %v", grace)
		}
	}
}

func signRefuses(c *check) {
	path := c.path("x")
	for _, r := range []*storagev1.SignURLRequest{
		{Method: "PUT", ExpiresInSeconds: 60},
		{Method: "DELETE", ExpiresInSeconds: 60},
		{Method: "get", ExpiresInSeconds: 60},
		{Method: "", ExpiresInSeconds: 60},
		{Method: "GET", ExpiresInSeconds: 0},
		{Method: "GET", ExpiresInSeconds: -1},
		{Method: "GET", ExpiresInSeconds: 7*24*3600 + 1},
	} {
		r.Instance, r.Path = instance, path
		_, err := c.storage.SignURL(c.Ctx, r)
		c.Want(fmt.Sprintf("sign for %q and %d seconds", r.GetMethod(), r.GetExpiresInSeconds()), err, errs.Invalid)
	}
}
