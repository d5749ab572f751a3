package domain

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

const (
	emptySHA256 = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	emptySHA512 = "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
		"47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
)

// TestParseDigest proves which digests are accepted, and that others are refused
// before any part of them can become a path.
func TestParseDigest(t *testing.T) {
	for _, s := range []string{emptySHA256, emptySHA512} {
		if d, err := ParseDigest(s); err != nil || string(d) != s {
			t.Errorf("%q: got %q, %v", s, d, err)
		}
	}
	hex := emptySHA256[7:]
	for _, s := range []string{
		"", ":", "sha256", "sha256:", ":" + hex, hex, "sha256" + hex, "sha256:" + hex[1:], "sha256:" + hex + "0",
		"sha256:" + strings.ToUpper(hex), "SHA256:" + hex, "Sha256:" + hex, "sha512:" + hex, "sha256:" + emptySHA512[7:],
		"sha384:" + strings.Repeat("0", 96), "sha1:" + strings.Repeat("0", 40), "md5:" + strings.Repeat("0", 32),
		"sha256+b64:" + hex, "sha256::" + hex[1:], "sha256:" + hex[:63] + "g", "sha256:" + hex[:63] + ":",
		"sha256:../../" + hex[6:], "sha256:" + hex[:62] + "/a", "sha256:" + hex[:63] + "\x00", "sha256:" + hex[:63] + "\n",
		emptySHA256 + "\n", " " + emptySHA256, emptySHA256 + " ", "sha256: " + hex[1:], "sha256:" + hex[:62] + "\u00e9",
		"sha256%3a" + hex,
	} {
		if d, err := ParseDigest(s); !errors.Is(err, ErrDigest) || d != "" {
			t.Errorf("%q: got %q, %v", s, d, err)
		}
	}
}

// FuzzParseDigest proves that exactly the digests of the registered algorithms
// are accepted.
func FuzzParseDigest(f *testing.F) {
	registered := regexp.MustCompile(`\A(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})\z`)
	for _, s := range []string{emptySHA256, emptySHA512, "sha256:", "md5:0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDigest(s)
		if (err == nil) != registered.MatchString(s) {
			t.Errorf("%q: %v", s, err)
		}
		if err == nil && d.Path() == "" {
			t.Errorf("%q has no path", s)
		}
	})
}

// TestDigest proves what a digest is of, and where the product keeps its content.
func TestDigest(t *testing.T) {
	for alg, want := range map[Algorithm]string{SHA256: emptySHA256, SHA512: emptySHA512} {
		d := alg.Of(nil)
		h := alg.New()
		if string(d) != want || string(alg.Sum(h)) != want || d.Algorithm() != alg || !alg.Known() {
			t.Errorf("%s: %s", alg, d)
		}
	}
	if SHA256.Of([]byte("a")) == SHA256.Of([]byte("b")) {
		t.Error("different bytes have the same digest")
	}
	if got := Digest(emptySHA256).Path(); got != "sha256/e3/"+emptySHA256[7:] {
		t.Errorf("path %s", got)
	}
	for _, a := range []Algorithm{"", "md5", "SHA256", "sha384"} {
		if a.Known() {
			t.Errorf("%q is known", a)
		}
	}
	if LooksLikeDigest("latest") || !LooksLikeDigest("sha256:") || !LooksLikeDigest(":") {
		t.Error("a digest is what has a colon")
	}
}

// TestAllocations keeps the checks of every request's path from costing memory.
func TestAllocations(t *testing.T) {
	for name, f := range map[string]func(){ // measured: 0 each
		"a digest":     func() { _, _ = ParseDigest(emptySHA256) },
		"a bad digest": func() { _, _ = ParseDigest("sha256:abc") },
		"a name":       func() { _, _ = ParseName("acme/web/api", "library") },
		"a tag":        func() { _ = ValidTag("v1.0") },
	} {
		if n := testing.AllocsPerRun(1000, f); n > 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func BenchmarkParseDigest(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = ParseDigest(emptySHA256)
	}
}

func BenchmarkParseName(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = ParseName("acme/web/api", "library")
	}
}
