// Package v2 speaks the OCI distribution protocol, /v2. It translates between
// HTTP and the rule packages and holds no rules.
package v2

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/audit"
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/blobs"
	"github.com/quay/quay/core/internal/dockerversion"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/httpd"
	"github.com/quay/quay/core/internal/issuer"
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
	Perms     *perms.Perms
	Keys      *keys.Keys
	Callers   *authn.Authenticator
	Issuer    *issuer.Issuer
	Trail     *audit.Trail
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
	// Proxies are addresses of proxies that are believed about whom a request is from.
	Proxies []netip.Prefix
	// TagPage is how many tags a listing has that does not ask for a number.
	TagPage int
	// BlobDelete answers DELETE of a blob; the product never does.
	BlobDelete bool
	// Sparse tells clients that an index may name manifests that are not here
	// (FEATURE_SPARSE_INDEX).
	Sparse bool
	// Hidden and NoReferrers hide /v2/ and the lists of referrers (FEATURE_ADVERTISE_V2
	// and FEATURE_REFERRERS_API: false); NoLibrary, repositories without a namespace
	// (FEATURE_LIBRARY_SUPPORT: false).
	Hidden, NoReferrers, NoLibrary bool
	// BlockedDocker are versions of Docker that may not know of /v2
	// (BLACKLIST_V2_SPEC).
	BlockedDocker dockerversion.Spec
	// AccountRecovery closes everything but the ways to log in (ACCOUNT_RECOVERY_MODE).
	AccountRecovery bool
	// ReadOnly refuses all changes (REGISTRY_STATE: readonly), and NoPushes most of them
	// (DISABLE_PUSHES).
	ReadOnly, NoPushes bool
	// Stale lets what is read under a context be a little old. Pulls read so; what a
	// caller may do is read as it is now. Nil means that there are no replicas.
	Stale func(context.Context) context.Context
}

// Rows returns the rows of /v2 with their handlers.
func (reg *Registry) Rows() []route.Row {
	const (
		manifest = "/v2/{name...}/manifests/{reference}"
		begin    = "/v2/{name...}/blobs/uploads/"
		upload   = "/v2/{name...}/blobs/uploads/{upload}"
		blob     = "/v2/{name...}/blobs/{digest}"
	)
	pull, push := door{scope: scopePull}, door{scope: scopePush, changes: true, pushes: true}
	ping := door{always: true, open: true, hidden: reg.Options.Hidden}
	content, referrers, finish := pull, pull, push
	content.open, referrers.hidden, finish.pushes = true, reg.Options.NoReferrers, false
	return doors{
		{http.MethodGet, "/v2/", "V2_SUPPORT", ping, reg.ping},
		{http.MethodGet, "/v2", "V2_SUPPORT", ping, reg.ping},
		{http.MethodGet, "/v2/auth", "V2_AUTH", door{always: true, basic: true}, reg.token},
		{http.MethodGet, "/v2/_catalog", "V2_CATALOG", door{}, reg.catalog},
		{http.MethodGet, "/v2/{name...}/tags/list", "V2_TAGS", pull, reg.listTags},
		{http.MethodGet, "/v2/{name...}/referrers/{digest}", "V2_REFERRERS", referrers, reg.referrers},
		{http.MethodGet, manifest, "V2_PULL", pull.logs(actionlog.KindPullRepoFailed), reg.getManifest},
		{http.MethodPut, manifest, "V2_PUSH", push.logs(actionlog.KindPushRepoFailed), reg.putManifest},
		{http.MethodDelete, manifest, "V2_PUSH", push.logs(actionlog.KindDeleteTagFailed), reg.deleteManifest},
		{http.MethodPost, begin, "V2_PUSH", push.logs(actionlog.KindPushRepoFailed), reg.beginUpload},
		{http.MethodGet, upload, "V2_PUSH", door{scope: scopePush, badToken: scopePull}, reg.uploadStatus},
		{http.MethodPatch, upload, "V2_PUSH", push, reg.appendUpload},
		{http.MethodPut, upload, "V2_PUSH", finish, reg.finishUpload},
		{http.MethodDelete, upload, "V2_PUSH", push, reg.cancelUpload},
		{http.MethodGet, blob, "V2_PULL", content, reg.getBlob},
		{http.MethodDelete, blob, "V2_PUSH", push, reg.deleteBlob},
	}.rows(reg)
}

// request is a request whose caller is known and may do what the row says.
type request struct {
	*http.Request
	door   door
	name   domain.Name
	value  string
	caller caller
}

// handler answers a request, or returns the error to answer with.
type handler func(w http.ResponseWriter, r *request) error

// errAborted is returned when an answer has begun and cannot be completed.
var errAborted = errors.New("the answer was broken off")

// bind makes a route handler: it does what the row's door demands, calls the handler and
// answers with the error, if there is one.
func (reg *Registry) bind(d door, h handler) route.Handler {
	return func(w http.ResponseWriter, r *http.Request, p route.Params) {
		req := &request{Request: r, door: d, value: p.Value}
		if err := reg.serve(w, req, p.Name, h); err != nil {
			reg.fail(w, req, err)
		}
	}
}

func (reg *Registry) serve(w http.ResponseWriter, r *request, name string, h handler) (err error) {
	switch {
	case r.door.hidden:
		return errHidden
	case reg.Options.AccountRecovery && !r.door.always:
		return errRecovery
	case r.door.basic:
		return h(w, r)
	}
	if name != "" {
		if r.name, err = reg.parseName(r.Request, name); err != nil {
			return err
		}
	}
	if r.caller, err = reg.recognise(r.Request); err != nil {
		return err
	}
	if err := reg.admit(r); err != nil {
		return err
	}
	if r.door.scope == scopePull && reg.Options.Stale != nil {
		r.Request = r.WithContext(reg.Options.Stale(r.Context()))
	}
	return h(w, r)
}

func (reg *Registry) parseName(r *http.Request, name string) (domain.Name, error) {
	if r.URL.RawPath != "" && strings.Contains(strings.ToLower(r.URL.RawPath), "%2f") {
		return domain.Name{}, domain.ErrName // an escaped slash would be read in two ways
	}
	if reg.Options.NoLibrary && !strings.Contains(name, "/") {
		return domain.Name{}, errHidden
	}
	return domain.ParseName(name, reg.Options.Library)
}

// fail answers with an error and logs what a client cannot cause.
func (reg *Registry) fail(w http.ResponseWriter, r *request, err error) {
	if errors.Is(err, errAborted) {
		if r.Context().Err() == nil {
			reg.Logger.LogAttrs(r.Context(), slog.LevelError, "answer broken off", slog.String("method", r.Method),
				slog.String("path", r.URL.Path), slog.Any("error", err))
		}
		panic(http.ErrAbortHandler)
	}
	if a := (*abort)(nil); errors.As(err, &a) {
		reg.writeAbort(w, r, a)
		return
	}
	if errors.Is(err, users.ErrTooMany) {
		writeTooMany(w, err)
		return
	}
	status := httpd.Status(err)
	switch {
	case status == http.StatusUnauthorized:
		scope := r.door.scope
		if errors.Is(err, errRestricted) {
			scope = ""
		}
		reg.challenge(w.Header(), r, scope)
	case status >= 500 && r.Context().Err() == nil:
		reg.Logger.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.Int("status", status), slog.Any("error", err))
	}
	writeError(w, err)
}

// repository returns the request's repository.
func (reg *Registry) repository(r *request) (*domain.Repository, error) {
	repo, err := reg.Repos.Get(r.Context(), r.name)
	if err == nil && r.door.scope == scopePush {
		err = reg.mayPush(r, repo)
	}
	return repo, err
}

// mayPush returns repos.ErrReadOnly where the repository's state keeps the caller from
// pushing.
func (reg *Registry) mayPush(r *request, repo *domain.Repository) error {
	if repo.State == domain.StateNormal {
		return nil
	}
	c, err := reg.who(r)
	if err != nil {
		return err
	}
	may, err := reg.Perms.Pushable(r.Context(), repo, c.Performer())
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
	repo, err := reg.Repos.GetOrCreate(r.Context(), r.name, 0)
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

// ping tells that this is a registry, and whether it wants credentials. Versions of
// Docker that are too old are not told.
func (reg *Registry) ping(w http.ResponseWriter, r *request) error {
	if v, known := dockerversion.Parse(r.UserAgent()); known && reg.Options.BlockedDocker.Has(v) {
		return errHidden
	}
	status := http.StatusOK
	if r.caller.claims == nil && !reg.Perms.AnonymousWrite() {
		status = http.StatusUnauthorized
	}
	reg.challenge(w.Header(), r, "")
	w.Header().Set("X-Sparse-Manifest-Support", strconv.FormatBool(reg.Options.Sparse))
	w.Header().Set("Content-Type", htmlText)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "true") // the client is gone when this fails
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
