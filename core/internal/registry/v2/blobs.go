package v2

import (
	"net/http"
	"strconv"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const octetStream = "application/octet-stream"

// getBlob answers GET and HEAD of a blob.
func (reg *Registry) getBlob(w http.ResponseWriter, r *request) error {
	digest, err := domain.ParseDigest(r.value)
	if err != nil {
		return err
	}
	repo, err := reg.repository(r)
	if err != nil {
		return err
	}
	blob, err := reg.Blobs.Get(r.Context(), repo.ID, digest)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Docker-Content-Digest", r.value)
	h.Set("Content-Type", octetStream)
	if r.Method == http.MethodHead {
		h.Set("Cache-Control", "max-age=31436000")
		h.Set("Accept-Ranges", "bytes")
		h.Set("Etag", `"`+r.value+`"`)
		h.Set("Content-Length", strconv.FormatInt(blob.Size, 10))
		return nil
	}
	o, err := reg.Blobs.Open(r.Context(), blob)
	if err != nil {
		return err
	}
	defer func() { _ = o.Close() }() // it was only read
	h.Set("Cache-Control", "max-age=31536000")
	return content(w, r, `"`+r.value+`"`, o)
}

// deleteBlob answers DELETE of a blob: never in the product, since it breaks
// images; here, where allowed, of a blob that no manifest has.
func (reg *Registry) deleteBlob(w http.ResponseWriter, r *request) error {
	if !reg.Options.BlobDelete {
		return errs.New(errs.Unsupported, "The operation is unsupported.")
	}
	digest, err := domain.ParseDigest(r.value)
	if err != nil {
		return err
	}
	repo, err := reg.repository(r)
	if err != nil {
		return err
	}
	if err := reg.Blobs.Delete(r.Context(), repo.ID, digest); err != nil {
		if errs.Is(err, errs.Conflict) {
			return errs.New(errs.Unsupported, "The blob belongs to a manifest; delete that instead.")
		}
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}
