package manifests

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// A manifest is read once, strictly: names are compared exactly, a name that
// occurs twice is refused, and a document that could be read as an image and as
// an index is neither. What two readers could understand differently must not
// get in.

// parsed is what the rules need of a manifest.
type parsed struct {
	mediaType       string
	artifactType    string
	configMediaType string
	subject         domain.Digest
	// blobs must be in the repository before the manifest; children likewise.
	blobs    []domain.Digest
	children []child
	// types are the media types of the layers of an image, each once.
	types []string
	// layersSize is -1 when it has no list of layers.
	layersSize int64
	// annotations are the members that are texts.
	annotations map[string]string
	// imageConfig is the blob that may have labels of an image; empty is none.
	imageConfig     domain.Digest
	imageConfigSize int64
}

// child is a manifest that an index contains.
type child struct {
	digest    domain.Digest
	size      int64
	mediaType string
}

// descriptor is the part of a content descriptor that counts.
type descriptor struct {
	mediaType string
	digest    domain.Digest
	size      int64
	// urls says that it is said where else it is.
	urls bool
}

func invalid(format string, args ...any) error {
	e := errs.New(errs.Invalid, format, args...)
	e.Reason, e.Detail = ErrInvalid.Reason, map[string]string{"message": e.Message}
	return e
}

// Limits of what is read. Real manifests have some ten names and at most some
// thousand descriptors; each costs memory and questions to the database.
const (
	maxNames       = 256
	maxDescriptors = 10000
	maxMediaType   = 255
)

// object is a JSON object of which each name occurs once.
type object map[string]json.RawMessage

func (o *object) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return invalid("not a JSON object")
	}
	*o = make(object)
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name := t.(string) // the decoder accepts no other names
		if _, twice := (*o)[name]; twice {
			return invalid("the name %q occurs twice", name)
		}
		if len(*o) == maxNames {
			return invalid("an object has more than %d names", maxNames)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		(*o)[name] = value
	}
	return nil
}

// get decodes a member, if it is there and not null.
func (o object) get(name string, into any) error {
	raw, ok := o[name]
	if !ok || string(raw) == "null" {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return invalid("%s is malformed", name)
	}
	return nil
}

// has reports whether a member is there and not null.
func (o object) has(name string) bool {
	raw, ok := o[name]
	return ok && string(raw) != "null"
}

// parse reads a manifest that was sent with a media type.
func parse(body []byte, contentType string) (*parsed, error) {
	if !utf8.Valid(body) {
		return nil, invalid("the manifest is not UTF-8")
	}
	var o object
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, invalid("failed to parse manifest: %v", err)
	}
	p := &parsed{mediaType: contentType, layersSize: -1}
	var own string
	if err := o.get("mediaType", &own); err != nil {
		return nil, err
	}
	switch {
	case p.mediaType == "":
		p.mediaType = own
	case own != "" && own != p.mediaType:
		return nil, invalid("mediaType %q does not match Content-Type %q", own, p.mediaType)
	}
	if !validMediaType(p.mediaType) {
		return nil, invalid("the manifest has no valid media type")
	}
	if !docker(p.mediaType) { // Docker's have neither
		if err := p.relations(o); err != nil {
			return nil, err
		}
	}
	return p, p.references(o)
}

func docker(mediaType string) bool {
	return mediaType == domain.MediaTypeDockerManifest || mediaType == domain.MediaTypeDockerManifestList
}

// relations reads what a manifest is and what it is about.
func (p *parsed) relations(o object) error {
	if err := o.get("artifactType", &p.artifactType); err != nil {
		return err
	}
	if len(p.artifactType) > maxMediaType {
		return invalid("artifactType is too long")
	}
	subject, err := o.descriptor("subject")
	if subject != nil {
		p.subject = subject.digest
	}
	return err
}

// references reads what a manifest of a known type refers to. Of other types
// nothing is known; they are kept as they are.
func (p *parsed) references(o object) error {
	if o.has("manifests") && (o.has("layers") || o.has("config")) {
		return invalid("the manifest is both an image and an index")
	}
	switch p.mediaType {
	case domain.MediaTypeOCIManifest, domain.MediaTypeDockerManifest:
		return p.image(o)
	case domain.MediaTypeOCIIndex, domain.MediaTypeDockerManifestList:
		return p.index(o)
	case domain.MediaTypeOCIArtifact:
		list, err := o.descriptors("blobs")
		p.take(list)
		return err
	}
	return nil
}

func (p *parsed) image(o object) error {
	if err := schemaVersion2(o); err != nil {
		return err
	}
	config, err := o.descriptor("config")
	if err != nil {
		return err
	}
	if config == nil || !o.has("layers") {
		return invalid("an image manifest needs config and layers")
	}
	layers, err := o.descriptors("layers")
	if err != nil {
		return err
	}
	if len(config.mediaType) > maxMediaType {
		return invalid("config has a media type that is too long")
	}
	p.configMediaType = config.mediaType
	if config.mediaType == mediaTypeOCIConfig || config.mediaType == mediaTypeDockerConfig {
		p.imageConfig, p.imageConfigSize = config.digest, config.size
	}
	if p.mediaType == domain.MediaTypeOCIManifest { // Docker's manifests have no annotations
		p.annotations = texts(o["annotations"])
	}
	return p.layers(layers, *config)
}

// layers notes those layers that must be in the repository, and the configuration. Of
// Docker's manifests those may be elsewhere that say where, of OCI's those of certain
// types.
func (p *parsed) layers(layers []descriptor, config descriptor) error {
	p.layersSize = 0
	local := make([]descriptor, 0, len(layers)+1)
	for _, l := range layers {
		if p.layersSize += l.size; p.layersSize < 0 {
			return invalid("the sizes of the layers overflow")
		}
		if len(p.types) <= maxTypes && !slices.Contains(p.types, l.mediaType) {
			p.types = append(p.types, l.mediaType)
		}
		remote := foreign(l.mediaType)
		if remote && !l.urls {
			return invalid("failed to parse manifest: missing `urls` for remote layer")
		}
		if !remote && !(l.urls && docker(p.mediaType)) {
			local = append(local, l)
		}
	}
	p.take(append(local, config))
	return nil
}

func (p *parsed) index(o object) error {
	if err := schemaVersion2(o); err != nil {
		return err
	}
	if !o.has("manifests") {
		return invalid("an index needs manifests")
	}
	children, err := o.descriptors("manifests")
	if err != nil {
		return err
	}
	seen := make(map[domain.Digest]bool, len(children))
	for _, c := range children {
		if !seen[c.digest] {
			seen[c.digest] = true
			p.children = append(p.children, child{c.digest, c.size, c.mediaType})
		}
	}
	return nil
}

// take notes blobs that the repository must have, each once.
func (p *parsed) take(list []descriptor) {
	seen := make(map[domain.Digest]bool, len(list))
	for _, d := range list {
		if !seen[d.digest] {
			seen[d.digest] = true
			p.blobs = append(p.blobs, d.digest)
		}
	}
}

func schemaVersion2(o object) error {
	var version int
	if err := o.get("schemaVersion", &version); err != nil {
		return err
	}
	if version != 2 {
		return invalid("schemaVersion must be 2")
	}
	return nil
}

func (o object) descriptors(name string) ([]descriptor, error) {
	if !o.has(name) {
		return nil, nil
	}
	// One element at a time: a list of millions of nothings must not become
	// millions of values first.
	elements := json.NewDecoder(bytes.NewReader(o[name]))
	if t, err := elements.Token(); err != nil || t != json.Delim('[') {
		return nil, invalid("%s is not a list", name)
	}
	var list []descriptor
	for elements.More() {
		if len(list) == maxDescriptors {
			return nil, invalid("%s has more than %d descriptors", name, maxDescriptors)
		}
		var raw json.RawMessage
		if err := elements.Decode(&raw); err != nil {
			return nil, invalid("%s is malformed", name)
		}
		d, err := parseDescriptor(raw, name)
		if err != nil {
			return nil, err
		}
		list = append(list, *d)
	}
	return list, nil
}

func (o object) descriptor(name string) (*descriptor, error) {
	if !o.has(name) {
		return nil, nil
	}
	return parseDescriptor(o[name], name)
}

func parseDescriptor(raw json.RawMessage, where string) (*descriptor, error) {
	var o object
	if err := json.Unmarshal(raw, &o); err != nil {
		return nil, invalid("%s has a malformed descriptor", where)
	}
	var d descriptor
	var digest string
	var urls []string
	size := int64(-1)
	for _, err := range []error{
		o.get("mediaType", &d.mediaType), o.get("digest", &digest), o.get("size", &size), o.get("urls", &urls),
	} {
		if err != nil {
			return nil, err
		}
	}
	var err error
	if d.digest, err = domain.ParseDigest(digest); err != nil {
		return nil, invalid("%s has a malformed digest", where)
	}
	if size < 0 {
		return nil, invalid("%s has a descriptor without a sensible size", where)
	}
	d.size = size
	d.urls = len(urls) > 0
	return &d, o.checkData(d, where)
}

// checkData compares embedded content with the descriptor around it.
func (o object) checkData(d descriptor, where string) error {
	if !o.has("data") {
		return nil
	}
	var text string
	if err := o.get("data", &text); err != nil {
		return err
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || int64(len(data)) != d.size || d.digest.Algorithm().Of(data) != d.digest {
		return invalid("%s has embedded data that its digest does not describe", where)
	}
	return nil
}

// validMediaType reports whether s has the form type/subtype (RFC 6838, section
// 4.2) and fits the database.
func validMediaType(s string) bool {
	top, sub, ok := strings.Cut(s, "/")
	return ok && len(s) <= maxMediaType && restrictedName(top) && restrictedName(sub)
}

func restrictedName(s string) bool {
	for i := range len(s) {
		c := s[i]
		alnum := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alnum && (i == 0 || !strings.ContainsRune("!#$&-^_.+", rune(c))) {
			return false
		}
	}
	return s != ""
}

// foreign reports whether layers of a media type may stay elsewhere.
func foreign(mediaType string) bool {
	return strings.HasPrefix(mediaType, "application/vnd.oci.image.layer.nondistributable.") ||
		strings.HasPrefix(mediaType, "application/vnd.docker.image.rootfs.foreign.")
}
