package v2

import (
	"net/http"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/sdk/errs"
)

// caller is who sent a request.
type caller struct {
	// claims of the token that came with it; nil without one.
	claims *keys.Claims
	// user is the person of a request with a name and password, which only the
	// token row takes.
	user *domain.User
}

func (c caller) id() domain.UserID {
	if c.user == nil {
		return 0
	}
	return c.user.ID
}

// recognise reads a request's credentials: a registry token, or none. A mirror
// that needs no credentials does not look at any.
func (reg *Registry) recognise(r *http.Request) (caller, error) {
	header := r.Header.Get("Authorization")
	if header == "" || reg.Perms.AnonymousWrite() {
		return caller{}, nil
	}
	token, ok := keys.ParseBearer(header)
	if !ok {
		return caller{}, errUnauthorized
	}
	claims, err := reg.Keys.Verify(r.Context(), token)
	if err != nil {
		return caller{}, errs.Wrap(errs.KindOf(err), err, "access to the requested resource is not authorized")
	}
	return caller{claims: claims}, nil
}

// permit checks that a request's caller may do what the row says.
func (reg *Registry) permit(r *request, scope string) error {
	if reg.Perms.AnonymousWrite() {
		if scope == "push" && fromBrowser(r.Request) {
			return errs.New(errs.Denied, "a web page may not push to this registry")
		}
		if scope == "push" && reg.Options.LocalPush && throughProxy(r.Request) {
			return errs.New(errs.Denied, "only this machine may push to this registry, and a proxy sent the request")
		}
		return nil
	}
	need := domain.PermissionRead
	if scope == "push" {
		need = domain.PermissionWrite
	}
	if r.caller.claims != nil && r.caller.claims.Permission(r.name, reg.Options.Library) >= need {
		return nil
	}
	repo, err := reg.Repos.Get(r.Context(), r.name)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	// A repository that is not there and one that is not for the caller look alike.
	if repo == nil || reg.Perms.Anonymous(repo) < need {
		return errUnauthorized
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

// challenge is the WWW-Authenticate header of a request that was refused.
func (reg *Registry) challenge(r *request, scope string) string {
	var b strings.Builder
	b.WriteString(`Bearer realm="` + quoted(reg.baseURL(r.Request)) + `/v2/auth",service="` + quoted(reg.Options.Audience) + `"`)
	if scope != "" && r.name != (domain.Name{}) {
		actions := "pull"
		if scope == "push" {
			actions = "pull,push"
		}
		b.WriteString(`,scope="repository:` + r.name.String() + `:` + actions + `"`)
	}
	return b.String()
}

// quoted drops what would end a quoted string: a client's Host header may be
// part of it.
func quoted(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == '"' || c == '\\' {
			return -1
		}
		return c
	}, s)
}
