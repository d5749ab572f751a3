package replay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// contractHeaders are part of the contract: none of them comes unless it was recorded.
// Others are compared where they were recorded, and otherwise may come or not.
var contractHeaders = map[string]bool{
	"location": true, "link": true, "range": true, "etag": true, "allow": true,
	"accept-ranges": true, "content-range": true, "content-disposition": true,
	"retry-after": true, "deprecation": true, "www-authenticate": true,
	"docker-content-digest": true, "docker-upload-uuid": true, "docker-distribution-api-version": true,
	"oci-subject": true, "oci-filters-applied": true, "oci-chunk-min-length": true,
	"x-docker-token": true, "x-docker-endpoints": true, "x-docker-checksum": true, "x-docker-size": true,
	"x-docker-payload-checksum": true, "x-docker-registry-version": true, "x-docker-registry-config": true,
	"x-next-csrf-token": true, "x-frame-options": true, "content-security-policy": true,
	"access-control-allow-origin": true, "access-control-allow-methods": true,
	"access-control-allow-headers": true, "access-control-allow-credentials": true,
}

// longestText is how many characters of a text are compared as text; of a longer one it
// is the digest.
const longestText = 65536

// compareResponse compares everything of an answer but its status.
func (b Bindings) compareResponse(want *Expect, got *exchange) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(want.Headers)) {
		value, ok := got.headers[name]
		if !ok {
			lines = append(lines, fmt.Sprintf("header %s: missing (want %s)", name, short(want.Headers[name])))
			continue
		}
		lines = append(lines, b.compareText("header "+name, canonical(name, want.Headers[name]), canonical(name, value))...)
	}
	for _, name := range slices.Sorted(maps.Keys(got.headers)) {
		if _, ok := want.Headers[name]; !ok && contractHeaders[name] {
			lines = append(lines, fmt.Sprintf("header %s: unexpected (%s)", name, short(got.headers[name])))
		}
	}
	if want.Body == nil || want.Body["html"] == true {
		return lines
	}
	return append(lines, b.compare("body", want.Body, got.decoded())...)
}

// canonical is the value of a header without what makes no difference.
func canonical(name, value string) string {
	switch name {
	case "content-type":
		return strings.ReplaceAll(strings.ToLower(value), " ", "")
	case "allow", "access-control-allow-methods", "access-control-allow-headers":
		return set(value)
	}
	return value
}

// decoded is a body as it is compared: JSON where it is JSON, a text where it is one,
// and otherwise a digest.
func (e *exchange) decoded() map[string]any {
	if len(e.body) == 0 {
		return map[string]any{"empty": true}
	}
	mediaType, _, _ := strings.Cut(e.headers["content-type"], ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	if strings.HasSuffix(mediaType, "json") || strings.HasSuffix(mediaType, "prettyjws") {
		if v, err := decode(e.body); err == nil {
			return map[string]any{"json": v}
		}
	}
	if mediaType == "text/html" {
		return map[string]any{"html": true}
	}
	if utf8.Valid(e.body) && utf8.RuneCount(e.body) <= longestText {
		return map[string]any{"text": string(e.body)}
	}
	sum := sha256.Sum256(e.body)
	return map[string]any{"sha256": hex.EncodeToString(sum[:]), "length": int64(len(e.body))}
}
