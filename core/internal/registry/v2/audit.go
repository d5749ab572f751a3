package v2

import (
	"github.com/quay/quay/core/internal/audit"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/sdk/errs"
)

// sender is what is recorded of a request.
func (reg *Registry) sender(r *request) audit.Request {
	q := audit.Request{UserAgent: r.UserAgent(), IP: httpd.ClientIP(r.Request, reg.Options.Proxies)}
	if r.caller.claims != nil {
		q.Caller = r.caller.claims.Entity
	}
	return q
}

// pulled records that a client is about to get a manifest, by what it asked for.
func (reg *Registry) pulled(r *request, repo *domain.Repository, m *domain.Manifest) error {
	p := audit.Pull{Repository: repo, Digest: m.Digest, MediaType: m.MediaType}
	if !domain.LooksLikeDigest(r.value) {
		p.Tag = r.value
	}
	return reg.Trail.Pull(r.Context(), reg.sender(r), p)
}

// refused records that a request is refused, and returns the error to answer with.
func (reg *Registry) refused(r *request, refusal error) error {
	if r.door.refused == "" || !errs.Is(refusal, errs.Unauthenticated) {
		return refusal
	}
	err := reg.Trail.Refuse(r.Context(), reg.sender(r), audit.Refusal{
		Kind: r.door.refused, Name: r.name, Reference: r.value, Message: errs.Public(refusal),
	})
	if err != nil {
		return err
	}
	return refusal
}
