package labels_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/labels"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

// tagged makes a repository with one manifest, under one tag.
func tagged(t *testing.T) (s *store.Store, repo domain.RepositoryID, id domain.ManifestID) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "quay.db")})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	name := domain.Name{Namespace: "acme", Repository: "web"}
	must(t, s.CreateRepository(t.Context(), domain.NewRepository{Name: name, MakeNamespace: true}))
	r, err := s.Repository(t.Context(), name)
	must(t, err)
	n := domain.NewManifest{
		Repository: r.ID, Digest: domain.SHA256.Of([]byte("{}")), MediaType: domain.MediaTypeOCIManifest, Bytes: []byte("{}"),
		LayersSize: -1, Tags: []domain.NewTag{{Name: "latest"}}, Now: start,
	}
	_, err = s.PutManifest(t.Context(), n)
	must(t, err)
	m, err := s.FindManifest(t.Context(), domain.ManifestQuery{Repository: r.ID, Digest: n.Digest, Dead: true})
	must(t, err)
	return s, r.ID, m.ID
}

var start = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestAdd proves which labels clients may put on a manifest, and of which type they
// become.
func TestAdd(t *testing.T) {
	s, repo, id := tagged(t)
	rules := labels.New(s, nil, labels.Policy{Reserved: labels.DefaultReserved})
	for _, tc := range []struct {
		key, value, mediaType string
		want                  error
		becomes               string
	}{
		{"color", "blue", "", nil, domain.LabelText},
		{"color", `{"a":1}`, "", nil, domain.LabelJSON},
		{"color", "blue", domain.LabelJSON, nil, domain.LabelJSON}, // as in the product, nobody looks
		{"color", "blue", "text/markdown", labels.ErrMediaType, ""},
		{"Color", "blue", "", labels.ErrKey, ""},
		{"", "blue", "", labels.ErrKey, ""},
		{"quay.expires-after", "1h", "", labels.ErrReserved, ""},
		{"com.docker.x", "", "", labels.ErrReserved, ""},
	} {
		l, err := rules.Add(t.Context(), repo, id, tc.key, tc.value, tc.mediaType)
		if !errors.Is(err, tc.want) {
			t.Errorf("%q: %v, want %v", tc.key, err, tc.want)
		}
		if err != nil {
			continue
		}
		got, err := rules.Get(t.Context(), id, l.UUID)
		must(t, err)
		want := domain.Label{UUID: l.UUID, Key: tc.key, Value: tc.value, MediaType: tc.becomes, Source: domain.LabelFromAPI}
		if *got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if _, err := rules.Add(t.Context(), repo, id, "nul", "\x00", ""); !errs.Is(err, errs.Invalid) {
		t.Errorf("a NUL: %v", err)
	}
}

// TestDelete proves that clients delete their own labels and no others.
func TestDelete(t *testing.T) {
	s, repo, id := tagged(t)
	rules := labels.New(s, nil, labels.Policy{})
	mine, err := rules.Add(t.Context(), repo, id, "mine", "", "")
	must(t, err)
	ours, err := rules.AddInternal(t.Context(), repo, id, "ours", "")
	must(t, err)
	if got, err := rules.Delete(t.Context(), id, mine.UUID); err != nil || got.Key != "mine" {
		t.Errorf("got %+v, %v", got, err)
	}
	for uuid, want := range map[string]error{mine.UUID: labels.ErrUnknown, ours.UUID: labels.ErrImmutable, "": labels.ErrUnknown} {
		if _, err := rules.Delete(t.Context(), id, uuid); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", uuid, err, want)
		}
	}
	if list, err := rules.List(t.Context(), id, "", "", 10); err != nil || len(list) != 1 || list[0].Key != "ours" {
		t.Errorf("left: %+v, %v", list, err)
	}
	if _, err := rules.Get(t.Context(), id, mine.UUID); !errors.Is(err, labels.ErrUnknown) {
		t.Errorf("a deleted one: %v", err)
	}
}

// TestHandlers proves that a label which says something about tags is applied at
// once, if it can be read and the policy honours it.
func TestHandlers(t *testing.T) {
	for _, tc := range []struct {
		key, value string
		policy     domain.TagPolicy
		end        time.Time
		immutable  bool
	}{
		{labels.ExpiresAfter, "2w", domain.TagPolicy{}, start.AddDate(0, 0, 14), false},
		{labels.ExpiresAfter, "soon", domain.TagPolicy{}, time.Time{}, false},
		{labels.Immutable, "True", domain.TagPolicy{}, time.Time{}, true},
		{labels.Immutable, "no", domain.TagPolicy{}, time.Time{}, false},
		{labels.Immutable, "true", domain.TagPolicy{IgnoreImmutable: true}, time.Time{}, false},
		{"quay.other", "true", domain.TagPolicy{}, time.Time{}, false},
	} {
		s, repo, id := tagged(t)
		rules := labels.New(s, nil, labels.Policy{Tags: tc.policy, Clock: func() time.Time { return start }})
		_, err := rules.Add(t.Context(), repo, id, tc.key, tc.value, "")
		must(t, err)
		tag, err := s.Tag(t.Context(), repo, "latest", start)
		must(t, err)
		if !tag.End.Equal(tc.end) || tag.Immutable != tc.immutable {
			t.Errorf("%s=%s: got %+v", tc.key, tc.value, tag)
		}
	}
}
