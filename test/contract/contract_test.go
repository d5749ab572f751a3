// Package contract proves that a server answers as the Python product does, over a
// recording of the product's database, objects and answers.
package contract

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/quay/quay/test/contract/replay"
	"github.com/quay/quay/test/oci"
	"github.com/quay/quay/test/server"
)

func TestMain(m *testing.M) { os.Exit(server.Main(m)) }

// TestDataset proves that a server opens the product's own database, objects and
// configuration, that every image in it is pulled by its owner and by nobody else,
// and that anybody reads a public repository.
func TestDataset(t *testing.T) {
	dataset := openDataset(t)
	for _, engine := range engines() {
		t.Run(engine.Name(), func(t *testing.T) {
			t.Cleanup(func() {
				if err := engine.Close(); err != nil {
					t.Error(err)
				}
			})
			// Without the Redis of its configuration it works all the same.
			stage, err := replay.NewStage(t, dataset, engine, replay.StageOptions{})
			if err != nil {
				t.Fatal(err)
			}
			images(t, stage.Server())
		})
	}
}

// images pulls what is in the dataset.
func images(t *testing.T, s *server.Server) {
	for repo, owner := range map[string]string{"devtable/real": "devtable", "public/realpublic": "public"} {
		credentials := "Basic " + base64.StdEncoding.EncodeToString([]byte(owner+":password"))
		for _, tag := range []string{"latest", "v1", "amd", "arm", "multi"} {
			t.Run(repo+" "+tag, func(t *testing.T) { pull(t, s, repo, tag, credentials) })
		}
	}
	public, err := token(t.Context(), s, "public/publicrepo", "")
	if err != nil {
		t.Fatal(err)
	}
	if r := get(t, s, public, "/v2/public/publicrepo/tags/list"); r.Status != http.StatusOK {
		t.Errorf("tags of a public repository: %s", r)
	}
	r, err := s.Client.Get(t.Context(), "/v2/devtable/real/manifests/latest")
	if err != nil || r.Status != http.StatusUnauthorized {
		t.Errorf("private image, no credentials: %s, %v; want 401", r, err)
	}
	if token, err := token(t.Context(), s, "devtable/real", ""); err != nil {
		t.Error(err)
	} else if r := get(t, s, token, "/v2/devtable/real/manifests/latest"); r.Status != http.StatusUnauthorized {
		t.Errorf("private image, token of nobody: %s; want 401", r)
	}
}

// token asks for the right to pull from a repository.
func token(ctx context.Context, s *server.Server, repo, authorization string) (string, error) {
	header := map[string]string{}
	if authorization != "" {
		header["Authorization"] = authorization
	}
	r, err := s.Client.Do(ctx, oci.Request{
		Method: http.MethodGet, Header: header,
		Path: "/v2/auth?service=quay.example.test&scope=repository:" + repo + ":pull",
	})
	if err != nil {
		return "", err
	}
	if r.Status != http.StatusOK {
		return "", fmt.Errorf("token: %s", r)
	}
	var body struct{ Token string }
	err = json.Unmarshal(r.Body, &body)
	return body.Token, err
}

// get reads a path with a token.
func get(t *testing.T, s *server.Server, token, path string) oci.Reply {
	t.Helper()
	r, err := s.Client.Do(t.Context(), oci.Request{
		Method: http.MethodGet, Path: path,
		Header: map[string]string{"Authorization": "Bearer " + token, "Accept": strings.Join(accepted, ", ")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var accepted = []string{
	oci.MediaTypeManifest, oci.MediaTypeIndex,
	"application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json",
}

// pull reads an image, or all images of an index, with all their blobs.
func pull(t *testing.T, s *server.Server, repo, tag, authorization string) {
	t.Helper()
	token, err := token(t.Context(), s, repo, authorization)
	if err != nil {
		t.Fatal(err)
	}
	pullManifest(t, s, repo, tag, token)
}

func pullManifest(t *testing.T, s *server.Server, repo, reference, token string) {
	t.Helper()
	r := get(t, s, token, "/v2/"+repo+"/manifests/"+reference)
	if r.Status != http.StatusOK || oci.Digest(r.Body) != r.Header.Get("Docker-Content-Digest") {
		t.Fatalf("manifest %s: %s", reference, r)
	}
	var m oci.Manifest
	if err := json.Unmarshal(r.Body, &m); err != nil {
		t.Fatal(err)
	}
	blobs := m.Layers
	if m.Config != nil {
		blobs = append(blobs, *m.Config)
	}
	if len(blobs)+len(m.Manifests) == 0 {
		t.Errorf("manifest %s is empty", reference)
	}
	for _, b := range blobs {
		blob := get(t, s, token, "/v2/"+repo+"/blobs/"+b.Digest)
		if blob.Status != http.StatusOK || oci.Digest(blob.Body) != b.Digest || int64(len(blob.Body)) != b.Size {
			t.Errorf("blob %s: status %d, %d bytes of %d", b.Digest, blob.Status, len(blob.Body), b.Size)
		}
	}
	for _, child := range m.Manifests {
		pullManifest(t, s, repo, child.Digest, token)
	}
}
