package config

// Tags is the part of the configuration that is about tags.
type Tags struct {
	// Immutable honours and sets the flag of immutable tags.
	Immutable bool `yaml:"FEATURE_IMMUTABLE_TAGS"`
	// ImmutableExpires lets immutable tags have an end.
	ImmutableExpires bool `yaml:"FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE"`
	// PullStatistics counts pulls.
	PullStatistics bool `yaml:"FEATURE_IMAGE_PULL_STATS"`
	// ResetChildren ends hidden tags of what a deleted index contains.
	ResetChildren bool `yaml:"RESET_CHILD_MANIFEST_EXPIRATION"`
	// MinLifetime and MaxLifetime bound the end that people give to a tag: a number
	// and one of the units s, m, h, d, w and y.
	MinLifetime string `yaml:"LABELED_EXPIRATION_MINIMUM"`
	MaxLifetime string `yaml:"LABELED_EXPIRATION_MAXIMUM"`
}

// productTags is what the product does when nobody says otherwise.
func productTags() Tags {
	return Tags{ResetChildren: true, MinLifetime: "1h", MaxLifetime: "104w"}
}
