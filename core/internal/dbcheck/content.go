package dbcheck

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// tags checks that living tags have a manifest (I1).
func (c *check) tags(ctx context.Context) error {
	now := c.Now()
	id := func(t domain.StoredTag) int64 { return t.ID }
	judge := func(t domain.StoredTag) []Finding {
		if !t.End.IsZero() && !t.End.After(now) {
			return nil
		}
		object := fmt.Sprintf("tag %d (%s of repository %d)", t.ID, t.Name, t.Repository)
		switch {
		case t.Manifest == 0:
			return []Finding{{I1, object, "its manifest is not there"}}
		case t.ManifestRepository != t.Repository:
			return []Finding{{I1, object, fmt.Sprintf("its manifest %d belongs to repository %d", t.Manifest, t.ManifestRepository)}}
		}
		return nil
	}
	return pages(ctx, 1000, id, c.store.CheckTags, func(t domain.StoredTag) error {
		c.checked(I1)
		c.suspectAll(judge(t), func(ctx context.Context) ([]Finding, error) {
			t, _, err := one(ctx, t.ID, id, c.store.CheckTags)
			return judge(t), err
		})
		return nil
	})
}

// manifests checks living manifests against their rows (I1) and what the lists of
// referrers are made of (I8).
func (c *check) manifests(ctx context.Context) error {
	now := c.Now()
	id := func(m domain.StoredManifest) int64 { return int64(m.ID) }
	list := func(ctx context.Context, after int64, limit int) ([]domain.StoredManifest, error) {
		return c.store.CheckManifests(ctx, after, now, limit)
	}
	return pages(ctx, 50, id, list, func(m domain.StoredManifest) error {
		c.checked(I1)
		found, err := c.manifest(ctx, m)
		if err != nil {
			return err
		}
		c.suspectAll(found, func(ctx context.Context) ([]Finding, error) {
			m, found, err := one(ctx, int64(m.ID), id, list)
			if err != nil || !found {
				return nil, err
			}
			return c.manifest(ctx, m)
		})
		return nil
	})
}

// manifest finds out what is wrong with a manifest.
func (c *check) manifest(ctx context.Context, m domain.StoredManifest) ([]Finding, error) {
	if len(m.Bytes) == 0 {
		switch owner, err := c.owner(ctx, m.Repository); {
		case err != nil:
			return nil, err
		case owner.Proxied:
			return nil, nil // its bytes come when it is pulled
		}
	}
	object := fmt.Sprintf("manifest %d (%s of repository %d)", m.ID, m.Digest, m.Repository)
	named, problem := read(m)
	if problem != "" {
		return []Finding{{I1, object, problem}}, nil
	}
	var found []Finding
	if c.results[I1] != nil {
		blobs, err := c.manifestBlobs(ctx, m, object, named)
		if err != nil {
			return nil, err
		}
		children, err := c.manifestChildren(ctx, m, object, named)
		if err != nil {
			return nil, err
		}
		found = append(blobs, children...)
	}
	return append(found, c.referrer(m, object, named)...), nil
}

// manifestBlobs compares the blobs that the bytes of a manifest name with its rows.
func (c *check) manifestBlobs(ctx context.Context, m domain.StoredManifest, object string, named *content) ([]Finding, error) {
	if len(named.blobs) == 0 {
		return nil, nil
	}
	rows, err := c.store.ManifestBlobs(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	sizes := make(map[string]int64, len(rows))
	for _, row := range rows {
		sizes[row.Digest] = row.Size
	}
	var found []Finding
	for _, blob := range named.blobs {
		size, ok := sizes[blob.Digest]
		switch {
		case !ok:
			found = append(found, Finding{I1, object, "it has no blob " + blob.Digest})
		case blob.Size >= 0 && size >= 0 && blob.Size != size:
			found = append(found, Finding{I1, object, fmt.Sprintf("its blob %s has %d bytes, not %d", blob.Digest, size, blob.Size)})
		}
	}
	return unique(found), nil
}

// manifestChildren compares the manifests that the bytes of an index name with its
// rows.
func (c *check) manifestChildren(ctx context.Context, m domain.StoredManifest, object string, named *content) ([]Finding, error) {
	if len(named.children) == 0 {
		return nil, nil
	}
	rows, err := c.store.ManifestChildren(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, row := range rows {
		if row.Repository != m.Repository {
			found = append(found, Finding{I1, object, fmt.Sprintf("its child %s belongs to repository %d", row.Digest, row.Repository)})
		}
		if !slices.Contains(named.children, row.Digest) {
			found = append(found, Finding{I1, object, "it has a child that it does not name: " + row.Digest})
		}
	}
	for _, child := range named.children {
		if slices.ContainsFunc(rows, func(row domain.StoredBlobRef) bool { return row.Digest == child }) {
			continue
		}
		there, err := c.store.HasManifest(ctx, m.Repository, child)
		switch {
		case err != nil:
			return nil, err
		case !there && !c.Sparse:
			found = append(found, Finding{I1, object, "its child " + child + " is not there"})
		case there && !c.Sparse:
			// Where an index may be sparse, deleting a child takes it out of its
			// parents; it may come back by itself.
			found = append(found, Finding{I1, object, "its child " + child + " is there, but not as its child"})
		}
	}
	return unique(found), nil
}

// referrer compares what lists of referrers are made of with a manifest (I8): it is
// listed exactly when the columns agree with its bytes.
func (c *check) referrer(m domain.StoredManifest, object string, named *content) []Finding {
	if named.subject == "" && m.Subject == "" {
		return nil
	}
	if !m.Derived && m.Subject == "" {
		c.note(I8, "some manifests are not listed yet: the product's back-fill of subjects has not reached them")
		return nil
	}
	c.checked(I8)
	switch {
	case named.subject != m.Subject && m.Subject == "":
		return []Finding{{I8, object, "it refers to " + named.subject + " and is not listed there"}}
	case named.subject != m.Subject && named.subject == "":
		return []Finding{{I8, object, "it is listed as a referrer of " + m.Subject + " and refers to nothing"}}
	case named.subject != m.Subject:
		return []Finding{{I8, object, "it refers to " + named.subject + " and is listed as a referrer of " + m.Subject}}
	case named.artifactType != "" && m.ArtifactType != named.artifactType:
		return []Finding{{I8, object, fmt.Sprintf("it is of type %q and is listed as %q", named.artifactType, m.ArtifactType)}}
	}
	return nil
}

// blobs checks that blobs have bytes (I2), and reads some of them (I1).
func (c *check) blobs(ctx context.Context) error {
	switch {
	case len(c.Locations) == 0:
		c.skip(I2, "no storage location is open")
		if c.Bytes != ReadNone {
			c.note(I1, "no blob was read: no storage location is open")
		}
		return nil
	case c.Bytes == ReadNone:
		c.note(I1, "no blob was read")
	case c.Bytes == ReadSample:
		c.note(I1, "of the blobs a sample was read")
	}
	id := func(b domain.StoredBlob) int64 { return int64(b.ID) }
	return pages(ctx, 500, id, c.store.CheckBlobs, func(b domain.StoredBlob) error {
		c.checked(I2)
		read := c.results[I1] != nil && (c.Bytes == ReadAll || c.Bytes == ReadSample && rand.IntN(16) == 0)
		found, err := c.blob(ctx, b, read)
		if err != nil {
			return err
		}
		c.suspectAll(found, func(ctx context.Context) ([]Finding, error) {
			b, there, err := one(ctx, int64(b.ID), id, c.store.CheckBlobs)
			if err != nil || !there {
				return nil, err
			}
			return c.blob(ctx, b, read)
		})
		return nil
	})
}

// blob finds out what is wrong with the bytes of a blob.
func (c *check) blob(ctx context.Context, b domain.StoredBlob, read bool) ([]Finding, error) {
	if b.Uploading && b.Digest == "" {
		return nil, nil // A push through /v1 is under way. Of all others the product leaves the flag set.
	}
	object := fmt.Sprintf("blob %d (%s)", b.ID, b.Digest)
	var found []Finding
	have, unknown := 0, 0
	for _, name := range b.Locations {
		location := c.Locations[name]
		if location == nil {
			unknown++
			c.note(I2, "the storage location %s is not configured here", name)
			continue
		}
		size, err := location.Stat(ctx, b.Path)
		switch {
		case errs.Is(err, errs.NotFound):
			continue
		case err != nil:
			return nil, errs.Wrap(errs.KindOf(err), err, "look at %s in %s", b.Path, name)
		}
		have++
		if b.Size >= 0 && size != b.Size {
			found = append(found, Finding{I1, object, fmt.Sprintf("it has %d bytes in %s, not %d", size, name, b.Size)})
			continue
		}
		if !read {
			continue
		}
		c.checked(I1)
		problem, err := c.readBlob(ctx, location, b)
		if err != nil {
			return nil, errs.Wrap(errs.KindOf(err), err, "read %s in %s", b.Path, name)
		}
		if problem != "" {
			found = append(found, Finding{I1, object, problem + " in " + name})
		}
	}
	if have > 0 || unknown > 0 {
		return found, nil
	}
	proxied, err := c.store.BlobIsProxied(ctx, b.ID)
	switch {
	case err != nil || proxied:
		return found, err
	case len(b.Locations) == 0:
		return append(found, Finding{I2, object, "it is in no location"}), nil
	}
	return append(found, Finding{I2, object, fmt.Sprintf("its bytes are in none of its locations %v", b.Locations)}), nil
}

// readBlob compares the bytes of a blob with its digest. An object that is gone is
// not its business.
func (c *check) readBlob(ctx context.Context, location Location, b domain.StoredBlob) (problem string, err error) {
	digest, err := domain.ParseDigest(b.Digest)
	if err != nil {
		return "", nil // Oldest images have no digest of their bytes.
	}
	r, err := location.Open(ctx, b.Path)
	if errs.Is(err, errs.NotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	h := digest.Algorithm().New()
	if _, err := io.Copy(h, r); err != nil {
		return "", err
	}
	if sum := digest.Algorithm().Sum(h); sum != digest {
		return "its bytes have the digest " + string(sum), nil
	}
	return "", nil
}

// unique removes findings that are there twice: a manifest may name a blob twice.
func unique(found []Finding) []Finding {
	var out []Finding
	for _, f := range found {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}
