package v2

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/core/internal/issuer"
	"github.com/quay/quay/sdk/errs"
)

// answer is how an error looks to a client of /v2: the code, text and status
// that the product gives it (endpoints/v2/errors.py; distribution-spec, "Error
// codes").
type answer struct {
	code    string
	message string // empty: the error's own
	status  int    // zero: that of the error's kind
	// readOnly tells that the whole registry is.
	readOnly bool
}

// byReason has the errors of which the kind alone does not tell the code.
var byReason = map[string]answer{
	"blob_unknown":     {code: "BLOB_UNKNOWN"},
	"upload_unknown":   {code: "BLOB_UPLOAD_UNKNOWN"},
	"upload_invalid":   {code: "BLOB_UPLOAD_INVALID"},
	"upload_range":     {code: "BLOB_UPLOAD_INVALID"},
	"digest_mismatch":  {code: "DIGEST_INVALID"},
	"digest_invalid":   {code: "DIGEST_INVALID"},
	"layer_too_large":  {code: "BLOB_UPLOAD_INVALID", status: http.StatusRequestEntityTooLarge},
	"manifest_unknown": {code: "MANIFEST_UNKNOWN"},
	"manifest_invalid": {code: "MANIFEST_INVALID", message: "manifest invalid"},
	"manifest_type":    {code: "MANIFEST_INVALID", status: http.StatusUnsupportedMediaType},
	"manifest_size":    {code: "SIZE_INVALID"},
	"tag_expired":      {code: "TAG_EXPIRED"},
	"tag_invalid":      {code: "TAG_INVALID"},
	"tag_immutable":    {code: "TAG_IMMUTABLE", message: "tag is immutable and cannot be overwritten"},
	"name_unknown":     {code: "NAME_UNKNOWN"},
	"name_invalid":     {code: "NAME_INVALID"},

	"namespace_disabled":      {code: "DENIED", status: http.StatusMethodNotAllowed},
	errPushesDisabled.Reason:  {code: "METHOD NOT ALLOWED", status: http.StatusMethodNotAllowed},
	issuer.ErrReadOnly.Reason: {code: "DENIED", status: http.StatusMethodNotAllowed, readOnly: true},
}

// errPushesDisabled refuses a push while pushes are disabled.
var errPushesDisabled = &errs.Error{
	Kind: errs.Denied, Reason: "pushes_disabled",
	Message: "Pushes to the registry are currently disabled. Please contact the administrator for more information.",
}

// byKind has the rest.
var byKind = map[errs.Kind]answer{
	errs.Unauthenticated: {code: "UNAUTHORIZED"},
	errs.Denied:          {code: "DENIED"},
	errs.Unsupported:     {code: "UNSUPPORTED"},
	errs.NotFound:        {code: "NOT_FOUND"},
	errs.Exhausted:       {code: "DENIED", message: "the registry has no space left"},
	errs.Unavailable:     {code: "UNAVAILABLE", message: "a part of the registry is not available; try again"},
	errs.Timeout:         {code: "UNAVAILABLE", message: "a part of the registry did not answer in time; try again"},
	errs.Internal:        {code: "UNKNOWN", message: "unknown error"},
	errs.Corrupt:         {code: "UNKNOWN", message: "stored content is damaged"},
}

type errorBody struct {
	Errors []errorItem `json:"errors"`
}

type errorItem struct {
	Code     string `json:"code"`
	Message  string `json:"message"`
	Detail   any    `json:"detail"`
	ReadOnly bool   `json:"is_readonly,omitempty"`
}

// describe returns the status and body that an error answers with.
func describe(err error) (int, errorBody) {
	status := httpd.Status(err)
	var e *errs.Error
	if !errors.As(err, &e) {
		e = errs.New(errs.KindOf(err), "")
	}
	a, known := byReason[e.Reason]
	if !known {
		if a, known = byKind[e.Kind]; !known {
			a.code = "INVALID_REQUEST"
		}
	}
	if a.status != 0 {
		status = a.status
	}
	if a.message == "" {
		a.message = e.Message
	}
	detail := e.Detail
	if detail == nil {
		detail = struct{}{}
	}
	return status, errorBody{[]errorItem{{a.code, a.message, detail, a.readOnly}}}
}

// writeError answers with an error.
func writeError(w http.ResponseWriter, err error) {
	status, body := describe(err)
	h := w.Header()
	for _, name := range []string{"Cache-Control", "Etag", "Docker-Content-Digest", "Accept-Ranges"} {
		h.Del(name) // they were meant for the content
	}
	if errs.Is(err, errs.Unavailable) {
		h.Set("Retry-After", "1")
	}
	writeJSON(w, status, body)
}

// writeJSON answers with a document.
func writeJSON(w http.ResponseWriter, status int, v any) {
	writeJSONAs(w, status, "application/json", v)
}

func writeJSONAs(w http.ResponseWriter, status int, mediaType string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"errors":[{"code":"UNKNOWN","message":"unknown error","detail":{}}]}`)
	}
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // the client is gone when this fails
}
