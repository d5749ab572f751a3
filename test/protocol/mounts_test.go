package protocol

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/quay/quay/test/oci"
)

// TestMounts proves that a mount succeeds only for a blob which the source has,
// and becomes an ordinary upload otherwise, so that nobody learns what exists.
func TestMounts(t *testing.T) {
	source, target := newRepo(), newRepo()
	digest := pushBlob(t, source, oci.Bytes(20, 1000))
	mount := func(repo, digest, from string) oci.Reply {
		query := url.Values{"mount": {digest}}
		if from != "" {
			query.Set("from", from)
		}
		return do(t, oci.Request{Method: http.MethodPost, Path: "/v2/" + repo + "/blobs/uploads/?" + query.Encode()})
	}
	tests := []struct {
		name, digest, from string
		statuses           []int
	}{
		{"unknown blob", unknownDigest, source, []int{http.StatusAccepted}},
		{"unknown source", digest, "protocol/nowhere", []int{http.StatusAccepted}},
		{"blob of another repository", digest, "protocol/empty-source", []int{http.StatusAccepted}},
		{"source outside the grammar", digest, "../" + source, []int{http.StatusAccepted, http.StatusBadRequest}},
		{"no digest", "latest", source, []int{http.StatusAccepted, http.StatusBadRequest}},
		{"long digest", "sha256:" + strings.Repeat("a", 3000), source, []int{http.StatusAccepted, http.StatusBadRequest}},
		{"known", digest, source, []int{http.StatusCreated}},
	}
	pushBlob(t, "protocol/empty-source", []byte("something else"))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := mount(target, tt.digest, tt.from)
			switch {
			case r.Status >= 400:
				refused(t, r, tt.statuses...)
			case r.Status != tt.statuses[0]:
				t.Errorf("got %s, want %v", r, tt.statuses)
			case r.Header.Get("Location") == "":
				t.Error("no Location")
			}
		})
	}
	holds(t, target, digest)
	holds(t, source, digest)
}

// TestBlobsAreLinked proves that a blob which is stored for one repository is
// unknown in another that never received it.
func TestBlobsAreLinked(t *testing.T) {
	mine, other := newRepo(), newRepo()
	digest := pushBlob(t, mine, oci.Bytes(21, 1000))
	pushBlob(t, other, []byte("so that it exists"))
	refused(t, get(t, "/v2/"+other+"/blobs/"+digest), http.StatusNotFound)
	lacks(t, other, digest)
	image := oci.NewImage(22, 500)
	for _, blob := range append([][]byte{image.Config}, image.Layers...) {
		pushBlob(t, mine, blob)
	}
	refused(t, put(t, other, "latest", oci.MediaTypeManifest, image.Manifest), http.StatusBadRequest, http.StatusNotFound)
	refused(t, get(t, "/v2/"+other+"/manifests/latest"), http.StatusNotFound)
}

// TestMethods proves that a method which an endpoint does not have is refused as
// such and harms nothing. Blobs are never deleted by clients.
func TestMethods(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 23)
	layer := oci.Digest(image.Layers[0])
	for _, r := range []oci.Request{
		{Method: http.MethodDelete, Path: "/v2/" + repo + "/blobs/" + layer},
		{Method: http.MethodPost, Path: "/v2/" + repo + "/blobs/" + layer},
		{Method: http.MethodPost, Path: "/v2/" + repo + "/manifests/latest"},
		{Method: http.MethodPatch, Path: "/v2/" + repo + "/manifests/latest"},
		{Method: http.MethodDelete, Path: "/v2/" + repo + "/tags/list"},
		{Method: http.MethodPut, Path: "/v2/" + repo + "/blobs/uploads/"},
		{Method: http.MethodDelete, Path: "/v2/"},
		{Method: "BREW", Path: "/v2/" + repo + "/manifests/latest"},
	} {
		refused(t, do(t, r), http.StatusMethodNotAllowed, http.StatusNotFound)
	}
	holds(t, repo, layer)
	holdsManifest(t, repo, "latest", oci.MediaTypeManifest, image.Manifest)
}
