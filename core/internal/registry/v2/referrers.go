package v2

import (
	"encoding/json"
	"net/http"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/sdk/errs"
)

// referrerList is an OCI index of referrers. As in the product it has the annotations of
// all of them once more itself.
type referrerList struct {
	SchemaVersion int                        `json:"schemaVersion"`
	MediaType     string                     `json:"mediaType"`
	Manifests     []referrerDescriptor       `json:"manifests"`
	Annotations   map[string]json.RawMessage `json:"annotations,omitempty"`
}

type referrerDescriptor struct {
	MediaType    string          `json:"mediaType"`
	Digest       domain.Digest   `json:"digest"`
	Size         int             `json:"size"`
	ArtifactType string          `json:"artifactType,omitempty"`
	Annotations  json.RawMessage `json:"annotations,omitempty"`
}

func (l *referrerList) add(r domain.Referrer) {
	d := referrerDescriptor{MediaType: r.MediaType, Digest: r.Digest, Size: r.Size, ArtifactType: r.ArtifactType}
	var members map[string]json.RawMessage
	if json.Unmarshal(r.Annotations, &members) == nil && len(members) > 0 {
		d.Annotations = r.Annotations
		if l.Annotations == nil {
			l.Annotations = make(map[string]json.RawMessage)
		}
		for name, value := range members {
			l.Annotations[name] = value
		}
	}
	l.Manifests = append(l.Manifests, d)
}

// referrers answers GET of what refers to a digest, be it there or not
// (endpoints/v2/referrers.py; distribution-spec, "Listing Referrers").
func (reg *Registry) referrers(w http.ResponseWriter, r *request) error {
	digest, err := domain.ParseDigest(r.value)
	if err != nil {
		return err
	}
	repo, err := reg.repository(r)
	if errs.Is(err, errs.NotFound) && reg.Perms.AnonymousWrite() {
		// A repository that a push would make has no referrers yet.
		repo, err = &domain.Repository{}, nil
	}
	if err != nil {
		return err
	}
	query := r.URL.Query()
	artifactType := query.Get("artifactType")
	var position manifests.ReferrerPosition
	reg.Pages.Open(query.Get("next_page"), &position)
	found, next, err := reg.Manifests.Referrers(r.Context(), repo.ID, digest, artifactType, position)
	if err != nil {
		return err
	}
	if next != nil {
		var filter []string
		if artifactType != "" {
			filter = []string{"artifactType", artifactType}
		}
		if err := reg.nextPage(w, r, next, filter...); err != nil {
			return err
		}
	}
	list := referrerList{SchemaVersion: 2, MediaType: domain.MediaTypeOCIIndex, Manifests: make([]referrerDescriptor, 0, len(found))}
	for _, f := range found {
		list.add(f)
	}
	if artifactType != "" {
		w.Header().Set("Oci-Filters-Applied", "artifactType")
	}
	writeJSONAs(w, http.StatusOK, domain.MediaTypeOCIIndex, list)
	return nil
}
