package keys

import (
	"regexp"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// scope is the product's pattern (endpoints/v2/v2auth.py).
var scope = regexp.MustCompile(`\A((?:[.a-zA-Z0-9_\-]+/)*[.a-zA-Z0-9_\-]+):((?:push|pull|\*)(?:,(?:push|pull|\*))*)\z`)

const bearerPrefix = "Bearer "

// ParseBearer returns the token of an Authorization header (util/security/jwtutil.py,
// TOKEN_REGEX). The word has exactly these letters and one blank behind it, blanks
// around it all do not matter, and what is longer than MaxToken is none. Every request
// of a registry client comes by, so that no pattern is matched here.
func ParseBearer(header string) (token string, ok bool) {
	if len(header) > MaxToken {
		return "", false
	}
	token, ok = strings.CutPrefix(strings.TrimSpace(header), bearerPrefix)
	if !ok || !dotted(token) {
		return "", false
	}
	return token, true
}

// dotted tells whether a text is two parts or more with a dot between them, each of
// characters of either base64.
func dotted(text string) bool {
	parts, size := 1, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '.' && size > 0:
			parts, size = parts+1, 0
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '+', c == '-', c == '_', c == '/':
			size++
		default:
			return false
		}
	}
	return parts > 1 && size > 0
}

// Scope is what a client asks for.
type Scope struct {
	// Repository is the name as the client wrote it, without the registry's host: it
	// may lack a namespace.
	Repository string
	// Actions are of push, pull and *, at least one, in the client's order; one may
	// be there twice.
	Actions []string
}

// MaxScope is the longest scope that is looked at, in bytes.
const MaxScope = 4096

// ParseScope reads a scope of a request for a token, for instance
// "repository:acme/web:pull,push". The repository may have the registry's host in
// front of it. What it is not is errs.Invalid with the product's message.
func ParseScope(text, host string) (Scope, error) {
	rest, ok := strings.CutPrefix(text, "repository:")
	var found []string
	if ok && len(text) <= MaxScope {
		found = scope.FindStringSubmatch(strings.TrimPrefix(rest, host+"/"))
	}
	if found == nil {
		return Scope{}, errs.New(errs.Invalid, "Unable to decode repository and actions: %s", text)
	}
	return Scope{Repository: found[1], Actions: strings.Split(found[2], ",")}, nil
}
