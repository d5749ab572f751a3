package schema1

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"slices"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/imageconfig"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/sdk/errs"
)

// ErrNone says that a manifest cannot be one of this schema: it is no image, or has
// layers that are elsewhere.
var ErrNone = &errs.Error{Kind: errs.Invalid, Reason: "schema1_none", Message: "the manifest has no form in schema 1"}

// Source is an image of a later kind, Docker's schema 2 or OCI, as its manifest has it.
type Source struct {
	// Config is the configuration, which Image needs.
	Config Content
	kind   imageconfig.Kind
	layers []Content // the lowest first
}

// Content is what a manifest says about a blob.
type Content struct {
	Digest domain.Digest
	// Size in bytes, as it was written.
	Size json.Number
}

// emptyLayerSize is the size of domain.EmptyLayer, in bytes.
const emptyLayerSize json.Number = "32"

// remote are the media types of layers that stay elsewhere (image/oci/__init__.py,
// image/docker/schema2/__init__.py).
var remote = map[string]bool{
	"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip":    true,
	"application/vnd.oci.image.layer.nondistributable.v1.tar":      true,
	"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip": true,
}

// ReadSource reads a manifest of schema 2 or OCI. ErrNone when it is no image or has
// layers elsewhere.
func ReadSource(mediaType string, manifest []byte) (*Source, error) {
	s := new(Source)
	switch mediaType {
	case domain.MediaTypeDockerManifest:
		s.kind = imageconfig.Docker
	case domain.MediaTypeOCIManifest:
		s.kind = imageconfig.OCI
	default:
		return nil, ErrNone
	}
	doc, err := pyjson.ParseObject(manifest)
	if err != nil {
		return nil, invalid("%v", err)
	}
	configType := object(doc, "config").String("mediaType")
	if s.kind == imageconfig.OCI && configType != "application/vnd.oci.image.config.v1+json" {
		return nil, ErrNone
	}
	if s.Config, err = readContent(object(doc, "config")); err != nil {
		return nil, err
	}
	list, _ := doc.Get("layers")
	layers, _ := list.([]any)
	for _, l := range layers {
		o, _ := l.(pyjson.Object)
		if remote[o.String("mediaType")] {
			return nil, ErrNone
		}
		c, err := readContent(o)
		if err != nil {
			return nil, err
		}
		s.layers = append(s.layers, c)
	}
	return s, nil
}

func readContent(o pyjson.Object) (c Content, err error) {
	size, _ := o.Get("size")
	n, ok := size.(json.Number)
	if c.Digest, err = domain.ParseDigest(o.String("digest")); err != nil || !ok {
		return c, invalid("could not parse manifest digest: %s", o.String("digest"))
	}
	c.Size = n
	return c, nil
}

// step is an entry of the image's history and the layer that it made.
type step struct {
	entry      *imageconfig.Entry // nil where nothing is known
	layer      Content
	id, parent string
}

// Image is what the image is in schema 1 under a name, "namespace/repository", and a
// tag; config is the text of its configuration. The same input gives the same image,
// and so the same digest, as in the product (DockerSchema1ManifestBuilder). What cannot
// be converted is errs.Invalid, with the product's words for it.
func (s *Source) Image(name, tag string, config []byte) (Image, error) {
	if size := s.Config.Size; string(size) != fmt.Sprint(len(config)) {
		return Image{}, errs.New(errs.Invalid, "Size of config does not match that retrieved: %d vs %s", len(config), size)
	}
	c, err := imageconfig.Parse(s.kind, config)
	if err != nil {
		return Image{}, err
	}
	steps, err := s.steps(c)
	if err != nil {
		return Image{}, err
	}
	image := Image{Name: name, Tag: tag, Architecture: "amd64", Layers: make([]Layer, 0, len(steps))}
	for i, st := range slices.Backward(steps) {
		var settings pyjson.Object // only the topmost layer has those of the image
		if i == len(steps)-1 {
			settings = c.Document
		}
		image.Layers = append(image.Layers, Layer{st.layer.Digest, string(pyjson.Form{}.Append(nil, st.compatibility(settings)))})
	}
	return image, nil
}

// steps finds the layer of each entry of the history and gives it an id, which depends
// on everything below it.
func (s *Source) steps(c *imageconfig.Config) ([]step, error) {
	if len(c.History) == 0 && s.kind == imageconfig.OCI {
		return s.plain(c), nil
	}
	if len(c.History) < len(s.layers) {
		if s.kind == imageconfig.Docker {
			return nil, errs.New(errs.Invalid, "Found less history than layer blobs")
		}
		return nil, errs.New(errs.Invalid, "Found less history (%d) than layer blobs (%d)", len(c.History), len(s.layers))
	}
	ids := newIDs()
	steps := make([]step, 0, len(c.History))
	next := 0
	for i := range c.History {
		entry := &c.History[i]
		layer := Content{domain.EmptyLayer, emptyLayerSize}
		if !entry.Empty {
			if next == len(s.layers) {
				return nil, errs.New(errs.Invalid, "Missing history entry #%d", next)
			}
			layer = s.layers[next]
			next++
		}
		st := step{entry: entry, layer: layer, parent: ids.last}
		st.id = ids.next("%s|%d|%s||", pyjson.Form{}.Append(nil, entry.Document), i, layer.Digest)
		steps = append(steps, st)
	}
	return steps, nil
}

// plain is steps for an image whose history was left out: one for each layer.
func (s *Source) plain(c *imageconfig.Config) []step {
	ids := newIDs()
	steps := make([]step, 0, len(s.layers))
	for i, layer := range s.layers {
		st := step{layer: layer, parent: ids.last}
		st.id = ids.next("%s||", layer.Digest)
		if i == len(s.layers)-1 {
			whole := c.Whole()
			st.entry = &whole
		}
		steps = append(steps, st)
	}
	return steps
}

// ids makes the ids of layers: each is the digest of all that was written so far.
type ids struct {
	hash hash.Hash
	last string
}

func newIDs() *ids { return &ids{hash: sha256.New()} }

func (i *ids) next(format string, args ...any) string {
	_, _ = fmt.Fprintf(i.hash, format, args...) // a hash takes everything
	i.last = hex.EncodeToString(i.hash.Sum(nil))
	return i.last
}

// compatibility is the metadata of a step's layer (build_v1_compatibility).
func (st *step) compatibility(settings pyjson.Object) pyjson.Object {
	o := slices.Clone(settings)
	o.Set("id", st.id)
	if st.parent != "" {
		o.Set("parent", st.parent)
	}
	if e := st.entry; e != nil {
		fill(&o, "created", e.Created, e.Created != "")
		fill(&o, "author", e.Author, e.Author != "")
		fill(&o, "comment", e.Comment, e.Comment != "")
		fill(&o, "throwaway", true, e.Empty)
		fill(&o, "container_config", pyjson.Object{{Name: "Cmd", Value: []any{e.Command}}}, true)
	}
	o.Set("Size", st.layer.Size)
	o.Delete("history")
	o.Delete("rootfs")
	return o
}

// fill adds a member that is worth it and not there yet.
func fill(o *pyjson.Object, name string, value any, worth bool) {
	if _, there := o.Get(name); worth && !there {
		o.Set(name, value)
	}
}
