package oauth

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/secret"
)

// Request is what of a client's request comes back with the answer.
type Request struct {
	// RedirectURI is where the answer goes, after RedirectAllowed.
	RedirectURI string
	Scope       string
	// State is nil when the client sent none; then the URI may not have one either.
	State *string
}

// ImplicitRedirect is where a browser is sent with a new token (response_type=token):
// the redirect URI with scope and state, and the token in the fragment, which browsers
// keep to themselves. It is as secret as the token.
func (r Request) ImplicitRedirect(token secret.Text, lifetime time.Duration) secret.Text {
	return secret.New(fmt.Sprintf("%s#access_token=%s&token_type=Bearer&expires_in=%d",
		withQuery(r.RedirectURI, r.parameters()), token.Reveal(), int64(lifetime/time.Second)))
}

// CodeRedirect is where a browser is sent with an authorisation code
// (response_type=code).
func (r Request) CodeRedirect(code secret.Text) secret.Text {
	c := code.Reveal()
	return secret.New(withQuery(r.RedirectURI, append(r.parameters(), append([]parameter{{"code", &c}}, removed...)...)))
}

// ErrorRedirect is where a browser is sent when there will be no token, with the reason
// in the terms of OAuth.
func ErrorRedirect(redirectURI, reason string) string {
	return withQuery(redirectURI, append([]parameter{{"error", &reason}}, removed...))
}

// removed are the parameters that an answer takes out of a redirect URI.
var removed = []parameter{{"response_type", nil}, {"client_id", nil}, {"redirect_uri", nil}}

func (r Request) parameters() []parameter {
	return []parameter{{"scope", &r.Scope}, {"state", r.State}}
}

// parameter of a query; without a value it is none.
type parameter struct {
	name  string
	value *string
}

// withQuery returns a URI with parameters in its query: each name once, with its last
// value, in the place where it was first, those of the URI before the new ones.
func withQuery(base string, parameters []parameter) string {
	u := splitURI(base)
	var all parameterList
	for field := range strings.SplitSeq(u.query, "&") {
		if field != "" {
			name, value, _ := strings.Cut(field, "=")
			value = unescape(value, true)
			all.set(parameter{unescape(name, true), &value})
		}
	}
	for _, p := range parameters {
		all.set(p)
	}
	var fields []string
	for _, p := range all.inOrder {
		if p.value != nil {
			fields = append(fields, url.QueryEscape(p.name)+"="+url.QueryEscape(*p.value))
		}
	}
	u.query = strings.Join(fields, "&")
	return u.String()
}

// parameterList are parameters by their names, in the order in which they were first
// set. The URI is whoever's who asks, and may have very many.
type parameterList struct {
	inOrder []parameter
	places  map[string]int
}

func (l *parameterList) set(p parameter) {
	if at, ok := l.places[p.name]; ok {
		l.inOrder[at].value = p.value
		return
	}
	if l.places == nil {
		l.places = make(map[string]int)
	}
	l.places[p.name] = len(l.inOrder)
	l.inOrder = append(l.inOrder, p)
}
