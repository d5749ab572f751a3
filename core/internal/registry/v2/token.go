package v2

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/core/internal/issuer"
	"github.com/quay/quay/core/internal/python"
	"github.com/quay/quay/sdk/errs"
)

// token answers GET /v2/auth: it exchanges credentials, or none, for a token that opens
// what the caller may have of what was asked for.
func (reg *Registry) token(w http.ResponseWriter, r *request) error {
	from := authn.Agent{UserAgent: r.UserAgent(), IP: httpd.ClientIP(r.Request, reg.Options.Proxies)}
	caller, err := reg.login(r, from)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	signed, err := reg.Issuer.Token(r.Context(), issuer.Request{
		Caller: caller, Service: query.Get("service"), Scopes: scopes(query["scope"]), From: from,
	})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache, no-store, must-revalidate")
	writeJSON(w, http.StatusOK, map[string]string{"token": signed})
	return nil
}

// scopes are those of a query. Some clients put several into one parameter.
func scopes(parameters []string) (list []string) {
	for _, p := range parameters {
		fields := strings.Fields(p)
		if len(fields) == 0 {
			fields = []string{""} // an empty scope is one, and makes no login
		}
		list = append(list, fields...)
	}
	return list
}

// errCredentials is what the product says of credentials that it cannot read.
var errCredentials = &errs.Error{Kind: errs.Unauthenticated, Reason: "invalid_login", Message: "Specified credentials are invalid"}

// login returns who asks for a token; nobody without credentials, where that is
// allowed.
func (reg *Registry) login(r *request, from authn.Agent) (authn.Caller, error) {
	header := r.Header.Get("Authorization")
	refusal := error(errCredentials)
	if name, password, ok := basicCredentials(header); ok {
		caller, err := reg.Callers.Basic(r.Context(), name, password, from)
		switch {
		case err == nil && caller.Known():
			return caller, nil
		case err != nil && !errs.Is(err, errs.Unauthenticated):
			return authn.Caller{}, err
		case err != nil:
			refusal = err
		}
	}
	switch {
	case !reg.Perms.AnonymousRead():
		return authn.Caller{}, errNoAnonymous
	case header != "":
		return authn.Caller{}, refusal
	}
	return authn.Caller{}, nil
}

// maxCredentials is the longest header with a name and password that is looked at: they
// go into the log when they are wrong.
const maxCredentials = 16 << 10

// basicCredentials reads a header of basic authentication (auth/basic.py): the word in
// any case, and base64 of a name, a colon and a password in UTF-8.
func basicCredentials(header string) (name, password string, ok bool) {
	word, text, _ := strings.Cut(strings.Trim(header, " "), " ")
	text = strings.TrimSpace(text)
	if len(header) > maxCredentials || !strings.EqualFold(strings.TrimSpace(word), "basic") || strings.Contains(text, " ") {
		return "", "", false
	}
	raw, ok := python.DecodeBase64(text)
	if !ok || !utf8.Valid(raw) {
		return "", "", false
	}
	return strings.Cut(string(raw), ":")
}
