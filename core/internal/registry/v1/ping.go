// Package v1 speaks the first protocol of Docker registries, /v1. Nothing of it but the
// answer to whether it is spoken is here yet.
package v1

import (
	"io"
	"net/http"

	"github.com/quay/quay/core/internal/route"
)

// Rows returns the rows of /v1 with their handlers.
func Rows() []route.Row {
	return []route.Row{{
		Method: http.MethodGet, Path: "/v1/_ping", Family: route.FamilyV1, Capability: "V1_SUPPORT",
		Auth: route.AuthNone, Handler: ping,
	}}
}

// ping tells which version of the protocol this is. Clients look at the headers
// (endpoints/v1/__init__.py).
func ping(w http.ResponseWriter, _ *http.Request, _ route.Params) {
	h := w.Header()
	h.Set("X-Docker-Registry-Version", "0.6.0")
	h.Set("X-Docker-Registry-Standalone", "0")
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, "true") // the client is gone when this fails
}
