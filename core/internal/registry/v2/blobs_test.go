package v2_test

import (
	"context"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/place"
	v2 "github.com/quay/quay/core/internal/registry/v2"
	"github.com/quay/quay/sdk/errs"
)

// pushed is a registry with one blob.
func pushed(t *testing.T, s settings, content string) *registry {
	t.Helper()
	reg := startSQLite(t, s)
	if a := reg.send("POST", "uploads/?digest="+digest(content), content); a.status != 201 {
		t.Fatalf("%+v", a)
	}
	return reg
}

const (
	octets   = "application/octet-stream"
	headAge  = "max-age=31436000"
	bodyAge  = "max-age=31536000"
	noSuch   = "blob unknown to registry"
	storeURL = "https://store.example.test/bucket/sha256/aa?sig=a%2Fb&x=%20"
)

// TestBlobAnswers proves that a blob of a local store is answered as by the product: that
// parts of it can be asked for is not announced, but done.
func TestBlobAnswers(t *testing.T) {
	reg := pushed(t, settings{}, "hello")
	d := digest("hello")
	reg.send("HEAD", d, "").want(t, "HEAD", 200, "Docker-Content-Digest", d, "Content-Type", octets, "Cache-Control", headAge)
	reg.send("GET", d, "").want(t, "GET", 200, "Docker-Content-Digest", d, "Content-Type", octets, "Cache-Control", bodyAge)
	part := reg.send("GET", d, "", "Range", "bytes=1-3")
	part.want(t, "a part", 206, "Docker-Content-Digest", d, "Content-Type", octets, "Cache-Control", bodyAge,
		"Content-Range", "bytes 1-3/5", "Accept-Ranges", "bytes", "Etag", `"`+d+`"`)
	if part.body != "ell" {
		t.Errorf("a part: %q", part.body)
	}
	for _, unknown := range []string{digest("other"), "sha256:abc", "md5:d41d8cd98f00b204e9800998ecf8427e", "latest"} {
		reg.send("GET", unknown, "").refused(t, unknown, 404, "BLOB_UNKNOWN", noSuch, "{}")
		reg.send("HEAD", unknown, "").want(t, "HEAD of "+unknown, 404, "Content-Type", "application/json")
	}
	reg.send("DELETE", d, "").refused(t, "DELETE", 405, "UNSUPPORTED", "The operation is unsupported.", "{}")
	reg.send("DELETE", "latest", "").refused(t, "DELETE of what is no digest", 405, "UNSUPPORTED", "The operation is unsupported.", "{}")
}

// TestSpecBlobs proves that a blob says that it can be had in parts where answers are
// those of the specification.
func TestSpecBlobs(t *testing.T) {
	reg := pushed(t, settings{options: v2.Options{Spec: true}}, "hello")
	d := digest("hello")
	for method, age := range map[string]string{"HEAD": headAge, "GET": bodyAge} {
		reg.send(method, d, "").want(t, method, 200, "Docker-Content-Digest", d, "Content-Type", octets, "Cache-Control", age,
			"Accept-Ranges", "bytes", "Etag", `"`+d+`"`)
	}
}

// signing is a location that gives URLs to its objects.
type signing struct {
	place.Backend
	url string
	err error
}

func (s signing) Signs() bool { return true }

func (s signing) SignURL(_ context.Context, path, method string, expiry time.Duration) (string, error) {
	if path != "sha256/2c/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" || method != "GET" || expiry != 10*time.Minute {
		return "", errs.New(errs.Internal, "asked for %s of %s for %v", method, path, expiry)
	}
	return s.url, s.err
}

// proxied goes through a front end.
type proxied struct{}

func (proxied) URL(_ context.Context, storeURL string) (string, error) {
	return host + "/_storage_proxy/token/" + storeURL, nil
}

// TestRedirect proves that a client is sent to a store which gives URLs, byte for byte,
// or through the front end where that is set up, that HEAD is answered here, and that the
// blob comes from here where the store gives no URL after all.
func TestRedirect(t *testing.T) {
	d := digest("hello")
	with := func(err error) func(place.Backend) place.Backend {
		return func(b place.Backend) place.Backend { return signing{b, storeURL, err} }
	}
	moved := []string{
		"Docker-Content-Digest", d, "Content-Type", html, "Cache-Control", bodyAge, "Accept-Ranges", "bytes", "Location", storeURL,
	}
	reg := pushed(t, settings{wrap: with(nil)}, "hello")
	reg.send("GET", d, "").want(t, "GET", 302, moved...)
	reg.send("HEAD", d, "").want(t, "HEAD", 200, "Docker-Content-Digest", d, "Content-Type", octets, "Cache-Control", headAge, "Accept-Ranges", "bytes")

	reg = pushed(t, settings{wrap: with(nil), proxy: proxied{}}, "hello")
	moved[len(moved)-1] = host + "/_storage_proxy/token/" + storeURL
	reg.send("GET", d, "").want(t, "GET through the front end", 302, moved...)

	reg = pushed(t, settings{wrap: with(errs.New(errs.Unsupported, "not now"))}, "hello")
	if a := reg.send("GET", d, ""); a.status != 200 || a.body != "hello" {
		t.Errorf("no URL: %+v", a)
	}
	reg = pushed(t, settings{wrap: with(errs.New(errs.Unavailable, "away"))}, "hello")
	if a := reg.send("GET", d, ""); a.status != 503 || a.header.Get("Docker-Content-Digest") != "" {
		t.Errorf("no answer: %+v", a)
	}
}
