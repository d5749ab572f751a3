package httpd

import (
	"net/http"

	"github.com/quay/quay/sdk/errs"
)

// statusOf is the one place where kinds of errors become statuses of HTTP.
var statusOf = map[errs.Kind]int{
	errs.Internal:        http.StatusInternalServerError,
	errs.NotFound:        http.StatusNotFound,
	errs.Exists:          http.StatusConflict,
	errs.Invalid:         http.StatusBadRequest,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Denied:          http.StatusForbidden,
	errs.Conflict:        http.StatusConflict,
	errs.OutOfRange:      http.StatusRequestedRangeNotSatisfiable,
	errs.TooLarge:        http.StatusRequestEntityTooLarge,
	errs.Exhausted:       http.StatusInsufficientStorage,
	errs.Unsupported:     http.StatusMethodNotAllowed,
	errs.Unavailable:     http.StatusServiceUnavailable,
	errs.Timeout:         http.StatusGatewayTimeout,
	errs.Canceled:        499, // nginx's "client closed request": only logs see it
	errs.Corrupt:         http.StatusInternalServerError,
}

// Status returns the status that an error answers with.
func Status(err error) int {
	if s, ok := statusOf[errs.KindOf(err)]; ok {
		return s
	}
	return http.StatusInternalServerError
}
