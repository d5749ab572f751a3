// Package v2 speaks the OCI distribution protocol, /v2. It translates between
// HTTP and the rule packages and holds no rules.
package v2

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/quay/quay/core/internal/blobs"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/manifests"
	"github.com/quay/quay/core/internal/pagetoken"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/core/internal/quota"
	"github.com/quay/quay/core/internal/repos"
	"github.com/quay/quay/core/internal/route"
	"github.com/quay/quay/core/internal/tags"
	"github.com/quay/quay/core/internal/uploads"
	"github.com/quay/quay/core/internal/users"
	"github.com/quay/quay/sdk/errs"
)

// Registry answers /v2. All fields must be set.
type Registry struct {
	Repos     *repos.Repos
	Blobs     *blobs.Blobs
	Uploads   *uploads.Uploads
	Manifests *manifests.Manifests
	Tags      *tags.Tags
	Quota     *quota.Rules
	Users     *users.Users
	Perms     *perms.Perms
	Keys      *keys.Keys
	Pages     pagetoken.Key
	Logger    *slog.Logger
	Options   Options
}

// Options are what the configuration decides about the protocol.
type Options struct {
	// Host is the registry's name in URLs and tokens (SERVER_HOSTNAME). When it is
	// empty, URLs name the host that the client asked for.
	Host string
	// Scheme of URLs: "http" or "https" (PREFERRED_URL_SCHEME).
	Scheme string
	// Audience is the service that tokens are for.
	Audience string
	// Library is the namespace of names without one (LIBRARY_NAMESPACE).
	Library string
	// LocalPush is set when callers need no credentials because they are on this
	// machine: requests that a proxy passed on do not push.
	LocalPush bool
	// TagPage is how many tags a listing has that does not ask for a number.
	TagPage int
	// BlobDelete answers DELETE of a blob; the product never does.
	BlobDelete bool
	// Stale lets what is read under a context be a little old. Pulls read so; what a
	// caller may do is read as it is now. Nil means that there are no replicas.
	Stale func(context.Context) context.Context
}

// Rows returns the rows of /v2 with their handlers.
func (reg *Registry) Rows() []route.Row {
	row := func(method, path, capability, scope string, h handler) route.Row {
		return route.Row{
			Method: method, Path: path, Family: route.FamilyV2, Capability: capability,
			Auth: route.AuthRegistry, Scope: scope, Handler: reg.bind(h, scope),
		}
	}
	const (
		pull, push = scopePull, scopePush
		manifest   = "/v2/{name...}/manifests/{reference}"
		begin      = "/v2/{name...}/blobs/uploads/"
		upload     = "/v2/{name...}/blobs/uploads/{upload}"
		blob       = "/v2/{name...}/blobs/{digest}"
	)
	return []route.Row{
		row(http.MethodGet, "/v2/", "V2_SUPPORT", "", reg.ping),
		row(http.MethodGet, "/v2", "V2_SUPPORT", "", reg.ping),
		{
			Method: http.MethodGet, Path: "/v2/auth", Family: route.FamilyV2, Capability: "V2_AUTH",
			Auth: route.AuthBasic, Handler: reg.token,
		},
		row(http.MethodGet, "/v2/_catalog", "V2_CATALOG", "", reg.catalog),
		row(http.MethodGet, "/v2/{name...}/tags/list", "V2_TAGS", pull, reg.listTags),
		row(http.MethodGet, "/v2/{name...}/referrers/{digest}", "V2_REFERRERS", pull, reg.referrers),
		row(http.MethodGet, manifest, "V2_PULL", pull, reg.getManifest),
		row(http.MethodPut, manifest, "V2_PUSH", push, reg.putManifest),
		row(http.MethodDelete, manifest, "V2_PUSH", push, reg.deleteManifest),
		row(http.MethodPost, begin, "V2_PUSH", push, reg.beginUpload),
		row(http.MethodGet, upload, "V2_PUSH", push, reg.uploadStatus),
		row(http.MethodPatch, upload, "V2_PUSH", push, reg.appendUpload),
		row(http.MethodPut, upload, "V2_PUSH", push, reg.finishUpload),
		row(http.MethodDelete, upload, "V2_PUSH", push, reg.cancelUpload),
		row(http.MethodGet, blob, "V2_PULL", pull, reg.getBlob),
		row(http.MethodDelete, blob, "V2_PUSH", push, reg.deleteBlob),
	}
}

// request is a request whose caller is known and may do what the row says.
type request struct {
	*http.Request
	name   domain.Name
	value  string
	scope  string
	caller caller
}

// What a row may ask of its caller.
const (
	scopePull = "pull"
	scopePush = "push"
)

// handler answers a request, or returns the error to answer with.
type handler func(w http.ResponseWriter, r *request) error

// errAborted is returned when an answer has begun and cannot be completed.
var errAborted = errors.New("the answer was broken off")

// bind makes a route handler: it recognises the caller, reads the name, checks
// the permission and answers with the error, if there is one.
func (reg *Registry) bind(h handler, scope string) route.Handler {
	return func(w http.ResponseWriter, r *http.Request, p route.Params) {
		w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
		req := &request{Request: r, value: p.Value, scope: scope}
		if err := reg.serve(w, req, p.Name, scope, h); err != nil {
			reg.fail(w, req, scope, err)
		}
	}
}

func (reg *Registry) serve(w http.ResponseWriter, r *request, name, scope string, h handler) (err error) {
	if name != "" {
		if r.URL.RawPath != "" && strings.Contains(strings.ToLower(r.URL.RawPath), "%2f") {
			return domain.ErrName // an escaped slash would be read in two ways
		}
		if r.name, err = domain.ParseName(name, reg.Options.Library); err != nil {
			return err
		}
	}
	if r.caller, err = reg.recognise(r.Request); err != nil {
		return err
	}
	if scope != "" {
		if err := reg.permit(r, scope); err != nil {
			return err
		}
	}
	if scope == scopePull && reg.Options.Stale != nil {
		r.Request = r.WithContext(reg.Options.Stale(r.Context()))
	}
	return h(w, r)
}

// fail answers with an error and logs what a client cannot cause.
func (reg *Registry) fail(w http.ResponseWriter, r *request, scope string, err error) {
	if errors.Is(err, errAborted) {
		if r.Context().Err() == nil {
			reg.Logger.LogAttrs(r.Context(), slog.LevelError, "answer broken off", slog.String("method", r.Method),
				slog.String("path", r.URL.Path), slog.Any("error", err))
		}
		panic(http.ErrAbortHandler)
	}
	status := httpd.Status(err)
	switch {
	case status == http.StatusUnauthorized:
		w.Header().Set("Www-Authenticate", reg.challenge(r, scope))
	case status >= 500 && r.Context().Err() == nil:
		reg.Logger.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.Int("status", status), slog.Any("error", err))
	}
	writeError(w, err)
}

// repository returns the request's repository.
func (reg *Registry) repository(r *request) (*domain.Repository, error) {
	repo, err := reg.Repos.Get(r.Context(), r.name)
	if err == nil && r.scope == scopePush {
		err = reg.mayPush(r, repo)
	}
	return repo, err
}

// mayPush returns repos.ErrReadOnly where the repository's state keeps the caller from
// pushing.
func (reg *Registry) mayPush(r *request, repo *domain.Repository) error {
	may, err := reg.Perms.Pushable(r.Context(), repo, r.caller.id())
	if err == nil && !may {
		err = repos.ErrReadOnly
	}
	return err
}

// ensureRepository is repository for what begins a push: it makes the repository
// when callers need no credentials. (With credentials, asking for the token made
// it.)
func (reg *Registry) ensureRepository(r *request) (*domain.Repository, error) {
	if !reg.Perms.AnonymousWrite() {
		return reg.repository(r)
	}
	repo, err := reg.Repos.GetOrCreate(r.Context(), r.name, r.caller.id())
	if err == nil {
		err = reg.mayPush(r, repo)
	}
	return repo, err
}

// baseURL is scheme and host of the registry for URLs in answers.
func (reg *Registry) baseURL(r *http.Request) string {
	host := reg.Options.Host
	if host == "" {
		host = r.Host
	}
	return reg.Options.Scheme + "://" + host
}

// ping tells that this is a registry, and whether it wants credentials.
func (reg *Registry) ping(w http.ResponseWriter, r *request) error {
	w.Header().Set("X-Sparse-Manifest-Support", "true")
	if r.caller.claims == nil && !reg.Perms.AnonymousWrite() {
		return errUnauthorized
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprint(w, "true") // the client is gone when this fails
	return nil
}

// content serves an object, or breaks the connection when it cannot go on.
func content(w http.ResponseWriter, r *request, etag string, c httpd.Content) error {
	started, err := httpd.ServeContent(w, r.Request, etag, c)
	if err != nil && started {
		return errors.Join(errAborted, err)
	}
	return err
}

var errUnauthorized = errs.New(errs.Unauthenticated, "access to the requested resource is not authorized")
