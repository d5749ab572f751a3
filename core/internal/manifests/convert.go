package manifests

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/imageconfig"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/schema1"
	"github.com/quay/quay/sdk/errs"
)

// maxNesting is how many indexes are looked through for the image in them.
const maxNesting = 8

// Convert returns what a client gets that asked for a tag and does not take the kind of
// manifest that the tag names: of an index its image for linux on amd64, and of an image
// that the client does not take either its form in schema 1 (endpoints/v2/manifest.py,
// _rewrite_schema_if_necessary). accepts tells of a media type whether the client takes
// it. What cannot be converted is ErrUnknown, with the product's words. Without
// Policy.Convert every client gets what is there.
func (m *Manifests) Convert(ctx context.Context, repo *domain.Repository, tag string, found *domain.Manifest,
	accepts func(mediaType string) bool,
) (*domain.Manifest, error) {
	if !m.policy.Convert {
		return found, nil
	}
	release, err := m.reading(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	c := conversion{m, repo, tag, accepts}
	converted, err := c.convert(ctx, found, maxNesting)
	switch {
	case errors.Is(err, schema1.ErrNone):
		err = ErrUnknown
	case errs.Is(err, errs.Invalid):
		var why *errs.Error
		errors.As(err, &why)
		err = &errs.Error{Kind: ErrUnknown.Kind, Reason: ErrUnknown.Reason, Message: why.Message}
	}
	return converted, err
}

// conversion is one client's wish.
type conversion struct {
	*Manifests
	repo    *domain.Repository
	tag     string
	accepts func(mediaType string) bool
}

func (c *conversion) convert(ctx context.Context, found *domain.Manifest, nesting int) (*domain.Manifest, error) {
	switch found.MediaType {
	case domain.MediaTypeDockerSchema1:
		return found, nil
	case domain.MediaTypeDockerSigned1:
		return c.unsigned(found)
	case domain.MediaTypeDockerManifestList, domain.MediaTypeOCIIndex:
		return c.fromIndex(ctx, found, nesting)
	}
	return c.image(ctx, found)
}

// unsigned takes the signature off for who asks for that.
func (c *conversion) unsigned(found *domain.Manifest) (*domain.Manifest, error) {
	if c.accepts(domain.MediaTypeDockerSigned1) || !c.accepts(domain.MediaTypeDockerSchema1) {
		return found, nil
	}
	read, err := schema1.Parse(found.Bytes)
	if err != nil {
		return nil, err
	}
	return schema1Manifest(read.Image), nil
}

func schema1Manifest(i schema1.Image) *domain.Manifest {
	b := i.Unsigned()
	return &domain.Manifest{Digest: domain.SHA256.Of(b), MediaType: domain.MediaTypeDockerSchema1, Bytes: b}
}

// image is the form of an image in schema 1.
func (c *conversion) image(ctx context.Context, found *domain.Manifest) (*domain.Manifest, error) {
	source, err := schema1.ReadSource(found.MediaType, found.Bytes)
	if err != nil {
		return nil, err
	}
	config, err := c.config(ctx, source.Config.Digest)
	if err != nil {
		return nil, err
	}
	converted, err := source.Image(c.repo.Name.String(), c.tag, config)
	if err != nil {
		return nil, err
	}
	return schema1Manifest(converted), nil
}

// config returns an image's configuration.
func (c *conversion) config(ctx context.Context, digest domain.Digest) ([]byte, error) {
	found, err := c.store.RepositoryBlobs(ctx, c.repo.ID, []domain.Digest{digest})
	if err != nil {
		return nil, err
	}
	blob := found[digest]
	if blob == nil {
		return nil, errNoConfig
	}
	text, err := c.readConfig(ctx, blob)
	if errs.Is(err, errs.Corrupt) { // the row is there and the bytes are not
		err = errNoConfig
	}
	return text, err
}

// errNoConfig says that an image's configuration is not to be had.
var errNoConfig = errs.New(errs.Invalid, "Could not load config blob for manifest")

// fromIndex is the image in an index for linux on amd64, in a form that the client
// takes.
func (c *conversion) fromIndex(ctx context.Context, index *domain.Manifest, nesting int) (*domain.Manifest, error) {
	if nesting == 0 {
		return nil, schema1.ErrNone
	}
	entry, err := common(index)
	if err != nil {
		return nil, err
	}
	child, err := c.Get(ctx, c.repo.ID, string(entry.digest))
	switch {
	case errs.Is(err, errs.NotFound):
		return nil, schema1.ErrNone
	case err != nil:
		return nil, err
	case fmt.Sprint(len(child.Bytes)) != string(entry.size) || !entry.describes(child):
		return nil, schema1.ErrNone
	case c.accepts(child.MediaType):
		return child, nil
	}
	return c.convert(ctx, child, nesting-1)
}

// entry is what an index says of a manifest in it.
type entry struct {
	mediaType string
	digest    domain.Digest
	size      json.Number
}

// describes tells whether a manifest is of the entry's type. Entries of schema 1 do not
// tell whether it is signed.
func (e *entry) describes(m *domain.Manifest) bool {
	return e.mediaType == m.MediaType || domain.Schema1(e.mediaType) && domain.Schema1(m.MediaType)
}

// common is the first entry of an index that is for linux on amd64, which is what clients
// that know no indexes get.
func common(index *domain.Manifest) (*entry, error) {
	doc, err := pyjson.ParseObject(index.Bytes)
	if err != nil {
		return nil, schema1.ErrNone
	}
	list, _ := doc.Get("manifests")
	entries, _ := list.([]any)
	for _, e := range entries {
		o, _ := e.(pyjson.Object)
		p, _ := o.Get("platform")
		platform, _ := p.(pyjson.Object)
		if platform.String("architecture") != "amd64" || platform.String("os") != "linux" {
			continue
		}
		size, _ := o.Get("size")
		n, _ := size.(json.Number)
		digest, err := domain.ParseDigest(o.String("digest"))
		mediaType := o.String("mediaType")
		if err != nil || !listed(index.MediaType, mediaType) {
			break
		}
		return &entry{mediaType, digest, n}, nil
	}
	return nil, schema1.ErrNone
}

// listed tells whether an index of a media type can contain a manifest of another.
func listed(index, mediaType string) bool {
	switch mediaType {
	case domain.MediaTypeDockerManifest:
		return true
	case domain.MediaTypeDockerSchema1:
		return index == domain.MediaTypeDockerManifestList
	case domain.MediaTypeOCIManifest, domain.MediaTypeOCIIndex, domain.MediaTypeDockerManifestList:
		return index == domain.MediaTypeOCIIndex
	}
	return false
}

// readConfig reads an image's configuration.
func (m *Manifests) readConfig(ctx context.Context, blob *domain.Blob) ([]byte, error) {
	if blob.Size > imageconfig.MaxSize {
		return nil, errNoConfig
	}
	o, err := m.policy.Open(ctx, blob)
	if err != nil {
		return nil, err
	}
	defer func() { _ = o.Close() }() // only read
	r, err := o.Range(ctx, 0, min(o.Size(), imageconfig.MaxSize))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
