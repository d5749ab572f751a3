package v2

import (
	"strconv"
	"strings"
)

// accepts reports whether the Accept headers of a request name a media type. As the
// product it knows no wildcards and does not weigh: what is named with any q from 0 to 1
// is accepted, and what has other parameters is another type (werkzeug, MIMEAccept;
// endpoints/v2/manifest.py). It allocates nothing.
func accepts(headers []string, mediaType string) bool {
	for _, header := range headers {
		for header != "" {
			var item string
			item, header = cutUnquoted(header, ',')
			name, parameters := cutUnquoted(item, ';')
			if strings.EqualFold(strings.TrimSpace(name), mediaType) && onlyQuality(parameters) {
				return true
			}
		}
	}
	return false
}

// onlyQuality reports whether parameters are none but a valid q.
func onlyQuality(parameters string) bool {
	for parameters != "" {
		var p string
		p, parameters = cutUnquoted(parameters, ';')
		name, value, assigned := strings.Cut(p, "=")
		if !assigned {
			continue // it says nothing
		}
		if !strings.EqualFold(strings.TrimSpace(name), "q") || !quality(strings.Trim(value, ` "`)) {
			return false
		}
	}
	return true
}

// quality reports whether s is a number from 0 to 1, digits on both sides of its point.
func quality(s string) bool {
	for i := range len(s) {
		digit := s[i] >= '0' && s[i] <= '9'
		if !digit && (s[i] != '.' || i == 0 || i == len(s)-1) {
			return false
		}
	}
	q, err := strconv.ParseFloat(s, 64)
	return err == nil && q >= 0 && q <= 1
}

// cutUnquoted cuts s around the first separator that is not in a quoted string.
func cutUnquoted(s string, separator byte) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == separator && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}
