package manifests

import (
	"encoding/json"
	"slices"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/schema1"
)

// Stored manifests are read as the product reads them (image/shared/schemas.py), and not
// as strictly as those that are pushed: they were accepted once, and the question is
// only what they say.

const dockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip"
const dockerForeignLayer = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"

// facts returns what the columns of a stored manifest should say. One that the product
// cannot read is invalid.
func facts(mediaType string, body []byte) (f domain.ManifestFacts, err error) {
	if mediaType == domain.MediaTypeDockerSchema1 || mediaType == domain.MediaTypeDockerSigned1 {
		f.LayersSize, err = schema1Size(body)
		return f, err
	}
	o, err := pyjson.ParseObject(body)
	if err != nil {
		return f, err
	}
	if version, _ := o.Get("schemaVersion"); version != json.Number("2") {
		return f, invalid("schemaVersion is not 2")
	}
	own, named := o.Get("mediaType")
	oci := mediaType == domain.MediaTypeOCIManifest || mediaType == domain.MediaTypeOCIIndex
	if own != mediaType && (named || !oci) {
		return f, invalid("it says that its media type is another one")
	}
	switch mediaType {
	case domain.MediaTypeDockerManifest, domain.MediaTypeOCIManifest:
		err = imageFacts(&f, o, oci)
	case domain.MediaTypeDockerManifestList, domain.MediaTypeOCIIndex:
		_, err = storedDescriptors(o, "manifests")
	default:
		return f, invalid("the product knows no manifests of its media type")
	}
	if err == nil && oci {
		err = referrerFacts(&f, o)
	}
	return f, err
}

// schema1Size is the sum of what the layers' metadata says.
func schema1Size(body []byte) (size int64, err error) {
	m, err := schema1.Parse(body)
	if err != nil {
		return 0, err
	}
	for _, l := range m.Layers {
		meta, err := l.Metadata()
		if err != nil {
			return 0, err
		}
		size += max(0, meta.Size)
	}
	return size, nil
}

func imageFacts(f *domain.ManifestFacts, o pyjson.Object, oci bool) error {
	value, _ := o.Get("config")
	config, err := readStored(value, "config")
	if err != nil {
		return err
	}
	layers, err := storedDescriptors(o, "layers")
	if err != nil {
		return err
	}
	for _, l := range layers {
		remote := foreign(l.mediaType)
		switch {
		case l.size < 0:
			return invalid("a layer has a negative size")
		case !oci && l.mediaType != dockerLayer && l.mediaType != dockerForeignLayer:
			return invalid("a layer has the media type %q", l.mediaType)
		case remote && !l.remote:
			return invalid("a layer that is elsewhere has no urls")
		}
		if f.LayersSize += l.size; f.LayersSize < 0 {
			return invalid("the sizes of the layers overflow")
		}
	}
	if !oci && config.mediaType != mediaTypeDockerConfig {
		return invalid("config has the media type %q", config.mediaType)
	}
	f.ConfigMediaType = config.mediaType
	return fits(f.ConfigMediaType)
}

func referrerFacts(f *domain.ManifestFacts, o pyjson.Object) error {
	if value, ok := o.Get("subject"); ok {
		subject, err := readStored(value, "subject")
		if err != nil {
			return err
		}
		f.Subject = subject.digest
	}
	if value, ok := o.Get("artifactType"); ok {
		if f.ArtifactType, ok = value.(string); !ok {
			return invalid("artifactType is malformed")
		}
	}
	for _, text := range []string{f.Subject, f.ArtifactType} {
		if err := fits(text); err != nil {
			return err
		}
	}
	return nil
}

// fits refuses what is longer than its column.
func fits(text string) error {
	if len(text) > maxMediaType {
		return invalid("a text has more than %d characters", maxMediaType)
	}
	return nil
}

// storedDescriptor is a descriptor of a stored manifest.
type storedDescriptor struct {
	mediaType, digest string
	size              int64
	remote            bool
}

func storedDescriptors(o pyjson.Object, name string) (list []storedDescriptor, err error) {
	value, _ := o.Get(name)
	elements, ok := value.([]any)
	if !ok {
		return nil, invalid("%s is not a list", name)
	}
	for _, e := range elements {
		d, err := readStored(e, name)
		if err != nil {
			return nil, err
		}
		if name == "layers" && !digestForm(d.digest) {
			return nil, invalid("a layer has a malformed digest")
		}
		list = append(list, d)
	}
	return list, nil
}

func readStored(value any, where string) (d storedDescriptor, err error) {
	o, ok := value.(pyjson.Object)
	if !ok {
		return d, invalid("%s is malformed", where)
	}
	mediaType, _ := o.Get("mediaType")
	digest, _ := o.Get("digest")
	size, _ := o.Get("size")
	number, isNumber := size.(json.Number)
	d.mediaType, ok = mediaType.(string)
	if !ok || !isNumber {
		return d, invalid("%s is malformed", where)
	}
	if d.digest, ok = digest.(string); !ok {
		return d, invalid("%s is malformed", where)
	}
	if d.size, err = number.Int64(); err != nil {
		return d, invalid("%s has a size that is no whole number", where)
	}
	urls, _ := o.Get("urls")
	list, _ := urls.([]any)
	d.remote = len(list) > 0
	return d, nil
}

// digestForm reports whether a text has the form of a digest (digest/digest_tools.py).
func digestForm(s string) bool {
	at := slices.Index([]byte(s), ':')
	if at < 1 || at == len(s)-1 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		word := hex || c >= 'g' && c <= 'z' || c >= 'G' && c <= 'Z' || c == '_' || c == '+' || c == '.' || c == '-'
		if i < at && !word || i > at && !hex {
			return false
		}
	}
	return true
}
