package httpd

import (
	"net/http"
	"net/netip"
	"testing"
)

// TestClientIP proves whose address a request is said to come from, and that nobody who
// is not trusted can say that it is another's.
func TestClientIP(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	for name, tc := range map[string]struct {
		remote    string
		forwarded []string
		want      string
	}{
		"direct":                 {"192.0.2.1:4000", nil, "192.0.2.1"},
		"IPv6":                   {"[2001:4860::1]:4000", nil, "2001:4860::1"},
		"mapped":                 {"[::ffff:192.0.2.1]:4000", nil, "192.0.2.1"},
		"zone":                   {"[fe80::1%eth0]:4000", nil, "fe80::1"},
		"claimed by the client":  {"192.0.2.1:4000", []string{"198.51.100.7"}, "192.0.2.1"},
		"through a proxy":        {"10.1.1.1:80", []string{"198.51.100.7"}, "198.51.100.7"},
		"through two":            {"10.1.1.1:80", []string{"198.51.100.7, 10.2.2.2"}, "198.51.100.7"},
		"two headers":            {"[2001:db8::1]:80", []string{"198.51.100.7", "2001:db8::5"}, "198.51.100.7"},
		"a client that lies":     {"10.1.1.1:80", []string{"203.0.113.9, 198.51.100.7"}, "198.51.100.7"},
		"only proxies":           {"10.1.1.1:80", []string{"10.2.2.2,10.3.3.3"}, "10.2.2.2"},
		"nothing of a proxy":     {"10.1.1.1:80", nil, "10.1.1.1"},
		"nonsense":               {"10.1.1.1:80", []string{"198.51.100.7, unknown"}, "10.1.1.1"},
		"nonsense behind a hop":  {"10.1.1.1:80", []string{"unknown, 198.51.100.7"}, "198.51.100.7"},
		"forwarded and mapped":   {"10.1.1.1:80", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		"not an address at all":  {"@", nil, ""},
		"a port in the header":   {"10.1.1.1:80", []string{"198.51.100.7:99"}, "10.1.1.1"},
		"a proxy that is mapped": {"[::ffff:10.1.1.1]:80", []string{"198.51.100.7"}, "198.51.100.7"},
	} {
		r := &http.Request{RemoteAddr: tc.remote, Header: http.Header{"X-Forwarded-For": tc.forwarded}}
		if got := ClientIP(r, trusted); got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
		if got := ClientIP(r, nil); len(tc.forwarded) > 0 && got == tc.want && name != "only proxies" && got != "10.1.1.1" && got != "192.0.2.1" {
			t.Errorf("%s: nobody is trusted, and still it is %q", name, got)
		}
	}
}
