package dbcheck

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// The paths of objects that have rows. Others, such as exported logs, belong to
// somebody else.
var (
	contentPath = regexp.MustCompile(`^(sha256|sha512)/[0-9a-f]{2}/([0-9a-f]+)$`)
	imagePath   = regexp.MustCompile(`^sharedimages/([^/]+)/layer$`)
	uploadPath  = regexp.MustCompile(`^uploads/([^/]+)$`)
)

// objects checks that the bytes of all locations have rows (I3).
func (c *check) objects(ctx context.Context) error {
	if len(c.Locations) == 0 {
		c.skip(I3, "no storage location is open")
		return nil
	}
	start := c.Now()
	listed, others := 0, 0
	for _, name := range slices.Sorted(maps.Keys(c.Locations)) {
		err := c.Locations[name].List(ctx, "", func(path string, _ int64) error {
			known, owned, err := c.owned(ctx, name, path)
			switch {
			case err != nil:
				return err
			case !known:
				others++
				return nil
			}
			c.checked(I3)
			if !owned {
				c.suspectObject(name, path, c.Now())
			}
			return nil
		})
		switch {
		case errs.Is(err, errs.Unsupported):
			c.note(I3, "the storage location %s cannot be listed", name)
		case err != nil:
			return errs.Wrap(errs.KindOf(err), err, "list %s", name)
		default:
			listed++
		}
	}
	if others > 0 && c.results[I3] != nil {
		// It takes nothing away from the invariant: these are no blobs.
		c.results[I3].Notes = append(c.results[I3].Notes, fmt.Sprintf("%d objects are no blobs and no uploads", others))
	}
	if listed == 0 {
		c.results[I3].idle = true
	}
	// What lists does not say how old an object is, so it has to be seen twice.
	if r := c.results[I3]; len(r.suspects) > 0 {
		return sleep(ctx, c.Grace-c.Now().Sub(start))
	}
	return nil
}

func (c *check) suspectObject(location, path string, seen time.Time) {
	c.suspect(I3, path+" in "+location, "it has no row", func(ctx context.Context) (bool, error) {
		if left := c.Grace - c.Now().Sub(seen); left > 0 {
			if err := sleep(ctx, left); err != nil {
				return false, err
			}
		}
		if _, err := c.Locations[location].Stat(ctx, path); err != nil {
			if errs.Is(err, errs.NotFound) {
				return false, nil
			}
			return false, err
		}
		_, owned, err := c.owned(ctx, location, path)
		return !owned, err
	})
}

// owned reports whether an object is one that rows are about, and whether there is
// a row of it.
func (c *check) owned(ctx context.Context, location, path string) (known, owned bool, err error) {
	if m := contentPath.FindStringSubmatch(path); m != nil {
		digest := domain.Digest(m[1] + ":" + m[2])
		if digest.Path() != path {
			return false, false, nil
		}
		owned, err = c.store.DigestIsPlaced(ctx, string(digest), location)
		return true, owned, err
	}
	if m := imagePath.FindStringSubmatch(path); m != nil {
		owned, err = c.store.ImageIsPlaced(ctx, m[1], location)
		return true, owned, err
	}
	if m := uploadPath.FindStringSubmatch(path); m != nil {
		owned, err = c.store.UploadExists(ctx, m[1])
		return true, owned, err
	}
	return false, false, nil
}
