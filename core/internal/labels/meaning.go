package labels

import (
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Keys that change the tags of a manifest (data/registry_model/label_handlers.py).
const (
	ExpiresAfter = "quay.expires-after"
	Immutable    = "quay.immutable"
)

// maxKey is the longest key that the database takes, in characters.
const maxKey = 255

// Lifetime is how many seconds tags live by a manifest's labels; zero is for ever. A
// value that cannot be read changes nothing.
func Lifetime(labels map[string]string) int64 {
	seconds, err := ParseLifetime(labels[ExpiresAfter])
	if err != nil {
		return 0
	}
	return seconds
}

// MakesImmutable reports whether a manifest's labels make its tags immutable.
func MakesImmutable(labels map[string]string) bool { return truth(labels[Immutable]) == "true" }

func truth(value string) string { return strings.ToLower(strings.TrimSpace(value)) }

// units of durations in seconds, by their letters.
var units = map[byte]int64{'s': 1, 'm': 60, 'h': 3600, 'd': day, 'w': 7 * day, 'y': 365 * day}

const (
	day = 24 * 3600
	// maxSeconds is the longest duration that Python can hold: a billion days but one, of
	// which a time.Duration holds the ten-thousandth part.
	maxSeconds = 999_999_999 * day
)

// ParseLifetime reads a number with one of the units s, m, h, d, w and y, the number as
// Python reads it: "2w", "-1h", " 1_000s" (util/timedeltastring.py). It returns seconds.
func ParseLifetime(s string) (int64, error) {
	malformed := errs.New(errs.Invalid, "%q is not a duration", s)
	if s == "" {
		return 0, malformed
	}
	unit, known := units[s[len(s)-1]]
	digits := strings.TrimSpace(s[:len(s)-1])
	if !known || !pythonDigits(digits) {
		return 0, malformed
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(digits, "_", ""), 10, 64)
	if err != nil || n > maxSeconds/unit || n < -maxSeconds/unit {
		return 0, malformed
	}
	return n * unit, nil
}

// ParseDuration is ParseLifetime for what a time.Duration can hold, 292 years.
func ParseDuration(s string) (time.Duration, error) {
	seconds, err := ParseLifetime(s)
	if err == nil && max(seconds, -seconds) > math.MaxInt64/int64(time.Second) {
		err = errs.New(errs.Invalid, "%q is longer than 292 years", s)
	}
	return time.Duration(seconds) * time.Second, err
}

// pythonDigits reports whether s is an integer of Python's: digits after a sign or
// none, with single underscores between them.
func pythonDigits(s string) bool {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	digit := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digit = true
		case c == '_' && digit:
			digit = false
		default:
			return false
		}
	}
	return digit
}

// ValidKey reports whether clients may use a key: up to 255 of [a-z0-9], separated
// by single "." or "-" (util/validation.py).
func ValidKey(key string) bool {
	if key == "" || len(key) > maxKey {
		return false
	}
	alnum := false
	for i := range len(key) {
		switch c := key[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			alnum = true
		case (c == '.' || c == '-') && alnum:
			alnum = false
		default:
			return false
		}
	}
	return alnum
}

// mediaTypeOf is the media type of a value of which nobody says what it is.
func mediaTypeOf(value string) string {
	object := strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}")
	list := strings.HasPrefix(value, "[") && strings.HasSuffix(value, "]")
	if (object || list) && json.Valid([]byte(value)) {
		return domain.LabelJSON
	}
	return domain.LabelText
}

// FromManifest makes the rows of the labels that a manifest brings. Keys need not be
// ValidKey; those that the database cannot hold, and values that it cannot, are left
// out.
func FromManifest(labels map[string]string) []domain.Label {
	list := make([]domain.Label, 0, len(labels))
	for key, value := range labels {
		if key == "" || utf8.RuneCountInString(key) > maxKey || strings.ContainsRune(key+value, 0) ||
			!utf8.ValidString(key+value) {
			continue
		}
		list = append(list, domain.Label{
			Key: key, Value: value, MediaType: mediaTypeOf(value), Source: domain.LabelFromManifest,
		})
	}
	slices.SortFunc(list, func(a, b domain.Label) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// Reader reads labels.
type Reader interface {
	Labels(ctx context.Context, manifest domain.ManifestID, prefix, after string, limit int) ([]domain.Label, error)
	ChildLabels(ctx context.Context, index domain.ManifestID) ([]map[string]string, error)
}

// most is how many labels of one manifest are looked at.
const most = 1000

// Effective returns the labels that count for tags of a stored manifest: its own
// and, where it is an index, those that all of its manifests have
// (data/registry_model/registry_oci_model.py, _get_expiry_label_for_manifest).
func Effective(ctx context.Context, s Reader, id domain.ManifestID) (map[string]string, error) {
	own, err := Own(ctx, s, id)
	if err != nil {
		return nil, err
	}
	_, expires := own[ExpiresAfter]
	_, immutable := own[Immutable]
	if expires && immutable {
		return own, nil
	}
	children, err := s.ChildLabels(ctx, id)
	if err != nil {
		return nil, err
	}
	shared := Shared(children)
	for key, value := range own {
		shared[key] = value
	}
	return shared, nil
}

// Own returns those of a stored manifest's own labels that count for its tags.
func Own(ctx context.Context, s Reader, id domain.ManifestID) (map[string]string, error) {
	list, err := s.Labels(ctx, id, "quay.", "", most)
	if err != nil {
		return nil, err
	}
	own := make(map[string]string)
	for _, l := range list {
		if _, twice := own[l.Key]; !twice && (l.Key == ExpiresAfter || l.Key == Immutable) {
			own[l.Key] = l.Value
		}
	}
	return own, nil
}

// Shared returns the labels that count for tags and that all have, with one value.
func Shared(all []map[string]string) map[string]string {
	shared := make(map[string]string)
	if len(all) == 0 {
		return shared
	}
	for _, key := range []string{ExpiresAfter, Immutable} {
		value, everywhere := normal(key, all[0])
		for _, labels := range all[1:] {
			v, has := normal(key, labels)
			everywhere = everywhere && has && v == value
		}
		if everywhere {
			shared[key] = value
		}
	}
	return shared
}

func normal(key string, labels map[string]string) (string, bool) {
	value, has := labels[key]
	if key == Immutable {
		value = truth(value)
	}
	return value, has
}
