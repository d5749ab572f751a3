package serve

import (
	"net/http"

	"github.com/quay/quay/core/internal/route"
	"github.com/quay/quay/core/internal/storageproxy"
	"github.com/quay/quay/sdk/errs"
)

// storageProxy is what goes between clients and stores where FEATURE_PROXY_STORAGE is
// set; nil otherwise.
func (h *host) storageProxy() *storageproxy.Proxy {
	if !h.cfg.ProxyStorage {
		return nil
	}
	return &storageproxy.Proxy{Tokens: h.keys, Scheme: h.cfg.URLScheme, Host: h.cfg.ServerHostname}
}

// storageProxyRow answers the front end, nginx, which asks of each request below
// /_storage_proxy/ whether to fetch what it names (storage/downloadproxy.py). Without a
// proxy there is nothing to ask.
func storageProxyRow(p *storageproxy.Proxy) route.Row {
	return route.Row{
		Method: http.MethodGet, Path: "/_storage_proxy_auth", Family: route.FamilySystem, Capability: "SYSTEM", Auth: route.AuthNone,
		Handler: func(w http.ResponseWriter, r *http.Request, _ route.Params) {
			if p == nil {
				http.NotFound(w, r)
				return
			}
			err := p.Check(r.Context(), r.Header.Get("X-Original-URI"))
			switch {
			case errs.Is(err, errs.Unauthenticated), errs.Is(err, errs.Invalid):
				http.Error(w, "Unauthorized", http.StatusUnauthorized)
			case err != nil: // nobody knows
				http.Error(w, "Unavailable", http.StatusServiceUnavailable)
			default:
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = w.Write([]byte("OK")) // the front end is gone when this fails
			}
		},
	}
}
