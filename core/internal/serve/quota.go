package serve

import (
	"time"

	"github.com/quay/quay/core/internal/quota"
)

// quotaPolicy is what the configuration decides about how much namespaces may hold.
func (h *host) quotaPolicy() quota.Policy {
	cfg := h.cfg.Quota
	return quota.Policy{
		Count: cfg.Count, Keep: !cfg.InvalidateTotals, Verify: cfg.Verify, Default: cfg.Default,
		Cooldown: time.Duration(cfg.Cooldown) * time.Second,
	}
}

// quotaRules builds the rules about how much namespaces may hold.
func (h *host) quotaRules() *quota.Rules { return quota.New(h.store, h.quotaPolicy(), h.opts.Logger) }
