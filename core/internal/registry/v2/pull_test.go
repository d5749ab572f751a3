package v2

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/audit"
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/core/internal/pagetoken"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/core/internal/repos"
	"github.com/quay/quay/core/internal/route"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/tags"
)

// blobBytes is a blob's bytes in memory.
type blobBytes struct{ *bytes.Reader }

func (c blobBytes) Range(_ context.Context, off, n int64) (io.Reader, error) {
	return io.NewSectionReader(c.Reader, off, n), nil
}

func (blobBytes) Close() error { return nil }

const (
	imageConfig = `{"history":[{"created_by":"a"}],"rootfs":{"type":"layers"}}`
	configType  = "application/vnd.docker.container.image.v1+json"
	layerType   = "application/vnd.docker.image.rootfs.diff.tar.gzip"
)

// pullable is a registry without credentials that has one image, acme/web with the tags
// latest and v1 to v4, and its manifest.
func pullable(t testing.TB, cache *rcache.Cache) (table *route.Table, manifest string) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := store.Open(ctx, store.Options{Path: filepath.Join(t.TempDir(), "quay.db")})
	must(err)
	t.Cleanup(func() { _ = db.Close() })
	must(db.EnsureLocation(ctx, "default"))
	name := domain.Name{Namespace: "acme", Repository: "web"}
	must(db.CreateRepository(ctx, domain.NewRepository{Name: name, Public: true, MakeNamespace: true}))
	repo, err := db.Repository(ctx, name)
	must(err)
	of := func(mediaType, content string) string {
		digest := domain.SHA256.Of([]byte(content))
		must(db.CommitBlob(ctx, domain.CommittedBlob{
			Repository: repo.ID, Digest: digest, Size: int64(len(content)), Location: "default", LinkExpires: time.Now().Add(time.Hour),
		}))
		return fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d}`, mediaType, digest, len(content))
	}
	manifest = fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":%s,"layers":[%s]}`,
		domain.MediaTypeDockerManifest, of(configType, imageConfig), of(layerType, "layer"))
	rules := manifests.New(db, cache, manifests.Policy{
		UntaggedFor: time.Hour, Convert: true,
		Open: func(context.Context, *domain.Blob) (place.Object, error) {
			return blobBytes{bytes.NewReader([]byte(imageConfig))}, nil
		},
	})
	accepted, err := rules.Accept(ctx, manifests.Push{
		MediaType: domain.MediaTypeDockerManifest, Body: []byte(manifest), Tags: []string{"latest", "v1", "v2", "v3", "v4"},
	})
	must(err)
	_, err = rules.Put(ctx, repo.ID, accepted)
	must(err)
	log, err := actionlog.New(db, actionlog.Options{Policy: actionlog.Policy{NoPulls: true}, Logger: slog.New(slog.DiscardHandler)})
	must(err)
	t.Cleanup(func() { _ = log.Close(context.WithoutCancel(ctx)) })
	reg := &Registry{
		Trail: audit.New(audit.Options{Log: log, Callers: authn.New(authn.Options{})}),
		Repos: repos.New(db, cache, repos.Policy{PublicCatalog: true}), Manifests: rules, Tags: tags.New(db, cache, tags.Policy{}),
		Perms: perms.New(db, perms.Policy{AnonymousWrite: true}), Pages: pagetoken.NewKey(), Logger: slog.New(slog.DiscardHandler),
		Options: Options{Scheme: "http", Library: "library", PageSize: 100},
	}
	return route.New(reg.Rows()), manifest
}

func call(t testing.TB, table *route.Table, w http.ResponseWriter, r *http.Request) {
	row, params, _, _ := table.Match(r.Method, r.URL.Path)
	if row == nil && r.Method == http.MethodHead {
		row, params, _, _ = table.Match(http.MethodGet, r.URL.Path)
	}
	if row == nil {
		t.Fatalf("%s %s has no row", r.Method, r.URL.Path)
	}
	row.Handler(w, r, params)
}

// TestPullHeaders proves what is said of a manifest: its type, digest and length, with
// and without a body, converted or not, and no ETag, which the product does not send.
func TestPullHeaders(t *testing.T) {
	table, manifest := pullable(t, nil)
	digest := string(domain.SHA256.Of([]byte(manifest)))
	for _, tc := range []struct {
		method, reference string
		accept            []string
		mediaType         string
		stored            bool
	}{
		{http.MethodGet, "latest", []string{domain.MediaTypeDockerManifest}, domain.MediaTypeDockerManifest, true},
		{http.MethodHead, "latest", []string{"text/html", domain.MediaTypeDockerManifest + ";q=0.1"}, domain.MediaTypeDockerManifest, true},
		{http.MethodGet, "latest", []string{"*/*"}, domain.MediaTypeDockerSchema1, false},
		{http.MethodGet, "latest", nil, domain.MediaTypeDockerSchema1, false},
		{http.MethodHead, "v1", nil, domain.MediaTypeDockerSchema1, false},
		{http.MethodGet, digest, nil, domain.MediaTypeDockerManifest, true},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tc.method, "/v2/acme/web/manifests/"+tc.reference, http.NoBody)
		r.Header["Accept"] = tc.accept
		w := httptest.NewRecorder()
		call(t, table, w, r)
		h, body := w.Header(), w.Body.String()
		if w.Code != http.StatusOK || h.Get("Content-Type") != tc.mediaType || h.Get("Etag") != "" ||
			tc.stored != (h.Get("Docker-Content-Digest") == digest) {
			t.Errorf("%+v: %d %v", tc, w.Code, h)
		}
		if tc.method == http.MethodHead {
			if body != "" || h.Get("Content-Length") == "0" {
				t.Errorf("%+v: %q, length %s", tc, body, h.Get("Content-Length"))
			}
			continue
		}
		if h.Get("Docker-Content-Digest") != string(domain.SHA256.Of([]byte(body))) || h.Get("Content-Length") != fmt.Sprint(len(body)) {
			t.Errorf("%+v: %s bytes of digest %s: %s", tc, h.Get("Content-Length"), h.Get("Docker-Content-Digest"), body)
		}
	}
}

// TestListLinks proves that the pages of the lists are linked as the product links them,
// and what n means.
func TestListLinks(t *testing.T) {
	table, _ := pullable(t, nil)
	for path, want := range map[string]struct {
		link    string
		entries int
	}{
		"/v2/acme/web/tags/list":                          {"", 5},
		"/v2/acme/web/tags/list?n=2":                      {`</v2/acme/web/tags/list?n=2&last=v1>; rel="next"`, 2},
		"/v2/acme/web/tags/list?n=2&last=v2":              {"", 2},
		"/v2/acme/web/tags/list?n=0":                      {"", 0},
		"/v2/acme/web/tags/list?n=-1":                     {"", 0},
		"/v2/acme/web/tags/list?n=":                       {"", 5},
		"/v2/acme/web/tags/list?n=x":                      {"", 5},
		"/v2/acme/web/tags/list?n=99999999999999999999":   {"", 5},
		"/v2/acme/web/tags/list?n=-99999999999999999999":  {"", 0},
		"/v2/acme/web/tags/list?n=%204%20&last=%20latest": {"", 4},
		"/v2/_catalog":                                    {"", 1},
		"/v2/_catalog?n=x":                                {"", 1},
		"/v2/_catalog?n=0&next_page=x":                    {"", 1},
	} {
		w := httptest.NewRecorder()
		call(t, table, w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
		_, list, _ := strings.Cut(w.Body.String(), "[")
		list, _, _ = strings.Cut(list, "]")
		entries := slices.DeleteFunc(strings.Split(list, ","), func(s string) bool { return s == "" })
		if w.Code != http.StatusOK || w.Header().Get("Link") != want.link || len(entries) != want.entries {
			t.Errorf("%s: %d %q %s", path, w.Code, w.Header().Get("Link"), w.Body)
		}
	}
}

// discard is an answer that nobody reads.
type discard http.Header

func (d discard) Header() http.Header       { return http.Header(d) }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

// BenchmarkPullByTag is the hot path of a pull, from the row of the request to the last
// byte: with facts in memory and from the database, as it was pushed and converted.
func BenchmarkPullByTag(b *testing.B) {
	for name, tc := range map[string]struct {
		cache  *rcache.Cache
		accept string
	}{
		"cached":    {rcache.New(1 << 20), domain.MediaTypeOCIManifest + ", " + domain.MediaTypeDockerManifest},
		"database":  {nil, domain.MediaTypeOCIManifest + ", " + domain.MediaTypeDockerManifest},
		"converted": {rcache.New(1 << 20), domain.MediaTypeOCIManifest},
	} {
		b.Run(name, func(b *testing.B) {
			table, _ := pullable(b, tc.cache)
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/v2/acme/web/manifests/latest", http.NoBody)
			r.Header.Set("Accept", tc.accept)
			b.ReportAllocs()
			for b.Loop() {
				call(b, table, discard{}, r)
			}
		})
	}
}
