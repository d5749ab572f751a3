package config

import (
	"fmt"
	"log/slog"
	"math/big"
	"regexp"
	"strconv"
	"time"
)

// Secret is an option that nobody may see. It prints as "[secret]" in every way in
// which Go prints: a configuration can be logged or encoded with its secrets in it.
// The zero value is a secret that was not given.
type Secret struct {
	// A pointer, as package fmt prints the fields of an unexported field without
	// asking for a String method.
	value *string
}

// NewSecret returns a secret, for tests of a driver.
func NewSecret(value string) Secret { return Secret{&value} }

// Reveal returns the secret itself, empty when none was given.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

const hidden = "[secret]"

// String implements fmt.Stringer.
func (Secret) String() string { return hidden }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return hidden }

// MarshalJSON implements json.Marshaler.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// Path is an absolute path of this machine that the plugin needs. Its tag "access"
// says for what; a host that confines the plugin lets it reach that path and what is
// below it. A path to read must be there when the plugin starts, also if it is a
// default; one to write may be a directory that is missing.
type Path string

// Size is a number of bytes. In a configuration it is a whole number, or a text with
// a unit: "64MiB" has 64·2²⁰ bytes and "20G" has 20·10⁹.
type Size int64

// String returns the size in the largest unit that divides it.
func (s Size) String() string {
	n, unit := int64(s), ""
	for _, next := range []string{"KiB", "MiB", "GiB", "TiB", "PiB"} {
		if n == 0 || n%1024 != 0 {
			break
		}
		n, unit = n/1024, next
	}
	return strconv.FormatInt(n, 10) + unit
}

const (
	sizeSyntax     = `^[0-9]{1,19}(\.[0-9]{1,9})?([kKMGTP]i?)?B?$`
	durationSyntax = `^(0|([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+)$`
)

var (
	sizePattern     = regexp.MustCompile(sizeSyntax)
	sizeParts       = regexp.MustCompile(`^([0-9.]+)([kKMGTP]?)(i?)`)
	durationPattern = regexp.MustCompile(durationSyntax)
)

// parseSize reads a text with a unit. What is left of a byte is cut off.
func parseSize(text string) (int64, error) {
	if !sizePattern.MatchString(text) {
		return 0, fmt.Errorf("it must be a number of bytes such as 1048576, 64MiB or 20G")
	}
	parts := sizeParts.FindStringSubmatch(text)
	n, _ := new(big.Rat).SetString(parts[1]) // the pattern allows only what it reads
	base := int64(1000)
	if parts[3] != "" {
		base = 1024
	}
	if parts[2] != "" {
		exponent := map[string]int64{"k": 1, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}[parts[2]]
		unit := new(big.Int).Exp(big.NewInt(base), big.NewInt(exponent), nil)
		n.Mul(n, new(big.Rat).SetInt(unit))
	}
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	if !whole.IsInt64() {
		return 0, fmt.Errorf("it is too large")
	}
	return whole.Int64(), nil
}

// parseDuration reads a duration that is not negative.
func parseDuration(text string) (int64, error) {
	if !durationPattern.MatchString(text) {
		return 0, fmt.Errorf("it must be a duration such as 500ms, 30s or 1h30m")
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("it is too long")
	}
	return int64(d), nil
}
