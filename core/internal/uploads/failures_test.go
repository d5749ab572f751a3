package uploads_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/uploads"
	"github.com/quay/quay/sdk/errs"
)

// push sends data in requests of a size as a client does that asks where a session
// stands after each failure and goes on from there, and begins a new one when it is
// gone. It reports the failures that it met.
func (r *registry) push(data []byte, step int, digest domain.Digest) (failures []error) {
	r.t.Helper()
	id, stands := "", -1
	for range 10 {
		if id != "" {
			stands = int(r.offset(id))
		}
		var err error
		switch {
		case stands < 0:
			var up *domain.Upload
			if up, err = r.Begin(r.t.Context(), r.repo); err == nil {
				id = up.UUID
			}
		case stands < len(data)-step:
			_, err = r.add(id, at(stands, data[stands:stands+step]))
		default:
			if err = r.finish(id, at(stands, data[stands:]), digest); err == nil {
				return failures
			}
		}
		if err != nil {
			failures = append(failures, err)
			r.wantConsistent(digest, data)
		}
	}
	r.t.Errorf("the push did not come to an end: %v", errors.Join(failures...))
	return failures
}

// wantConsistent fails the test if the repository has a blob that the location
// does not have, or not with those bytes.
func (r *registry) wantConsistent(digest domain.Digest, data []byte) {
	r.t.Helper()
	if _, err := db.Blob(r.t.Context(), r.repo, digest); err == nil {
		r.wantBlob(digest, data)
	}
	if stored := r.storage.object(digest.Path()); stored != nil && digest.Algorithm().Of(stored) != digest {
		r.t.Errorf("the location has other bytes under %s", digest)
	}
}

var errFailed = errs.New(errs.Unavailable, "the driver is away")

// scenario is a push in several requests, or in one.
type scenario struct {
	algorithm domain.Algorithm
	step      int
}

var (
	data      = random(900)
	scenarios = []scenario{{domain.SHA256, 300}, {domain.SHA512, 300}, {domain.SHA256, 900}, {domain.SHA512, 900}}
)

// survive pushes, meets the one failure that was prepared, and fails the test unless
// all is well in the end. littered tells that staged bytes may be left: they are
// nothing to a client.
func (s scenario) survive(r *registry, littered bool) {
	r.t.Helper()
	digest := s.algorithm.Of(data)
	failures := r.push(data, s.step, digest)
	if !littered && (len(failures) != 1 || !errors.Is(failures[0], errFailed)) {
		r.t.Errorf("failures: %v", failures)
	}
	r.wantBlob(digest, data)
	if left := r.storage.litter(); left != nil && !littered {
		r.t.Errorf("left behind: %v", left)
	}
}

// TestDriverFails proves that each call of the driver may fail once, before it had
// an effect or after it had one, and the push succeeds all the same when its client
// goes on: with the right bytes and nothing left behind.
func TestDriverFails(t *testing.T) {
	for _, s := range scenarios {
		count := open(t, uploads.Policy{})
		if failures := count.push(data, s.step, s.algorithm.Of(data)); failures != nil {
			t.Fatal(failures)
		}
		for n, call := range count.storage.calls {
			for _, effect := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s by %d, call %d (%s), effect %v", s.algorithm, s.step, n+1, call, effect), func(t *testing.T) {
					r := open(t, uploads.Policy{})
					fail := func(i int, _ string) error {
						if i == n+1 {
							return errFailed
						}
						return nil
					}
					if effect {
						r.storage.after = fail
					} else {
						r.storage.before = fail
					}
					s.survive(r, call == "delete" || call == "cancel")
					r.sweep()
				})
			}
		}
	}
}

// sweep ends all sessions that are left, and fails the test if bytes of one remain.
func (r *registry) sweep() {
	r.t.Helper()
	if _, err := r.Sweep(r.t.Context(), time.Now().Add(time.Hour)); err != nil {
		r.t.Errorf("sweep: %v", err)
	}
	if left := r.storage.litter(); left != nil {
		r.t.Errorf("left behind by the sweep: %v", left)
	}
}

// failingStore is the database, of which one call fails.
type failingStore struct {
	uploads.Store
	call   string
	effect bool // whether the call has one all the same
	left   int
}

func (s *failingStore) try(call string, do func() error) error {
	if call != s.call || s.left == 0 {
		return do()
	}
	s.left--
	if s.effect {
		if err := do(); err != nil {
			return err
		}
	}
	return errFailed
}

func (s *failingStore) AdvanceUpload(ctx context.Context, u *domain.Upload, from int64) error {
	return s.try("advance", func() error { return s.Store.AdvanceUpload(ctx, u, from) })
}

func (s *failingStore) CommitBlob(ctx context.Context, c domain.CommittedBlob) error {
	return s.try("commit", func() error { return s.Store.CommitBlob(ctx, c) })
}

// TestDatabaseFails proves the same of the calls of the database.
func TestDatabaseFails(t *testing.T) {
	for _, s := range scenarios {
		for _, call := range []string{"advance", "commit"} {
			for _, effect := range []bool{false, true} {
				if call == "advance" && s.step == len(data) {
					continue // not called
				}
				t.Run(fmt.Sprintf("%s by %d, %s, effect %v", s.algorithm, s.step, call, effect), func(t *testing.T) {
					r := openWith(t, &failingStore{db, call, effect, 1}, uploads.Policy{})
					s.survive(r, call == "commit" && effect)
					r.sweep()
				})
			}
		}
	}
}

// TestShortWrite proves that a write which takes a part and fails loses nothing of
// what was acknowledged before it.
func TestShortWrite(t *testing.T) {
	r := open(t, uploads.Policy{})
	writes := 0
	r.storage.write = func(p []byte) (int, error) {
		if writes++; writes == 2 {
			return len(p) / 2, errFailed
		}
		return len(p), nil
	}
	scenarios[0].survive(r, false)
}

// TestBytesAreLost proves that a session whose bytes the location does not have any
// more ends with the request that finds out, so that its client begins another one.
func TestBytesAreLost(t *testing.T) {
	digest := domain.SHA256.Of(data)
	for name, request := range map[string]func(r *registry, id string) error{
		"append": func(r *registry, id string) error {
			_, err := r.add(id, at(300, data[300:600]))
			return err
		},
		"finish": func(r *registry, id string) error { return r.finish(id, at(300, data[300:]), digest) },
		"commit": func(r *registry, id string) error { return r.finish(id, at(300, nil), digest) },
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t, uploads.Policy{})
			id := r.begin()
			part := data[:300]
			digest = domain.SHA256.Of(part)
			if _, err := r.add(id, at(0, part)); err != nil {
				t.Fatal(err)
			}
			delete(r.storage.uploads, id)
			if err := request(r, id); !errors.Is(err, uploads.ErrUnknown) {
				t.Errorf("the error is %v", err)
			}
			if stands := r.offset(id); stands >= 0 {
				t.Errorf("the session still stands at %d", stands)
			}
		})
	}
}

// TestCancelFails proves that a session which cannot be cancelled is still there to
// be cancelled again, and that nothing of it is left then.
func TestCancelFails(t *testing.T) {
	r := open(t, uploads.Policy{})
	id := r.begin()
	if _, err := r.add(id, at(0, data[:300])); err != nil {
		t.Fatal(err)
	}
	r.storage.before = func(_ int, call string) error {
		if call == "cancel" {
			return errFailed
		}
		return nil
	}
	if err := r.Cancel(t.Context(), r.repo, id); !errors.Is(err, errFailed) {
		t.Errorf("the first attempt: %v", err)
	}
	r.storage.before = nil
	if err := r.Cancel(t.Context(), r.repo, id); err != nil {
		t.Errorf("the second attempt: %v", err)
	}
	if left := r.storage.litter(); left != nil {
		t.Errorf("left behind: %v", left)
	}
}
