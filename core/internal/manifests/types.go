package manifests

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/quay/quay/core/internal/domain"
)

// What the product's schemas say of the media types in a manifest of each kind
// (image/docker/schema2, image/oci/descriptor.py, image/oci/index.py).
var (
	dockerLayers = []string{
		"application/vnd.docker.image.rootfs.diff.tar.gzip", "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
	}
	dockerChildren = []string{domain.MediaTypeDockerManifest, domain.MediaTypeDockerSchema1}
	ociChildren    = []string{
		domain.MediaTypeOCIManifest, domain.MediaTypeOCIIndex, domain.MediaTypeDockerManifest, domain.MediaTypeDockerManifestList,
	}

	// Anything that has the form of a media type somewhere in it.
	ociType = regexp.MustCompile(`[\pL\pN_]/[-.\pL\pN_]`)
)

// maxTypes is how many different media types of layers are looked at; real images have
// one or two.
const maxTypes = 64

// checkTypes refuses media types that a manifest of its kind does not have.
func (p *parsed) checkTypes() error {
	if len(p.types) > maxTypes {
		return invalid("failed to parse manifest: the layers have more than %d media types", maxTypes)
	}
	switch p.mediaType {
	case domain.MediaTypeDockerManifest:
		return p.checkDocker()
	case domain.MediaTypeOCIManifest:
		for _, t := range append(slices.Clip(p.types), p.configMediaType) {
			if !ociType.MatchString(t) {
				return noMatch("%s does not match a media type", quoted(t))
			}
		}
	case domain.MediaTypeDockerManifestList:
		return p.checkChildren(dockerChildren)
	case domain.MediaTypeOCIIndex:
		return p.checkChildren(ociChildren)
	}
	return nil
}

func (p *parsed) checkDocker() error {
	if p.configMediaType != mediaTypeDockerConfig {
		return noMatch("%s is not one of ['%s']", quoted(p.configMediaType), mediaTypeDockerConfig)
	}
	for _, t := range p.types {
		if !slices.Contains(dockerLayers, t) {
			return noMatch("%s is not one of ['%s', '%s']", quoted(t), dockerLayers[0], dockerLayers[1])
		}
	}
	return nil
}

func (p *parsed) checkChildren(types []string) error {
	for _, c := range p.children {
		if !slices.Contains(types, c.mediaType) {
			return invalid("Unknown or unsupported manifest media type `%s`", c.mediaType)
		}
	}
	return nil
}

// noMatch is the refusal of a manifest that its schema does not allow.
func noMatch(format string, args ...any) error {
	return invalid("failed to parse manifest: manifest data does not match schema: %s", fmt.Sprintf(format, args...))
}

func quoted(s string) string { return "'" + s + "'" }
