package manifests_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/sdk/errs"
)

const (
	ociImage = domain.MediaTypeOCIManifest
	ociIndex = domain.MediaTypeOCIIndex
)

// TestPutAndGet proves that an image is found by each of its tags and by its
// digest, byte for byte, with the cache and without.
func TestPutAndGet(t *testing.T) {
	r := open(t, manifests.Policy{})
	body := " " + image(r.blob("config"), r.blob("layer")) + "\n"
	stored := r.put(ociImage, body, "latest", "v1")
	if stored.Digest != digestOf(body) || stored.MediaType != ociImage || stored.Subject != "" {
		t.Errorf("stored as %+v", stored)
	}
	for _, reference := range []string{"latest", "v1", string(stored.Digest)} {
		for range 2 { // the second answer is the cache's
			if got := r.get(reference); got != body {
				t.Errorf("%s: got %q", reference, got)
			}
		}
		m, err := manifests.New(db, nil, manifests.Policy{}).Get(t.Context(), r.repo, reference)
		if got := outcome(m, err); got != body {
			t.Errorf("%s without a cache: got %q", reference, got)
		}
	}
	if again := r.put(ociImage, body, "latest"); again.Digest != stored.Digest || again.New || !stored.New {
		t.Errorf("pushed again it is %+v, at first %+v", again, stored)
	}
}

// TestGetUnknown proves what a reference that names nothing is told.
func TestGetUnknown(t *testing.T) {
	r, other := open(t, manifests.Policy{}), open(t, manifests.Policy{})
	digest := other.put(ociIndex, numbered(1), "theirs").Digest
	for reference, want := range map[string]string{
		"latest":                          "manifest_unknown",
		"theirs":                          "manifest_unknown",
		string(digest):                    "manifest_unknown",
		"-bad-tag":                        "manifest_unknown",
		"":                                "manifest_unknown",
		strings.Repeat("a", 129):          "manifest_unknown",
		"sha256:abc":                      "digest_invalid",
		"md5:" + strings.Repeat("0", 32):  "digest_invalid",
		"sha256:../../../../etc/passwd":   "digest_invalid",
		strings.ToUpper(string(digest)):   "digest_invalid",
		"sha512:" + string(digest)[7:]:    "digest_invalid",
		"$temp-00000000-0000-0000-000000": "manifest_unknown",
	} {
		if got := r.get(reference); got != want {
			t.Errorf("%q: got %s, want %s", reference, got, want)
		}
	}
}

// TestPutNeedsContent proves that what a manifest refers to must be in its own
// repository, unless it says that it is elsewhere.
func TestPutNeedsContent(t *testing.T) {
	r, other := open(t, manifests.Policy{}), open(t, manifests.Policy{})
	config, theirs := r.blob("config"), other.blob("theirs only")
	child := other.put(ociIndex, numbered(1), "a")
	r.put(ociIndex, numbered(2), "there")
	nowhere := string(digestOf("nowhere"))
	for _, tc := range []struct{ name, mediaType, body, want string }{
		{"unknown layer", ociImage, image(config, desc(digestOf("nowhere"), 7)), "Unknown blob `" + nowhere + "`"},
		{"layer of another repository", ociImage, image(config, theirs), "Unknown blob `" + string(digestOf("theirs only")) + "`"},
		{"unknown config", ociImage, image(desc(digestOf("nowhere"), 7)), "Unknown blob `" + nowhere + "`"},
		{"config of another size", ociImage, image(typed(digestOf("config"), 7, ociConfig)), "Size of config does not match that retrieved: 6 vs 7"},
		{"manifest of another one", ociIndex, index(manifestDesc(numbered(1))), "Could not find child manifest with digest `" + string(child.Digest) + "`"},
		{"manifest of another size", ociIndex, index(typed(digestOf(numbered(2)), 1, ociIndex)), fmt.Sprintf("Size of manifest does not match that retrieved: %d vs 1", len(numbered(2)))},
		{"index of itself", ociIndex, index(manifestDesc("itself")), "Could not find child manifest with digest `" + string(digestOf("itself")) + "`"},
	} {
		name := tc.name
		_, err := r.Put(t.Context(), r.push(tc.mediaType, tc.body, "latest"))
		if !errors.Is(err, manifests.ErrInvalid) || errs.Public(err) != tc.want {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
		var e *errs.Error
		if _, err = r.Put(t.Context(), r.push(tc.mediaType, tc.body)); !errors.As(err, &e) || e.Reason != manifests.ErrInvalid.Reason || e.Detail != nil {
			t.Errorf("%s, by digest: %v", name, err)
		}
		if got := r.get("latest"); got != "manifest_unknown" {
			t.Errorf("%s: the tag names %q", name, got)
		}
	}
	foreign := typed(digestOf("nowhere"), 7, "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")
	foreign = strings.Replace(foreign, "{", `{"urls":["https://example.com/layer"],`, 1)
	r.put(ociImage, image(config, foreign), "latest")
}

// TestSparseIndexes proves that an index with missing manifests is accepted where
// the policy says so, and keeps those that are there.
func TestSparseIndexes(t *testing.T) {
	r := open(t, manifests.Policy{SparseIndexes: true, UntaggedFor: 100 * time.Millisecond})
	child := r.put(ociIndex, numbered(1))
	r.put(ociIndex, index(manifestDesc(numbered(1)), manifestDesc("nowhere")), "latest")
	time.Sleep(120 * time.Millisecond)
	if got := r.get(string(child.Digest)); got != numbered(1) {
		t.Errorf("the child that is there: %s", got)
	}
	if got := r.get(string(digestOf("nowhere"))); got != "manifest_unknown" {
		t.Errorf("the child that is not there: %s", got)
	}
}

// TestMediaTypes proves which types are accepted: those of the product, and any
// other one only where the policy says so.
func TestMediaTypes(t *testing.T) {
	strict, lenient := open(t, manifests.Policy{}), open(t, manifests.Policy{AnyMediaType: true})
	for mediaType, known := range map[string]bool{
		ociIndex:                           true,
		domain.MediaTypeDockerManifestList: true,
		domain.MediaTypeOCIArtifact:        false,
		domain.MediaTypeDockerSigned1:      false,
		"application/x-new":                false,
		"text/html":                        false,
	} {
		_, err := strict.Put(t.Context(), strict.push(mediaType, numbered(1), "latest"))
		if known != (err == nil) || !known && !errors.Is(err, manifests.ErrMediaType) {
			t.Errorf("strict, %s: %v", mediaType, err)
		}
		if stored := lenient.put(mediaType, numbered(1)); stored.MediaType != mediaType {
			t.Errorf("lenient, %s: stored as %s", mediaType, stored.MediaType)
		}
	}
}

// TestPutDigest proves that the digest which a client states must be right, in
// any algorithm that is known, and is the one that the manifest then has.
func TestPutDigest(t *testing.T) {
	r := open(t, manifests.Policy{})
	p := r.push(ociIndex, numbered(1))
	p.Digest = digestOf("something else")
	if _, err := r.Put(t.Context(), p); !errors.Is(err, manifests.ErrInvalid) {
		t.Errorf("a wrong digest: %v", err)
	}
	p.Digest = domain.SHA512.Of(p.Body)
	if stored, err := r.Put(t.Context(), p); err != nil || stored.Digest != p.Digest {
		t.Errorf("sha512: %+v, %v", stored, err)
	}
	if got := r.get(string(p.Digest)); got != numbered(1) {
		t.Errorf("by sha512: %s", got)
	}
	if got := r.get(string(digestOf(numbered(1)))); got != "manifest_unknown" {
		t.Errorf("by sha256: %s", got)
	}
}

// TestPutBadTag proves that one bad tag of several refuses the whole push.
func TestPutBadTag(t *testing.T) {
	r := open(t, manifests.Policy{})
	for _, tag := range []string{"", ".", "-a", "a/b", "a:b", "\u00fc", strings.Repeat("a", 129)} {
		_, err := r.Put(t.Context(), r.push(ociIndex, numbered(1), "good", tag))
		if !errors.Is(err, domain.ErrTag) {
			t.Errorf("%q: %v", tag, err)
		}
	}
	if got := r.get("good"); got != "manifest_unknown" {
		t.Errorf("the good tag names %q", got)
	}
}

// TestUntagged proves how long a manifest without a tag lives: as the policy
// says, and for ever when it refers to another one.
func TestUntagged(t *testing.T) {
	subject := `{"schemaVersion":2,"manifests":[],"subject":` + desc(digestOf("missing"), 7) + `}`
	for _, tc := range []struct {
		name   string
		policy time.Duration
		body   string
		lives  time.Duration // zero: for ever
	}{
		{"for an hour", time.Hour, numbered(1), time.Hour},
		{"for ever", 0, numbered(1), 0},
		{"with a subject", time.Hour, subject, 0},
	} {
		r := open(t, manifests.Policy{UntaggedFor: tc.policy})
		before := time.Now().Truncate(time.Millisecond)
		stored := r.put(ociIndex, tc.body)
		m, err := r.Get(t.Context(), r.repo, string(stored.Digest))
		must(t, err)
		until := m.AliveUntil
		if tc.lives == 0 && !until.IsZero() ||
			tc.lives != 0 && (until.Before(before.Add(tc.lives)) || until.After(time.Now().Add(tc.lives))) {
			t.Errorf("%s: alive until %v", tc.name, until)
		}
	}
}

// TestUntaggedEnds proves that the cache forgets a manifest when its time is up.
func TestUntaggedEnds(t *testing.T) {
	r := open(t, manifests.Policy{UntaggedFor: 300 * time.Millisecond})
	reference := string(r.put(ociIndex, numbered(1)).Digest)
	if got := r.get(reference); got != numbered(1) {
		t.Fatalf("got %s", got)
	}
	time.Sleep(310 * time.Millisecond)
	if got := r.get(reference); got != "manifest_unknown" {
		t.Errorf("after its end: %s", got)
	}
}

// TestDelete proves that a deleted manifest is unknown by digest, that its tags
// are known to have been there, and that a second delete finds nothing.
func TestDelete(t *testing.T) {
	r := open(t, manifests.Policy{})
	digest := r.put(ociIndex, numbered(1), "latest").Digest
	r.put(ociIndex, numbered(2), "other")
	for _, reference := range []string{"latest", string(digest), "other"} {
		r.get(reference) // into the cache
	}
	must(t, r.Delete(t.Context(), r.repo, digest))
	for reference, want := range map[string]string{
		"latest": "tag_expired", string(digest): "manifest_unknown", "other": numbered(2),
	} {
		if got := r.get(reference); got != want {
			t.Errorf("%s: got %s, want %s", reference, got, want)
		}
	}
	if err := r.Delete(t.Context(), r.repo, digest); !errors.Is(err, manifests.ErrUnknown) {
		t.Errorf("the second time: %v", err)
	}
	if err := r.Delete(t.Context(), r.repo, digestOf("nowhere")); !errors.Is(err, manifests.ErrUnknown) {
		t.Errorf("what was never there: %v", err)
	}
	r.put(ociIndex, numbered(1), "latest")
	if got := r.get("latest"); got != numbered(1) {
		t.Errorf("pushed again: %s", got)
	}
}

// TestReferrers proves that manifests are listed under their subject whichever
// came first and whether it is there or not, until they are deleted themselves.
func TestReferrers(t *testing.T) {
	r := open(t, manifests.Policy{UntaggedFor: time.Hour})
	subject := digestOf(numbered(1))
	body := `{"schemaVersion":2,"manifests":[],"artifactType":"application/x-sbom","subject":` + desc(subject, 1) + `}`
	list := func(when string, want int) {
		t.Helper()
		refs, _, err := r.Referrers(t.Context(), r.repo, subject, "application/x-sbom", 0)
		must(t, err)
		if len(refs) != want || want > 0 && (refs[0].Digest != digestOf(body) || refs[0].ArtifactType != "application/x-sbom") {
			t.Errorf("%s: %+v", when, refs)
		}
	}
	list("at first", 0)
	if stored := r.put(ociIndex, body); stored.Subject != subject {
		t.Errorf("stored as %+v", stored)
	}
	list("without the subject", 1)
	r.put(ociIndex, numbered(1), "latest")
	list("with the subject", 1)
	must(t, r.Delete(t.Context(), r.repo, subject))
	list("after the subject was deleted", 1)
	must(t, r.Delete(t.Context(), r.repo, digestOf(body)))
	list("after it was deleted", 0)
}

// TestPutRefusesBadManifests proves that what the parser refuses is not stored.
func TestPutRefusesBadManifests(t *testing.T) {
	r := open(t, manifests.Policy{AnyMediaType: true, SparseIndexes: true})
	for _, body := range []string{"", "{}", "\ufeff" + numbered(1), numbered(1) + numbered(2), "\xff"} {
		_, err := r.Put(t.Context(), r.push(ociIndex, body, "latest"))
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", body, err)
		}
	}
	if got := r.get("latest"); got != "manifest_unknown" {
		t.Errorf("the tag names %q", got)
	}
}
