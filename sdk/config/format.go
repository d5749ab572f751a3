package config

import (
	"net/mail"
	"net/url"
	"regexp"
)

var hostname = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$`)

// formats are what the tag format may say. They have the names of JSON Schema.
var formats = map[string]struct {
	what  string
	check func(string) bool
}{
	"uri": {"a URL with a scheme and a host, such as https://example.com", func(s string) bool {
		u, err := url.Parse(s)
		return err == nil && u.Scheme != "" && u.Host != ""
	}},
	"hostname": {"the name of a host, such as example.com", func(s string) bool {
		return len(s) <= 253 && hostname.MatchString(s)
	}},
	"email": {"an address such as registry@example.com", func(s string) bool {
		a, err := mail.ParseAddress(s)
		return err == nil && a.Address == s
	}},
}
