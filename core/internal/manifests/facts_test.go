package manifests

import (
	"strings"
	"testing"

	"github.com/quay/quay/core/internal/domain"
)

const (
	aDigest   = `"digest":"sha256:ab"`
	aConfig   = `{"mediaType":"application/vnd.docker.container.image.v1+json","size":1,` + aDigest + `}`
	anyConfig = `{"mediaType":"application/x","size":1,` + aDigest + `}`
)

func storedLayer(mediaType, size string) string {
	return `{"mediaType":"` + mediaType + `","size":` + size + `,` + aDigest + `}`
}

// TestFacts proves what is read from stored manifests, and which of them cannot be read,
// as the product decides it.
func TestFacts(t *testing.T) {
	const docker, oci = domain.MediaTypeDockerManifest, domain.MediaTypeOCIManifest
	dockerImage := func(layers string) string {
		return `{"schemaVersion":2,"mediaType":"` + docker + `","config":` + aConfig + `,"layers":[` + layers + `]}`
	}
	ociImage := func(rest string) string {
		return `{"schemaVersion":2,"config":` + anyConfig + `,` + rest + `}`
	}
	bad := domain.ManifestFacts{LayersSize: domain.UnreadableSize}
	for _, tc := range []struct {
		what, mediaType, body string
		want                  domain.ManifestFacts
	}{
		{
			"a Docker image", docker, dockerImage(storedLayer(dockerLayer, "7") + "," + storedLayer(dockerLayer, "5")),
			domain.ManifestFacts{LayersSize: 12, ConfigMediaType: mediaTypeDockerConfig},
		},
		{
			"one of which a layer is elsewhere", docker,
			dockerImage(`{"mediaType":"` + dockerForeignLayer + `","size":3,` + aDigest + `,"urls":["https://x/"]}`),
			domain.ManifestFacts{LayersSize: 3, ConfigMediaType: mediaTypeDockerConfig},
		},
		{"one without layers", docker, dockerImage(""), domain.ManifestFacts{ConfigMediaType: mediaTypeDockerConfig}},
		{
			"an OCI image of anything", oci, ociImage(`"layers":[` + storedLayer("application/y", "9") + `]`),
			domain.ManifestFacts{LayersSize: 9, ConfigMediaType: "application/x"},
		},
		{
			"one with a subject", oci, ociImage(`"layers":[],"artifactType":"application/z","subject":{"mediaType":"m/n","size":2,"digest":"sha256:cd"}`),
			domain.ManifestFacts{ConfigMediaType: "application/x", Subject: "sha256:cd", ArtifactType: "application/z"},
		},
		{
			"a Docker image with a subject, which has none", docker,
			strings.Replace(dockerImage(""), "{", `{"subject":{"mediaType":"m/n","size":2,"digest":"sha256:cd"},"artifactType":"a/b",`, 1),
			domain.ManifestFacts{ConfigMediaType: mediaTypeDockerConfig},
		},
		{
			"an index with a subject", domain.MediaTypeOCIIndex,
			`{"schemaVersion":2,"manifests":[],"subject":{"mediaType":"m/n","size":2,"digest":"sha256:cd"}}`,
			domain.ManifestFacts{Subject: "sha256:cd"},
		},
		{
			"a list", domain.MediaTypeDockerManifestList,
			`{"schemaVersion":2,"mediaType":"` + domain.MediaTypeDockerManifestList + `","manifests":[` + storedLayer(docker, "5") + `]}`,
			domain.ManifestFacts{},
		},
		{"a member that occurs twice: the last", oci, ociImage(`"layers":[],"artifactType":"a/b","artifactType":"c/d"`), domain.ManifestFacts{
			ConfigMediaType: "application/x", ArtifactType: "c/d",
		}},
		{"no JSON", oci, `{`, bad},
		{"no object", oci, `[]`, bad},
		{"another version", oci, strings.Replace(ociImage(`"layers":[]`), `:2`, `:1`, 1), bad},
		{"another media type", oci, ociImage(`"layers":[],"mediaType":"` + docker + `"`), bad},
		{"a Docker image that does not say what it is", docker, ociImage(`"layers":[]`), bad},
		{"an unknown media type", "application/x", ociImage(`"layers":[]`), bad},
		{"no layers", oci, `{"schemaVersion":2,"config":` + anyConfig + `}`, bad},
		{"no configuration", oci, `{"schemaVersion":2,"layers":[]}`, bad},
		{"a negative size", oci, ociImage(`"layers":[` + storedLayer("a/b", "-1") + `]`), bad},
		{"a size that is a text", oci, ociImage(`"layers":[` + storedLayer("a/b", `"1"`) + `]`), bad},
		{"sizes that overflow", oci, ociImage(`"layers":[` + storedLayer("a/b", "9223372036854775807") + "," + storedLayer("a/b", "1") + `]`), bad},
		{"a digest that is none", oci, ociImage(`"layers":[{"mediaType":"a/b","size":1,"digest":"sha256:xyz"}]`), bad},
		{"a layer of another type", docker, dockerImage(storedLayer("application/x", "1")), bad},
		{"a layer that is nowhere", docker, dockerImage(storedLayer(dockerForeignLayer, "1")), bad},
		{"a list without manifests", domain.MediaTypeOCIIndex, `{"schemaVersion":2}`, bad},
		{"a subject that is null", oci, ociImage(`"layers":[],"subject":null`), bad},
		{"an artifact type that is too long", oci, ociImage(`"layers":[],"artifactType":"` + strings.Repeat("x", 256) + `"`), bad},
		{"a schema 1 manifest that is none", domain.MediaTypeDockerSigned1, `{}`, bad},
	} {
		got, err := facts(tc.mediaType, []byte(tc.body))
		if (err != nil) != (tc.want == bad) || err == nil && got != tc.want {
			t.Errorf("%s: got %+v, %v", tc.what, got, err)
		}
	}
}

// TestFactsOfSchema1 proves that the size of a schema 1 manifest is what its layers'
// metadata say.
func TestFactsOfSchema1(t *testing.T) {
	layer := func(metadata string) (string, string) {
		return `{"blobSum":"sha256:` + strings.Repeat("a", 64) + `"}`, `{"v1Compatibility":` + metadata + `}`
	}
	sum1, meta1 := layer(`"{\"id\":\"b\",\"parent\":\"a\",\"Size\":30}"`)
	sum2, meta2 := layer(`"{\"id\":\"a\"}"`)
	body := `{"schemaVersion":1,"name":"a/b","tag":"t","architecture":"amd64","fsLayers":[` + sum1 + "," + sum2 + `],"history":[` + meta1 + "," + meta2 + `]}`
	if got, err := facts(domain.MediaTypeDockerSchema1, []byte(body)); err != nil || got != (domain.ManifestFacts{LayersSize: 30}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// FuzzFacts proves that no bytes of a stored manifest can do harm.
func FuzzFacts(f *testing.F) {
	f.Add(domain.MediaTypeOCIManifest, []byte(`{"schemaVersion":2,"config":`+anyConfig+`,"layers":[]}`))
	f.Add(domain.MediaTypeDockerSigned1, []byte(`{"schemaVersion":1,"name":"a","tag":"t","fsLayers":[],"history":[]}`))
	f.Fuzz(func(t *testing.T, mediaType string, body []byte) {
		got, err := facts(mediaType, body)
		if err == nil && (got.LayersSize < 0 || len(got.Subject) > 255 || len(got.ArtifactType) > 255 || len(got.ConfigMediaType) > 255) {
			t.Errorf("got %+v", got)
		}
	})
}

// TestPass proves that a pass looks at every id once, whatever its bounds.
func TestPass(t *testing.T) {
	for _, tc := range []struct{ first, last domain.ManifestID }{{1, 1}, {1, 249}, {1, 250}, {1, 251}, {7, 12345}, {501, 100000}} {
		seen := make(map[domain.ManifestID]bool)
		p := newPass(tc.first, tc.last)
		for more := true; more; more = p.advance() {
			from, to := p.next()
			for id := from; id < to; id++ {
				if seen[id] || id < tc.first || id > tc.last {
					t.Fatalf("%d to %d: %d once more", tc.first, tc.last, id)
				}
				seen[id] = true
			}
		}
		if len(seen) != int(tc.last-tc.first)+1 {
			t.Errorf("%d to %d: %d ids", tc.first, tc.last, len(seen))
		}
	}
}
