package v2

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/core/internal/uploads"
	"github.com/quay/quay/sdk/errs"
)

// beginUpload answers POST: it mounts a blob from another repository, takes a
// whole blob at once, or begins a session.
func (reg *Registry) beginUpload(w http.ResponseWriter, r *request) error {
	query := r.URL.Query()
	digest, err := optionalDigest(query.Get("digest"))
	if err != nil {
		return err
	}
	if a := query.Get("digest-algorithm"); a != "" && !domain.Algorithm(a).Known() {
		return domain.ErrDigest
	}
	repo, err := reg.ensureRepository(r)
	if err == nil {
		err = reg.mayBegin(r, repo)
	}
	if err != nil {
		return err
	}
	if mount := query.Get("mount"); mount != "" {
		if reg.mount(r, repo, mount, query.Get("from")) {
			reg.created(w, r, domain.Digest(mount))
			return nil
		}
	}
	up, err := reg.Uploads.Begin(r.Context(), repo.ID)
	if err != nil {
		return err
	}
	if digest != "" {
		if _, err := reg.Uploads.Finish(r.Context(), repo.ID, up.UUID, reg.chunk(w, r, uploads.Chunk{Start: -1, Length: r.ContentLength}), digest); err != nil {
			return errors.Join(err, reg.Uploads.Abandon(r.Context(), repo.ID, up.UUID))
		}
		reg.created(w, r, digest)
		return nil
	}
	h := w.Header()
	h.Set("Location", reg.uploadURL(r, up.UUID))
	h.Set("Docker-Upload-Uuid", up.UUID)
	h.Set("Range", "bytes=0--1") // the product's way to say "nothing yet"
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// mount tries to give the repository a blob of another one that the caller may
// read. What stands against it is not told: the client uploads instead.
func (reg *Registry) mount(r *request, repo *domain.Repository, mount, from string) bool {
	digest, err := domain.ParseDigest(mount)
	if err != nil {
		return false
	}
	if from == "" {
		// Without a source any will do, where everybody may read everything.
		return reg.Perms.AnonymousWrite() && reg.Blobs.MountAny(r.Context(), repo.ID, digest) == nil
	}
	name, err := domain.ParseName(from, reg.Options.Library)
	if err != nil {
		return false
	}
	source := &request{Request: r.Request, name: name, caller: r.caller}
	if reg.permit(source, "pull") != nil {
		return false
	}
	other, err := reg.Repos.Get(r.Context(), name)
	if err != nil {
		return false
	}
	return reg.Blobs.Mount(r.Context(), other.ID, repo.ID, digest) == nil
}

// uploadStatus answers GET of a session.
func (reg *Registry) uploadStatus(w http.ResponseWriter, r *request) error {
	repo, err := reg.repository(r)
	if err != nil {
		return err
	}
	up, err := reg.Uploads.Get(r.Context(), repo.ID, r.value)
	if err != nil {
		return err
	}
	reg.sessionHeaders(w, r, up)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// appendUpload answers PATCH.
func (reg *Registry) appendUpload(w http.ResponseWriter, r *request) error {
	c, err := contentRange(r)
	if err != nil {
		return err
	}
	repo, err := reg.repository(r)
	if err == nil {
		err = reg.mayContinue(r, repo)
	}
	if err != nil {
		return err
	}
	up, err := reg.Uploads.Append(r.Context(), repo.ID, r.value, reg.chunk(w, r, c))
	if err != nil {
		return reg.uploadFailed(w, r, up, err)
	}
	reg.sessionHeaders(w, r, up)
	w.WriteHeader(http.StatusAccepted)
	return nil
}

// finishUpload answers PUT: the last chunk, which may be the whole or nothing.
func (reg *Registry) finishUpload(w http.ResponseWriter, r *request) error {
	digest, err := domain.ParseDigest(r.URL.Query().Get("digest"))
	if err != nil {
		return err
	}
	c, err := contentRange(r)
	if err != nil {
		return err
	}
	repo, err := reg.repository(r)
	if err == nil {
		err = reg.mayContinue(r, repo)
	}
	if err != nil {
		return err
	}
	up, err := reg.Uploads.Finish(r.Context(), repo.ID, r.value, reg.chunk(w, r, c), digest)
	if err != nil {
		return reg.uploadFailed(w, r, up, err)
	}
	reg.created(w, r, digest)
	return nil
}

// cancelUpload answers DELETE of a session.
func (reg *Registry) cancelUpload(w http.ResponseWriter, r *request) error {
	repo, err := reg.repository(r)
	if err != nil {
		return err
	}
	if err := reg.Uploads.Cancel(r.Context(), repo.ID, r.value); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// uploadFailed adds to a refused chunk where the session stands.
func (reg *Registry) uploadFailed(w http.ResponseWriter, r *request, up *domain.Upload, err error) error {
	if up != nil && errs.Is(err, errs.OutOfRange) {
		reg.sessionHeaders(w, r, up)
	}
	return err
}

func (reg *Registry) sessionHeaders(w http.ResponseWriter, r *request, up *domain.Upload) {
	h := w.Header()
	h.Set("Location", reg.uploadURL(r, up.UUID))
	h.Set("Docker-Upload-Uuid", up.UUID)
	h.Set("Range", "0-"+strconv.FormatInt(max(0, up.Offset-1), 10))
}

func (reg *Registry) uploadURL(r *request, id string) string {
	return reg.baseURL(r.Request) + "/v2/" + r.name.String() + "/blobs/uploads/" + id
}

// created answers that a blob is there.
func (reg *Registry) created(w http.ResponseWriter, r *request, digest domain.Digest) {
	h := w.Header()
	h.Set("Location", reg.baseURL(r.Request)+"/v2/"+r.name.String()+"/blobs/"+string(digest))
	h.Set("Docker-Content-Digest", string(digest))
	w.WriteHeader(http.StatusCreated)
}

func optionalDigest(s string) (domain.Digest, error) {
	if s == "" {
		return "", nil
	}
	return domain.ParseDigest(s)
}

var errContentRange = errs.New(errs.Invalid, "Invalid range header")

// contentRange reads what a request says of its chunk: "first-last" in
// Content-Range (distribution-spec, "Pushing a blob in chunks"; some clients
// write "bytes=" or "bytes " in front), else the length alone.
func contentRange(r *request) (uploads.Chunk, error) {
	c := uploads.Chunk{Start: -1, Length: r.ContentLength}
	header := r.Header.Get("Content-Range")
	if header == "" {
		return c, nil
	}
	header = strings.TrimPrefix(strings.TrimPrefix(header, "bytes="), "bytes ")
	header, _, _ = strings.Cut(header, "/")
	first, last, ok := strings.Cut(header, "-")
	start, err1 := strconv.ParseUint(first, 10, 63)
	end, err2 := strconv.ParseUint(last, 10, 63)
	if !ok || err1 != nil || err2 != nil || end < start {
		return c, errContentRange
	}
	length := int64(end-start) + 1
	if c.Length >= 0 && c.Length != length || length <= 0 {
		return c, errContentRange
	}
	return uploads.Chunk{Start: int64(start), Length: length}, nil
}

// chunk gives a chunk the request's body, and the client a deadline for each
// part of it.
func (reg *Registry) chunk(w http.ResponseWriter, r *request, c uploads.Chunk) uploads.Chunk {
	c.Body = &patientBody{body: r.Body, control: http.NewResponseController(w)}
	return c
}

// bodyLook is how often the deadlines are moved on, not at each read.
const bodyLook = 10 * time.Second

type patientBody struct {
	body    io.Reader
	control *http.ResponseController
	moved   time.Time
}

func (b *patientBody) Read(p []byte) (int, error) {
	if now := time.Now(); now.Sub(b.moved) > bodyLook {
		b.moved = now
		_ = b.control.SetReadDeadline(now.Add(httpd.Stall)) // not every connection has one
		_ = b.control.SetWriteDeadline(now.Add(bodyLook + httpd.Stall))
	}
	return b.body.Read(p)
}
