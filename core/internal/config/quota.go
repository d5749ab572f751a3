package config

import "github.com/quay/quay/sdk/errs"

// Quota is what a configuration says of how much namespaces may hold. Names and defaults
// are the product's.
type Quota struct {
	// Count keeps the totals of what repositories and namespaces hold.
	Count bool `yaml:"FEATURE_QUOTA_MANAGEMENT"`
	// Verify refuses pushes into namespaces that hold too much, where totals are counted.
	Verify bool `yaml:"FEATURE_VERIFY_QUOTA"`
	// Notify announces that to the notifications of namespaces.
	Notify bool `yaml:"FEATURE_QUOTA_NOTIFICATIONS"`
	// Cooldown is how many seconds the same is not announced again.
	Cooldown int64 `yaml:"QUOTA_NOTIFICATION_COOLDOWN_SECONDS"`
	// InvalidateTotals marks totals for counting anew where they are not counted.
	InvalidateTotals bool `yaml:"QUOTA_INVALIDATE_TOTALS"`
	// Default is how many bytes a namespace without a quota may hold; zero is any number.
	Default int64 `yaml:"DEFAULT_SYSTEM_REJECT_QUOTA_BYTES"`
}

func productQuota() Quota {
	return Quota{Verify: true, Cooldown: 24 * 3600, InvalidateTotals: true}
}

// maxCooldown is a century.
const maxCooldown = 100 * 365 * 24 * 3600

func (q Quota) validate() error {
	if q.Cooldown < 0 || q.Cooldown > maxCooldown {
		return errs.New(errs.Invalid, "QUOTA_NOTIFICATION_COOLDOWN_SECONDS is a number of seconds, not %d", q.Cooldown)
	}
	return nil
}
