// Package config reads config.yaml, the product's configuration file. It knows
// the keys that this program uses; keys that only the Python product uses are
// left alone.
package config

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/quay/quay/sdk/errs"
)

// Config is the part of the configuration that this program uses. Names and
// defaults are the product's (config.py).
type Config struct {
	DBURI            string         `yaml:"DB_URI"`
	DBConnectionArgs map[string]any `yaml:"DB_CONNECTION_ARGS"`
	DBReadReplicas   []Replica      `yaml:"DB_READ_REPLICAS"`

	UserEventsRedis Redis `yaml:"USER_EVENTS_REDIS"`

	ServerHostname string `yaml:"SERVER_HOSTNAME"`
	URLScheme      string `yaml:"PREFERRED_URL_SCHEME"`

	Storage           map[string]Location `yaml:"DISTRIBUTED_STORAGE_CONFIG"`
	StoragePreference []string            `yaml:"DISTRIBUTED_STORAGE_PREFERENCE"`

	ServiceKeyFile string `yaml:"INSTANCE_SERVICE_KEY_LOCATION"`
	ServiceKIDFile string `yaml:"INSTANCE_SERVICE_KEY_KID_LOCATION"`
	ServiceKeyName string `yaml:"INSTANCE_SERVICE_KEY_SERVICE"`

	PageTokenKey string `yaml:"PAGE_TOKEN_KEY"`

	LibraryNamespace   string `yaml:"LIBRARY_NAMESPACE"`
	MaximumLayerSize   Size   `yaml:"MAXIMUM_LAYER_SIZE"`
	PushTempTagSeconds int    `yaml:"PUSH_TEMP_TAG_EXPIRATION_SEC"`
	V2PageSize         int    `yaml:"V2_PAGINATION_SIZE"`
	PrivateRepoOnPush  bool   `yaml:"CREATE_PRIVATE_REPO_ON_PUSH"`
	NamespaceOnPush    bool   `yaml:"CREATE_NAMESPACE_ON_PUSH"`
	AnonymousAccess    bool   `yaml:"FEATURE_ANONYMOUS_ACCESS"`
	PublicCatalog      bool   `yaml:"FEATURE_PUBLIC_CATALOG"`

	HasSuperUsers               bool     `yaml:"FEATURE_SUPER_USERS"`
	SuperUsersFullAccess        bool     `yaml:"FEATURE_SUPERUSERS_FULL_ACCESS"`
	SuperUsersMakeOrganizations bool     `yaml:"FEATURE_SUPERUSERS_ORG_CREATION_ONLY"`
	RestrictedUsers             bool     `yaml:"FEATURE_RESTRICTED_USERS"`
	SuperUsers                  []string `yaml:"SUPER_USERS"`
	ReadOnlySuperUsers          []string `yaml:"GLOBAL_READONLY_SUPER_USERS"`
	UnrestrictedUsers           []string `yaml:"RESTRICTED_USERS_WHITELIST"`

	Tags Tags `yaml:",inline"`

	Quota Quota `yaml:",inline"`

	SparseIndex bool `yaml:"FEATURE_SPARSE_INDEX"`

	OrganizationMirrors bool `yaml:"FEATURE_ORG_MIRROR"`

	ActionLog ActionLog `yaml:",inline"`

	OTELTracing      bool   `yaml:"FEATURE_OTEL_TRACING"`
	OTEL             OTEL   `yaml:"OTEL_CONFIG"`
	OTELExcludedURLs string `yaml:"OTEL_TRACING_EXCLUDED_URLS"`

	// FIPS refuses plugins that are no FIPS builds.
	FIPS bool `yaml:"FEATURE_FIPS"`

	// The following are ours.

	// Plugins says how plugins are run, by KIND/NAME.
	Plugins map[string]Plugin `yaml:"PLUGINS"`
	// PluginLock is the file that lists the plugins that may run.
	PluginLock string `yaml:"PLUGIN_LOCK"`
	// PluginKeys are files with the public keys of which one must have signed a
	// plugin.
	PluginKeys []string `yaml:"PLUGIN_KEYS"`
	// PluginsUnsigned are the plugins, as KIND/NAME, that need no signature.
	PluginsUnsigned []string `yaml:"PLUGINS_UNSIGNED"`

	// MirrorAnonymousPush lets anybody push to a mirror that others
	// can reach.
	MirrorAnonymousPush bool `yaml:"MIRROR_ANONYMOUS_PUSH"`
}

// Product returns the defaults of the product.
func Product() *Config {
	return &Config{
		URLScheme:          "http",
		ServiceKeyName:     "quay",
		LibraryNamespace:   "library",
		MaximumLayerSize:   20e9,
		PushTempTagSeconds: 3600,
		V2PageSize:         100,
		PrivateRepoOnPush:  true,
		AnonymousAccess:    true,
		HasSuperUsers:      true,
		Tags:               productTags(),
		Quota:              productQuota(),
		ActionLog:          ActionLog{Logins: true},
	}
}

// Mirror returns the defaults of mirror mode, with all data in a directory:
// everything that is pushed is public, pushes make their namespaces, and blobs
// have no size limit.
func Mirror(dataDir string) *Config {
	// A string always has a form in JSON.
	options, _ := json.Marshal(map[string]string{"storage_path": filepath.Join(dataDir, "storage")})
	c := Product()
	c.DBURI = "sqlite:///" + filepath.Join(dataDir, "quay.db")
	c.Storage = map[string]Location{
		"default": {Driver: "LocalStorage", Options: options},
	}
	c.StoragePreference = []string{"default"}
	c.ServiceKeyFile = filepath.Join(dataDir, "quay.pem")
	c.ServiceKIDFile = filepath.Join(dataDir, "quay.kid")
	c.MaximumLayerSize = 0
	c.V2PageSize = 1000
	c.PrivateRepoOnPush = false
	c.NamespaceOnPush = true
	c.PublicCatalog = true
	return c
}

// FileName is what a configuration is called in its directory.
const FileName = "config.yaml"

// Load lays a file over c. With optional, a file that does not exist changes
// nothing.
func (c *Config) Load(path string, optional bool) error {
	b, err := os.ReadFile(path)
	if optional && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return errs.Wrap(errs.Invalid, err, "read the configuration")
	}
	// Locations of the file take the place of those that are there, together with
	// their order.
	storage, preference := c.Storage, c.StoragePreference
	c.Storage, c.StoragePreference = nil, nil
	if err := yaml.Unmarshal(b, c); err != nil {
		return errs.Wrap(errs.Invalid, err, "%s", path)
	}
	if c.Storage == nil {
		c.Storage = storage
		if c.StoragePreference == nil {
			c.StoragePreference = preference
		}
	}
	return nil
}

// Validate reports the first thing that makes the configuration unusable.
func (c *Config) Validate() error {
	if _, err := c.Database(); err != nil {
		return err
	}
	switch {
	case len(c.Storage) == 0:
		return errs.New(errs.Invalid, "DISTRIBUTED_STORAGE_CONFIG names no location")
	case c.ServiceKeyFile == "" || c.ServiceKIDFile == "":
		return errs.New(errs.Invalid, "INSTANCE_SERVICE_KEY_LOCATION and INSTANCE_SERVICE_KEY_KID_LOCATION must be set")
	case c.URLScheme != "http" && c.URLScheme != "https":
		return errs.New(errs.Invalid, "PREFERRED_URL_SCHEME is http or https, not %q", c.URLScheme)
	}
	if err := c.ActionLog.validate(); err != nil {
		return err
	}
	if err := c.Quota.validate(); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(c.Plugins)) {
		if kind, name, ok := strings.Cut(id, "/"); !ok || kind == "" || name == "" {
			return errs.New(errs.Invalid, "PLUGINS: %q names no plugin; write it as KIND/NAME, for instance storage/local", id)
		}
		if err := c.Plugins[id].validate(); err != nil {
			return errs.Wrap(errs.Invalid, err, "PLUGINS: %s", id)
		}
	}
	if len(c.StoragePreference) == 0 {
		if len(c.Storage) > 1 {
			return errs.New(errs.Invalid, "DISTRIBUTED_STORAGE_PREFERENCE must say which location comes first")
		}
		for name := range c.Storage {
			c.StoragePreference = []string{name}
		}
	}
	return nil
}

// TempTagLifetime is PUSH_TEMP_TAG_EXPIRATION_SEC.
func (c *Config) TempTagLifetime() time.Duration {
	return time.Duration(c.PushTempTagSeconds) * time.Second
}

// OTEL is OTEL_CONFIG: where traces go. With both keys of Dynatrace they go there.
type OTEL struct {
	ServiceName       string   `yaml:"service_name"`
	Endpoint          string   `yaml:"endpoint"`
	SampleRate        *float64 `yaml:"sample_rate"`
	DynatraceURL      string   `yaml:"dt_api_url"`
	DynatraceAPIToken string   `yaml:"dt_api_token"`
}

// Location is one entry of DISTRIBUTED_STORAGE_CONFIG: in the file, a list of a
// driver's name and its options.
type Location struct {
	Driver  string
	Options json.RawMessage
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (l *Location) UnmarshalYAML(n *yaml.Node) error {
	var parts []yaml.Node
	if err := n.Decode(&parts); err != nil || len(parts) == 0 || len(parts) > 2 {
		return errs.New(errs.Invalid, "line %d: a storage location is a list of a driver's name and its options", n.Line)
	}
	if err := parts[0].Decode(&l.Driver); err != nil {
		return err
	}
	if len(parts) == 1 {
		l.Options = json.RawMessage("{}")
		return nil
	}
	var err error
	l.Options, err = readOptions(&parts[1])
	return err
}

// Size is a number of bytes; in the file, a number with a unit. Units are decimal
// ("20G" has 20·10⁹ bytes) unless they have an i ("20GiB"), as the product's bitmath
// reads them.
type Size int64

var sizePattern = regexp.MustCompile(`^\s*([0-9.]+)\s*([KMGTP]?)(I?)B?\s*$`)

// UnmarshalYAML implements yaml.Unmarshaler.
func (s *Size) UnmarshalYAML(n *yaml.Node) error {
	m := sizePattern.FindStringSubmatch(strings.ToUpper(n.Value))
	if m == nil {
		return errs.New(errs.Invalid, "line %d: %q is not a size", n.Line, n.Value)
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return errs.New(errs.Invalid, "line %d: %q is not a size", n.Line, n.Value)
	}
	step := 1000.0
	if m[3] != "" {
		step = 1024
	}
	if m[2] != "" {
		v *= math.Pow(step, float64(1+strings.Index("KMGTP", m[2])))
	}
	if v >= 1<<63 {
		return errs.New(errs.Invalid, "line %d: %q is too large", n.Line, n.Value)
	}
	*s = Size(v)
	return nil
}
