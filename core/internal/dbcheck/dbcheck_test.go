package dbcheck

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/schema1"
)

// What the check finds in a database is tested beside the database, in package
// store, with registries that are broken on purpose.

// TestParseNames proves which names of invariants are understood.
func TestParseNames(t *testing.T) {
	for in, want := range map[string][]Invariant{"": All(), " ": All(), "I3": {I3}, "i1, I8": {I1, I8}} {
		if got, err := Parse(in); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"I9", "I1,", "all"} {
		if got, err := Parse(in); err == nil {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// TestParseManifest proves what of a manifest is looked for: everything but what
// others have.
func TestParseManifest(t *testing.T) {
	c, err := parse([]byte(`{"config": {"digest": "c", "size": 1}, "blobs": [{"digest": "b"}], "layers": [
		{"digest": "l", "size": 2}, {"digest": "u", "urls": ["https://x"]}, {"digest": "f", "mediaType": "x.foreign.y"},
		{"digest": "n", "mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar"}],
		"fsLayers": [{"blobSum": "s"}], "manifests": [{"digest": "m"}], "subject": {"digest": "t"}, "artifactType": "a"}`))
	if err != nil {
		t.Fatal(err)
	}
	var blobs []string
	for _, b := range c.blobs {
		blobs = append(blobs, b.Digest)
	}
	if !slices.Equal(blobs, []string{"c", "l", "b", "s"}) || !slices.Equal(c.children, []string{"m"}) || c.subject != "t" || c.artifactType != "a" {
		t.Errorf("%+v", c)
	}
	if _, err := parse([]byte(`[`)); err == nil {
		t.Error("no JSON is a manifest")
	}
}

// TestDigestOf proves that the digest is of the bytes, but for schema 1, where it is
// of what was signed.
func TestDigestOf(t *testing.T) {
	like := "sha512:00"
	if got, err := digestOf("x", []byte("a"), like); err != nil || got != string(domain.SHA512.Of([]byte("a"))) {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := digestOf("x", nil, "md5:00"); err == nil {
		t.Error("MD5 is computed")
	}
	key, err := schema1.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	signed, err := key.Sign(schema1.Image{Name: "acme/web", Tag: "v1", Architecture: "amd64", Layers: []schema1.Layer{
		{Digest: domain.SHA256.Of(nil), V1Compatibility: "{}"},
	}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	m, err := schema1.Parse(signed)
	if err != nil {
		t.Fatal(err)
	}
	got, err := digestOf(schema1.SignedMediaType, signed, "sha256:00")
	if err != nil || got != string(m.Digest()) || got == string(domain.SHA256.Of(signed)) {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := digestOf(schema1.SignedMediaType, []byte("{}"), "sha256:00"); err == nil {
		t.Error("an empty object is a schema 1 manifest")
	}
}

// TestMatch proves that beginnings get their entries one by one, however close they
// are, and that one too few or too many is seen.
func TestMatch(t *testing.T) {
	c := &check{Options: Options{Skew: 10 * time.Second}}
	zero := time.Unix(1790000000, 0)
	at := func(seconds ...int) (times []time.Time) {
		for _, s := range seconds {
			times = append(times, zero.Add(time.Duration(s)*time.Second))
		}
		return times
	}
	for _, tc := range []struct {
		starts, entries []int
		taken, surplus  bool
	}{
		{[]int{0}, []int{1}, true, false},
		{[]int{0}, []int{-9}, true, false},
		{[]int{0}, []int{11}, false, false},
		{[]int{0}, nil, false, false},
		{[]int{0}, []int{1, 2}, true, true},
		{[]int{0}, []int{-5, -4, 0}, true, true},
		{[]int{-1, 0, 1}, []int{-1, 0, 1}, true, false},
		{[]int{-1, 0, 1}, []int{0, 1, 2}, true, false},
		{[]int{-1, 0}, []int{0}, false, false},
		{[]int{0, 100}, []int{1, 101, 102}, true, false},
	} {
		taken, surplus := c.match(at(tc.starts...), at(tc.entries...), zero)
		if taken != tc.taken || surplus != tc.surplus {
			t.Errorf("%v, %v: taken %v, surplus %v", tc.starts, tc.entries, taken, surplus)
		}
	}
}

// TestLeaks proves what is taken for a secret, in lines as programs write them, and
// what is not.
func TestLeaks(t *testing.T) {
	c := &check{Options: Options{Secrets: []Secret{{"SECRET_KEY", "correct horse"}, {"SHORT", "abc"}}}}
	for line, want := range map[string]string{
		`level=INFO msg="token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlc2lnbmF0dXJl"`: "a JSON Web Token",
		`-----BEGIN RSA PRIVATE KEY-----`:        "a private key",
		`hash $2b$12$` + strings.Repeat("a", 53): "a password hash",
		`Authorization: Basic YWxpY2U6c2VjcmV0`:  "credentials of HTTP",
		`{"authorization": ["Bearer abcdefgh"]}`: "credentials of HTTP",
		`GET https://alice:hunter2@example.com/`: "a password in a URL",
		`v0$$` + strings.Repeat("Ab", 20):        "an encrypted value",
		strings.Repeat("AB12", 15):               "a token",
		`{"password": "hunter22"}`:               "a secret by its name",
		`"{\"client_secret\": \"hunter22\"}"`:    "a secret by its name",
		`password=hunter22`:                      "a secret by its name",
		`it is correct horse`:                    "the value of SECRET_KEY",

		`abc`: "", `sha256:` + strings.Repeat("ab12", 16): "", `"password": "********"`: "", `"password": null`: "",
		`the password is wrong`: "", `Invalid Username or Password`: "", `https://example.com:443/a@b`: "", `"token": "deploytoken"`: "",
		`authorization failed`: "", `uuid 0d9fc9ea-4d2a-4a3e-9d5c-6b2f0a8d1c11`: "", `price $2 and $$`: "",
	} {
		if got := strings.Join(c.leaks(line), ", "); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// TestSearchFile proves that a secret is found in its line, also where it lies
// across the bound of what is searched at once.
func TestSearchFile(t *testing.T) {
	token := strings.Repeat("AB12", 16)
	long := strings.Repeat("x", maxLine-20) + " " + token + " " + strings.Repeat("x", 3*maxLine)
	for text, want := range map[string]string{
		"a\nb\n" + token + "\n": "line 3 of log",
		"a\n" + long + "\nb":    "line 2 of log",
		"a\nb":                  "",
		"":                      "",
	} {
		c := &check{Options: Options{}.withDefaults(), results: map[Invariant]*result{I7: {}}}
		err := c.searchFile(t.Context(), LogFile{"log", func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
		var got []string
		for _, s := range c.results[I7].suspects {
			got = append(got, s.Object)
		}
		if err != nil || strings.Join(got, ",") != want {
			t.Errorf("%.20q: %q, %v", text, got, err)
		}
	}
}

// BenchmarkLeaks is what searching an entry of the action log costs.
func BenchmarkLeaks(b *testing.B) {
	c := &check{Options: Options{Secrets: []Secret{{"SECRET_KEY", "correct horse"}}}}
	const entry = `{"repo": "web", "namespace": "alice", "user-agent": "containers/5.16.0 (github.com/containers/image)", "tag": "latest", "username": "alice"}`
	b.SetBytes(int64(len(entry)))
	b.ReportAllocs()
	for b.Loop() {
		c.leaks(entry)
	}
}
