package store

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/gc"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/core/internal/uploads"
)

// shelf is a storage location in memory that says when it is about to delete.
type shelf struct {
	place.Backend
	mu       sync.Mutex
	there    map[string]bool
	deleting func()
}

func (s *shelf) BeginUpload(context.Context, string) ([]byte, error) { return nil, nil }

func (s *shelf) CommitUpload(_ context.Context, _, path string, _ int64, _ []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.there[path] = true
	return nil
}

func (s *shelf) CancelUpload(context.Context, string, []byte) error { return nil }

func (s *shelf) Delete(_ context.Context, paths ...string) error {
	s.deleting()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range paths {
		delete(s.there, p)
	}
	return nil
}

// TestPurgeBesidePush proves that content which is pushed again at the moment at which
// the collector removes its object is not lost: an acknowledged blob has its bytes. The
// product's pushes take the lock that the collector holds (data/model/storage.py,
// with_blob_lock_or_fallback).
func TestPurgeBesidePush(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		s := &shelf{there: make(map[string]bool)}
		places, err := place.New(map[string]place.Backend{location: s}, []string{location})
		f.must(err)
		locks := lock.NewProcess()
		u := uploads.New(f.Store, places, rcache.New(1<<20), locks, uploads.Policy{Linger: time.Hour})
		digest := domain.SHA256.Of(nil)
		push := func(repo domain.RepositoryID) error {
			up, err := u.Begin(f.ctx, repo)
			if err == nil {
				_, err = u.Finish(f.ctx, repo, up.UUID, uploads.Chunk{Body: strings.NewReader(""), Start: -1, Length: 0}, digest)
			}
			return err
		}
		old, kept := f.repository("public/old"), f.repository("public/kept")
		f.must(push(old))
		pushed := make(chan error, 1)
		s.deleting = sync.OnceFunc(func() {
			done := make(chan struct{})
			go func() {
				pushed <- push(kept)
				close(done)
			}()
			select {
			case <-done:
			case <-time.After(time.Second): // it waits for the lock
			}
		})
		c := gc.New(f.Store, u, places, locks, gc.Policy{}, slog.New(slog.DiscardHandler))
		f.must(c.PurgeRepository(f.ctx, old))
		f.must(<-pushed)
		b, err := f.Blob(f.ctx, kept, digest)
		f.must(err)
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.there[b.Path] {
			t.Error("the push was acknowledged and its bytes are gone")
		}
	})
}
