package v2

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/route"
	"github.com/quay/quay/sdk/errs"
)

// door is what a row demands before its handler is called: the decorators of the
// product's handlers (endpoints/v2, endpoints/decorators.py).
type door struct {
	// scope is what the caller must be allowed to do in the repository: scopePull,
	// scopePush or nothing.
	scope string
	// badToken is what the challenge asks for when the token is not good; empty is scope.
	badToken string
	// basic rows take a name and a password, and no token.
	basic bool
	// open rows let nobody in, too, where anonymous access is off (anon_allowed).
	open bool
	// always rows are there while accounts are being recovered, too.
	always bool
	// hidden rows are switched off.
	hidden bool
	// changes rows are closed while the registry is read-only (check_readonly), and
	// pushes rows while pushes are disabled (check_pushes_disabled).
	changes, pushes bool
	// refused is the kind of the entry in the log about a caller who may not; empty is
	// none (log_unauthorized).
	refused actionlog.Kind
	// methods are those of the row's path, for pages of other origins.
	methods string
}

// logs is the door with entries of a kind about those who are turned away.
func (d door) logs(refused actionlog.Kind) door {
	d.refused = refused
	return d
}

// What a row may ask of its caller.
const (
	scopePull = "pull"
	scopePush = "push"
)

// actions are what a challenge says for a scope.
var actions = map[string]string{scopePull: "pull", scopePush: "pull,push"}

// doors are rows with what they demand.
type doors []struct {
	method, path, capability string
	door                     door
	handler                  handler
}

// rows makes the rows of a table of routes.
func (ds doors) rows(reg *Registry) []route.Row {
	methods := make(map[string][]string)
	for _, d := range ds {
		if methods[d.path] == nil {
			methods[d.path] = []string{http.MethodOptions}
		}
		methods[d.path] = append(methods[d.path], d.method)
		if d.method == http.MethodGet {
			methods[d.path] = append(methods[d.path], http.MethodHead)
		}
	}
	rows := make([]route.Row, len(ds))
	for i, d := range ds {
		slices.Sort(methods[d.path])
		d.door.methods = strings.Join(methods[d.path], ", ")
		auth := route.AuthRegistry
		if d.door.basic {
			auth = route.AuthBasic
		}
		rows[i] = route.Row{
			Method: d.method, Path: d.path, Family: route.FamilyV2, Capability: d.capability,
			Auth: auth, Scope: d.door.scope, Handler: reg.bind(d.door, d.handler),
		}
	}
	return rows
}

// abort is an error in the form that the product has for what is not of the protocol
// (util/http.py, abort): an object with one text, which is called HTML.
type abort struct {
	status  int
	message string
	// challenge tells how to come by a token.
	challenge bool
	err       error
}

func (a *abort) Error() string {
	if a.err == nil {
		return a.message
	}
	return fmt.Sprintf("%s: %v", a.message, a.err)
}

func (a *abort) Unwrap() error { return a.err }

var (
	errHidden      = &abort{status: http.StatusNotFound, message: "Not Found"}
	errRecovery    = &abort{status: http.StatusMethodNotAllowed, message: "Quay running for account recoveries only."}
	errNoAnonymous = &abort{status: http.StatusUnauthorized, message: "Anonymous access is not allowed"}
)

// badToken is the error about a token that is not good.
func badToken(message string, err error) *abort {
	return &abort{status: http.StatusUnauthorized, message: message, challenge: true, err: err}
}

const htmlText = "text/html; charset=utf-8"

// corsAge is how long a browser may remember what pages of other origins may do.
const corsAge = 6 * time.Hour

func (reg *Registry) writeAbort(w http.ResponseWriter, r *request, a *abort) {
	h := w.Header()
	if a.challenge {
		scope := r.door.scope
		if r.door.badToken != "" {
			scope = r.door.badToken
		}
		reg.challenge(h, r, scope)
	}
	allow(h, r.door.methods, "Authorization, Content-Type")
	h.Set("Vary", "Origin")
	h.Set("Content-Type", htmlText)
	w.WriteHeader(a.status)
	text, _ := json.Marshal(map[string]string{"error": a.message}) // a string always has a form
	_, _ = w.Write(text)                                           // the client is gone when this fails
}

// allow tells browsers what pages of other origins may do.
func allow(h http.Header, methods, headers string) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", methods)
	h.Set("Access-Control-Allow-Headers", headers)
	h.Set("Access-Control-Max-Age", strconv.Itoa(int(corsAge/time.Second)))
}

// writeTooMany answers who failed to log in too often (endpoints/decorated.py).
func writeTooMany(w http.ResponseWriter, err error) {
	var e *errs.Error
	errors.As(err, &e)
	wait, _ := e.Detail.(time.Duration)
	h := w.Header()
	allow(h, "DELETE, GET, HEAD, OPTIONS, POST, PUT", "AUTHORIZATION, CONTENT-TYPE, X-REQUESTED-WITH")
	h.Set("Retry-After", strconv.Itoa(int(math.Floor(wait.Seconds()))))
	h.Set("Content-Type", htmlText)
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = w.Write([]byte(e.Message)) // the client is gone when this fails
}

// challenge tells a client how to come by a token, for a scope in the repository unless
// it is empty (auth/registry_jwt_auth.py, get_auth_headers). A registry that takes no
// tokens says nothing of them.
func (reg *Registry) challenge(h http.Header, r *request, scope string) {
	h.Set("Docker-Distribution-Api-Version", "registry/2.0")
	if reg.Perms.AnonymousWrite() {
		return
	}
	text := `Bearer realm="` + quoted(reg.baseURL(r.Request)) + `/v2/auth",service="` + quoted(reg.Options.Audience) + `"`
	if scope != "" && r.name != (domain.Name{}) {
		text += `,scope="repository:` + r.name.String() + `:` + actions[scope] + `"`
	}
	h.Set("Www-Authenticate", text)
}

// quoted drops what would end a quoted string: a client's Host header may be part of it.
func quoted(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == '"' || c == '\\' {
			return -1
		}
		return c
	}, s)
}
