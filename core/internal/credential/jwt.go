package credential

import (
	"encoding/json"
	"strings"

	"github.com/quay/quay/core/internal/python"
)

// IsJWT reports whether a password is meant as a JSON Web Token: it has three parts and
// a header whose typ is "jwt" or "at+jwt" in any case (util/security/jwtutil.py). A
// token without typ is a static password. Nothing is verified here.
func IsJWT(password string) bool {
	head, rest, found := strings.Cut(password, ".")
	payload, signature, whole := strings.Cut(rest, ".")
	if !found || !whole || strings.Contains(signature, ".") {
		return false
	}
	raw, ok := python.DecodeBase64URL(head)
	if !ok {
		return false
	}
	for _, part := range []string{payload, signature} {
		if _, ok := python.DecodeBase64URL(part); !ok {
			return false
		}
	}
	var header map[string]json.RawMessage
	var typ string
	if json.Unmarshal(raw, &header) != nil || json.Unmarshal(header["typ"], &typ) != nil {
		return false
	}
	return strings.EqualFold(typ, "jwt") || strings.EqualFold(typ, "at+jwt")
}
