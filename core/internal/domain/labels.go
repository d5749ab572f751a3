package domain

import "time"

// LabelSource tells where a label comes from (table labelsourcetype).
type LabelSource string

// Sources of labels. Only those of the API can be deleted.
const (
	LabelFromManifest LabelSource = "manifest"
	LabelFromAPI      LabelSource = "api"
	LabelInternal     LabelSource = "internal"
)

// Media types of a label's value.
const (
	LabelText = "text/plain"
	LabelJSON = "application/json"
)

// Label is a key and a value on a manifest.
type Label struct {
	// UUID is what clients call it.
	UUID  string
	Key   string
	Value string
	// MediaType of the value.
	MediaType string
	Source    LabelSource
}

// NewLabel is a label to be put on a manifest, with what it says about the
// manifest's tags.
type NewLabel struct {
	Manifest ManifestID
	Label    Label
	// Expires is how many seconds after their beginning the manifest's tags end; nil
	// changes nothing.
	Expires *int64
	// Immutable makes the manifest's tags immutable.
	Immutable bool
	Policy    TagPolicy
	Now       time.Time
}
