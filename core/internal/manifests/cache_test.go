package manifests_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/core/internal/tags"
)

// number is the inverse of numbered; -1 for anything else.
func number(body string) int {
	_, rest, _ := strings.Cut(body, `"n":"`)
	digits, _, _ := strings.Cut(rest, `"`)
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

// hammer calls check from several goroutines until work is done.
func hammer(t *testing.T, check func() error, work func()) {
	t.Helper()
	var stop atomic.Bool
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for !stop.Load() {
				if err := check(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	work()
	stop.Store(true)
	readers.Wait()
}

// TestPutIsSeenAtOnce proves that no reader gets the manifest that a tag named
// before once the push of the next one has returned, however many are filling
// the cache meanwhile.
func TestPutIsSeenAtOnce(t *testing.T) {
	r := open(t, manifests.Policy{UntaggedFor: time.Hour})
	r.put(ociIndex, numbered(0), "latest")
	var acknowledged atomic.Int64
	check := func() error {
		least := acknowledged.Load()
		m, err := r.Get(t.Context(), r.repo, "latest")
		if got := int64(number(outcome(m, err))); got < least {
			return fmt.Errorf("push %d was acknowledged, and then the tag named %s", least, outcome(m, err))
		}
		return nil
	}
	hammer(t, check, func() {
		for n := 1; n <= 200; n++ {
			r.put(ociIndex, numbered(n), "latest")
			acknowledged.Store(int64(n))
			if got := r.get("latest"); got != numbered(n) {
				t.Errorf("after push %d the tag names %s", n, got)
			}
		}
	})
}

// TestDeleteIsSeenAtOnce proves that no reader gets a manifest or a tag once its
// deletion has returned, until it is pushed again.
func TestDeleteIsSeenAtOnce(t *testing.T) {
	cache := rcache.New(1 << 20)
	m, tagRules := manifests.New(db, cache, manifests.Policy{UntaggedFor: time.Hour}), tags.New(db, cache, tags.Policy{})
	repo, digest := newRepository(t), digestOf(numbered(1))
	push := manifests.Push{MediaType: ociIndex, Body: []byte(numbered(1)), Tags: []string{"latest"}}
	// The phase is odd while the manifest is deleted, and even while that may change.
	var phase atomic.Int64
	check := func() error {
		before := phase.Load()
		for _, reference := range []string{"latest", string(digest)} {
			found, err := m.Get(t.Context(), repo, reference)
			if before%2 == 1 && err == nil && phase.Load() == before {
				return fmt.Errorf("%s was deleted, and then it named %s", reference, found.Digest)
			}
		}
		return nil
	}
	hammer(t, check, func() {
		for i := range 100 {
			_, err := accept(t.Context(), m, repo, push)
			must(t, err)
			if i%2 == 0 {
				err = m.Delete(t.Context(), repo, digest, nil)
			} else {
				err = tagRules.Delete(t.Context(), repo, "latest", nil)
			}
			must(t, err)
			phase.Add(1)
			for _, reference := range []string{"latest", string(digest)} {
				if found, err := m.Get(t.Context(), repo, reference); err == nil {
					t.Errorf("after deletion %d %s is %s", i, reference, found.Digest)
				}
			}
			phase.Add(1)
		}
	})
}

// TestBurstThenDelete proves that a tag which many clients pushed at once is gone
// when it is deleted right after them.
func TestBurstThenDelete(t *testing.T) {
	cache := rcache.New(1 << 20)
	m, tagRules := manifests.New(db, cache, manifests.Policy{UntaggedFor: time.Hour}), tags.New(db, cache, tags.Policy{})
	repo := newRepository(t)
	var wg sync.WaitGroup
	for n := range 100 {
		wg.Go(func() {
			push := manifests.Push{MediaType: ociIndex, Body: []byte(numbered(n)), Tags: []string{"latest"}}
			if _, err := accept(t.Context(), m, repo, push); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	must(t, tagRules.Delete(t.Context(), repo, "latest", nil))
	if found, err := m.Get(t.Context(), repo, "latest"); err == nil {
		t.Errorf("the deleted tag names %s", found.Bytes)
	}
	alive := 0
	for n := range 100 {
		if _, err := m.Get(t.Context(), repo, string(digestOf(numbered(n)))); err == nil {
			alive++
		}
	}
	if alive != 0 {
		t.Errorf("%d manifests without a tag are alive", alive)
	}
}

// TestSharedCache proves that a change in one repository leaves what is
// remembered of another one alone.
func TestSharedCache(t *testing.T) {
	cache := rcache.New(1 << 20)
	m := manifests.New(db, cache, manifests.Policy{UntaggedFor: time.Hour})
	repos := [2]domain.RepositoryID{newRepository(t), newRepository(t)}
	for i, repo := range repos {
		_, err := accept(t.Context(), m, repo, manifests.Push{MediaType: ociIndex, Body: []byte(numbered(i)), Tags: []string{"latest"}})
		must(t, err)
	}
	get := func(i int) string {
		found, err := m.Get(t.Context(), repos[i], "latest")
		return outcome(found, err)
	}
	get(1)
	_, misses := cache.Counts()
	must(t, m.Delete(t.Context(), repos[0], digestOf(numbered(0)), nil))
	if got := get(1); got != numbered(1) {
		t.Errorf("got %s", got)
	}
	if _, again := cache.Counts(); again != misses {
		t.Error("the other repository was forgotten")
	}
	if got := get(0); got != "tag_expired" {
		t.Errorf("the deleted one: %s", got)
	}
}
