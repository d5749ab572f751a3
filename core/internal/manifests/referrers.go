package manifests

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

// Bounds of one page of referrers.
const (
	pageReferrers = 1000
	pageBytes     = 1 << 20
)

// ReferrerPosition is where a page of referrers begins. Its zero value is the first page.
type ReferrerPosition struct {
	After domain.ManifestID `json:"start_id"`
	// Tagged is behind all that have the subject themselves.
	Tagged bool `json:"tagged,omitempty"`
}

// Referrers lists manifests whose subject is a digest, whether it exists or not, in the
// order in which they came, and behind them those in the index that clients without this
// list keep under a tag (distribution-spec, "Referrers tag schema"). A page ends after a
// thousand, or when its annotations have a MiB; then next is where the next one begins,
// and nil otherwise. Deleted manifests are not listed.
func (m *Manifests) Referrers(ctx context.Context, repo domain.RepositoryID, subject domain.Digest, artifactType string,
	from ReferrerPosition,
) (page []domain.Referrer, next *ReferrerPosition, err error) {
	q := domain.ReferrerQuery{Repository: repo, Subject: subject, ArtifactType: artifactType, After: from.After, At: time.Now()}
	size := 0
	list := func() error {
		q.Limit = pageReferrers + 1 - len(page)
		return m.store.Referrers(ctx, q, func(found domain.Manifest, artifactType string) bool {
			if len(page) == pageReferrers || size >= pageBytes {
				next = &ReferrerPosition{After: q.After, Tagged: q.Tag != ""}
				return false
			}
			r := domain.Referrer{
				ID: found.ID, Digest: found.Digest, MediaType: found.MediaType, ArtifactType: artifactType, Size: len(found.Bytes),
				Annotations: annotations(found.Bytes),
			}
			q.After = found.ID
			size += len(r.Annotations)
			page = append(page, r)
			return true
		})
	}
	if !from.Tagged {
		if err := list(); err != nil || next != nil {
			return page, next, err
		}
		q.After = 0
	}
	q.Tag = strings.Replace(string(subject), ":", "-", 1)
	err = list()
	return page, next, err
}

// annotations returns a copy of a stored manifest's annotations.
func annotations(manifest []byte) []byte {
	var o struct {
		Annotations json.RawMessage `json:"annotations"`
	}
	if json.Unmarshal(manifest, &o) != nil || string(o.Annotations) == "null" {
		return nil
	}
	return o.Annotations
}
