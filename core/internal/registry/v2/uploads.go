package v2

import (
	"cmp"
	"errors"
	"io"
	"math"
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
	repo, err := reg.ensureRepository(r)
	if err == nil {
		err = reg.mayBegin(r, repo)
	}
	if err != nil {
		return err
	}
	query := r.URL.Query()
	if query.Has("mount") && reg.mount(r, repo, query.Get("mount"), query.Get("from")) {
		reg.created(w, r, domain.Digest(query.Get("mount")))
		return nil
	}
	if query.Has("digest") {
		return reg.pushBlob(w, r, repo, query.Get("digest"))
	}
	if a := query.Get("digest-algorithm"); reg.Options.Spec && a != "" && !domain.Algorithm(a).Known() {
		return domain.ErrDigest
	}
	up, err := reg.Uploads.Begin(r.Context(), repo.ID)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Location", reg.uploadURL(r, up.UUID))
	h.Set("Docker-Upload-Uuid", up.UUID)
	h.Set("Range", "bytes=0--1") // the product's way to say "nothing yet"
	empty(w, http.StatusAccepted)
	return nil
}

// pushBlob answers a POST that brings the whole blob.
func (reg *Registry) pushBlob(w http.ResponseWriter, r *request, repo *domain.Repository, digest string) error {
	c, d, err := reg.lastChunk(w, r, digest)
	if err != nil {
		return err
	}
	if up, err := reg.Uploads.Push(r.Context(), repo.ID, c, d); err != nil {
		return reg.uploadFailed(w, r, up, err)
	}
	reg.created(w, r, d)
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

// uploadStatus answers GET of a session. The product's range is of one byte more than
// there are.
func (reg *Registry) uploadStatus(w http.ResponseWriter, r *request) error {
	repo, err := reg.repository(r)
	if err != nil {
		return err
	}
	up, err := reg.Uploads.Get(r.Context(), repo.ID, r.value)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Docker-Upload-Uuid", up.UUID)
	if reg.Options.Spec {
		h.Set("Location", reg.uploadURL(r, up.UUID))
		h.Set("Range", lastByte(max(0, up.Offset-1)))
	} else {
		h.Set("Range", "bytes="+lastByte(up.Offset))
	}
	empty(w, http.StatusNoContent)
	return nil
}

// appendUpload answers PATCH.
func (reg *Registry) appendUpload(w http.ResponseWriter, r *request) error {
	repo, err := reg.repository(r)
	if err == nil {
		err = reg.mayContinue(r, repo)
	}
	if err != nil {
		return err
	}
	c, err := reg.chunk(w, r)
	if err != nil {
		_, unknown := reg.Uploads.Get(r.Context(), repo.ID, r.value)
		return cmp.Or(unknown, err)
	}
	up, err := reg.Uploads.Append(r.Context(), repo.ID, r.value, c)
	if err != nil {
		return reg.uploadFailed(w, r, up, err)
	}
	h := w.Header()
	h.Set("Location", reg.requestURL(r))
	h.Set("Docker-Upload-Uuid", up.UUID)
	end := up.Offset - 1
	if reg.Options.Spec {
		end = max(0, end)
	}
	h.Set("Range", lastByte(end))
	empty(w, http.StatusAccepted)
	return nil
}

// errNoDigest is the answer to a PUT that says not what it ends.
var errNoDigest = &errs.Error{
	Kind: errs.Invalid, Reason: "upload_invalid", Message: uploadInvalid,
	Detail: map[string]string{"reason": "Missing digest arg on monolithic upload"},
}

// finishUpload answers PUT: the last chunk, which may be the whole or nothing.
func (reg *Registry) finishUpload(w http.ResponseWriter, r *request) error {
	query := r.URL.Query()
	if !query.Has("digest") {
		return errNoDigest
	}
	repo, err := reg.repository(r)
	if err == nil {
		err = reg.mayContinue(r, repo)
	}
	if err != nil {
		return err
	}
	c, digest, err := reg.lastChunk(w, r, query.Get("digest"))
	if err != nil {
		return cmp.Or(reg.refuseLast(r, repo), err)
	}
	up, err := reg.Uploads.Finish(r.Context(), repo.ID, r.value, c, digest)
	if err != nil {
		return reg.uploadFailed(w, r, up, err)
	}
	reg.created(w, r, digest)
	return nil
}

// refuseLast does to a session what the refusal of a last chunk does: in the product
// any ends it. There may be none.
func (reg *Registry) refuseLast(r *request, repo *domain.Repository) error {
	if !reg.Options.Spec {
		return reg.Uploads.Cancel(r.Context(), repo.ID, r.value)
	}
	_, err := reg.Uploads.Get(r.Context(), repo.ID, r.value)
	return err
}

// lastChunk reads what a request says of a chunk that ends a blob.
func (reg *Registry) lastChunk(w http.ResponseWriter, r *request, digest string) (uploads.Chunk, domain.Digest, error) {
	c, err := reg.chunk(w, r)
	if err != nil {
		return c, "", err
	}
	d, err := domain.ParseDigest(digest)
	if err != nil {
		return c, "", reg.invalidUpload(err)
	}
	return c, d, nil
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
	empty(w, http.StatusNoContent)
	return nil
}

// uploadFailed answers a chunk that was refused. One that does not continue its session
// is told where that stands: in the product without a body, and one byte too far.
func (reg *Registry) uploadFailed(w http.ResponseWriter, r *request, up *domain.Upload, err error) error {
	if up == nil || !errors.Is(err, uploads.ErrRange) {
		return reg.invalidUpload(err)
	}
	h := w.Header()
	h.Set("Location", reg.requestURL(r))
	h.Set("Docker-Upload-Uuid", up.UUID)
	if reg.Options.Spec {
		h.Set("Range", lastByte(max(0, up.Offset-1)))
		return err
	}
	h.Set("Range", lastByte(up.Offset))
	empty(w, http.StatusRequestedRangeNotSatisfiable)
	return nil
}

// uploadInvalid is what the product says of all that is wrong with an upload.
const uploadInvalid = "blob upload invalid"

// invalidUpload gives what is wrong with a client's upload the product's form, which
// does not tell a wrong digest from a body that ended early.
func (reg *Registry) invalidUpload(err error) error {
	if reg.Options.Spec || !errs.Is(err, errs.Invalid) {
		return err
	}
	return &errs.Error{Kind: errs.Invalid, Reason: "upload_invalid", Message: uploadInvalid, Err: err}
}

// lastByte is the range from the first byte to the last one.
func lastByte(n int64) string { return "0-" + strconv.FormatInt(n, 10) }

func (reg *Registry) uploadURL(r *request, id string) string {
	return reg.baseURL(r.Request) + "/v2/" + r.name.String() + "/blobs/uploads/" + id
}

// requestURL is where a request went, without its query.
func (reg *Registry) requestURL(r *request) string {
	return reg.baseURL(r.Request) + r.URL.EscapedPath()
}

// empty answers without a body. The product gives that a type, too.
func empty(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
}

// created answers that a blob is there.
func (reg *Registry) created(w http.ResponseWriter, r *request, digest domain.Digest) {
	h := w.Header()
	h.Set("Location", reg.baseURL(r.Request)+"/v2/"+r.name.String()+"/blobs/"+string(digest))
	h.Set("Docker-Content-Digest", string(digest))
	empty(w, http.StatusCreated)
}

var errContentRange = errs.New(errs.Invalid, "Invalid range header")

// contentRange reads the field of that name: "first-last" and nothing else
// (distribution-spec, "Pushing a blob in chunks"; endpoints/v2/blob.py). Numbers that are
// too large are the largest. A length of zero is none, and one below is an error.
func contentRange(header string) (start, length int64, err error) {
	first, last, ok := strings.Cut(header, "-")
	start, ok1 := offset(first)
	end, ok2 := offset(last)
	if !ok || !ok1 || !ok2 || end < start-1 {
		return 0, 0, errContentRange
	}
	return start, min(end-start, math.MaxInt64-1) + 1, nil
}

// offset reads a number that consists of digits.
func offset(s string) (int64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil || errors.Is(err, strconv.ErrRange) // then n is the largest
}

// chunk is what a request brings and says of it. The client has a deadline for each
// part of the body.
func (reg *Registry) chunk(w http.ResponseWriter, r *request) (c uploads.Chunk, err error) {
	c = uploads.Chunk{Start: -1, Length: -1, Body: &patientBody{body: r.Body, control: http.NewResponseController(w)}}
	if r.ContentLength > 0 {
		c.Length = r.ContentLength
	}
	header := r.Header.Get("Content-Range")
	if header == "" {
		return c, nil
	}
	if c.Start, c.Length, err = contentRange(header); err != nil {
		return c, err
	}
	if reg.Options.Spec && (c.Length == 0 || r.ContentLength >= 0 && r.ContentLength != c.Length) {
		return c, errContentRange
	}
	return c, nil
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
