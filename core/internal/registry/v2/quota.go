package v2

import (
	"errors"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/quota"
)

// mayBegin refuses a new upload where the namespace holds too much.
func (reg *Registry) mayBegin(r *request, repo *domain.Repository) error {
	return reg.Quota.Begin(r.Context(), repo.ID, r.caller.user)
}

// mayContinue refuses a chunk of an upload where the namespace holds too much with all
// that is being uploaded, and ends the upload: the client cannot go on with it, and as
// long as it is there it would count (endpoints/v2/blob.py, upload_chunk).
func (reg *Registry) mayContinue(r *request, repo *domain.Repository) error {
	if !reg.Quota.Enforced() {
		return nil
	}
	if _, err := reg.Uploads.Get(r.Context(), repo.ID, r.value); err != nil {
		return err
	}
	err := reg.Quota.Continue(r.Context(), repo.ID, r.caller.user)
	if errors.Is(err, quota.ErrExceeded) {
		return errors.Join(err, reg.Uploads.Abandon(r.Context(), repo.ID, r.value))
	}
	return err
}
