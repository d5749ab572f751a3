package protocol

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
)

// index returns an index of the given children.
func index(children ...oci.Descriptor) []byte {
	return oci.Manifest{MediaType: oci.MediaTypeIndex, Manifests: children}.JSON()
}

// TestNestedIndexes proves that an index of indexes of indexes is taken or
// refused at some depth, quickly either way.
func TestNestedIndexes(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 60)
	child := oci.Describe(oci.MediaTypeManifest, image.Manifest)
	began := time.Now()
	for depth := range 60 {
		body := index(child)
		r := put(t, repo, oci.Digest(body), oci.MediaTypeIndex, body)
		if r.Status != http.StatusCreated {
			if depth < 4 {
				t.Fatalf("depth %d: %s", depth, r)
			}
			refused(t, r)
			break
		}
		holdsManifest(t, repo, oci.Digest(body), oci.MediaTypeIndex, body)
		child = oci.Describe(oci.MediaTypeIndex, body)
	}
	if d := time.Since(began); d > 20*time.Second {
		t.Errorf("60 levels took %s", d)
	}
}

// TestOddIndexes proves that an index that points nowhere, twice, at itself or at
// very many things is taken or refused, and that the proper ones are taken.
func TestOddIndexes(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 61)
	known := oci.Describe(oci.MediaTypeManifest, image.Manifest)
	unknown := oci.Descriptor{MediaType: oci.MediaTypeManifest, Digest: unknownDigest, Size: 10}
	blob := oci.Describe(oci.MediaTypeManifest, image.Layers[0])
	platform := known
	platform.Platform = &oci.Platform{Architecture: "arm64", OS: "linux"}
	wrongType := known
	wrongType.MediaType = oci.MediaTypeIndex
	entry := `{"mediaType":"` + oci.MediaTypeManifest + `","digest":"` + known.Digest + `","size":1},`
	tests := []struct {
		name string
		body []byte
		must bool
	}{
		{"no children", []byte(`{"schemaVersion":2,"mediaType":"` + oci.MediaTypeIndex + `","manifests":[]}`), true},
		{"no platform", index(known), true},
		{"with platform", index(platform), true},
		{"the same child twice", index(platform, known), true},
		{"unknown child", index(unknown), false},
		{"known and unknown", index(known, unknown), false},
		{"child is a blob", index(blob), false},
		{"child of another type", index(wrongType), false},
		{"20,000 children", []byte(strings.Replace(string(index(known)), `"manifests":[`, `"manifests":[`+strings.Repeat(entry, 20_000), 1)), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			began := time.Now()
			r := put(t, repo, "index", oci.MediaTypeIndex, tt.body)
			if d := time.Since(began); d > 10*time.Second {
				t.Errorf("the answer took %s", d)
			}
			switch {
			case r.Status == http.StatusCreated:
				holdsManifest(t, repo, "index", oci.MediaTypeIndex, tt.body)
			case tt.must:
				t.Errorf("got %s, want it taken", r)
			default:
				refused(t, r)
			}
		})
	}
	t.Run("100,000 children", func(t *testing.T) {
		body := strings.Replace(string(index(known)), `"manifests":[`, `"manifests":[`+strings.Repeat(entry, 100_000), 1)
		refused(t, put(t, repo, "index", oci.MediaTypeIndex, []byte(body)), http.StatusRequestEntityTooLarge)
	})
	holdsManifest(t, repo, "latest", oci.MediaTypeManifest, image.Manifest)
}

// TestDeletes proves that a deleted tag or manifest is gone, that the others stay
// and that what is not there cannot be deleted.
func TestDeletes(t *testing.T) {
	repo := newRepo()
	one, two := pushImage(t, repo, "one", 62), pushImage(t, repo, "two", 63)
	mustPut(t, repo, "also-one", oci.MediaTypeManifest, one.Manifest)
	remove := func(reference string) oci.Reply {
		return do(t, oci.Request{Method: http.MethodDelete, Path: "/v2/" + repo + "/manifests/" + reference})
	}
	if r := remove("also-one"); r.Status != http.StatusAccepted {
		t.Fatalf("delete of a tag: %s", r)
	}
	refused(t, get(t, "/v2/"+repo+"/manifests/also-one"), http.StatusNotFound)
	holdsManifest(t, repo, "one", oci.MediaTypeManifest, one.Manifest)
	if r := remove(oci.Digest(one.Manifest)); r.Status != http.StatusAccepted {
		t.Fatalf("delete of a manifest: %s", r)
	}
	for _, reference := range []string{"one", oci.Digest(one.Manifest)} {
		refused(t, get(t, "/v2/"+repo+"/manifests/"+reference), http.StatusNotFound)
		refused(t, remove(reference), http.StatusNotFound)
	}
	for _, reference := range []string{"never", unknownDigest} {
		refused(t, remove(reference), http.StatusNotFound)
	}
	holdsManifest(t, repo, "two", oci.MediaTypeManifest, two.Manifest)
	holds(t, repo, oci.Digest(two.Layers[0]))
	mustPut(t, repo, "one", oci.MediaTypeManifest, one.Manifest) // its blobs are still there
	holdsManifest(t, repo, "one", oci.MediaTypeManifest, one.Manifest)
}
