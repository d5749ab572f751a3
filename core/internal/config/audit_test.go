package config

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

// TestAudit proves where pulls are counted by default and by either name of the key, and
// that proxies are read, or refused.
func TestAudit(t *testing.T) {
	for text, want := range map[string]Redis{
		"": {Host: "localhost", DB: 1},
		"PULL_METRICS_REDIS: {host: redis, port: 7000}":                     {Host: "redis", Port: 7000},
		"PULL_METRICS_REDIS_HOSTNAME: old":                                  {Host: "old"},
		"PULL_METRICS_REDIS: {host: new}\nPULL_METRICS_REDIS_HOSTNAME: old": {Host: "new"},
	} {
		if got := laid(t, text).Audit.PullMetrics(); got != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
	c := laid(t, "TRUSTED_PROXIES: [10.0.0.0/8, 192.0.2.1, '2001:db8::/32']")
	want := []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/32"),
	}
	if got, err := c.Audit.Proxies(); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	if !c.Audit.UserEvents {
		t.Errorf("defaults: %+v, %+v", c.Audit, c.Queues)
	}
	for _, text := range []string{
		"TRUSTED_PROXIES: [10.0.0.0/33]", "TRUSTED_PROXIES: [proxy]",
	} {
		if err := laid(t, text).Validate(); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// laid is the defaults with a text over them.
func laid(t *testing.T, text string) *Config {
	t.Helper()
	c := Mirror(t.TempDir())
	if err := load(t, c, text); err != nil {
		t.Fatal(err)
	}
	return c
}
