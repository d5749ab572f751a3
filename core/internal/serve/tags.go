package serve

import (
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/immutability"
	"github.com/quay/quay/core/internal/labels"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/core/internal/tags"
	"github.com/quay/quay/sdk/errs"
)

// tagRules builds the rules about tags.
func (h *host) tagRules(cache *rcache.Cache) (*tags.Tags, error) {
	cfg := h.cfg.Tags
	p := tags.Policy{Tags: domain.TagPolicy{
		IgnoreImmutable: !cfg.Immutable, ImmutableExpires: cfg.ImmutableExpires, KeepChildren: !cfg.ResetChildren,
		PullStatistics: cfg.PullStatistics,
	}}
	var err error
	if p.MinLifetime, err = labels.ParseDuration(cfg.MinLifetime); err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "LABELED_EXPIRATION_MINIMUM")
	}
	if p.MaxLifetime, err = labels.ParseDuration(cfg.MaxLifetime); err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "LABELED_EXPIRATION_MAXIMUM")
	}
	if cfg.Immutable {
		p.Immutability = immutability.New(h.store)
	}
	return tags.New(h.store, cache, p), nil
}
