package manifests_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/core/internal/schema1"
	"github.com/quay/quay/sdk/errs"
)

const (
	unsigned1 = domain.MediaTypeDockerSchema1
	signed1   = domain.MediaTypeDockerSigned1
)

// name is what manifests of schema 1 are called that a test pushes.
var name = domain.Name{Namespace: "acme", Repository: "web/api"}

// old is an image of schema 1 whose layers the repository has, the topmost first.
func (r *registry) old(layers ...string) schema1.Image {
	image := schema1.Image{Name: name.String(), Tag: "written", Architecture: "amd64"}
	for i, l := range layers {
		r.blob(l)
		parent := ""
		if i < len(layers)-1 {
			parent = fmt.Sprintf(`"parent": %q, `, layers[i+1])
		}
		image.Layers = append(image.Layers, schema1.Layer{
			Digest:          digestOf(l),
			V1Compatibility: fmt.Sprintf(`{"id": %q, %s"Size": %d, "config": {"Labels": {"of": %q}}}`, l, parent, 10+i, l),
		})
	}
	return image
}

func sign(t *testing.T, image schema1.Image) string {
	t.Helper()
	key, err := schema1.NewKey()
	must(t, err)
	text, err := key.Sign(image, time.Unix(1700000000, 0))
	must(t, err)
	return string(text)
}

// TestPushSchema1 proves that manifests of the first schema are taken with a signature
// and without, that their digest is that of what was signed, and what a push moves: by
// tag the tag of the request, by digest the tag that is written in the manifest.
func TestPushSchema1(t *testing.T) {
	l := openLabelled(t)
	image := l.old("leaf", "middle", "base", "base")
	text, digest := sign(t, image), domain.SHA256.Of(image.Unsigned())
	for _, contentType := range []string{"", "application/json", unsigned1, signed1} {
		push := l.push(contentType, text, "asked")
		push.Name = name
		stored, err := l.Put(t.Context(), push)
		if err != nil || stored.Digest != digest || stored.MediaType != signed1 {
			t.Errorf("as %q: %+v, %v", contentType, stored, err)
		}
	}
	if l.get("asked") != text || l.get("written") != "manifest_unknown" || l.get(string(digest)) != text {
		t.Error("a push by tag moves the tag of the request")
	}
	if got := l.labels(digest); !slices.Equal(got, []string{"of=leaf"}) {
		t.Errorf("labels %v", got)
	}
	found, err := l.Find(t.Context(), domain.ManifestQuery{Repository: l.repo, Digest: digest})
	if err != nil || found.LayersSize != 10+11+12+13 {
		t.Errorf("%+v, %v", found, err)
	}

	image.Tag = "other"
	push := l.push(unsigned1, string(image.Unsigned()))
	push.Name, push.Digest = name, domain.SHA256.Of(push.Body)
	stored, err := l.Put(t.Context(), push)
	if err != nil || stored.MediaType != unsigned1 || l.get("other") != string(push.Body) {
		t.Errorf("by digest: %+v, %v", stored, err)
	}
}

// TestPushSchema1Refuses proves that what is said about the place has to be right, and
// the layers complete and in order.
func TestPushSchema1Refuses(t *testing.T) {
	r := open(t, manifests.Policy{UntaggedFor: time.Hour, Library: "library"})
	good := r.old("leaf", "base")
	with := func(change func(i *schema1.Image)) string {
		image := good
		image.Layers = slices.Clone(good.Layers)
		change(&image)
		return string(image.Unsigned())
	}
	for what, tc := range map[string]struct {
		body, digest, message string
		want                  error
	}{
		"another namespace":     {with(func(i *schema1.Image) { i.Name = "other/web/api" }), "", "namespace name does not match manifest", domain.ErrName},
		"no namespace":          {with(func(i *schema1.Image) { i.Name = "api" }), "", "namespace name does not match manifest", domain.ErrName},
		"another repository":    {with(func(i *schema1.Image) { i.Name = "acme/web" }), "", "repository name does not match manifest", domain.ErrName},
		"no layers":             {with(func(i *schema1.Image) { i.Layers = nil }), "", "manifest does not reference any layers", manifests.ErrInvalid},
		"layers upside down":    {with(func(i *schema1.Image) { slices.Reverse(i.Layers) }), "", "Unknown parent image base", manifests.ErrInvalid},
		"a layer nobody has":    {with(func(i *schema1.Image) { i.Layers[1].Digest = digestOf("nowhere") }), "", "Unknown blob `" + string(digestOf("nowhere")) + "`", manifests.ErrInvalid},
		"metadata is no JSON":   {with(func(i *schema1.Image) { i.Layers[0].V1Compatibility = "x" }), "", "failed to parse manifest: ", manifests.ErrInvalid},
		"a layer without id":    {with(func(i *schema1.Image) { i.Layers[0].V1Compatibility = "{}" }), "", "failed to parse manifest: id field missing from v1Compatibility JSON", manifests.ErrInvalid},
		"a bad tag in it":       {with(func(i *schema1.Image) { i.Tag = "-" }), "same", "invalid tag", domain.ErrTag},
		"another digest":        {with(func(*schema1.Image) {}), string(digestOf("x")), "manifest digest mismatch", manifests.ErrInvalid},
		"a name twice":          {strings.Replace(with(func(*schema1.Image) {}), `"tag"`, `"tag": "x", "tag"`, 1), "", "failed to parse manifest: ", manifests.ErrInvalid},
		"no JSON":               {"x", "", "failed to parse manifest: malformed manifest data: ", manifests.ErrInvalid},
		"signed and changed":    {strings.Replace(sign(t, good), "written", "changed", 1), "", "failed to parse manifest: ", manifests.ErrInvalid},
		"schema 2 without type": {index(), "", "failed to parse manifest: ", manifests.ErrInvalid},
	} {
		push := r.push("", tc.body)
		push.Name = name
		switch tc.digest {
		case "":
			push.Tags = []string{"latest"}
		case "same":
			push.Digest = digestOf(tc.body)
		default:
			push.Digest = domain.Digest(tc.digest)
		}
		_, err := r.Put(t.Context(), push)
		var e *errs.Error
		if !errors.Is(err, tc.want) || !errors.As(err, &e) || !strings.HasPrefix(e.Message, tc.message) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := r.get("latest"); got != "manifest_unknown" {
		t.Errorf("the tag names %q", got)
	}
	library := with(func(i *schema1.Image) { i.Name = "api" })
	push := r.push("", library, "latest")
	push.Name = domain.Name{Namespace: "library", Repository: "api"}
	if _, err := r.Put(t.Context(), push); err != nil {
		t.Errorf("in the library: %v", err)
	}
}

// TestSchema1InIndex proves that an index has manifests of schema 1 for the architecture
// that is written in them only.
func TestSchema1InIndex(t *testing.T) {
	r := open(t, manifests.Policy{UntaggedFor: time.Hour, HiddenTags: true})
	body := string(r.old("leaf").Unsigned())
	push := r.push(unsigned1, body, "written")
	push.Name = name
	_, err := r.Put(t.Context(), push)
	must(t, err)
	_, err = r.Put(t.Context(), r.push(domain.MediaTypeDockerManifestList, list(on(unsigned1, body, "arm")), "latest"))
	if !errors.Is(err, manifests.ErrInvalid) || errs.Public(err) != "Mismatch in arch for manifest `"+string(digestOf(body))+"`" {
		t.Errorf("for arm: %v", err)
	}
	r.put(domain.MediaTypeDockerManifestList, list(on(unsigned1, body, "amd64")), "latest")
}

// TestSchema1WithoutType proves that where every type is taken a manifest of the first
// schema is known by what is in it.
func TestSchema1WithoutType(t *testing.T) {
	r := open(t, manifests.Policy{AnyMediaType: true})
	image := r.old("leaf")
	push := r.push("", string(image.Unsigned()), "latest")
	push.Name = name
	if stored, err := r.Put(t.Context(), push); err != nil || stored.MediaType != unsigned1 {
		t.Errorf("%+v, %v", stored, err)
	}
	if stored := r.put("application/json", strings.Replace(index(), "{", `{"mediaType":"`+ociIndex+`",`, 1)); stored.MediaType != ociIndex {
		t.Errorf("%+v", stored)
	}
}

// accepting is a client that takes some media types.
func accepting(mediaTypes ...string) func(string) bool {
	return func(t string) bool { return slices.Contains(mediaTypes, t) }
}

// converted is what a client gets for a tag: "type digest", or the message of the error.
func (r *registry) converted(tag string, mediaTypes ...string) (*domain.Manifest, string) {
	r.t.Helper()
	found, err := r.Get(r.t.Context(), r.repo, tag)
	must(r.t, err)
	m, err := r.Convert(r.t.Context(), &domain.Repository{ID: r.repo, Name: name}, tag, found, accepting(mediaTypes...))
	if err != nil {
		if !errors.Is(err, manifests.ErrUnknown) {
			r.t.Errorf("kind of %v", err)
		}
		var e *errs.Error
		errors.As(err, &e)
		return nil, e.Message
	}
	return m, m.MediaType + " " + string(m.Digest)
}

const dockerImageConfig = `{"architecture":"amd64","history":[{"created_by":"a"},{"created_by":"b","empty_layer":true}],"rootfs":{"type":"layers"}}`

// docker is a manifest of Docker with one layer.
func (l *labelled) docker(layer string) string {
	return fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":%s,"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":%q,"size":%d}]}`,
		domain.MediaTypeDockerManifest, l.config(dockerConfig, dockerImageConfig), digestOf(layer), l.sized(layer))
}

func (l *labelled) sized(layer string) int {
	l.blob(layer)
	return len(layer)
}

// on is an entry of an index for a platform.
func on(mediaType, body, architecture string) string {
	return fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d,"platform":{"os":"linux","architecture":%q}}`, mediaType, digestOf(body), len(body), architecture)
}

func list(entries ...string) string {
	return strings.Replace(index(entries...), "{", `{"mediaType":"`+domain.MediaTypeDockerManifestList+`",`, 1)
}

// TestConvert proves what clients get that do not take what a tag names: of an index the
// image for linux on amd64, of an image its form in schema 1, of a signed manifest the
// one without a signature; and what they are told when there is no such form.
func TestConvert(t *testing.T) {
	const dockerImage, dockerList = domain.MediaTypeDockerManifest, domain.MediaTypeDockerManifestList
	l := openLabelled(t)
	image, other := l.docker("amd layer"), l.docker("arm layer")
	l.put(dockerImage, image, "image")
	l.put(dockerImage, other, "other")
	l.put(dockerList, list(on(dockerImage, other, "arm"), on(dockerImage, image, "amd64"), on(dockerImage, other, "amd64")), "list")
	l.put(dockerList, list(on(dockerImage, other, "arm")), "foreign")
	l.put(dockerList, list(), "empty")
	nested := index(on(dockerImage, image, "amd64"))
	l.put(ociIndex, nested, "inner")
	l.put(ociIndex, index(on(ociIndex, nested, "amd64")), "nested")
	l.put(ociImage, `{"schemaVersion":2,"artifactType":"a/b","config":`+l.blob("{}")+`,"layers":[]}`, "artifact")
	signed := l.old("leaf", "base")
	push := l.push("", sign(t, signed), "signed")
	push.Name = name
	if _, err := l.Put(t.Context(), push); err != nil {
		t.Fatal(err)
	}
	source, err := schema1.ReadSource(dockerImage, []byte(image))
	must(t, err)
	legacy := func(tag string) string {
		i, err := source.Image(name.String(), tag, []byte(dockerImageConfig))
		must(t, err)
		return unsigned1 + " " + string(domain.SHA256.Of(i.Unsigned()))
	}
	of := func(mediaType, body string) string { return mediaType + " " + string(digestOf(body)) }
	withoutSignature := of(unsigned1, string(signed.Unsigned()))
	for _, tc := range []struct {
		tag     string
		accepts []string
		want    string
	}{
		{"image", nil, legacy("image")},
		{"image", []string{"application/json"}, legacy("image")},
		{"image", []string{unsigned1}, legacy("image")},
		{"image", []string{signed1}, legacy("image")},
		{"image", []string{ociImage, ociIndex}, legacy("image")},
		{"list", []string{dockerImage}, of(dockerImage, image)},
		{"list", []string{ociImage, dockerImage, unsigned1}, of(dockerImage, image)},
		{"list", nil, legacy("list")},
		{"list", []string{ociIndex}, legacy("list")},
		{"nested", []string{dockerImage}, of(dockerImage, image)},
		{"nested", []string{dockerList}, legacy("nested")},
		{"foreign", []string{dockerImage}, "manifest unknown"},
		{"empty", nil, "manifest unknown"},
		{"artifact", []string{ociIndex}, "manifest unknown"},
		{"signed", nil, signed1 + " " + string(domain.SHA256.Of(signed.Unsigned()))},
		{"signed", []string{dockerImage}, signed1 + " " + string(domain.SHA256.Of(signed.Unsigned()))},
		{"signed", []string{unsigned1, dockerImage}, withoutSignature},
	} {
		m, got := l.converted(tc.tag, tc.accepts...)
		if got != tc.want {
			t.Errorf("%s for %q: got %s, want %s", tc.tag, tc.accepts, got, tc.want)
		}
		if m != nil && m.MediaType != signed1 && domain.SHA256.Of(m.Bytes) != m.Digest {
			t.Errorf("%s for %q: bytes of another digest", tc.tag, tc.accepts)
		}
	}

	clear(l.blobs) // nobody has the bytes any more
	l.blobs[digestOf(dockerImageConfig)] = "shorter"
	if _, got := l.converted("image"); got != fmt.Sprintf("Size of config does not match that retrieved: 7 vs %d", len(dockerImageConfig)) {
		t.Errorf("another configuration: %s", got)
	}
	clear(l.blobs)
	found, err := l.Get(t.Context(), l.repo, "image")
	must(t, err)
	_, err = l.Convert(t.Context(), &domain.Repository{ID: l.repo, Name: name}, "image", found, accepting())
	if !errs.Is(err, errs.Unavailable) {
		t.Errorf("the location does not answer: %v", err)
	}
}

// TestConvertDeleted proves that an index is no way to what was deleted.
func TestConvertDeleted(t *testing.T) {
	l := openLabelled(t)
	image := l.docker("layer")
	digest := l.put(domain.MediaTypeDockerManifest, image, "image").Digest
	l.put(domain.MediaTypeDockerManifestList, list(on(domain.MediaTypeDockerManifest, image, "amd64")), "list")
	strict := &registry{manifests.New(db, nil, manifests.Policy{Convert: true}), t, l.repo}
	must(t, strict.Delete(t.Context(), l.repo, digest, nil))
	if _, got := strict.converted("list", domain.MediaTypeDockerManifest); got != "manifest unknown" {
		t.Errorf("got %s", got)
	}
}

// TestConvertNothing proves that a registry which converts nothing hands out what was
// pushed.
func TestConvertNothing(t *testing.T) {
	r := open(t, manifests.Policy{})
	body := numbered(1)
	r.put(ociIndex, body, "latest")
	if _, got := r.converted("latest"); got != ociIndex+" "+string(digestOf(body)) {
		t.Errorf("got %s", got)
	}
}
