// Package dockerversion tells old versions of Docker by their user agents
// (util/registry/dockerver.py).
package dockerversion

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"github.com/quay/quay/sdk/errs"
)

// Version is major, minor and patch.
type Version [3]int

var (
	dotted  = regexp.MustCompile(`docker/([0-9]{1,9})((?:\.[0-9]{1,9}){1,2})`)
	clauses = regexp.MustCompile(`\A(<=|>=|==|!=|<|>)([0-9]{1,9}(?:\.[0-9]{1,9}){0,2})\z`)
)

// old is how Docker 1.5 calls itself when it asks for a token.
const old = "Go 1.1 package http"

// Parse reads the version in a user agent. What has none is of no version of Docker
// that is known, and rather new.
func Parse(userAgent string) (v Version, ok bool) {
	if userAgent == old {
		return Version{1, 5, 0}, true
	}
	m := dotted.FindStringSubmatch(userAgent)
	if m == nil {
		return Version{}, false
	}
	return numbers(m[1] + m[2]), true
}

// numbers reads up to three numbers; those that are missing are zero.
func numbers(s string) (v Version) {
	for i, part := range strings.SplitN(s, ".", len(v)) {
		v[i], _ = strconv.Atoi(part) // at most nine digits
	}
	return v
}

func (v Version) compare(w Version) int {
	return cmp.Or(cmp.Compare(v[0], w[0]), cmp.Compare(v[1], w[1]), cmp.Compare(v[2], w[2]))
}

// Spec is a set of versions. The zero value has none.
type Spec struct{ ranges []span }

// span is the versions from one on up to another, or all others.
type span struct {
	from, to Version
	without  bool
}

// last is above all versions.
var last = Version{1 << 30}

// ParseSpec reads clauses with commas between them, all of which a version has to meet:
// an operator of <, <=, >, >=, == and != and a version, which stands for all that begin
// with it (BLACKLIST_V2_SPEC). An empty text is no version.
func ParseSpec(text string) (Spec, error) {
	var s Spec
	if text == "" {
		return s, nil
	}
	for clause := range strings.SplitSeq(text, ",") {
		m := clauses.FindStringSubmatch(strings.ReplaceAll(clause, " ", ""))
		if m == nil {
			return Spec{}, errs.New(errs.Invalid, "%q is no set of versions: write it as <1.6.0 or >=1.0,<1.6", text)
		}
		from := numbers(m[2])
		to := from
		to[strings.Count(m[2], ".")]++
		s.ranges = append(s.ranges, map[string]span{
			"<": {to: from}, "<=": {to: to}, ">": {from: to, to: last}, ">=": {from: from, to: last},
			"==": {from: from, to: to}, "!=": {from: from, to: to, without: true},
		}[m[1]])
	}
	return s, nil
}

// Has reports whether a version is in the set.
func (s Spec) Has(v Version) bool {
	for _, r := range s.ranges {
		if inside := v.compare(r.from) >= 0 && v.compare(r.to) < 0; inside == r.without {
			return false
		}
	}
	return len(s.ranges) > 0
}
