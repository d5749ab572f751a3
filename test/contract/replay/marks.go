package replay

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Bindings are the values that marks have met so far in one case, by name.
type Bindings map[string]any

func (b Bindings) clone() Bindings { return maps.Clone(b) }

// kinds say what a mark {{kind:name}} accepts.
var kinds = map[string]string{
	"uuid": `[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`,
	"jwt":  `eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+`,
	"time": `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d (?:GMT|-0000|\+0000)` +
		`|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?`,
	"date":  `\d{4}-\d\d-\d\d`,
	"int":   `-?\d+`,
	"hex":   `[0-9a-f]+`,
	"token": `[A-Za-z0-9_\-+/=.~%$:!]+`,
	"any":   `[\s\S]*`,
}

var (
	mark      = regexp.MustCompile(`\{\{(\w+):(\w+)\}\}`)
	wholeMark = regexp.MustCompile(`^\{\{(\w+):(\w+)\}\}$`)
	reference = regexp.MustCompile(`\{\{(\w+)\}\}`)
	nearNow   = regexp.MustCompile(`\{\{(epoch|epochms|iso|usdate)([+-]\d+)\}\}`)
)

// match compares a text with an expected one that has marks, and binds those that it
// meets for the first time.
func (b Bindings) match(want, got string) (bool, error) {
	var pattern strings.Builder
	var names []string
	last := 0
	pattern.WriteString(`(?s)\A`)
	for _, at := range mark.FindAllStringSubmatchIndex(want, -1) {
		pattern.WriteString(regexp.QuoteMeta(want[last:at[0]]))
		kind, name := want[at[2]:at[3]], want[at[4]:at[5]]
		last = at[1]
		if value, ok := b[name]; ok {
			pattern.WriteString(regexp.QuoteMeta(text(value)))
			continue
		}
		accepted, ok := kinds[kind]
		if !ok {
			return false, fmt.Errorf("there is no mark of the kind %q", kind)
		}
		pattern.WriteString("(" + accepted + ")")
		names = append(names, name)
	}
	pattern.WriteString(regexp.QuoteMeta(want[last:]) + `\z`)
	re, err := regexp.Compile(pattern.String())
	if err != nil {
		return false, err
	}
	found := re.FindStringSubmatch(got)
	if found == nil {
		return false, nil
	}
	// A name that stands twice in one text has to be the same in both places.
	bound := map[string]string{}
	for i, name := range names {
		if value, again := bound[name]; again && value != found[i+1] {
			return false, nil
		}
		bound[name] = found[i+1]
	}
	for name, value := range bound {
		b[name] = value
	}
	return true, nil
}

// fill puts bound values into the {{name}} of a request, and times near now into its
// {{epoch+N}}.
func (b Bindings) fill(s string) string {
	return b.fillWith(s, func(value string) string { return value })
}

// fillJSON does so inside the strings of a JSON text.
func (b Bindings) fillJSON(raw json.RawMessage) []byte {
	return []byte(b.fillWith(string(raw), func(value string) string {
		quoted := encoded(value)
		return quoted[1 : len(quoted)-1]
	}))
}

func (b Bindings) fillWith(s string, escape func(string) string) string {
	if !strings.Contains(s, "{{") {
		return s
	}
	s = nearNow.ReplaceAllStringFunc(s, func(m string) string {
		parts := nearNow.FindStringSubmatch(m)
		seconds, err := strconv.Atoi(parts[2])
		if err != nil {
			return m
		}
		return when(parts[1], time.Now().Add(time.Duration(seconds)*time.Second).UTC())
	})
	return reference.ReplaceAllStringFunc(s, func(m string) string {
		value, ok := b[m[2:len(m)-2]]
		if !ok {
			return m
		}
		return escape(text(value))
	})
}

// when writes a time in the form that a request wants it in.
func when(form string, t time.Time) string {
	switch form {
	case "iso":
		return t.Format("2006-01-02T15:04:05Z")
	case "usdate":
		return t.Format("01/02/2006")
	case "epochms":
		return strconv.FormatInt(t.UnixMilli(), 10)
	default:
		return strconv.FormatInt(t.Unix(), 10)
	}
}
