package manifests

import (
	"context"
	"log/slog"
	"math/rand/v2"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// BackfillStore is what a Backfill needs of the database.
type BackfillStore interface {
	LastManifest(ctx context.Context) (domain.ManifestID, error)
	HasUnfilledManifests(ctx context.Context, c domain.ManifestColumns) (bool, error)
	UnfilledManifests(ctx context.Context, c domain.ManifestColumns, from, to domain.ManifestID,
		fn func(id domain.ManifestID, mediaType string, bytes []byte)) error
	FillManifests(ctx context.Context, c domain.ManifestColumns, facts []domain.ManifestFacts) (int, error)
}

// window is how many ids one step looks at. The product takes 250 (util/migrate/allocator.py).
const window = 250

// margin is how many ids below the last one a pass looks at once more: a manifest can
// become visible after others that got later ids.
const margin = 1000

// Backfill fills columns of manifests in from their bytes (workers/manifestbackfillworker.py,
// workers/manifestsubjectbackfillworker.py). Any number of them may work on one database,
// and the product's beside them: each takes windows of ids in an order of its own, and a
// column that somebody else has filled in stays. What was broken off is done again.
//
// It is used by one goroutine.
type Backfill struct {
	store   BackfillStore
	columns domain.ManifestColumns
	logger  *slog.Logger

	// done is the last id of the passes that are over: below it nothing is left.
	done domain.ManifestID
	pass *pass
}

// NewBackfill makes a Backfill of columns.
func NewBackfill(s BackfillStore, c domain.ManifestColumns, logger *slog.Logger) *Backfill {
	return &Backfill{store: s, columns: c, logger: logger}
}

// Step fills in the manifests of one window, and reports whether there is more to do.
func (b *Backfill) Step(ctx context.Context) (more bool, err error) {
	if b.pass == nil {
		if err := b.begin(ctx); err != nil || b.pass == nil {
			return false, err
		}
	}
	from, to := b.pass.next()
	var found []domain.ManifestFacts
	err = b.store.UnfilledManifests(ctx, b.columns, from, to, func(id domain.ManifestID, mediaType string, body []byte) {
		f, err := facts(mediaType, body)
		if err != nil {
			b.logger.Warn("a manifest cannot be read", "manifest", id, "media_type", mediaType, "error", errs.Loggable(err))
			f = domain.ManifestFacts{LayersSize: domain.UnreadableSize}
		}
		f.ID = id
		found = append(found, f)
	})
	if err == nil {
		_, err = b.store.FillManifests(ctx, b.columns, found)
	}
	if err != nil {
		// What stands in the way of one window must not stand in the way of all: the next
		// pass has another order.
		b.pass = nil
		return false, err
	}
	if b.pass.advance() {
		return true, nil
	}
	b.done, b.pass = b.pass.last, nil
	return false, nil
}

// begin begins a pass over what may not be filled in.
func (b *Backfill) begin(ctx context.Context) error {
	unfilled, err := b.store.HasUnfilledManifests(ctx, b.columns)
	if err != nil || !unfilled {
		return err
	}
	last, err := b.store.LastManifest(ctx)
	if err != nil {
		return err
	}
	first := max(1, b.done-margin)
	if b.columns != domain.ManifestSize {
		first = 1 // somebody has seen one, wherever it is
	}
	if last > b.done || b.columns != domain.ManifestSize {
		b.pass = newPass(first, last)
	}
	return nil
}

// pass goes through all windows of a range of ids, in an order of its own: that of the
// multiples of a number that has no factor in common with how many there are.
type pass struct {
	first, last         domain.ManifestID
	windows, start, hop int64
	at                  int64
}

func newPass(first, last domain.ManifestID) *pass {
	n := int64(last-first)/window + 1
	p := &pass{first: first, last: last, windows: n, start: rand.Int64N(n), hop: 1 + rand.Int64N(n)}
	for gcd(p.hop, n) != 1 {
		p.hop = 1 + rand.Int64N(n)
	}
	return p
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// next returns the window that is to be dealt with, its end excluded.
func (p *pass) next() (from, to domain.ManifestID) {
	n := (p.start + p.at*p.hop) % p.windows
	from = p.first + domain.ManifestID(n*window)
	return from, min(from+window, p.last+1)
}

// advance goes on to the next window, and reports whether there is one.
func (p *pass) advance() bool {
	p.at++
	return p.at < p.windows
}
