package serve

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/route"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

// health answers whether the instance works (health/healthcheck.py).
type health struct {
	store    *store.Store
	places   *place.Places
	plugins  *plugins
	keys     *keys.Keys
	warnings []string
	workers  *workers
}

// probeTimeout bounds one look at all parts.
const probeTimeout = 5 * time.Second

type healthAnswer struct {
	Data       healthData `json:"data"`
	StatusCode int        `json:"status_code"`
}

type healthData struct {
	Services map[string]bool `json:"services"`
	// Reasons says of each part that does not work why.
	Reasons map[string]string `json:"reasons,omitempty"`
	// Plugins says of each plugin that is not healthy why; what it means for the
	// instance, the services say.
	Plugins map[string]string `json:"plugins,omitempty"`
	// Workers says of background work that fails again and again why.
	Workers map[string]string `json:"workers,omitempty"`
	// Warnings say where the instance is less safe than it could be.
	Warnings []string `json:"warnings,omitempty"`
}

func (h *health) check(ctx context.Context) healthAnswer {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	a := healthAnswer{StatusCode: http.StatusOK}
	a.Data.Services = make(map[string]bool)
	note := func(service string, err error) {
		a.Data.Services[service] = err == nil
		if err != nil {
			if a.Data.Reasons == nil {
				a.Data.Reasons = make(map[string]string)
			}
			a.Data.Reasons[service] = errs.Public(err)
			a.StatusCode = http.StatusServiceUnavailable
		}
	}
	note("database", h.store.Ping(ctx))
	note("storage", h.places.Probe(ctx))
	note("service_key", h.keys.Failed())
	for _, st := range h.plugins.Plugins() {
		if st.State != plugin.Healthy {
			if a.Data.Plugins == nil {
				a.Data.Plugins = make(map[string]string)
			}
			a.Data.Plugins[st.ID()] = strings.TrimSuffix(string(st.State)+": "+st.Reason, ": ")
		}
	}
	a.Data.Workers = h.workers.failing()
	a.Data.Warnings = h.warnings
	return a
}

func (h *health) serve(w http.ResponseWriter, r *http.Request, _ route.Params) {
	a := h.check(r.Context())
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.StatusCode)
	_ = json.NewEncoder(w).Encode(a) // the client is gone when this fails
}

func (h *health) rows() []route.Row {
	row := func(path string) route.Row {
		return route.Row{Method: http.MethodGet, Path: path, Family: route.FamilySystem, Capability: "SYSTEM", Auth: route.AuthNone, Handler: h.serve}
	}
	return []route.Row{row("/health"), row("/health/instance")}
}
