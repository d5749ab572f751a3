package v2

import (
	"net/http"
	"strconv"
	"time"

	"github.com/quay/quay/core/internal/blobs"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

const octetStream = "application/octet-stream"

// getBlob answers GET and HEAD of a blob (endpoints/v2/blob.py, download_blob and
// check_blob_exists). Where there is no such repository, or the digest is none, it is
// unknown like any other.
func (reg *Registry) getBlob(w http.ResponseWriter, r *request) error {
	digest, err := domain.ParseDigest(r.value)
	if err != nil {
		return blobs.ErrUnknown
	}
	repo, err := reg.repository(r)
	if errs.Is(err, errs.NotFound) {
		return blobs.ErrUnknown
	}
	if err != nil {
		return err
	}
	blob, err := reg.Blobs.Get(r.Context(), repo.ID, digest)
	if err != nil {
		return err
	}
	signs := reg.Blobs.Signs(blob)
	h := w.Header()
	h.Set("Docker-Content-Digest", r.value)
	if signs || reg.Options.Spec {
		h.Set("Accept-Ranges", "bytes")
	}
	etag := `"` + r.value + `"`
	if reg.Options.Spec {
		h.Set("Etag", etag)
	}
	if r.Method == http.MethodHead {
		h.Set("Cache-Control", "max-age=31436000")
		h.Set("Content-Type", octetStream)
		h.Set("Content-Length", strconv.FormatInt(blob.Size, 10))
		return nil
	}
	h.Set("Cache-Control", "max-age=31536000")
	if signs {
		sent, err := reg.redirect(w, r, blob)
		if sent || err != nil {
			return err
		}
	}
	h.Set("Content-Type", octetStream)
	o, err := reg.Blobs.Open(r.Context(), blob)
	if err != nil {
		return err
	}
	defer func() { _ = o.Close() }() // it was only read
	return content(w, r, etag, o)
}

// urlLifetime is how long a client may follow a redirect.
const urlLifetime = 10 * time.Minute

// redirect sends a client to the store. It does not where the store gives no URL after
// all.
func (reg *Registry) redirect(w http.ResponseWriter, r *request, blob *domain.Blob) (sent bool, err error) {
	to, err := reg.Blobs.SignURL(r.Context(), blob, http.MethodGet, urlLifetime)
	if errs.Is(err, errs.Unsupported) {
		return false, nil
	}
	if err == nil && reg.StorageProxy != nil {
		to, err = reg.StorageProxy.URL(r.Context(), to)
	}
	if err != nil {
		return false, err
	}
	http.Redirect(w, r.Request, to, http.StatusFound)
	return true, nil
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
