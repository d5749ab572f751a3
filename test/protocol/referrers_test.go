package protocol

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/quay/quay/test/oci"
)

// attach stores an artifact that refers to a subject, and returns its bytes.
func attach(t *testing.T, repo, artifactType, name string, subject oci.Descriptor) []byte {
	t.Helper()
	empty := oci.Describe(oci.MediaTypeEmpty, []byte("{}"))
	body := oci.Manifest{
		MediaType: oci.MediaTypeManifest, ArtifactType: artifactType, Config: &empty, Layers: []oci.Descriptor{empty},
		Subject: &subject, Annotations: map[string]string{"name": name},
	}.JSON()
	r := put(t, repo, oci.Digest(body), oci.MediaTypeManifest, body)
	if r.Status != http.StatusCreated {
		t.Fatalf("push of a referrer: %s", r)
	}
	if got := r.Header.Get("OCI-Subject"); got != subject.Digest {
		t.Errorf("OCI-Subject is %q, want %s", got, subject.Digest)
	}
	return body
}

// referrers walks all pages of a listing and returns the entries and the pages.
func referrers(t *testing.T, repo, digest, artifactType string) (entries []oci.Descriptor, pages int) {
	t.Helper()
	path := "/v2/" + repo + "/referrers/" + digest
	if artifactType != "" {
		path += "?artifactType=" + url.QueryEscape(artifactType)
	}
	for path != "" {
		r := get(t, path)
		if r.Status != http.StatusOK {
			t.Fatalf("referrers: %s", r)
		}
		if ct := r.Header.Get("Content-Type"); ct != oci.MediaTypeIndex {
			t.Errorf("content type %q, want %s", ct, oci.MediaTypeIndex)
		}
		if filters := r.Header.Get("OCI-Filters-Applied"); artifactType != "" && filters != "artifactType" ||
			artifactType == "" && filters != "" {
			t.Errorf("OCI-Filters-Applied is %q with the filter %q", filters, artifactType)
		}
		var page oci.Manifest
		if err := json.Unmarshal(r.Body, &page); err != nil {
			t.Fatal(err)
		}
		if page.SchemaVersion != 2 || page.MediaType != oci.MediaTypeIndex {
			t.Errorf("the listing is no index: %s", r)
		}
		entries = append(entries, page.Manifests...)
		if pages++; pages > 100 {
			t.Fatal("more than 100 pages")
		}
		path = nextPage(t, r)
	}
	return entries, pages
}

// nextPage returns where the Link header of an answer leads, or nothing.
func nextPage(t *testing.T, r oci.Reply) string {
	t.Helper()
	link := r.Header.Get("Link")
	if link == "" {
		return ""
	}
	target, rest, ok := strings.Cut(strings.TrimPrefix(link, "<"), ">")
	if !ok || !strings.Contains(rest, `rel="next"`) {
		t.Fatalf("link %q", link)
	}
	u, err := registry.Client.Resolve(target)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestReferrers proves that referrers are listed with their type, size and
// annotations, that the filter filters and says so, and that deletes show.
func TestReferrers(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 70)
	pushBlob(t, repo, []byte("{}"))
	subject := oci.Describe(oci.MediaTypeManifest, image.Manifest)
	if entries, _ := referrers(t, repo, subject.Digest, ""); len(entries) != 0 {
		t.Errorf("%d referrers before there is one", len(entries))
	}
	sbom := attach(t, repo, "application/vnd.example.sbom", "sbom", subject)
	signature := attach(t, repo, "application/vnd.example.signature", "signature", subject)
	entries, _ := referrers(t, repo, subject.Digest, "")
	if len(entries) != 2 {
		t.Fatalf("%d referrers, want 2", len(entries))
	}
	for _, e := range entries {
		if e.MediaType != oci.MediaTypeManifest || e.Size == 0 || e.ArtifactType == "" || e.Annotations["name"] == "" {
			t.Errorf("incomplete entry %+v", e)
		}
	}
	entries, _ = referrers(t, repo, subject.Digest, "application/vnd.example.sbom")
	if len(entries) != 1 || entries[0].Digest != oci.Digest(sbom) || entries[0].Size != int64(len(sbom)) {
		t.Errorf("filtered: %+v", entries)
	}
	for _, none := range []string{"application/vnd.example.none", "%", "'", "\x00", strings.Repeat("x", 3000)} {
		r := get(t, "/v2/"+repo+"/referrers/"+subject.Digest+"?artifactType="+url.QueryEscape(none))
		acceptedOrRefused(t, r)
		if r.Status == http.StatusOK && strings.Contains(string(r.Body), "sha256:") {
			t.Errorf("filter %q found %s", none, r.Body)
		}
	}
	for _, reference := range []string{oci.Digest(signature), subject.Digest} { // a referrer, then the subject
		if r := do(t, oci.Request{Method: http.MethodDelete, Path: "/v2/" + repo + "/manifests/" + reference}); r.Status != http.StatusAccepted {
			t.Fatalf("delete: %s", r)
		}
		entries, _ = referrers(t, repo, subject.Digest, "")
		if len(entries) != 1 || entries[0].Digest != oci.Digest(sbom) {
			t.Errorf("after a delete: %+v", entries)
		}
	}
	holdsManifest(t, repo, oci.Digest(sbom), oci.MediaTypeManifest, sbom)
}

// TestManyReferrers proves that a long listing comes whole and without doubles,
// however many pages it has, and that a chain of referrers is no burden.
func TestManyReferrers(t *testing.T) {
	const n = 250
	repo := newRepo()
	image := pushImage(t, repo, "latest", 71)
	pushBlob(t, repo, []byte("{}"))
	subject := oci.Describe(oci.MediaTypeManifest, image.Manifest)
	together(8, func(worker int) bool {
		for i := worker; i < n; i += 8 {
			attach(t, repo, fmt.Sprintf("application/vnd.example.t%d", i%2), fmt.Sprintf("r%d", i), subject)
		}
		return true
	})
	for artifactType, want := range map[string]int{"": n, "application/vnd.example.t0": n / 2} {
		entries, pages := referrers(t, repo, subject.Digest, artifactType)
		seen := map[string]bool{}
		for _, e := range entries {
			seen[e.Digest] = true
		}
		if len(entries) != want || len(seen) != want {
			t.Errorf("filter %q: %d entries on %d pages, %d different, want %d", artifactType, len(entries), pages, len(seen), want)
		}
	}
	chain := subject
	for i := range 100 {
		chain = oci.Describe(oci.MediaTypeManifest, attach(t, repo, "application/vnd.example.link", fmt.Sprintf("link%d", i), chain))
	}
	if entries, _ := referrers(t, repo, subject.Digest, "application/vnd.example.link"); len(entries) != 1 {
		t.Errorf("%d links at the subject, want 1", len(entries))
	}
}

// TestSubjects proves that a subject may be missing, and that one which is no
// descriptor is refused. That a manifest is its own subject, or two are each
// other's, would take a collision of SHA-256; a wrong claim of it is refused.
func TestSubjects(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 72)
	pushBlob(t, repo, []byte("{}"))
	missing := oci.Descriptor{MediaType: oci.MediaTypeManifest, Digest: unknownDigest, Size: 100}
	body := attach(t, repo, "application/vnd.example.early", "early", missing)
	if entries, _ := referrers(t, repo, unknownDigest, ""); len(entries) != 1 || entries[0].Digest != oci.Digest(body) {
		t.Errorf("referrers of what is missing: %+v", entries)
	}
	layers := `"layers":[`
	for name, subject := range map[string]string{
		"word":             `"latest"`,
		"list":             `[]`,
		"number":           `7`,
		"no digest inside": `{"mediaType":"a/b","size":1}`,
		"bad digest":       `{"mediaType":"a/b","digest":"latest","size":1}`,
		"path":             `{"mediaType":"a/b","digest":"sha256:../../x","size":1}`,
		"negative size":    `{"mediaType":"a/b","digest":"` + unknownDigest + `","size":-1}`,
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, put(t, repo, "bad", oci.MediaTypeManifest, []byte(edit(t, image, layers, `"subject":`+subject+`,`+layers))),
				http.StatusBadRequest)
		})
	}
	claim := edit(t, image, layers, `"subject":{"mediaType":"`+oci.MediaTypeManifest+`","digest":"`+unknownDigest+`","size":1},`+layers)
	refused(t, put(t, repo, unknownDigest, oci.MediaTypeManifest, []byte(claim)), http.StatusBadRequest)
	holdsManifest(t, repo, "latest", oci.MediaTypeManifest, image.Manifest)
}
