package serve

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/route"
	"github.com/quay/quay/core/internal/storageproxy"
	"github.com/quay/quay/sdk/errs"
)

// passes knows one token, the last one that it signed.
type passes struct {
	signed keys.Token
	down   bool
}

func (t *passes) SignToken(_ context.Context, k keys.Token) (string, error) {
	t.signed = k
	return "token", nil
}

func (t *passes) VerifyToken(_ context.Context, token, _ string, _ time.Duration) (*keys.Payload, error) {
	if t.down {
		return nil, errs.New(errs.Unavailable, "the database is away")
	}
	if token != "token" {
		return nil, errs.New(errs.Unauthenticated, "another token")
	}
	access, err := json.Marshal(t.signed.Access)
	p := &keys.Payload{Access: access}
	p.Subject = t.signed.Subject
	return p, err
}

func (t *passes) MaxFresh() time.Duration { return time.Hour }

// TestStorageProxyRow proves what the front end is told of the URLs that clients bring
// it: those that were made here, as they were made, and no others; and that there is
// nothing to ask where no proxy is set up.
func TestStorageProxyRow(t *testing.T) {
	known := &passes{}
	proxy := &storageproxy.Proxy{Tokens: known, Scheme: "http", Host: "quay.example.test"}
	made, err := proxy.URL(t.Context(), "https://store/bucket/x?sig=a%2Fb")
	if err != nil {
		t.Fatal(err)
	}
	made = strings.TrimPrefix(made, "http://quay.example.test")
	for _, tc := range []struct {
		what   string
		proxy  *storageproxy.Proxy
		uri    string
		down   bool
		status int
		body   string
	}{
		{"made here", proxy, made, false, http.StatusOK, "OK"},
		{"decoded on the way", proxy, strings.Replace(made, "%2F", "/", 1), false, http.StatusUnauthorized, ""},
		{"another path", proxy, made + "y", false, http.StatusUnauthorized, ""},
		{"none", proxy, "", false, http.StatusUnauthorized, ""},
		{"another place", proxy, "/v2/", false, http.StatusUnauthorized, ""},
		{"nobody knows", proxy, made, true, http.StatusServiceUnavailable, ""},
		{"no proxy", nil, made, false, http.StatusNotFound, ""},
	} {
		known.down = tc.down
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/_storage_proxy_auth", nil)
		r.Header.Set("X-Original-URI", tc.uri)
		storageProxyRow(tc.proxy).Handler(w, r, route.Params{})
		if w.Code != tc.status || tc.body != "" && w.Body.String() != tc.body {
			t.Errorf("%s: %d %q, want %d %q", tc.what, w.Code, w.Body, tc.status, tc.body)
		}
	}
}
