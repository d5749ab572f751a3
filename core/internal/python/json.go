package python

import "fmt"

// JSONString writes a string as json.dumps does: in ASCII, and "<" as it is. What is no
// UTF-8 becomes U+FFFD. Whole values are package pyjson's.
func JSONString(s string) string { return string(AppendJSONString(nil, s)) }

// AppendJSONString is JSONString for who writes more than one.
func AppendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r >= ' ' && r <= '~':
			dst = append(dst, byte(r))
		case r >= '\b' && r <= '\r' && r != '\v':
			dst = append(dst, '\\', "btn\x00fr"[r-'\b'])
		case r > 0xffff:
			high, low := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			dst = fmt.Appendf(dst, `\u%04x\u%04x`, high, low)
		default:
			dst = fmt.Appendf(dst, `\u%04x`, r)
		}
	}
	return append(dst, '"')
}
