package domain

// ManifestColumns are columns of manifests that were added when there were manifests
// already, and are filled in from their bytes.
type ManifestColumns int

// Columns that are filled in together.
const (
	// ManifestSize is the size of the layers and the media type of the configuration.
	ManifestSize ManifestColumns = iota
	// ManifestSubject is what a manifest refers to.
	ManifestSubject
	// ManifestArtifactType is what an artifact is.
	ManifestArtifactType
)

// UnreadableSize is the size of the layers of a manifest that cannot be read.
const UnreadableSize = -1

// ManifestFacts is what the columns of a manifest should say.
type ManifestFacts struct {
	ID ManifestID
	// LayersSize is zero for a manifest without layers.
	LayersSize int64
	// These are empty where a manifest has none.
	ConfigMediaType string
	Subject         string
	ArtifactType    string
}
