package cli

import (
	"strings"
	"unicode"
)

// Printable returns text as it may be shown on a terminal, in one line. Some of it comes
// from plugins, and what a terminal takes for a command must not.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		}
		return -1
	}, text)
}
