package oauth

import (
	"net/url"
	"strings"
)

// RedirectAllowed reports whether a client may have its users sent to a URI: it is the
// registry's own page for tokens (internal), or scheme and authority are those that the
// application registered, and its path begins with the registered one. What could lead
// elsewhere from there is refused: a user in the authority, "..", "@", and escapes
// behind the registered path.
//
// URIs with blanks or control characters are refused, too. Python drops some of them
// before it compares, and browsers others.
func RedirectAllowed(internal, registered, provided string) bool {
	if provided == "" {
		return false
	}
	if provided == internal {
		return true
	}
	if registered == "" || !plain(provided) {
		return false
	}
	want, got := splitURI(registered), splitURI(provided)
	if want.scheme != got.scheme || want.authority != got.authority || strings.Contains(got.authority, "@") {
		return false
	}
	if decoded := unescape(got.path, false); strings.Contains(decoded, "..") || strings.Contains(got.path, "@") {
		return false
	}
	rest, below := strings.CutPrefix(got.path, want.path)
	return below && !strings.Contains(rest, "%")
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

// uri is a URI in the parts that Python's urlparse makes; nothing is decoded.
type uri struct {
	scheme, authority, path, params, query, fragment string
}

// splitURI splits a URI as Python's urlparse does. Package net/url refuses, decodes and
// rewrites, and what is compared here must be what the browser will be sent.
func splitURI(s string) uri {
	var u uri
	if scheme, rest, found := strings.Cut(s, ":"); found && isScheme(scheme) {
		u.scheme, s = strings.ToLower(scheme), rest
	}
	if strings.HasPrefix(s, "//") {
		end := strings.IndexAny(s[2:], "/?#")
		if end < 0 {
			end = len(s) - 2
		}
		u.authority, s = s[2:2+end], s[2+end:]
	}
	s, u.fragment, _ = strings.Cut(s, "#")
	u.path, u.query, _ = strings.Cut(s, "?")
	if hasParams(u.scheme) {
		last := strings.LastIndexByte(u.path, '/') + 1
		if semicolon := strings.IndexByte(u.path[last:], ';'); semicolon >= 0 {
			u.path, u.params = u.path[:last+semicolon], u.path[last+semicolon+1:]
		}
	}
	return u
}

func (u uri) String() string {
	var b strings.Builder
	if u.scheme != "" {
		b.WriteString(u.scheme + ":")
	}
	if u.authority != "" {
		b.WriteString("//" + u.authority)
		if u.path != "" && u.path[0] != '/' {
			b.WriteByte('/')
		}
	}
	b.WriteString(u.path)
	for _, part := range []struct{ mark, text string }{{";", u.params}, {"?", u.query}, {"#", u.fragment}} {
		if part.text != "" {
			b.WriteString(part.mark + part.text)
		}
	}
	return b.String()
}

func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return s != ""
}

// hasParams reports whether Python splits what is behind a semicolon from the path. (It
// does so for some other schemes that nobody redirects to.)
func hasParams(scheme string) bool { return scheme == "" || scheme == "http" || scheme == "https" }

// unescape decodes what is a whole escape and leaves the rest alone; blanks also when
// they are written "+". What is no UTF-8 is replaced.
func unescape(s string, plus bool) string {
	if plus {
		s = strings.ReplaceAll(s, "+", " ")
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := url.PathUnescape(s[i : i+3]); err == nil {
				b.WriteString(c)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}
