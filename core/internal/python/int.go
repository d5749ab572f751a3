package python

import (
	"math/big"
	"strings"
	"unicode"
)

// maxDigits is how many decimal digits int reads (sys.int_info).
const maxDigits = 4300

// ParseInt reads a number of base 10 or 16 as int does: with blanks around it, a sign,
// underscores between digits and digits of any script. It reports false for what is none.
func ParseInt(s string, base int) (*big.Int, bool) {
	s, ok := asciiDigits(s)
	if !ok {
		return nil, false
	}
	s = strings.Trim(s, " \t\n\v\f\r")
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	if base == 16 && len(s) > 1 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		s = strings.TrimPrefix(s[2:], "_")
	}
	digits := strings.ReplaceAll(s, "_", "")
	if digits == "" || s[0] == '_' || s[len(s)-1] == '_' || strings.Contains(s, "__") ||
		digits[0] == '+' || digits[0] == '-' || base == 10 && len(digits) > maxDigits {
		return nil, false
	}
	n, ok := new(big.Int).SetString(digits, base)
	if ok && negative {
		n.Neg(n)
	}
	return n, ok
}

// asciiDigits replaces the digits and blanks of other scripts. A text in ASCII is left
// alone.
func asciiDigits(s string) (string, bool) {
	if isASCII(s) {
		return s, true
	}
	var b strings.Builder
	for _, r := range s {
		switch value, isDigit := decimal(r); {
		case r < unicode.MaxASCII:
			b.WriteByte(byte(r))
		case isDigit:
			b.WriteByte('0' + value)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			return "", false
		}
	}
	return b.String(), true
}

// decimal returns the value of a decimal digit. In Unicode the ten digits of a script
// follow each other.
func decimal(r rune) (byte, bool) {
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10), true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10), true
		}
	}
	return 0, false
}
