package protocol

import (
	"net/http"
	"strings"
	"testing"

	"github.com/quay/quay/test/oci"
)

const unknownDigest = "sha256:" + "00000000000000000000000000000000000000000000000000000000000000aa"

// badNames are repository names as they appear in a request line. Whatever they
// decode to, no repository is called so.
var badNames = map[string]string{
	"parent":            "..",
	"parent inside":     "a/../b",
	"escaped parent":    "%2e%2e",
	"parent escaped up": "a/%2e%2e/%2e%2e/b",
	"escaped slash":     "a%2fb",
	"double escape":     "a%252fb",
	"double parent":     "%252e%252e",
	"upper case":        "Protocol/Upper",
	"leading slash":     "/a",
	"two slashes":       "a//b",
	"trailing slash":    "a/b/",
	"leading dash":      "-a/b",
	"trailing dash":     "a/b-",
	"leading dot":       "a/.b",
	"two dots":          "a/b..c",
	"trailing dot":      "a/b.",
	"underscores":       "a/b___c",
	"leading under":     "_catalog/x",
	"nul":               "a/b%00c",
	"newline":           "a/b%0ac",
	"emoji":             "a/%f0%9f%90%b3",
	"invalid utf-8":     "a/%ff%fe",
	"space":             "a/b%20c",
	"backslash":         "a/b%5cc",
	"colon":             "a/b:c",
	"at":                "a/b@c",
	"question":          "a/b%3fc",
	"256 letters":       "a/" + strings.Repeat("b", 256),
	"4096 letters":      "a/" + strings.Repeat("b", 4096),
	"200 components":    strings.Repeat("a/", 199) + "a",
}

// TestBadNamesAreRefused proves that a name outside the grammar is refused on
// every kind of path, for reading and for writing.
func TestBadNamesAreRefused(t *testing.T) {
	for what, name := range badNames {
		t.Run(what, func(t *testing.T) {
			for _, path := range []string{"/manifests/latest", "/manifests/" + unknownDigest, "/blobs/" + unknownDigest, "/tags/list", "/referrers/" + unknownDigest} {
				r := rawGet(t, "/v2/"+name+path)
				if strings.HasPrefix(path, "/referrers/") && r.Status == http.StatusOK {
					t.Errorf("referrers of %q: %s", name, r)
				}
				refused(t, r)
			}
			r, err := raw(t, false, "POST /v2/"+name+"/blobs/uploads/ HTTP/1.1\r\nHost: "+registry.Addr+
				"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			if err != nil {
				t.Fatal(err)
			}
			refused(t, r)
		})
	}
}

// TestUnusualNames proves that names which the grammar allows, however odd, are
// either served or properly refused.
func TestUnusualNames(t *testing.T) {
	for _, name := range []string{
		strings.TrimSuffix(strings.Repeat("a/", 40), "/"),
		"protocol/blobs", "protocol/manifests/latest", "blobs/uploads", "tags/list", "referrers/x",
		"protocol/a.b", "protocol/a_b", "protocol/a__b", "protocol/a--b", "a/" + strings.Repeat("b", 200), "single",
	} {
		t.Run(name[:min(len(name), 30)], func(t *testing.T) {
			image := oci.NewImage(1, 100)
			err := registry.Client.PushImage(t.Context(), name, "latest", image)
			r := get(t, "/v2/"+name+"/manifests/latest", oci.MediaTypeManifest)
			if err == nil {
				holdsManifest(t, name, "latest", oci.MediaTypeManifest, image.Manifest)
				return
			}
			refused(t, r)
			if r.Status != http.StatusNotFound && r.Status != http.StatusBadRequest {
				t.Errorf("push said %v, pull says %s", err, r)
			}
		})
	}
}

// TestUnknownPaths proves that whatever lies below /v2/ and is no endpoint is a
// refusal in the specification's form.
func TestUnknownPaths(t *testing.T) {
	for _, path := range []string{
		"/v2/x", "/v2/a/b", "/v2/a/b/", "/v2/a/b/tags", "/v2/a/b/tags/", "/v2/a/b/manifests", "/v2/a/b/manifests/",
		"/v2/a/b/blobs", "/v2/a/b/blobs/", "/v2/a/b/blobs/uploads/none", "/v2/_unknown", "/v2/a/b/referrers/",
		"/v2/tags/list", "/v2//tags/list", "/v2/manifests/latest",
	} {
		t.Run(path, func(t *testing.T) { refused(t, rawGet(t, path)) })
	}
}

// TestTagNames proves the grammar of tags: up to 128 characters of a small
// alphabet, and that a name outside of it stores nothing.
func TestTagNames(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "first", 2)
	for tag, ok := range map[string]bool{
		strings.Repeat("t", 128): true,
		"_":                      true,
		"A.b-c_9":                true,
		"9":                      true,
		strings.Repeat("t", 129): false,
		".":                      false,
		"..":                     false,
		"-dash":                  false,
		".dot":                   false,
		"a%2fb":                  false,
		"a%00b":                  false,
		"a%20b":                  false,
		"%f0%9f%90%b3":           false,
		"a:b":                    false,
		"a%0ab":                  false,
		"%25":                    false,
	} {
		t.Run(tag[:min(len(tag), 12)], func(t *testing.T) {
			r := put(t, repo, tag, oci.MediaTypeManifest, image.Manifest)
			if ok {
				if r.Status != http.StatusCreated {
					t.Errorf("tag %q: %s", tag, r)
				}
				holdsManifest(t, repo, tag, oci.MediaTypeManifest, image.Manifest)
				return
			}
			refused(t, r, http.StatusBadRequest, http.StatusNotFound)
			refused(t, rawGet(t, "/v2/"+repo+"/manifests/"+tag), http.StatusBadRequest, http.StatusNotFound)
		})
	}
	holdsManifest(t, repo, "first", oci.MediaTypeManifest, image.Manifest)
}

// TestBadDigests proves that what is no digest is refused wherever one is
// expected.
func TestBadDigests(t *testing.T) {
	repo := newRepo()
	pushImage(t, repo, "latest", 3)
	hex := strings.Repeat("a", 64)
	for what, digest := range map[string]string{
		"upper case":    "sha256:" + strings.ToUpper(hex),
		"short":         "sha256:abc",
		"one too long":  "sha256:" + hex + "a",
		"not hex":       "sha256:" + strings.Repeat("g", 64),
		"empty":         "sha256:",
		"md5":           "md5:d41d8cd98f00b204e9800998ecf8427e",
		"sha1":          "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
		"sha512 short":  "sha512:" + hex,
		"unknown":       "blake9:" + hex,
		"traversal":     "sha256:..%2f..%2f..%2fetc%2fpasswd",
		"traversal dot": "sha256:../../../etc/passwd",
		"nul":           "sha256:" + hex[:63] + "%00",
		"no colon":      hex,
		"two colons":    "sha256:sha256:" + hex,
		"upper scheme":  "SHA256:" + hex,
	} {
		t.Run(what, func(t *testing.T) {
			refused(t, rawGet(t, "/v2/"+repo+"/blobs/"+digest))
			refused(t, rawGet(t, "/v2/"+repo+"/manifests/"+digest))
			refused(t, rawGet(t, "/v2/"+repo+"/referrers/"+digest))
			refused(t, do(t, oci.Request{Method: http.MethodPut, Path: oci.WithDigest(startUpload(t, repo), digest)}),
				http.StatusBadRequest)
		})
	}
}
