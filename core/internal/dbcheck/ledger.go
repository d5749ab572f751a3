package dbcheck

import (
	"context"
	"fmt"

	"github.com/quay/quay/core/internal/domain"
)

// ledger compares the totals of the quota ledger with the sums of the blobs (I4).
// Totals that are being computed, or are to be computed anew, say nothing.
func (c *check) ledger(ctx context.Context) error {
	id := func(l domain.StoredLedger) int64 { return l.ID }
	for _, of := range []struct {
		owner string
		list  func(context.Context, int64, int) ([]domain.StoredLedger, error)
	}{
		{"repository", c.store.CheckRepositorySizes},
		{"namespace", c.store.CheckNamespaceSizes},
	} {
		err := pages(ctx, 100, id, of.list, func(l domain.StoredLedger) error {
			c.checked(I4)
			if l.Total == l.Sum {
				return nil
			}
			problem := fmt.Sprintf("the ledger has %d bytes, its blobs have %d", l.Total, l.Sum)
			c.suspect(I4, fmt.Sprintf("%s %d", of.owner, l.Owner), problem, func(ctx context.Context) (bool, error) {
				l, found, err := one(ctx, l.ID, id, of.list)
				return found && l.Total != l.Sum, err
			})
			return nil
		})
		if err != nil {
			return err
		}
	}
	if r := c.results[I4]; r.Checked == 0 {
		c.skip(I4, "the quota ledger has no complete totals")
	}
	return nil
}

// uploads checks that upload sessions belong to repositories (I5).
func (c *check) uploads(ctx context.Context) error {
	id := func(u domain.StoredUpload) int64 { return int64(u.ID) }
	return pages(ctx, 1000, id, c.store.CheckUploads, func(u domain.StoredUpload) error {
		c.checked(I5)
		if u.Owned {
			return nil
		}
		c.suspect(I5, "upload "+u.UUID, fmt.Sprintf("its repository %d is not there", u.Repository), func(ctx context.Context) (bool, error) {
			u, found, err := one(ctx, int64(u.ID), id, c.store.CheckUploads)
			return found && !u.Owned, err
		})
		return nil
	})
}
