// Package labels holds the rules about labels, keys and values on manifests:
// which may be put there, what they mean for tags, and which may be taken away
// (data/model/oci/label.py, data/registry_model/label_handlers.py).
package labels

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	Reader
	Label(ctx context.Context, manifest domain.ManifestID, uuid string) (*domain.Label, error)
	AddLabel(ctx context.Context, n domain.NewLabel) error
	DeleteLabel(ctx context.Context, manifest domain.ManifestID, uuid string) (*domain.Label, error)
}

// Policy is what the configuration decides.
type Policy struct {
	// Reserved are prefixes of keys that clients may not use
	// (DEFAULT_LABEL_KEY_RESERVED_PREFIXES and LABEL_KEY_RESERVED_PREFIXES).
	Reserved []string
	Tags     domain.TagPolicy
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
}

// DefaultReserved is what the product reserves (config.py).
var DefaultReserved = []string{
	"com.docker.", "io.docker.", "org.dockerproject.", "org.opencontainers.", "io.cncf.", "io.kubernetes.", "io.k8s.",
	"io.quay", "com.coreos", "com.tectonic", "internal", "quay",
}

// Rules applies the rules.
type Rules struct {
	store  Store
	cache  *rcache.Cache
	policy Policy
}

// New makes the rules.
func New(s Store, c *rcache.Cache, p Policy) *Rules {
	if p.Clock == nil {
		p.Clock = time.Now
	}
	return &Rules{s, c, p}
}

// keyFormat is how the product shows people what a key may be.
const keyFormat = `^[a-z0-9](([a-z0-9]|[-.](?![-.]))*[a-z0-9])?$`

// Sentinels.
var (
	ErrUnknown   = &errs.Error{Kind: errs.NotFound, Reason: "label_unknown", Message: "Not Found"}
	ErrReserved  = &errs.Error{Kind: errs.Invalid, Reason: "label_reserved", Message: "Label has a reserved prefix"}
	ErrKey       = &errs.Error{Kind: errs.Invalid, Reason: "label_key", Message: "Label is of an invalid format or missing please use " + keyFormat + " format for labels"}
	ErrMediaType = &errs.Error{Kind: errs.Invalid, Reason: "label_media_type", Message: "Media type is invalid please use a valid media type: text/plain, application/json"}
	ErrImmutable = &errs.Error{Kind: errs.Conflict, Reason: "label_immutable", Message: "Cannot delete immutable label"}
)

// Add puts a client's label on a manifest and does to the manifest's tags what it
// says. An empty media type is found from the value. ErrReserved, ErrKey or
// ErrMediaType for what clients may not put; errs.NotFound when the manifest is
// gone.
func (r *Rules) Add(ctx context.Context, repo domain.RepositoryID, manifest domain.ManifestID, key, value, mediaType string) (*domain.Label, error) {
	for _, prefix := range r.policy.Reserved {
		if strings.HasPrefix(key, prefix) {
			return nil, ErrReserved
		}
	}
	return r.add(ctx, repo, manifest, domain.Label{Key: key, Value: value, MediaType: mediaType, Source: domain.LabelFromAPI})
}

// AddInternal is Add for the registry itself: its keys may be reserved ones and
// clients cannot delete the label.
func (r *Rules) AddInternal(ctx context.Context, repo domain.RepositoryID, manifest domain.ManifestID, key, value string) (*domain.Label, error) {
	return r.add(ctx, repo, manifest, domain.Label{Key: key, Value: value, Source: domain.LabelInternal})
}

func (r *Rules) add(ctx context.Context, repo domain.RepositoryID, manifest domain.ManifestID, l domain.Label) (*domain.Label, error) {
	if !ValidKey(l.Key) {
		return nil, ErrKey
	}
	switch l.MediaType {
	case domain.LabelText, domain.LabelJSON:
	case "":
		l.MediaType = mediaTypeOf(l.Value)
	default:
		return nil, ErrMediaType
	}
	if strings.ContainsRune(l.Value, 0) {
		return nil, errs.New(errs.Invalid, "a label's value cannot have a NUL character")
	}
	l.UUID = uuid.NewString()
	n := domain.NewLabel{Manifest: manifest, Label: l, Policy: r.policy.Tags, Now: r.policy.Clock()}
	if l.Key == ExpiresAfter {
		if seconds, err := ParseLifetime(l.Value); err == nil {
			n.Expires = &seconds
		}
	}
	n.Immutable = l.Key == Immutable && truth(l.Value) == "true" && !r.policy.Tags.IgnoreImmutable
	if err := r.store.AddLabel(ctx, n); err != nil {
		return nil, err
	}
	r.cache.Invalidate(repo)
	return &l, nil
}

// List returns the labels of a manifest in the order of their making, whose keys
// begin with a prefix; a prefix of "" is any. It goes on after the label that has a
// uuid; empty is from the start.
func (r *Rules) List(ctx context.Context, manifest domain.ManifestID, prefix, after string, limit int) ([]domain.Label, error) {
	return r.store.Labels(ctx, manifest, prefix, after, limit)
}

// Get returns a label of a manifest; ErrUnknown when there is none.
func (r *Rules) Get(ctx context.Context, manifest domain.ManifestID, uuid string) (*domain.Label, error) {
	l, err := r.store.Label(ctx, manifest, uuid)
	if errs.Is(err, errs.NotFound) {
		err = ErrUnknown
	}
	return l, err
}

// Delete takes a label off a manifest and returns what it was. What it said about
// tags stays so. ErrUnknown when there is none, ErrImmutable for one that did not
// come through the API.
func (r *Rules) Delete(ctx context.Context, manifest domain.ManifestID, uuid string) (*domain.Label, error) {
	l, err := r.store.DeleteLabel(ctx, manifest, uuid)
	switch {
	case errs.Is(err, errs.NotFound):
		err = ErrUnknown
	case errs.Is(err, errs.Conflict):
		err = ErrImmutable
	}
	return l, err
}
