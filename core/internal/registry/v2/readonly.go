package v2

import (
	"net/http"

	"github.com/quay/quay/sdk/errs"
)

var (
	errReadOnly = &errs.Error{
		Kind: errs.Unsupported, Reason: "registry_read_only",
		Message: "System is currently read-only. Pulls will succeed but all write operations are currently suspended.",
	}
	errNoPushes = &errs.Error{
		Kind: errs.Unsupported, Reason: "pushes_disabled",
		Message: "Pushes to the registry are currently disabled. Please contact the administrator for more information.",
	}
)

// writes refuses a request while nothing may change (endpoints/decorators.py,
// check_readonly).
func (reg *Registry) writes(h handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if reg.Options.ReadOnly {
			return errReadOnly
		}
		return h(w, r)
	}
}

// pushes refuses a request also while nobody may push (check_pushes_disabled). The end
// of an upload is none of those: what has begun may end.
func (reg *Registry) pushes(h handler) handler {
	return reg.writes(func(w http.ResponseWriter, r *request) error {
		if reg.Options.NoPushes {
			return errNoPushes
		}
		return h(w, r)
	})
}
