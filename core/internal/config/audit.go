package config

import (
	"net/netip"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// Audit is what a configuration says of who is told, beside the action log, of what is
// done in the registry. Names and defaults are the product's, but for the last.
type Audit struct {
	// UserEvents tells people's browsers, through USER_EVENTS_REDIS.
	UserEvents bool `yaml:"FEATURE_USER_EVENTS"`
	// NotificationQueue is the name of a queue.
	NotificationQueue string `yaml:"NOTIFICATION_QUEUE_NAME"`
	// PullMetricsRedis has the counts of pulls, PullMetricsHost is its old name.
	PullMetricsRedis *Redis `yaml:"PULL_METRICS_REDIS"`
	PullMetricsHost  string `yaml:"PULL_METRICS_REDIS_HOSTNAME"`

	// TrustedProxies are addresses, or ranges of them, whose X-Forwarded-For is
	// believed.
	TrustedProxies []string `yaml:"TRUSTED_PROXIES"`
}

func productAudit() Audit { return Audit{UserEvents: true, NotificationQueue: "notification"} }

// PullMetrics is the Redis of the counts of pulls.
func (a Audit) PullMetrics() Redis {
	switch {
	case a.PullMetricsRedis != nil && a.PullMetricsRedis.Host != "":
		return *a.PullMetricsRedis
	case a.PullMetricsHost != "":
		return Redis{Host: a.PullMetricsHost}
	}
	return Redis{Host: "localhost", DB: 1}
}

// Proxies are the ranges of TRUSTED_PROXIES.
func (a Audit) Proxies() ([]netip.Prefix, error) {
	list := make([]netip.Prefix, len(a.TrustedProxies))
	for i, text := range a.TrustedProxies {
		if !strings.Contains(text, "/") {
			addr, err := netip.ParseAddr(text)
			if err != nil {
				return nil, errs.New(errs.Invalid, "TRUSTED_PROXIES: %q is no address", text)
			}
			list[i] = netip.PrefixFrom(addr, addr.BitLen())
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, errs.New(errs.Invalid, "TRUSTED_PROXIES: %q is no range of addresses", text)
		}
		list[i] = prefix
	}
	return list, nil
}

func (a Audit) validate() error {
	if a.NotificationQueue == "" || strings.Contains(a.NotificationQueue, "/") {
		return errs.New(errs.Invalid, "NOTIFICATION_QUEUE_NAME is a name without slashes, not %q", a.NotificationQueue)
	}
	_, err := a.Proxies()
	return err
}
