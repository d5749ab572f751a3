package protocol

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
)

const (
	mediaTypeDocker     = "application/vnd.docker.distribution.manifest.v2+json"
	mediaTypeDockerList = "application/vnd.docker.distribution.manifest.list.v2+json"

	maxManifest = 4 << 20
)

// padded returns an image manifest of exactly size bytes.
func padded(image oci.Image, size int) []byte {
	const field = `,"annotations":{"pad":""}}`
	body := bytes.TrimSuffix(image.Manifest, []byte("}"))
	body = append(bytes.Clone(body), field[:len(field)-3]...)
	body = append(body, bytes.Repeat([]byte("p"), size-len(body)-3)...)
	return append(body, field[len(field)-3:]...)
}

// TestManifestSize proves that a manifest may have 4 MiB and not a byte more,
// whether it announces its length or not.
func TestManifestSize(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 50)
	mustPut(t, repo, "limit", oci.MediaTypeManifest, padded(image, maxManifest))
	for name, length := range map[string]int64{"with length": 0, "chunked": -1} {
		t.Run(name, func(t *testing.T) {
			body := padded(image, maxManifest+1)
			r := do(t, oci.Request{
				Method: http.MethodPut, Path: "/v2/" + repo + "/manifests/latest", Length: length,
				Body: io.MultiReader(bytes.NewReader(body)), Header: map[string]string{"Content-Type": oci.MediaTypeManifest},
			})
			refused(t, r, http.StatusRequestEntityTooLarge)
		})
	}
	t.Run("announced only", func(t *testing.T) {
		r, err := raw(t, false, "PUT /v2/"+repo+"/manifests/latest HTTP/1.1\r\nHost: "+registry.Addr+"\r\nContent-Type: "+
			oci.MediaTypeManifest+"\r\nContent-Length: 1099511627776\r\nConnection: close\r\n\r\n{")
		if err != nil {
			t.Fatal(err)
		}
		refused(t, r, http.StatusRequestEntityTooLarge)
	})
	holdsManifest(t, repo, "latest", oci.MediaTypeManifest, image.Manifest)
}

// edit returns an image's manifest with one string replaced.
func edit(t *testing.T, image oci.Image, old, replacement string) string {
	t.Helper()
	text := string(image.Manifest)
	if !strings.Contains(text, old) {
		t.Fatalf("%q is not in %s", old, text)
	}
	return strings.Replace(text, old, replacement, 1)
}

// TestMalformedManifests proves that what is no manifest is refused and leaves
// the tag where it was.
func TestMalformedManifests(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 51)
	list := `"manifests":[{"mediaType":"` + oci.MediaTypeManifest + `","digest":"` + oci.Digest(image.Manifest) + `","size":1}],`
	layers := `"layers":[`
	tests := []struct{ name, mediaType, body string }{
		{"nothing", oci.MediaTypeManifest, ""},
		{"no JSON", oci.MediaTypeManifest, "hello"},
		{"cut off", oci.MediaTypeManifest, string(image.Manifest[:len(image.Manifest)/2])},
		{"something behind", oci.MediaTypeManifest, string(image.Manifest) + "{}"},
		{"null", oci.MediaTypeManifest, "null"},
		{"array", oci.MediaTypeManifest, "[]"},
		{"string", oci.MediaTypeManifest, `"manifest"`},
		{"empty object", oci.MediaTypeManifest, "{}"},
		{"other version", oci.MediaTypeManifest, edit(t, image, `"schemaVersion":2`, `"schemaVersion":3`)},
		{"version is a word", oci.MediaTypeManifest, edit(t, image, `"schemaVersion":2`, `"schemaVersion":"2"`)},
		{"content type of an index", oci.MediaTypeIndex, string(image.Manifest)},
		{"content type of docker", mediaTypeDocker, string(image.Manifest)},
		{"content type of a docker list", mediaTypeDockerList, string(image.Manifest)},
		{"both layers and manifests", oci.MediaTypeManifest, edit(t, image, layers, list+layers)},
		{"both, as index", oci.MediaTypeIndex, strings.Replace(edit(t, image, layers, list+layers), oci.MediaTypeManifest, oci.MediaTypeIndex, 1)},
		{"negative size", oci.MediaTypeManifest, edit(t, image, `"size":2000`, `"size":-1`)},
		{"size of 2^63", oci.MediaTypeManifest, edit(t, image, `"size":2000`, `"size":9223372036854775808`)},
		{"size of 1e400", oci.MediaTypeManifest, edit(t, image, `"size":2000`, `"size":1e400`)},
		{"size is a fraction", oci.MediaTypeManifest, edit(t, image, `"size":2000`, `"size":2000.5`)},
		{"size is a word", oci.MediaTypeManifest, edit(t, image, `"size":2000`, `"size":"2000"`)},
		{"digest is no digest", oci.MediaTypeManifest, edit(t, image, oci.Digest(image.Layers[0]), "latest")},
		{"digest is a path", oci.MediaTypeManifest, edit(t, image, oci.Digest(image.Layers[0]), "sha256:../../../etc/passwd")},
		{"digest is a number", oci.MediaTypeManifest, edit(t, image, `"`+oci.Digest(image.Layers[0])+`"`, "7")},
		{"layer was not pushed", oci.MediaTypeManifest, edit(t, image, oci.Digest(image.Layers[0]), unknownDigest)},
		{"config was not pushed", oci.MediaTypeManifest, edit(t, image, oci.Digest(image.Config), unknownDigest)},
		{"layers are no list", oci.MediaTypeManifest, edit(t, image, layers, `"x":[],"layers":{},"y":[`)},
		{"array too deep", oci.MediaTypeManifest, edit(t, image, layers, `"deep":`+strings.Repeat("[", 1_500_000)+layers)},
		{"byte order mark", oci.MediaTypeManifest, "\ufeff" + string(image.Manifest)},
		{"utf-16", oci.MediaTypeManifest, "\xff\xfe{\x00}\x00"},
		{"nul bytes", oci.MediaTypeManifest, strings.Repeat("\x00", 1000)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			refused(t, put(t, repo, "latest", tt.mediaType, []byte(tt.body)), http.StatusBadRequest, http.StatusNotFound)
			holdsManifest(t, repo, "latest", oci.MediaTypeManifest, image.Manifest)
		})
	}
}

// TestOddManifests proves that what a registry may take or refuse is either
// refused or kept byte for byte.
func TestOddManifests(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 52)
	layers := `"layers":[`
	annotated := func(value string) string {
		return edit(t, image, layers, `"annotations":{"a":"`+value+`"},`+layers)
	}
	layer := `{"mediaType":"` + oci.MediaTypeLayer + `","digest":"` + oci.Digest(image.Layers[0]) + `","size":2000},`
	tests := []struct {
		name, body string
		must       bool // whether it has to be taken
	}{
		{"spaces and line ends", " \r\n" + strings.ReplaceAll(string(image.Manifest), ",", " ,\n\t") + "\n\n", true},
		{"unknown fields", edit(t, image, layers, `"com.example":{"a":[1,2.50,null,1e2]},`+layers), true},
		{"unknown layer type", edit(t, image, oci.MediaTypeLayer, "application/vnd.example.thing+zip"), true},
		{"unknown config type", edit(t, image, oci.MediaTypeConfig, "application/vnd.example.config+json"), true},
		{"no media type inside", edit(t, image, `"mediaType":"`+oci.MediaTypeManifest+`",`, ""), true},
		{"escapes", annotated(`\u003cscript\u003e \ud83d\ude00 \/`), true},
		{"duplicate keys", edit(t, image, layers, `"layers":[],`+layers), false},
		{"duplicate version", edit(t, image, `"schemaVersion":2`, `"schemaVersion":1,"schemaVersion":2`), false},
		{"invalid utf-8", annotated("\xff\xfe"), false},
		{"half a surrogate", annotated(`\ud83d`), false},
		{"nul in a string", annotated(`\u0000`), false},
		{"line ends and terminal codes", annotated(`\r\nX: y\u001b[31m`), false},
		{"annotation of 1 MiB", annotated(strings.Repeat("x", 1<<20)), false},
		{"deep", edit(t, image, layers, `"deep":`+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+","+layers), false},
		{"deeper", edit(t, image, layers, `"deep":`+strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)+","+layers), false},
		{"other size than the layer has", edit(t, image, `"size":2000`, `"size":4611686018427387904`), false},
		{"data that is not the layer", edit(t, image, `"size":2000`, `"data":"aGVsbG8=","size":2000`), false},
		{"data that is no base64", edit(t, image, `"size":2000`, `"data":"???","size":2000`), false},
		{"urls inside the house", edit(t, image, `"size":2000`, `"urls":["http://127.0.0.1:1/","file:///etc/passwd"],"size":2000`), false},
		{"the same layer 26,000 times", edit(t, image, layers, layers+strings.Repeat(layer, 26_000)), false},
		{"annotations are a list", edit(t, image, layers, `"annotations":["a"],`+layers), false},
		{"config is null", edit(t, image, `"config":`, `"config":null,"was":`), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			began := time.Now()
			r := put(t, repo, "odd", oci.MediaTypeManifest, []byte(tt.body))
			if d := time.Since(began); d > 10*time.Second {
				t.Errorf("the answer took %s", d)
			}
			switch {
			case r.Status == http.StatusCreated:
				holdsManifest(t, repo, oci.Digest([]byte(tt.body)), oci.MediaTypeManifest, []byte(tt.body))
			case tt.must:
				t.Errorf("got %s, want it taken", r)
			default:
				refused(t, r)
			}
			holdsManifest(t, repo, "latest", oci.MediaTypeManifest, image.Manifest)
		})
	}
}

// TestUnknownManifestTypes proves that a manifest of a type nobody knows is kept
// byte for byte, or refused as a type that is not supported.
func TestUnknownManifestTypes(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 53)
	const unknown = "application/vnd.example.thing.v1+json"
	body := []byte(`{ "schemaVersion": 2, "mediaType": "` + unknown + `", "thing": [1, 2.50] }`)
	if r := put(t, repo, "thing", unknown, body); r.Status == http.StatusCreated {
		holdsManifest(t, repo, "thing", unknown, body)
	} else {
		refused(t, r)
	}
	for _, contentType := range []string{
		"", "text/html", "application/json", ";", "application/vnd.oci.image.manifest.v1+json; charset=utf-8",
		"application/vnd.oci.image.manifest.v1+json\t", strings.Repeat("a", 1000) + "/b",
	} {
		t.Run(contentType[:min(len(contentType), 20)], func(t *testing.T) {
			acceptedOrRefused(t, put(t, repo, "typed", contentType, image.Manifest))
		})
	}
}

// TestDigestReference proves that a manifest is stored under its own digest only.
func TestDigestReference(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 54)
	other := append(bytes.Clone(image.Manifest), '\n')
	refused(t, put(t, repo, oci.Digest(image.Manifest), oci.MediaTypeManifest, other), http.StatusBadRequest)
	refused(t, put(t, repo, unknownDigest, oci.MediaTypeManifest, other), http.StatusBadRequest)
	refused(t, get(t, "/v2/"+repo+"/manifests/"+unknownDigest), http.StatusNotFound)
	refused(t, get(t, "/v2/"+repo+"/manifests/"+oci.Digest(other)), http.StatusNotFound)
	mustPut(t, repo, oci.Digest(other), oci.MediaTypeManifest, other)
	holdsManifest(t, repo, oci.Digest(other), oci.MediaTypeManifest, other)
	holdsManifest(t, repo, "latest", oci.MediaTypeManifest, image.Manifest)
}

// TestBrokenManifestBodies proves that half a manifest is not stored.
func TestBrokenManifestBodies(t *testing.T) {
	repo := newRepo()
	image := pushImage(t, repo, "latest", 55)
	for name, framing := range map[string]string{
		"shorter":             fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(image.Manifest)+100, image.Manifest),
		"chunked without end": fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(image.Manifest), image.Manifest),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := raw(t, true, "PUT /v2/"+repo+"/manifests/broken HTTP/1.1\r\nHost: "+registry.Addr+
				"\r\nContent-Type: "+oci.MediaTypeManifest+"\r\n"+framing)
			if err == nil {
				refused(t, r)
			}
			refused(t, get(t, "/v2/"+repo+"/manifests/broken"), http.StatusNotFound)
		})
	}
}

// TestExpiryLabels proves that labels which set a tag's life do not break a push,
// whatever they say.
func TestExpiryLabels(t *testing.T) {
	repo := newRepo()
	for i, value := range []string{"1w", "0s", "-1h", "", "9", "99999999999999999999w", "1e9d", "forever", "1w; drop table tag"} {
		t.Run(value, func(t *testing.T) {
			label, err := json.Marshal(map[string]string{"quay.expires-after": value})
			if err != nil {
				t.Fatal(err)
			}
			config := fmt.Appendf(nil, `{"architecture":"amd64","os":"linux","config":{"Labels":%s},"rootfs":{"type":"layers","diff_ids":[]}}`, label)
			layer := []byte(value + " layer")
			c := oci.Describe(oci.MediaTypeConfig, config)
			c.Digest = pushBlob(t, repo, config)
			pushBlob(t, repo, layer)
			body := oci.Manifest{MediaType: oci.MediaTypeManifest, Config: &c, Layers: []oci.Descriptor{oci.Describe(oci.MediaTypeLayer, layer)}}.JSON()
			acceptedOrRefused(t, put(t, repo, fmt.Sprintf("tag%d", i), oci.MediaTypeManifest, body))
		})
	}
}
