package config

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/sdk/errs"
)

// product is a configuration as the product's users have it, with many keys that
// are not for this program.
const product = `
# A comment.
SETUP_COMPLETE: true
SERVER_HOSTNAME: quay.example.test
PREFERRED_URL_SCHEME: https
SECRET_KEY: 'a secret'
DATABASE_SECRET_KEY: 1234
ROBOTS_WHITELIST: [acme+ci]
DB_URI: sqlite:////var/lib/quay/quay.db
DB_CONNECTION_ARGS: {threadlocals: true, autorollback: true}
BUILDLOGS_REDIS: {host: 127.0.0.1, port: 6379}
DISTRIBUTED_STORAGE_CONFIG:
  local_us:
  - LocalStorage
  - storage_path: /var/lib/quay/us
  cloud:
  - S3Storage
  - s3_bucket: "7"
    port: 443
    secure: true
    nested: {a: [1, x, null]}
  bare: [LocalStorage]
DISTRIBUTED_STORAGE_PREFERENCE:
- local_us
- cloud
DISTRIBUTED_STORAGE_DEFAULT_LOCATIONS: []
INSTANCE_SERVICE_KEY_LOCATION: /var/lib/quay/quay.pem
INSTANCE_SERVICE_KEY_KID_LOCATION: /var/lib/quay/quay.kid
SUPER_USERS: [devtable]
GLOBAL_READONLY_SUPER_USERS:
- auditor
FEATURE_SUPERUSERS_FULL_ACCESS: true
FEATURE_SUPER_USERS: false
FEATURE_SUPERUSERS_ORG_CREATION_ONLY: true
FEATURE_RESTRICTED_USERS: true
RESTRICTED_USERS_WHITELIST: [free]
FEATURE_ANONYMOUS_ACCESS: false
CREATE_PRIVATE_REPO_ON_PUSH: false
MAXIMUM_LAYER_SIZE: 40G
PUSH_TEMP_TAG_EXPIRATION_SEC: 60
V2_PAGINATION_SIZE: 50
TAG_EXPIRATION_OPTIONS: [0s, 1d, 2w]
`

// write puts a configuration into a file.
func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, c *Config, text string) error {
	t.Helper()
	return c.Load(write(t, text), false)
}

// TestProductSample proves that a configuration of the product's is understood:
// what it says, and the product's defaults for the rest.
func TestProductSample(t *testing.T) {
	c := Product()
	if err := load(t, c, product); err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	want := Product()
	want.DBURI, want.ServerHostname, want.URLScheme = "sqlite:////var/lib/quay/quay.db", "quay.example.test", "https"
	want.DBConnectionArgs = map[string]any{"autorollback": true, "threadlocals": true}
	want.Storage = map[string]Location{
		"local_us": {"LocalStorage", []byte(`{"storage_path":"/var/lib/quay/us"}`)},
		"cloud":    {"S3Storage", []byte(`{"nested":{"a":[1,"x",null]},"port":443,"s3_bucket":"7","secure":true}`)},
		"bare":     {"LocalStorage", []byte(`{}`)},
	}
	want.StoragePreference = []string{"local_us", "cloud"}
	want.ServiceKeyFile, want.ServiceKIDFile = "/var/lib/quay/quay.pem", "/var/lib/quay/quay.kid"
	want.SuperUsers, want.ReadOnlySuperUsers, want.SuperUsersFullAccess = []string{"devtable"}, []string{"auditor"}, true
	want.HasSuperUsers, want.SuperUsersMakeOrganizations, want.RestrictedUsers, want.UnrestrictedUsers = false, true, true, []string{"free"}
	want.AnonymousAccess, want.PrivateRepoOnPush = false, false
	want.Credentials.SecretKey, want.Credentials.DatabaseSecretKey = "a secret", "1234"
	want.Credentials.RobotsAllowed = []string{"acme+ci"}
	want.MaximumLayerSize, want.PushTempTagSeconds, want.V2PageSize = 40e9, 60, 50
	want.Workers.SetupComplete = true
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
	if db, err := c.Database(); err != nil || db.Path != "/var/lib/quay/quay.db" {
		t.Errorf("database %s, %v", db.Path, err)
	}
	if c.TempTagLifetime() != time.Minute {
		t.Errorf("untagged manifests live for %v", c.TempTagLifetime())
	}
}

// TestMirror proves that mirror mode needs no file, whatever its directory is
// called.
func TestMirror(t *testing.T) {
	for _, dir := range []string{"/data", `/a "b" \c?d=e#f%41`, "/caf\u00e9"} {
		c := Mirror(dir)
		if err := c.Load(filepath.Join(t.TempDir(), FileName), true); err != nil {
			t.Errorf("a missing file: %v", err)
		}
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", dir, err)
		}
		if db, err := c.Database(); err != nil || db.Path != dir+"/quay.db" {
			t.Errorf("%s: database %s, %v", dir, db.Path, err)
		}
		if c.MaximumLayerSize != 0 || !c.NamespaceOnPush || c.PrivateRepoOnPush || c.MirrorAnonymousPush || !c.PublicCatalog {
			t.Errorf("%+v", c)
		}
	}
}

// TestFileWins proves that a file which names a location takes the place of mirror
// mode's own one: blobs go where the file says.
func TestFileWins(t *testing.T) {
	c := Mirror("/data")
	err := load(t, c, "DISTRIBUTED_STORAGE_CONFIG:\n  big: [LocalStorage, {storage_path: /big}]\nMAXIMUM_LAYER_SIZE: 1K\n")
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	if names := slices.Collect(maps.Keys(c.Storage)); !slices.Equal(names, []string{"big"}) || !slices.Equal(c.StoragePreference, names) {
		t.Errorf("locations %v, preferred %v", names, c.StoragePreference)
	}
	if c.MaximumLayerSize != 1000 {
		t.Errorf("size %d", c.MaximumLayerSize)
	}
	// What the file does not say stays.
	c = Mirror("/data")
	if err := load(t, c, "V2_PAGINATION_SIZE: 7\n"); err != nil {
		t.Fatal(err)
	}
	if len(c.Storage) != 1 || c.StoragePreference[0] != "default" || c.V2PageSize != 7 || !c.NamespaceOnPush {
		t.Errorf("%+v", c)
	}
}

// TestSizes proves how sizes are written.
func TestSizes(t *testing.T) {
	for text, want := range map[string]Size{
		"0": 0, "1": 1, "1024": 1024, "20G": 20e9, "20g": 20e9, "1.5K": 1500, "10M": 10e6, "10 MiB": 10 << 20,
		"10MB": 10e6, "2TiB": 2 << 40, "1P": 1e15, "100B": 100, `" 5 G "`: 5e9, "0.5K": 500, "8191PiB": 8191 << 50,
	} {
		c := Product()
		if err := load(t, c, "MAXIMUM_LAYER_SIZE: "+text); err != nil || c.MaximumLayerSize != want {
			t.Errorf("%s: got %d, %v, want %d", text, c.MaximumLayerSize, err, want)
		}
	}
	for _, text := range []string{
		"-1", "-1G", "G", "1.2.3G", ".", "1E9", "0x10", "10X", "10 G G", "ten", "[1]", "{a: 1}", "inf", "nan", `""`, "true",
		"9999999P", "99999999999999999999", "8192PiB", "9300P",
	} {
		c := Product()
		if err := load(t, c, "MAXIMUM_LAYER_SIZE: "+text); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: got %d, %v", text, c.MaximumLayerSize, err)
		}
	}
}

// TestLoadRefuses proves that a file which cannot be meant is refused, with the
// file's name or the line in the message.
func TestLoadRefuses(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		c, next := string(rune('a'+i)), string(rune('b'+i))
		bomb += fmt.Sprintf("%s: &%s [%s]\n", next, next, strings.Repeat(", *"+c, 10)[2:])
	}
	for name, text := range map[string]string{
		"not YAML":                 "a: [",
		"a list":                   "- SUPER_USERS",
		"a word":                   "quay",
		"a key twice":              "SERVER_HOSTNAME: a\nSERVER_HOSTNAME: b\n",
		"a tab":                    "SUPER_USERS:\n\t- a\n",
		"text for a switch":        "FEATURE_ANONYMOUS_ACCESS: maybe",
		"a number for a switch":    "FEATURE_ANONYMOUS_ACCESS: 1",
		"text for a number":        "V2_PAGINATION_SIZE: many",
		"a list for text":          "SERVER_HOSTNAME: [a]",
		"text for a list":          "SUPER_USERS: devtable",
		"a list for locations":     "DISTRIBUTED_STORAGE_CONFIG: [a]",
		"a text for a location":    "DISTRIBUTED_STORAGE_CONFIG: {a: LocalStorage}",
		"an object for a location": "DISTRIBUTED_STORAGE_CONFIG: {a: {driver: LocalStorage}}",
		"an empty location":        "DISTRIBUTED_STORAGE_CONFIG: {a: []}",
		"three parts":              "DISTRIBUTED_STORAGE_CONFIG: {a: [LocalStorage, {}, {}]}",
		"options are a list":       "DISTRIBUTED_STORAGE_CONFIG: {a: [LocalStorage, [1]]}",
		"options are text":         "DISTRIBUTED_STORAGE_CONFIG: {a: [LocalStorage, x]}",
		"options with other keys":  "DISTRIBUTED_STORAGE_CONFIG: {a: [LocalStorage, {x: {[1]: 2}}]}",
		"a driver that is a list":  "DISTRIBUTED_STORAGE_CONFIG: {a: [[LocalStorage]]}",
		"a misspelt setting":       "PLUGINS: {storage/local: {net: false}}",
		"a time without a unit":    "PLUGINS: {storage/local: {call_timeout: 10}}",
		"a time before now":        "PLUGINS: {storage/local: {call_timeout: -1s}}",
		"a number with a zero":     "DISTRIBUTED_STORAGE_CONFIG: {a: [LocalStorage, {key: 0123}]}",
		"a number with a line":     "DISTRIBUTED_STORAGE_CONFIG: {a: [LocalStorage, {x: [1_000]}]}",
		"a number of base 16":      "DISTRIBUTED_STORAGE_CONFIG: {a: [LocalStorage, {x: {key: 0x1F}}]}",
		"no number":                "DISTRIBUTED_STORAGE_CONFIG: {a: [LocalStorage, {key: .nan}]}",
		"aliases of aliases":       bomb + "DISTRIBUTED_STORAGE_CONFIG: {a: [LocalStorage, {x: *j}]}",
	} {
		err := load(t, Product(), text)
		if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), FileName) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Product().Load(filepath.Join(t.TempDir(), "missing"), false); !errs.Is(err, errs.Invalid) {
		t.Errorf("a missing file: %v", err)
	}
	if err := Product().Load(t.TempDir(), true); !errs.Is(err, errs.Invalid) {
		t.Errorf("a directory: %v", err)
	}
	for _, empty := range []string{"", "# nothing\n", "---\n", "UNKNOWN_KEY: [1, {a: b}]\n"} {
		if err := load(t, Product(), empty); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

// TestLocationWithoutOptions proves that options which are left out, or null, are
// the empty object.
func TestLocationWithoutOptions(t *testing.T) {
	c := Product()
	if err := load(t, c, "DISTRIBUTED_STORAGE_CONFIG:\n  a: [LocalStorage]\n  b: [LocalStorage, null]\n  c: [LocalStorage, {}]\n"); err != nil {
		t.Fatal(err)
	}
	for name, l := range c.Storage {
		if l.Driver != "LocalStorage" || string(l.Options) != "{}" {
			t.Errorf("%s: %s %s", name, l.Driver, l.Options)
		}
	}
}

// TestOptionsAsWritten proves that no digit of an option is changed on the way to the
// driver, which may want a text there, and that what else YAML has in options arrives.
func TestOptionsAsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"{key: 12345678901234567890123}": `{"key":12345678901234567890123}`,
		"{key: 1.50}":                    `{"key":1.50}`,
		"{key: 1e3}":                     `{"key":1e3}`,
		"{key: 2026-01-02}":              `{"key":"2026-01-02"}`,
		`{key: "0123"}`:                  `{"key":"0123"}`,
		"{key: !!str 0x1F}":              `{"key":"0x1F"}`,
		"{key: [yes, true, null, -1]}":   `{"key":["yes",true,null,-1]}`,
		"{<<: *common, key: *digits}":    `{"key":1.50,"port":443}`,
	} {
		c := Product()
		err := load(t, c, "COMMON: &common {port: 443, key: x}\nDIGITS: &digits 1.50\nDISTRIBUTED_STORAGE_CONFIG: {a: [s3, "+text+"]}\n")
		if got := string(c.Storage["a"].Options); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
}

// TestValidate proves what makes a configuration unusable, and that the message
// has no password.
func TestValidate(t *testing.T) {
	two := map[string]Location{"a": {Driver: "LocalStorage"}, "b": {Driver: "LocalStorage"}}
	for name, tc := range map[string]struct {
		change func(*Config)
		kind   errs.Kind
		says   string
	}{
		"no location":                 {func(c *Config) { c.Storage = nil }, errs.Invalid, "DISTRIBUTED_STORAGE_CONFIG"},
		"locations but no preference": {func(c *Config) { c.Storage, c.StoragePreference = two, nil }, errs.Invalid, "DISTRIBUTED_STORAGE_PREFERENCE"},
		"no key":                      {func(c *Config) { c.ServiceKeyFile = "" }, errs.Invalid, "INSTANCE_SERVICE_KEY_LOCATION"},
		"no key id":                   {func(c *Config) { c.ServiceKIDFile = "" }, errs.Invalid, "INSTANCE_SERVICE_KEY_KID_LOCATION"},
		"another scheme":              {func(c *Config) { c.URLScheme = "ftp" }, errs.Invalid, "PREFERRED_URL_SCHEME"},
		"no database":                 {func(c *Config) { c.DBURI = "" }, errs.Invalid, "DB_URI"},
		"a database without a path":   {func(c *Config) { c.DBURI = "sqlite:///" }, errs.Invalid, "DB_URI"},
		"a path alone":                {func(c *Config) { c.DBURI = "/var/lib/quay.db" }, errs.Invalid, "DB_URI"},
		"a bad URL":                   {func(c *Config) { c.DBURI = "postgresql://quay:hunter2@db/quay?%zz" }, errs.Invalid, "DB_URI"},
		"a bad port":                  {func(c *Config) { c.DBURI = "postgresql://quay:hunter2@db:x/quay" }, errs.Invalid, "DB_URI"},
		"MySQL":                       {func(c *Config) { c.DBURI = "mysql+pymysql://quay:hunter2@db/quay" }, errs.Unsupported, `"mysql+pymysql"`},
	} {
		c := Mirror("/data")
		tc.change(c)
		err := c.Validate()
		if !errs.Is(err, tc.kind) || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := Mirror("/data")
	c.StoragePreference = nil
	if err := c.Validate(); err != nil || !slices.Equal(c.StoragePreference, []string{"default"}) {
		t.Errorf("one location without a preference: %v, %v", c.StoragePreference, err)
	}
}

// TestPlugins proves that the settings of a plugin are read, and that a limit that
// there cannot be, or a setting for nothing, is an error of the configuration.
func TestPlugins(t *testing.T) {
	c := Mirror(t.TempDir())
	if err := load(t, c, "PLUGINS:\n  storage/local:\n    network: false\n    memory: 1GiB\n    call_timeout: 2m\n    write: [/a]\n"); err != nil {
		t.Fatal(err)
	}
	p := c.Plugins["storage/local"]
	if p.Network == nil || *p.Network || p.Memory != 1<<30 || p.CallTimeout != Duration(2*time.Minute) || !slices.Equal(p.Write, []string{"/a"}) {
		t.Errorf("the settings are %+v", p)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	for _, limit := range []string{
		"calls: -1", "transfers: -1", "queue: -1", "processes: -1", "open_files: -1", "cpus: -0.5", "cpus: .nan", "cpus: .inf",
		"calls: 9000000000000000000", "transfers: 1048577", "queue: 1048577",
	} {
		c := Mirror(t.TempDir())
		if err := load(t, c, "PLUGINS:\n  storage/local:\n    "+limit+"\n"); err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(limit, ":")
		if err := c.Validate(); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "storage/local: "+name) {
			t.Errorf("%s: %v", limit, err)
		}
	}
	c.Plugins["local"] = Plugin{}
	if err := c.Validate(); !errs.Is(err, errs.Invalid) {
		t.Errorf("a plugin without a kind: %v", err)
	}
}
