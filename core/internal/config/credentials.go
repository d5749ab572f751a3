package config

import (
	"time"

	"github.com/quay/quay/sdk/errs"
)

// Credentials is what a configuration says of who may come in, and with what. Names and
// defaults are the product's.
type Credentials struct {
	SecretKey         string `yaml:"SECRET_KEY"`
	DatabaseSecretKey string `yaml:"DATABASE_SECRET_KEY"`

	EncryptedPasswordsOnly bool     `yaml:"FEATURE_REQUIRE_ENCRYPTED_BASIC_AUTH"`
	AppTokens              bool     `yaml:"FEATURE_APP_SPECIFIC_TOKENS"`
	RobotsDisallowed       bool     `yaml:"ROBOTS_DISALLOW"`
	RobotsAllowed          []string `yaml:"ROBOTS_WHITELIST"`

	LastAccess             bool    `yaml:"FEATURE_USER_LAST_ACCESSED"`
	LastAccessSeconds      float64 `yaml:"LAST_ACCESSED_UPDATE_THRESHOLD_S"`
	OAuthLastAccessSeconds float64 `yaml:"OAUTH_TOKEN_LAST_ACCESSED_UPDATE_THRESHOLD_S"`

	// TokenSeconds is the longest life of a registry token that is accepted.
	TokenSeconds float64 `yaml:"REGISTRY_JWT_AUTH_MAX_FRESH_S"`
	Signing      bool    `yaml:"FEATURE_SIGNING"`

	// Mailing and SharedEmail are about the addresses of organisations.
	Mailing     bool `yaml:"FEATURE_MAILING"`
	SharedEmail bool `yaml:"FEATURE_ORG_SHARED_EMAIL"`
	// NestedNames lets names of repositories have slashes.
	NestedNames bool `yaml:"FEATURE_EXTENDED_REPOSITORY_NAMES"`
	// Proxies says that organisations may fetch their repositories from elsewhere.
	Proxies bool `yaml:"FEATURE_PROXY_CACHE"`

	// State is "normal" or "readonly".
	State           string `yaml:"REGISTRY_STATE"`
	PushesDisabled  bool   `yaml:"DISABLE_PUSHES"`
	AccountRecovery bool   `yaml:"ACCOUNT_RECOVERY_MODE"`

	// AdvertiseV2 tells clients that there is /v2, but those whose version of Docker
	// BlockedDocker matches.
	AdvertiseV2   bool   `yaml:"FEATURE_ADVERTISE_V2"`
	BlockedDocker string `yaml:"BLACKLIST_V2_SPEC"`
	// Referrers lists what refers to a manifest.
	Referrers bool `yaml:"FEATURE_REFERRERS_API"`
	// Library allows names without a namespace.
	Library bool `yaml:"FEATURE_LIBRARY_SUPPORT"`
}

func productCredentials() Credentials {
	return Credentials{
		AppTokens: true, LastAccess: true, LastAccessSeconds: 60, OAuthLastAccessSeconds: 60, TokenSeconds: 3660,
		Mailing: true, NestedNames: true, State: "normal", AdvertiseV2: true, BlockedDocker: "<1.6.0", Referrers: true, Library: true,
	}
}

// ReadOnly reports whether nothing may be written.
func (c Credentials) ReadOnly() bool { return c.State == "readonly" }

// Seconds is a number of seconds as a duration.
func Seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func (c Credentials) validate() error {
	if c.State != "normal" && c.State != "readonly" {
		return errs.New(errs.Invalid, "REGISTRY_STATE is normal or readonly, not %q", c.State)
	}
	for name, n := range map[string]float64{
		"LAST_ACCESSED_UPDATE_THRESHOLD_S": c.LastAccessSeconds, "OAUTH_TOKEN_LAST_ACCESSED_UPDATE_THRESHOLD_S": c.OAuthLastAccessSeconds,
		"REGISTRY_JWT_AUTH_MAX_FRESH_S": c.TokenSeconds,
	} {
		if n < 0 || n > 1e9 {
			return errs.New(errs.Invalid, "%s is a number of seconds, not %v", name, n)
		}
	}
	return nil
}
