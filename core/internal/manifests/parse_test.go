package manifests

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// digestOf names content of tests.
func digestOf(content string) domain.Digest { return domain.SHA256.Of([]byte(content)) }

// desc is a content descriptor; more is what follows its three members.
func desc(content string, more ...string) string {
	return fmt.Sprintf(`{"mediaType":"application/x","digest":%q,"size":%d%s}`,
		digestOf(content), len(content), strings.Join(more, ""))
}

// image is an image manifest; more comes after its members.
func image(config string, layers []string, more ...string) string {
	return `{"schemaVersion":2,"config":` + config + `,"layers":[` + strings.Join(layers, ",") + `]` + strings.Join(more, "") + `}`
}

// index is an image index.
func index(manifests ...string) string {
	return `{"schemaVersion":2,"manifests":[` + strings.Join(manifests, ",") + `]}`
}

const (
	ociImage = domain.MediaTypeOCIManifest
	ociIndex = domain.MediaTypeOCIIndex
	artifact = domain.MediaTypeOCIArtifact
)

// TestParse proves what is read of manifests that are accepted: which blobs and
// manifests must be there before, each once, and what is remembered.
func TestParse(t *testing.T) {
	a, b, c := digestOf("a"), digestOf("b"), digestOf("config")
	config := desc("config")
	data := func(s string) string { return `,"data":"` + base64.StdEncoding.EncodeToString([]byte(s)) + `"` }
	foreign := func(mediaType string) string {
		return strings.Replace(desc("far away", `,"urls":["https://example.com/layer"]`), "application/x", mediaType, 1)
	}
	for _, tc := range []struct {
		name, contentType, body string
		want                    parsed
	}{
		{
			"image", ociImage, image(config, []string{desc("a"), desc("b")}),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{a, b, c}, layersSize: 2},
		},
		{
			"docker image", domain.MediaTypeDockerManifest, image(config, []string{desc("a")}),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{a, c}, layersSize: 1},
		},
		{
			"no layers", ociImage, image(config, nil),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{c}},
		},
		{
			"a layer twice", ociImage, image(config, []string{desc("a"), desc("a"), config}),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{a, c}, layersSize: 8},
		},
		{
			"foreign layers", ociImage, image(config, []string{
				foreign("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"),
				foreign("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"),
				desc("b", `,"urls":["https://example.com/layer"]`), desc("a", `,"urls":[]`),
			}),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{b, a, c}, layersSize: 18},
		},
		{
			"foreign layers of docker", domain.MediaTypeDockerManifest, image(config, []string{
				foreign("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"),
				desc("elsewhere", `,"urls":["https://example.com/layer"]`), desc("a", `,"urls":[]`),
			}),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{a, c}, layersSize: 18},
		},
		{
			"docker image with members of OCI", domain.MediaTypeDockerManifest,
			image(config, []string{desc("a")}, `,"artifactType":"application/x-signature","subject":`, desc("b")),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{a, c}, layersSize: 1},
		},
		{
			"artifact as an image", ociImage,
			image(config, []string{desc("a")}, `,"artifactType":"application/x-signature","subject":`, desc("b")),
			parsed{
				configMediaType: "application/x", artifactType: "application/x-signature", subject: b,
				blobs: []domain.Digest{a, c}, layersSize: 1,
			},
		},
		{
			"embedded data", ociImage, image(desc("config", data("config")), []string{desc("", data(""))}),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{digestOf(""), c}},
		},
		{
			"null members are no members", ociImage,
			image(config, []string{desc("a")}, `,"manifests":null,"subject":null,"artifactType":null,"mediaType":null`),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{a, c}, layersSize: 1},
		},
		{
			"case variants are other names", ociImage,
			image(config, []string{desc("a")}, `,"Layers":[`, desc("b"), `],"CONFIG":1,"MediaType":"text/html","Manifests":[]`),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{a, c}, layersSize: 1},
		},
		{
			"escaped names", ociImage, strings.Replace(image(config, []string{desc("a")}), "layers", `l\u0061yers`, 1),
			parsed{configMediaType: "application/x", blobs: []domain.Digest{a, c}, layersSize: 1},
		},
		{
			"index", ociIndex, index(desc("a"), desc("b"), desc("a")),
			parsed{children: []child{{a, 1, "application/x"}, {b, 1, "application/x"}}, layersSize: -1},
		},
		{
			"empty docker list", domain.MediaTypeDockerManifestList, index(),
			parsed{layersSize: -1},
		},
		{
			"index without platforms, with one elsewhere", ociIndex, index(desc("a", `,"platform":null`), desc("b", `,"urls":["x"]`)),
			parsed{children: []child{{a, 1, "application/x"}, {b, 1, "application/x"}}, layersSize: -1},
		},
		{
			"artifact manifest", artifact, `{"artifactType":"application/x-sbom","blobs":[` + desc("a") + `],"subject":` + desc("b") + `}`,
			parsed{artifactType: "application/x-sbom", subject: b, blobs: []domain.Digest{a}, layersSize: -1},
		},
		{
			"unknown type", "application/x-new", `{"layers":"not a list","schemaVersion":"x"}`,
			parsed{layersSize: -1},
		},
		{
			"signed schema 1", domain.MediaTypeDockerSigned1, `{"schemaVersion":1,"fsLayers":[],"signatures":[]}`,
			parsed{layersSize: -1},
		},
		{
			"sha512", ociIndex, index(`{"digest":"` + string(domain.SHA512.Of(nil)) + `","size":0}`),
			parsed{children: []child{{domain.SHA512.Of(nil), 0, ""}}, layersSize: -1},
		},
	} {
		tc.want.mediaType = tc.contentType
		got, err := parse([]byte(tc.body), tc.contentType)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		got.types = nil // TestCheckTypes looks at them
		if fmt.Sprintf("%+v", *got) != fmt.Sprintf("%+v", tc.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", tc.name, *got, tc.want)
		}
	}
}

// TestCheckTypes proves which media types the parts of a manifest may have in the
// product, and what it says of others.
func TestCheckTypes(t *testing.T) {
	typed := func(mediaType string) string { return strings.Replace(desc("a"), "application/x", mediaType, 1) }
	const docker, foreign = "application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
	for _, tc := range []struct {
		name, contentType, body, want string
	}{
		{"docker", domain.MediaTypeDockerManifest, image(typed(mediaTypeDockerConfig), []string{typed(docker)}), ""},
		{
			"docker with another configuration", domain.MediaTypeDockerManifest, image(typed("application/x"), nil),
			"failed to parse manifest: manifest data does not match schema: 'application/x' is not one of ['application/vnd.docker.container.image.v1+json']",
		},
		{
			"docker with another layer", domain.MediaTypeDockerManifest, image(typed(mediaTypeDockerConfig), []string{typed("application/x")}),
			"failed to parse manifest: manifest data does not match schema: 'application/x' is not one of ['" + docker + "', '" + foreign + "']",
		},
		{"OCI", ociImage, image(typed("a/b"), []string{typed("text/x+y"), typed("application/x")}), ""},
		{
			"OCI without a type", ociImage, image(typed(""), nil),
			"failed to parse manifest: manifest data does not match schema: '' does not match a media type",
		},
		{"OCI index", ociIndex, index(typed(ociIndex), typed(domain.MediaTypeDockerManifest)), ""},
		{"OCI index of others", ociIndex, index(typed("application/x")), "Unknown or unsupported manifest media type `application/x`"},
		{"docker list", domain.MediaTypeDockerManifestList, index(typed(domain.MediaTypeDockerSchema1)), ""},
		{
			"docker list of OCI", domain.MediaTypeDockerManifestList, index(typed(ociImage)),
			"Unknown or unsupported manifest media type `" + ociImage + "`",
		},
	} {
		p, err := parse([]byte(tc.body), tc.contentType)
		if err == nil {
			err = p.checkTypes()
		}
		if got := errs.Public(err); err != nil && got != tc.want || err == nil && tc.want != "" {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	var many []string
	for i := range maxTypes + 2 {
		many = append(many, typed(fmt.Sprint("application/x", i)))
	}
	p, err := parse([]byte(image(typed("application/x"), many)), ociImage)
	if err != nil || p.checkTypes() == nil || len(p.types) > maxTypes+1 {
		t.Errorf("many types: %v", err)
	}
}

// TestParseMediaType proves that a manifest's own media type stands in for a
// missing Content-Type, and may not contradict it.
func TestParseMediaType(t *testing.T) {
	with := func(own string) string { return strings.Replace(index(), "{", `{"mediaType":"`+own+`",`, 1) }
	for _, tc := range []struct{ contentType, body, want string }{
		{ociIndex, index(), ociIndex},
		{ociIndex, with(ociIndex), ociIndex},
		{ociIndex, with(""), ociIndex},
		{"", with(ociIndex), ociIndex},
		{"", index(), ""},
		{ociImage, with(ociIndex), ""},
		{ociIndex, with(domain.MediaTypeDockerManifestList), ""},
	} {
		got, err := parse([]byte(tc.body), tc.contentType)
		if tc.want == "" != (err != nil) || err == nil && got.mediaType != tc.want {
			t.Errorf("%s as %q: got %+v, %v", tc.body, tc.contentType, got, err)
		}
	}
}

// TestParseRefuses proves that what two readers could understand differently, or
// one could choke on, is refused as an invalid manifest.
func TestParseRefuses(t *testing.T) {
	config, layer := desc("config"), desc("a")
	good := image(config, []string{layer})
	change := func(old, replacement string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%s is not in the manifest", old)
		}
		return strings.Replace(good, old, replacement, 1)
	}
	sized := func(size string) string { return change(`"size":1`, `"size":`+size) }
	digest := func(d string) string { return change(string(digestOf("a")), d) }
	huge := fmt.Sprintf(`{"digest":%q,"size":9223372036854775807}`, digestOf("huge"))
	for name, body := range map[string]string{
		"nothing":                    "",
		"null":                       "null",
		"a list":                     "[]",
		"a string":                   `"manifest"`,
		"an HTML page":               "<html></html>",
		"cut off":                    good[:len(good)-1],
		"something after it":         good + good,
		"byte order mark":            "\ufeff" + good,
		"invalid UTF-8":              change("application/x", "\xff"),
		"UTF-8 of a surrogate":       change("application/x", "\xed\xa0\x80"),
		"UTF-16":                     "\xff\xfe{\x00}\x00",
		"NUL":                        change("application/x", "a\x00"),
		"a name twice":               change(`"layers"`, `"schemaVersion":2,"layers"`),
		"layers twice":               image(config, []string{layer}, `,"layers":[]`),
		"layers twice, escaped":      image(config, []string{layer}, `,"l\u0061yers":[]`),
		"unknown name twice":         image(config, nil, `,"x":1,"x":1`),
		"digest twice":               change(`"digest"`, `"digest":"`+string(digestOf("b"))+`","digest"`),
		"size twice":                 change(`"size":1`, `"size":1,"size":2`),
		"an image and an index":      image(config, []string{layer}, `,"manifests":[]`),
		"an index and a config":      `{"schemaVersion":2,"manifests":[],"config":` + config + `}`,
		"no config":                  change(`"config"`, `"Config"`),
		"config is null":             image("null", []string{layer}),
		"config is a list":           image("["+config+"]", []string{layer}),
		"no layers":                  change(`"layers"`, `"Layers"`),
		"layers is null":             `{"schemaVersion":2,"layers":null,"config":` + config + `}`,
		"layers is an object":        `{"schemaVersion":2,"layers":{},"config":` + config + `}`,
		"a layer is null":            image(config, []string{"null"}),
		"a layer is a string":        image(config, []string{`"` + string(digestOf("a")) + `"`}),
		"schema version 1":           change(`"schemaVersion":2`, `"schemaVersion":1`),
		"schema version 2.5":         change(`"schemaVersion":2`, `"schemaVersion":2.5`),
		"schema version as text":     change(`"schemaVersion":2`, `"schemaVersion":"2"`),
		"no schema version":          change(`"schemaVersion":2`, `"schemaversion":2`),
		"media type is a number":     image(config, nil, `,"mediaType":1`),
		"artifact type is a list":    image(config, nil, `,"artifactType":[]`),
		"subject is a string":        image(config, nil, `,"subject":"`+string(digestOf("a"))+`"`),
		"subject without a digest":   image(config, nil, `,"subject":{"size":1}`),
		"negative size":              sized("-1"),
		"foreign without a place":    change("application/x\",\"digest\":\""+string(digestOf("a")), "application/vnd.oci.image.layer.nondistributable.v1.tar\",\"digest\":\""+string(digestOf("a"))),
		"size beyond 64 bits":        sized("9223372036854775808"),
		"size as a fraction":         sized("0.5"),
		"size with an exponent":      sized("1e3"),
		"size as text":               sized(`"1"`),
		"size is null":               sized("null"),
		"no size":                    change(`"size"`, `"Size"`),
		"sizes overflow together":    image(config, []string{huge, layer}),
		"no digest":                  change(`"digest"`, `"Digest"`),
		"digest in upper case":       digest(strings.ToUpper(string(digestOf("a")))),
		"digest with upper hex":      digest("sha256:" + strings.Repeat("A", 64)),
		"digest is short":            digest("sha256:" + strings.Repeat("a", 63)),
		"digest of md5":              digest("md5:" + strings.Repeat("a", 32)),
		"digest is a path":           digest("sha256:../../" + strings.Repeat("a", 58)),
		"digest with a space":        digest(" " + string(digestOf("a"))),
		"urls is a string":           change(`"size":1`, `"size":1,"urls":"https://example.com"`),
		"data of something else":     image(config, []string{desc("a", `,"data":"Yg=="`)}),
		"data that is longer":        image(config, []string{desc("a", `,"data":"YWE="`)}),
		"data that is not base64":    image(config, []string{desc("a", `,"data":"*"`)}),
		"data that is a list":        image(config, []string{desc("a", `,"data":[97]`)}),
		"data under a wrong digest":  image(config, []string{fmt.Sprintf(`{"digest":%q,"size":1,"data":"YQ=="}`, digestOf("b"))}),
		"subject with data mismatch": image(config, nil, `,"subject":`, desc("a", `,"data":"Yg=="`)),
		"too deep":                   change("{", `{"x":`+strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000)+","),
		"deep and never closed":      change("{", `{"x":`+strings.Repeat(`{"x":`, 500_000)),
	} {
		got, err := parse([]byte(body), ociImage)
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	for name, body := range map[string]string{
		"an index without manifests": `{"schemaVersion":2}`,
		"manifests is null":          `{"schemaVersion":2,"manifests":null}`,
		"a manifest is null":         index("null"),
		"an index and layers":        `{"schemaVersion":2,"manifests":[],"layers":[]}`,
	} {
		got, err := parse([]byte(body), ociIndex)
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	if _, err := parse([]byte(`{"blobs":[{}]}`), artifact); !errs.Is(err, errs.Invalid) {
		t.Errorf("an artifact with an empty descriptor: %v", err)
	}
}

// TestParseMany proves that the time to read a manifest grows with its size and
// not faster.
func TestParseMany(t *testing.T) {
	of := func(n int) []byte {
		layers := make([]string, n)
		for i := range layers {
			layers[i] = desc(fmt.Sprint(i), `,"annotations":{"a":"b"}`)
		}
		return []byte(image(desc("config"), layers))
	}
	best := func(n int) time.Duration {
		body, times := of(n), []time.Duration{}
		for range 3 {
			begin := time.Now()
			p, err := parse(body, ociImage)
			times = append(times, time.Since(begin))
			if err != nil || len(p.blobs) != n+1 {
				t.Fatalf("%d layers: %v", n, err)
			}
		}
		return slices.Min(times)
	}
	few, many := best(500), best(10_000)
	if many > 100*few {
		t.Errorf("20 times as many descriptors took %v instead of %v", many, few)
	}
}

// FuzzParse proves that nothing makes the parser panic, and that what it accepts
// names only well-formed digests, each blob and child once.
func FuzzParse(f *testing.F) {
	for _, contentType := range []string{ociImage, ociIndex, artifact, "", "application/x-new"} {
		f.Add([]byte(image(desc("config"), []string{desc("a"), desc("b", `,"urls":["x"]`)}, `,"subject":`, desc("c"))), contentType)
		f.Add([]byte(index(desc("a"), desc("a"))), contentType)
		f.Add([]byte(`{"mediaType":"`+artifact+`","blobs":[`+desc("a", `,"data":"YQ=="`)+`]}`), contentType)
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		p, err := parse(body, contentType)
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("kind of %v", err)
			}
			return
		}
		if p.mediaType == "" || p.layersSize < -1 {
			t.Errorf("accepted %+v", p)
		}
		var children []domain.Digest
		for _, c := range p.children {
			children = append(children, c.digest)
		}
		_ = p.checkTypes()
		all := slices.Concat(p.blobs, children)
		if p.subject != "" {
			all = append(all, p.subject)
		}
		for _, d := range all {
			if _, err := domain.ParseDigest(string(d)); err != nil {
				t.Errorf("accepted the digest %q", d)
			}
		}
		for _, list := range [][]domain.Digest{p.blobs, children} {
			slices.Sort(list)
			if len(slices.Compact(slices.Clone(list))) != len(list) {
				t.Errorf("a digest twice in %v", list)
			}
		}
	})
}
