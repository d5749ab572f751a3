package v2

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/sdk/errs"
)

// getManifest answers GET and HEAD of a manifest by tag or digest.
func (reg *Registry) getManifest(w http.ResponseWriter, r *request) error {
	repo, err := reg.repository(r)
	if err != nil {
		return err
	}
	m, err := reg.Manifests.Get(r.Context(), repo.ID, r.value)
	if err != nil {
		return err
	}
	// Who asks for a digest gets what has that digest.
	if accepted := r.Header["Accept"]; !domain.LooksLikeDigest(r.value) && !accepts(accepted, m.MediaType) {
		m, err = reg.Manifests.Convert(r.Context(), repo, r.value, m, func(t string) bool { return accepts(accepted, t) })
		if err != nil {
			return err
		}
	}
	if err := reg.pulled(r, repo, m); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Docker-Content-Digest", string(m.Digest))
	h.Set("Content-Type", m.MediaType)
	h.Set("Content-Length", strconv.Itoa(len(m.Bytes)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(m.Bytes) // the client is gone when this fails
	}
	return nil
}

// putManifest answers PUT by tag, or by digest with any number of ?tag=.
func (reg *Registry) putManifest(w http.ResponseWriter, r *request) error {
	push := manifests.Push{Name: r.name, MediaType: mediaType(r.Header.Get("Content-Type"))}
	query := r.URL.Query()
	if domain.LooksLikeDigest(r.value) {
		digest, err := domain.ParseDigest(r.value)
		if err != nil {
			return err
		}
		push.Digest, push.Tags = digest, distinct(query["tag"])
	} else {
		if !domain.ValidTag(r.value) {
			return domain.ErrTag
		}
		push.Tags = []string{r.value}
	}
	if len(push.Tags) > maxTagsPerPush {
		return errs.New(errs.Invalid, "too many tags for one manifest")
	}
	var err error
	if push.Body, err = readManifest(w, r); err != nil {
		return err
	}
	accepted, err := reg.Manifests.Accept(r.Context(), push)
	if err != nil {
		return err
	}
	repo, err := reg.ensureRepository(r)
	if err != nil {
		return err
	}
	change, err := reg.Trail.Change(r.Context(), reg.sender(r), repo)
	if err != nil {
		return err
	}
	accepted.Trace = change.Push(accepted.MediaType())
	stored, err := reg.Manifests.Put(r.Context(), repo.ID, accepted)
	if err != nil {
		return err
	}
	change.Done()
	h := w.Header()
	h.Set("Location", "/v2/"+r.name.String()+"/manifests/"+string(stored.Digest))
	h.Set("Docker-Content-Digest", string(stored.Digest))
	if stored.Subject != "" {
		h.Set("Oci-Subject", string(stored.Subject))
	}
	if push.Digest != "" {
		for _, tag := range push.Tags {
			h.Add("Oci-Tag", tag)
		}
	}
	h.Set("Content-Type", "text/html; charset=utf-8") // as the product says of its "OK"
	w.WriteHeader(http.StatusCreated)
	_, _ = io.WriteString(w, "OK") // the client is gone when this fails
	return nil
}

const maxTagsPerPush = 100

// distinct is a list without repetitions, in its order.
func distinct(list []string) (once []string) {
	for _, s := range list {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
		if len(once) > maxTagsPerPush {
			break // it is refused
		}
	}
	return once
}

// readManifest reads a body of at most manifests.MaxSize. One that says that it
// is larger is refused before it is sent.
func readManifest(w http.ResponseWriter, r *request) ([]byte, error) {
	if r.ContentLength > manifests.MaxSize {
		w.Header().Set("Connection", "close")
		return nil, manifests.ErrTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, manifests.MaxSize))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, manifests.ErrTooLarge
	}
	return body, errs.Wrap(errs.Invalid, err, "the body could not be read")
}

// mediaType cuts the parameters off a Content-Type.
func mediaType(header string) string {
	t, _, err := mime.ParseMediaType(header)
	if err != nil {
		return header
	}
	return t
}

// deleteManifest answers DELETE of a tag, or of a manifest with all its tags.
func (reg *Registry) deleteManifest(w http.ResponseWriter, r *request) error {
	repo, err := reg.repository(r)
	if err != nil {
		return err
	}
	change, err := reg.Trail.Change(r.Context(), reg.sender(r), repo)
	if err != nil {
		return err
	}
	trace := change.Delete(r.value)
	if domain.LooksLikeDigest(r.value) {
		var digest domain.Digest
		if digest, err = domain.ParseDigest(r.value); err == nil {
			err = reg.Manifests.Delete(r.Context(), repo.ID, digest, trace)
		}
	} else if err = reg.Tags.Delete(r.Context(), repo.ID, r.value, trace); errs.Is(err, errs.NotFound) {
		err = manifests.ErrUnknown
	}
	if err != nil {
		return err
	}
	change.Done()
	w.WriteHeader(http.StatusAccepted)
	return nil
}
