package manifests_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/labels"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/tags"
	"github.com/quay/quay/sdk/errs"
)

const (
	ociConfig    = "application/vnd.oci.image.config.v1+json"
	dockerConfig = "application/vnd.docker.container.image.v1+json"
)

// content is a blob's bytes in memory.
type content struct{ *bytes.Reader }

func (c content) Range(_ context.Context, off, n int64) (io.Reader, error) {
	return io.NewSectionReader(c.Reader, off, n), nil
}

func (content) Close() error { return nil }

// labelled is the rules with labels, and the blobs that they open.
type labelled struct {
	*registry
	tags  *tags.Tags
	blobs map[domain.Digest]string
}

func openLabelled(t *testing.T) *labelled {
	l := &labelled{tags: tags.New(db, nil, tags.Policy{}), blobs: make(map[domain.Digest]string)}
	l.registry = open(t, manifests.Policy{UntaggedFor: time.Hour, HiddenTags: true, Labels: &manifests.Labels{
		Open: func(_ context.Context, b *domain.Blob) (place.Object, error) {
			c, ok := l.blobs[b.Digest]
			if !ok {
				return nil, errs.New(errs.Unavailable, "the location does not answer")
			}
			return content{bytes.NewReader([]byte(c))}, nil
		},
		Terms: l.tags.Terms,
	}})
	return l
}

// config commits a configuration and returns its descriptor.
func (l *labelled) config(mediaType, body string) string {
	l.blob(body)
	l.blobs[digestOf(body)] = body
	return fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d}`, mediaType, digestOf(body), len(body))
}

// labels returns the labels of a stored manifest as key=value.
func (l *labelled) labels(d domain.Digest) (list []string) {
	l.t.Helper()
	m, err := l.Find(l.t.Context(), domain.ManifestQuery{Repository: l.repo, Digest: d, Dead: true})
	must(l.t, err)
	found, err := db.Labels(l.t.Context(), m.ID, "", "", 100)
	must(l.t, err)
	for _, label := range found {
		list = append(list, label.Key+"="+label.Value)
	}
	return list
}

// TestLabelsOfImages proves which labels a pushed manifest gets: those of an image's
// configuration and, on an OCI manifest, the annotations over them.
func TestLabelsOfImages(t *testing.T) {
	const config = `{"history":[],"rootfs":{"type":"layers"},"config":{"Labels":{"a":"config","b":"config","":"x","n":7}}}`
	annotated := func(config string) string {
		return `{"schemaVersion":2,"config":` + config + `,"layers":[],"annotations":{"b":"annotation","c":"annotation","d":null}}`
	}
	for _, tc := range []struct {
		what, mediaType, config, configType string
		want                                []string
	}{
		{"OCI", ociImage, config, ociConfig, []string{"a=config", "b=annotation", "c=annotation"}},
		{"Docker", domain.MediaTypeDockerManifest, config, dockerConfig, []string{"a=config", "b=config"}},
		{"no image", ociImage, config, "application/x-helm", []string{"b=annotation", "c=annotation"}},
		{"no configuration", ociImage, `[]`, ociConfig, []string{"b=annotation", "c=annotation"}},
		{"no JSON", ociImage, `{`, ociConfig, []string{"b=annotation", "c=annotation"}},
		{"no labels", domain.MediaTypeDockerManifest, `{"history":[{}],"rootfs":{"type":""},"config":{"Labels":null}}`, dockerConfig, nil},
		{"labels that are none", domain.MediaTypeDockerManifest, `{"history":[{"empty_layer":true,"author":"x"}],"rootfs":{"type":"x"},"config":{"Labels":[1]}}`, dockerConfig, nil},
	} {
		l := openLabelled(t)
		stored := l.put(tc.mediaType, annotated(l.config(tc.configType, tc.config)), "latest")
		if got := l.labels(stored.Digest); !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %v, want %v", tc.what, got, tc.want)
		}
		l.put(tc.mediaType, annotated(l.config(tc.configType, tc.config)), "again")
		if got := l.labels(stored.Digest); !slices.Equal(got, tc.want) {
			t.Errorf("%s, pushed again: got %v, want %v", tc.what, got, tc.want)
		}
	}
}

// TestDockerConfig proves that an image of Docker's without a configuration as the
// product needs it is refused, and stored nowhere.
func TestDockerConfig(t *testing.T) {
	for config, want := range map[string]string{
		`[]`:                                   "malformed config data: it is not a JSON object",
		`{`:                                    "malformed config data: it is not a JSON object",
		`null`:                                 "malformed config data: it is not a JSON object",
		`{"rootfs":{"type":"layers"}}`:         "config data does not match schema: 'history' is a required property",
		`{"history":[]}`:                       "config data does not match schema: 'rootfs' is a required property",
		`{"history":{},"rootfs":{"type":"x"}}`: "config data does not match schema: history is not a list of objects",
		`{"history":[null],"rootfs":{"type":"x"}}`:             "config data does not match schema: an entry of history is malformed",
		`{"history":[{"empty_layer":1}],"rootfs":{"type":""}}`: "config data does not match schema: an entry of history is malformed",
		`{"history":[{"comment":1}],"rootfs":{"type":""}}`:     "config data does not match schema: comment is not of type 'string'",
		`{"history":[],"rootfs":{}}`:                           "config data does not match schema: rootfs is not an object with a type",
		`{"history":[],"rootfs":{"type":null}}`:                "config data does not match schema: rootfs is not an object with a type",
	} {
		l := openLabelled(t)
		_, err := l.Put(t.Context(), l.push(domain.MediaTypeDockerManifest, image(l.config(dockerConfig, config)), "latest"))
		if !errs.Is(err, errs.Invalid) || errs.Public(err) != want || l.get("latest") != "manifest_unknown" {
			t.Errorf("%s: %v", config, err)
		}
	}
}

// TestConfigUnreachable proves that an image is not acknowledged without the labels
// that it has.
func TestConfigUnreachable(t *testing.T) {
	l := openLabelled(t)
	config := l.config(ociConfig, `{}`)
	clear(l.blobs)
	_, err := l.Put(t.Context(), l.push(ociImage, image(config), "latest"))
	if !errs.Is(err, errs.Unavailable) || l.get("latest") != "manifest_unknown" {
		t.Errorf("got %v", err)
	}
}

// end is how long a tag lives from its beginning; zero is for ever.
func (l *labelled) end(name string) time.Duration {
	l.t.Helper()
	tag, err := l.tags.Get(l.t.Context(), l.repo, name)
	must(l.t, err)
	if tag.End.IsZero() {
		return 0
	}
	return tag.End.Sub(tag.Start)
}

// TestExpiresAfter proves that tags end as the label of their image says, those of an
// index as the labels of all its images say, whether the manifest is new or not.
func TestExpiresAfter(t *testing.T) {
	l := openLabelled(t)
	expiring := func(after, variant string) (string, *manifests.Stored) {
		body := image(l.config(ociConfig, fmt.Sprintf(`{"os":%q,"config":{"Labels":{"quay.expires-after":%q}}}`, variant, after)))
		stored := l.put(ociImage, body, variant)
		return typed(stored.Digest, len(body), ociImage), stored
	}
	two, _ := expiring("2h", "one")
	alsoTwo, _ := expiring("2h", "two")
	three, _ := expiring("3h", "three")
	never, _ := expiring("soon", "four")
	l.put(ociIndex, index(two, alsoTwo), "same")
	l.put(ociIndex, index(two, three), "different")
	l.put(ociIndex, index(two, never), "unreadable")
	l.put(ociIndex, index(), "empty")
	l.put(ociIndex, index(two, alsoTwo), "again")
	for name, want := range map[string]time.Duration{
		"one": 2 * time.Hour, "three": 3 * time.Hour, "four": 0,
		"same": 2 * time.Hour, "different": 0, "unreadable": 0, "empty": 0, "again": 2 * time.Hour,
	} {
		if got := l.end(name); got != want {
			t.Errorf("%s lives %v, want %v", name, got, want)
		}
	}
	// A label that came later counts for the next push.
	m, err := l.Find(t.Context(), domain.ManifestQuery{Repository: l.repo, Digest: digestOf(index(two, alsoTwo))})
	must(t, err)
	_, err = labels.New(db, nil, labels.Policy{}).Add(t.Context(), l.repo, m.ID, labels.ExpiresAfter, "5h", "")
	must(t, err)
	l.put(ociIndex, index(two, alsoTwo), "later")
	if got := l.end("later"); got != 5*time.Hour {
		t.Errorf("later lives %v", got)
	}
}

// TestEmptyLayer proves that the empty layer need not be pushed to every repository.
func TestEmptyLayer(t *testing.T) {
	other, r := open(t, manifests.Policy{}), open(t, manifests.Policy{})
	must(t, db.CommitBlob(t.Context(), domain.CommittedBlob{
		Repository: other.repo, Digest: domain.EmptyLayer, Size: 32, Location: "default", LinkExpires: time.Now().Add(time.Hour),
	}))
	r.put(ociImage, image(r.blob("{}"), desc(domain.EmptyLayer, 32)), "latest")
}

// TestHiddenTags proves that the product's way of keeping manifests leaves one that
// was pushed by digest after it was deleted, and that it counts as deleted.
func TestHiddenTags(t *testing.T) {
	r := open(t, manifests.Policy{UntaggedFor: time.Hour, HiddenTags: true})
	digest := r.put(ociIndex, numbered(1)).Digest
	r.put(ociIndex, numbered(1), "latest")
	must(t, r.Delete(t.Context(), r.repo, digest))
	if r.get("latest") == numbered(1) || r.get(string(digest)) != numbered(1) {
		t.Errorf("the tag is %q, the digest %q", r.get("latest"), r.get(string(digest)))
	}
	if err := r.Delete(t.Context(), r.repo, digest); !errs.Is(err, errs.NotFound) {
		t.Errorf("the second time: %v", err)
	}
}
