package errs_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/quay/quay/sdk/errs"
)

// TestLoggable proves that a log gets the cause of an error, and of its URLs only where
// they lead.
func TestLoggable(t *testing.T) {
	const secret = "5ec2e7"
	cause := errors.New("no route to host")
	get := func(u string) error { return &url.Error{Op: "Get", URL: u, Err: cause} }
	malformed := &url.Error{Op: "parse", URL: "http://[" + secret, Err: errors.New("missing ']' in host " + secret)}
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"nothing", nil, ""},
		{"no URL", cause, "no route to host"},
		{"a signed URL", get("https://bucket.example/x?Signature=" + secret), `Get "https://bucket.example/...": no route to host`},
		{"a password", get("https://u:" + secret + "@example:8443/"), `Get "https://example:8443/...": no route to host`},
		{"a URL without its scheme", get("hooks.example/services/" + secret), `Get "...": no route to host`},
		{"what is no URL", malformed, "parse: this is no URL"},
		{"with a message", errs.Wrap(errs.Unavailable, get("https://a.example/"+secret), "it is down"), `it is down: Get "https://a.example/...": no route to host`},
		{"inside another", fmt.Errorf("part 3: %w", get("https://a.example/"+secret)), `part 3: Get "https://a.example/...": no route to host`},
		{"one of two", errors.Join(cause, get("https://a.example/"+secret)), "no route to host\nGet \"https://a.example/...\": no route to host"},
		{"a redirect", get("https://a.example/"), `Get "https://a.example/...": no route to host`},
		{"one in the other", &url.Error{Op: "Post", URL: "https://a.example/" + secret, Err: get("b/" + secret)}, `Post "https://a.example/...": Get "...": no route to host`},
		{"in a text", fmt.Errorf("s3://bucket/%s and <https://a.example/%s>: gone", secret, secret), "s3://bucket/... and <https://a.example/...>: gone"},
	}
	for _, test := range tests {
		if got := errs.Loggable(test.err); got != test.want || strings.Contains(got, secret) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
