package python

import "encoding/base64"

// DecodeBase64 reads the standard alphabet as Python does by default: it skips whatever
// is not of the alphabet, and stops where padding completes a group of four. Values that
// clients send back come with line breaks and blanks from where they were copied. It
// reports false for a text outside ASCII, missing padding and a single character left
// over.
func DecodeBase64(s string) ([]byte, bool) {
	if len(s)%4 == 0 { // what a program wrote
		if b, err := base64.StdEncoding.DecodeString(s); err == nil {
			return b, true
		}
	}
	return decodeLax(s, '+', '/')
}

// DecodeBase64URL reads the URL-safe alphabet, without or with padding, as PyJWT does.
// The standard alphabet's two characters are read, too.
func DecodeBase64URL(s string) ([]byte, bool) {
	if rest := len(s) % 4; rest != 0 {
		s += "===="[rest:]
	}
	return decodeLax(s, '-', '_')
}

func decodeLax(s string, sixtyTwo, sixtyThree byte) ([]byte, bool) {
	if !isASCII(s) {
		return nil, false
	}
	out := make([]byte, 0, len(s)/4*3+3)
	var group uint32
	have, padding := 0, 0 // characters of this group
	for i := range len(s) {
		if s[i] == '=' {
			if padding++; have >= 2 && have+padding >= 4 {
				return appendRest(out, group, have), true
			}
			continue
		}
		v := base64Value(s[i], sixtyTwo, sixtyThree)
		if v < 0 {
			continue
		}
		group, have, padding = group<<6|uint32(v), have+1, 0
		if have == 4 {
			out = append(out, byte(group>>16), byte(group>>8), byte(group))
			group, have = 0, 0
		}
	}
	return out, have == 0
}

// appendRest appends the whole bytes of a group that padding ended.
func appendRest(out []byte, group uint32, have int) []byte {
	if have == 2 {
		return append(out, byte(group>>4))
	}
	return append(out, byte(group>>10), byte(group>>2))
}

func base64Value(c, sixtyTwo, sixtyThree byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == sixtyTwo || c == '+':
		return 62
	case c == sixtyThree || c == '/':
		return 63
	}
	return -1
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] > 0x7f {
			return false
		}
	}
	return true
}
