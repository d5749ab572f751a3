package tags_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/labels"
	"github.com/quay/quay/core/internal/tags"
	"github.com/quay/quay/sdk/errs"
)

// covered is a policy that covers tags which begin with "v".
type covered struct{}

func (covered) Covers(_ context.Context, _ domain.RepositoryID, tag string) (bool, error) {
	return strings.HasPrefix(tag, "v"), nil
}

// TestMove proves that a tag is pointed to what can be pulled and brought back to
// what it named before, and what is told of it.
func TestMove(t *testing.T) {
	r := open(t, tags.Policy{})
	one := r.put("1", nil, "latest")
	r.now = start.Add(time.Second)
	two := r.put("2", nil, "latest")

	if _, err := r.Move(t.Context(), r.repo, "old", one); !errors.Is(err, tags.ErrUnknownManifest) {
		t.Errorf("a manifest that nothing keeps: %v", err)
	}
	moved, err := r.Restore(t.Context(), r.repo, "latest", one)
	must(t, err)
	if moved.Before == nil || moved.Before.Manifest.Digest != two || moved.Manifest != one || r.names("latest") != one {
		t.Errorf("restored: %+v, the tag names %s", moved, r.names("latest"))
	}
	if tag, err := r.Get(t.Context(), r.repo, "latest"); err != nil || !tag.Reversion {
		t.Errorf("got %+v, %v", tag, err)
	}
	moved, err = r.Move(t.Context(), r.repo, "stable", one)
	must(t, err)
	if moved.Before != nil || r.names("stable") != one {
		t.Errorf("made: %+v", moved)
	}
	hidden := r.put("3", nil)
	for what, err := range map[string]error{
		"a manifest that only a hidden tag keeps": second(r.Move(t.Context(), r.repo, "x", hidden)),
		"no manifest": second(r.Restore(t.Context(), r.repo, "x", domain.SHA256.Of(nil))),
	} {
		if !errors.Is(err, tags.ErrUnknownManifest) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := r.Move(t.Context(), r.repo, "a b", one); !errors.Is(err, domain.ErrTag) {
		t.Errorf("a malformed tag: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestTerms proves that a moved tag lives by the labels of what it names, and that
// policies make it immutable.
func TestTerms(t *testing.T) {
	r := open(t, tags.Policy{Immutability: covered{}})
	week := r.put("week", map[string]string{labels.ExpiresAfter: "1w", "other": "x"}, "a")
	fixed := r.put("fixed", map[string]string{labels.Immutable: "true", labels.ExpiresAfter: "1w"}, "b")
	plain := r.put("plain", nil, "c")
	for _, tc := range []struct {
		tag       string
		to        domain.Digest
		end       time.Time
		immutable bool
	}{
		{"t1", week, start.AddDate(0, 0, 7), false},
		{"t2", plain, time.Time{}, false},
		{"v1", plain, time.Time{}, true},
		{"v2", week, time.Time{}, true}, // immutable tags have no end
		{"t3", fixed, time.Time{}, true},
	} {
		_, err := r.Move(t.Context(), r.repo, tc.tag, tc.to)
		must(t, err)
		got, err := r.Get(t.Context(), r.repo, tc.tag)
		must(t, err)
		if !got.End.Equal(tc.end) || got.Immutable != tc.immutable {
			t.Errorf("%s: got %+v", tc.tag, got)
		}
	}
	_, err := r.Move(t.Context(), r.repo, "v1", week)
	if !errs.Is(err, errs.Conflict) || errs.Public(err) != "Cannot overwrite immutable tag 'v1'" {
		t.Errorf("an immutable tag: %v", err)
	}
	if err := r.Delete(t.Context(), r.repo, "v1"); !errs.Is(err, errs.Conflict) || errs.Public(err) != "Cannot delete immutable tag 'v1'" {
		t.Errorf("an immutable tag: %v", err)
	}
	off := open(t, tags.Policy{Tags: domain.TagPolicy{IgnoreImmutable: true}})
	off.put("1", map[string]string{labels.Immutable: "true"}, "latest")
	_, err = off.Move(t.Context(), off.repo, "v1", domain.SHA256.Of([]byte("1")))
	must(t, err)
	if got, err := off.Get(t.Context(), off.repo, "v1"); err != nil || got.Immutable {
		t.Errorf("where immutability is off: %+v, %v", got, err)
	}
}

// TestSchema1 proves that a manifest with a tag written in it is pointed to by
// another tag only through one that was made for it.
func TestSchema1(t *testing.T) {
	refused := open(t, tags.Policy{})
	n := domain.NewManifest{
		Repository: refused.repo, Digest: domain.SHA256.Of([]byte("signed")), MediaType: domain.MediaTypeDockerSigned1,
		Bytes: []byte("signed"), LayersSize: -1, Tags: []domain.NewTag{{Name: "latest"}}, Now: start,
	}
	putManifest(t, n)
	if _, err := refused.Move(t.Context(), refused.repo, "other", n.Digest); !errors.Is(err, tags.ErrMove) {
		t.Errorf("got %v", err)
	}
	var asked string
	r := open(t, tags.Policy{Retag: func(_ context.Context, _ domain.RepositoryID, id domain.ManifestID, tag string) (domain.ManifestID, error) {
		asked = tag
		return id, nil
	}})
	n.Repository = r.repo
	putManifest(t, n)
	if _, err := r.Move(t.Context(), r.repo, "other", n.Digest); err != nil || asked != "other" || r.names("other") != n.Digest {
		t.Errorf("asked for %q: %v", asked, err)
	}
}

// TestSetEnd proves when a tag ends that people give an end: in the bounds, counted
// from its beginning in whole seconds.
func TestSetEnd(t *testing.T) {
	for _, tc := range []struct {
		policy tags.Policy
		end    time.Duration // from the beginning
		want   time.Duration
	}{
		{tags.Policy{}, 24 * time.Hour, 24 * time.Hour},
		{tags.Policy{}, 24*time.Hour + 400*time.Millisecond, 24 * time.Hour},
		{tags.Policy{}, time.Minute, time.Hour},
		{tags.Policy{}, 10 * 365 * 24 * time.Hour, 104 * 7 * 24 * time.Hour},
		{tags.Policy{MinLifetime: time.Second, MaxLifetime: time.Minute}, 2 * time.Second, 2 * time.Second},
		{tags.Policy{MinLifetime: time.Second, MaxLifetime: time.Minute}, time.Hour, time.Minute},
	} {
		r := open(t, tc.policy)
		r.now = start.Add(123 * time.Millisecond)
		r.put("1", nil, "latest")
		got, err := r.SetEnd(t.Context(), r.repo, "latest", start.Add(tc.end))
		must(t, err)
		tag, err := r.Get(t.Context(), r.repo, "latest")
		must(t, err)
		if want := r.now.Add(tc.want); !tag.End.Equal(want) || !got.Changed || !got.Before.IsZero() {
			t.Errorf("%v: the tag ends %v, want %v; told %+v", tc.end, tag.End, want, got)
		}
		again, err := r.SetEnd(t.Context(), r.repo, "latest", start.Add(tc.end))
		if err != nil || again.Changed {
			t.Errorf("again: %+v, %v", again, err)
		}
		back, err := r.SetEnd(t.Context(), r.repo, "latest", time.Time{})
		if err != nil || !back.Changed || !back.Before.Equal(tag.End) {
			t.Errorf("taken away: %+v, %v", back, err)
		}
	}
	r := open(t, tags.Policy{})
	r.put("1", nil, "latest")
	if _, err := r.SetEnd(t.Context(), r.repo, "latest", start); !errors.Is(err, tags.ErrEnd) {
		t.Errorf("an end that is over: %v", err)
	}
	if _, err := r.SetEnd(t.Context(), r.repo, "none", time.Time{}); !errors.Is(err, tags.ErrUnknown) {
		t.Errorf("no such tag: %v", err)
	}
}

// TestSetFarEnd proves that an end beyond what time.Duration can count to is bounded
// as any other that is too far away: the tag does not end in an hour.
func TestSetFarEnd(t *testing.T) {
	for _, year := range []int{2319, 2400, 2500, 2600, 9999} {
		r := open(t, tags.Policy{})
		r.put("1", nil, "latest")
		_, err := r.SetEnd(t.Context(), r.repo, "latest", time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
		must(t, err)
		tag, err := r.Get(t.Context(), r.repo, "latest")
		must(t, err)
		if want := start.Add(104 * 7 * 24 * time.Hour); !tag.End.Equal(want) {
			t.Errorf("year %d: the tag ends %v, want %v", year, tag.End, want)
		}
	}
}

// TestSetImmutable proves that a tag with an end does not become immutable, nor an
// immutable one gets an end, unless the policy has both.
func TestSetImmutable(t *testing.T) {
	day := start.AddDate(0, 0, 1)
	r := open(t, tags.Policy{})
	r.put("1", nil, "latest", "ends")
	_, err := r.SetEnd(t.Context(), r.repo, "ends", day)
	must(t, err)
	if _, err := r.SetImmutable(t.Context(), r.repo, "ends", true); !errs.Is(err, errs.Invalid) {
		t.Errorf("a tag with an end: %v", err)
	}
	for i, want := range []bool{false, true, true} { // what it was before
		if got, err := r.SetImmutable(t.Context(), r.repo, "latest", i < 2); err != nil || got != want {
			t.Errorf("change %d: %v, %v", i, got, err)
		}
	}
	_, err = r.SetImmutable(t.Context(), r.repo, "latest", true)
	must(t, err)
	if _, err := r.SetEnd(t.Context(), r.repo, "latest", day); !errs.Is(err, errs.Conflict) ||
		errs.Public(err) != "Cannot set expiration on immutable tag 'latest'" {
		t.Errorf("an end for an immutable tag: %v", err)
	}
	if _, err := r.SetImmutable(t.Context(), r.repo, "none", true); !errors.Is(err, tags.ErrUnknown) {
		t.Errorf("no such tag: %v", err)
	}

	both := open(t, tags.Policy{Tags: domain.TagPolicy{ImmutableExpires: true}})
	both.put("1", nil, "latest")
	_, err = both.SetImmutable(t.Context(), both.repo, "latest", true)
	must(t, err)
	_, err = both.SetEnd(t.Context(), both.repo, "latest", day)
	must(t, err)

	off := open(t, tags.Policy{Tags: domain.TagPolicy{IgnoreImmutable: true}})
	off.put("1", nil, "latest")
	_, err = off.SetImmutable(t.Context(), off.repo, "latest", true)
	must(t, err)
	if tag, err := off.Get(t.Context(), off.repo, "latest"); err != nil || tag.Immutable {
		t.Errorf("where immutability is off: %+v, %v", tag, err)
	}
}

// TestPurge proves that a purged tag cannot be restored by its history, and what is
// refused.
func TestPurge(t *testing.T) {
	r := open(t, tags.Policy{})
	one := r.put("1", nil, "latest")
	r.now = start.Add(time.Second)
	two := r.put("2", nil, "latest")
	r.now = start.Add(2 * time.Second)
	if got, err := r.Purge(t.Context(), r.repo, "latest", one, true); err != nil || got != one {
		t.Errorf("an ended one: %s, %v", got, err)
	}
	if got, err := r.Purge(t.Context(), r.repo, "latest", "", true); err != nil || got != two || r.names("latest") != "" {
		t.Errorf("the living one: %s, %v", got, err)
	}
	for what, err := range map[string]error{
		"nothing that lives": second(r.Purge(t.Context(), r.repo, "latest", "", false)),
		"nothing that ended": second(r.Purge(t.Context(), r.repo, "latest", one, false)),
		"no manifest":        second(r.Purge(t.Context(), r.repo, "latest", domain.SHA256.Of(nil), false)),
	} {
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestLists proves that pages end where they should and say whether there are more.
func TestLists(t *testing.T) {
	r := open(t, tags.Policy{})
	r.put("1", nil, "a", "b", "c")
	for limit, want := range map[int]bool{0: false, 1: true, 2: true, 3: false, 4: false} {
		names, more, err := r.List(t.Context(), r.repo, "", limit)
		must(t, err)
		if len(names) != min(limit, 3) || more != want {
			t.Errorf("up to %d: %v, more %v", limit, names, more)
		}
		if limit == 0 {
			continue
		}
		page, more, err := r.History(t.Context(), domain.TagQuery{Repository: r.repo, Limit: limit})
		must(t, err)
		if len(page) != min(limit, 3) || more != want {
			t.Errorf("history up to %d: %d, more %v", limit, len(page), more)
		}
	}
	tag, err := r.Get(t.Context(), r.repo, "b")
	must(t, err)
	if names, err := r.OfManifest(t.Context(), tag.Manifest.ID, 2); err != nil || !slices.Equal(names, []string{"a", "b"}) {
		t.Errorf("of the manifest: %v, %v", names, err)
	}
	if n, err := r.Count(t.Context(), r.repo); err != nil || n != 3 {
		t.Errorf("%d tags, %v", n, err)
	}
	if last, err := r.LastModified(t.Context(), r.repo); err != nil || !last.Equal(start) {
		t.Errorf("last modified %v, %v", last, err)
	}
	if err := r.Delete(t.Context(), r.repo, "none"); !errs.Is(err, errs.NotFound) {
		t.Errorf("no such tag: %v", err)
	}
}
