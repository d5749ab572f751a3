package v2

import (
	"errors"
	"net/http"
	"strings"

	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/issuer"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/sdk/errs"
)

// caller is who sent a request.
type caller struct {
	// claims of the token that came with it; nil without one.
	claims *keys.Claims
	// found is whom the token was made for, once that was looked up: see who.
	found *authn.Caller
}

// who returns whom the request's token was made for. The first call asks the database:
// it is for those who need it, and pulls do not.
func (reg *Registry) who(r *request) (authn.Caller, error) {
	if r.caller.claims == nil {
		return authn.Caller{}, nil
	}
	if r.caller.found == nil {
		c, err := reg.Callers.Resolve(r.Context(), r.caller.claims.Entity)
		if err != nil {
			return authn.Caller{}, err
		}
		r.caller.found = &c
	}
	return *r.caller.found, nil
}

// recognise reads a request's credentials: a registry token, or none. A mirror that
// needs no credentials does not look at any.
func (reg *Registry) recognise(r *http.Request) (caller, error) {
	header := strings.TrimSpace(r.Header.Get("Authorization"))
	if header == "" || reg.Perms.AnonymousWrite() {
		return caller{}, nil
	}
	token, ok := keys.ParseBearer(header)
	if !ok {
		return caller{}, badToken("Invalid bearer token format", nil)
	}
	claims, err := reg.Keys.Verify(r.Context(), token)
	if errs.Is(err, errs.Unauthenticated) {
		return caller{}, badToken(publicMessage(err), err)
	}
	return caller{claims: claims}, err
}

// publicMessage is what an error says to its client.
func publicMessage(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return ""
}

// errRestricted refuses a restricted user who pushes to his own namespace.
var errRestricted = &errs.Error{
	Kind: errs.Unauthenticated, Reason: "restricted_user", Message: errUnauthorized.Message, Detail: "Disallowed for restricted users.",
}

// admit checks that a request's caller may do what the row says, and that it may be done
// now.
func (reg *Registry) admit(r *request) error {
	if r.door.scope != "" {
		if err := reg.permit(r, r.door.scope); err != nil {
			return reg.refused(r, err)
		}
	}
	if !r.door.open && !reg.Perms.AnonymousRead() && r.caller.nobody() {
		if r.caller.claims == nil {
			return errNoAnonymous
		}
		return &abort{status: errNoAnonymous.status, message: errNoAnonymous.message + " (authorized: anonymous)"}
	}
	switch {
	case r.door.changes && reg.Options.ReadOnly:
		return issuer.ErrReadOnly
	case r.door.pushes && reg.Options.NoPushes:
		return errPushesDisabled
	}
	return nil
}

// nobody reports whether the caller has shown nothing that is somebody's.
func (c caller) nobody() bool {
	return c.claims == nil || c.claims.Entity.Kind == keys.Anonymous
}

// permit checks that a request's caller may pull from the repository, or push to it.
func (reg *Registry) permit(r *request, scope string) error {
	push := scope == scopePush
	if reg.Perms.AnonymousWrite() {
		return reg.permitAnybody(r, scope)
	}
	if push && reg.Perms.RestrictsUsers() {
		c, err := reg.who(r)
		if err != nil {
			return err
		}
		if reg.Perms.KeptFrom(c.User(), r.name.Namespace) {
			return errRestricted
		}
	}
	need := domain.PermissionRead
	if push {
		need = domain.PermissionWrite
	}
	if r.caller.claims != nil && r.caller.claims.Permission(r.name, reg.Options.Library) >= need {
		return nil
	}
	if push {
		return errUnauthorized
	}
	return reg.permitPublic(r)
}

// permitPublic lets everybody pull what is public. A repository that is not there and
// one that is not for the caller look alike.
func (reg *Registry) permitPublic(r *request) error {
	repo, err := reg.Repos.Get(r.Context(), r.name)
	switch {
	case errs.Is(err, errs.NotFound):
		return errUnauthorized
	case err != nil:
		return err
	case reg.Perms.Anonymous(repo) < domain.PermissionRead:
		return errUnauthorized
	}
	return nil
}

// permitAnybody lets everybody do everything in a mirror that needs no credentials, but
// for what a web page could have made somebody's browser do.
func (reg *Registry) permitAnybody(r *request, scope string) error {
	switch {
	case scope != scopePush:
		return nil
	case fromBrowser(r.Request):
		return errs.New(errs.Denied, "a web page may not push to this registry")
	case reg.Options.LocalPush && throughProxy(r.Request):
		return errs.New(errs.Denied, "only this machine may push to this registry, and a proxy sent the request")
	}
	return nil
}

// fromBrowser reports whether a web page sent a request. Registry clients send
// none of these headers; a page that was tricked into reaching a mirror on this
// machine does.
func fromBrowser(r *http.Request) bool {
	return r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != ""
}

// throughProxy reports whether a request says that somebody passed it on: then
// the loopback address that it comes from is the proxy's and not the client's.
func throughProxy(r *http.Request) bool {
	return r.Header.Get("Forwarded") != "" || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Via") != ""
}
