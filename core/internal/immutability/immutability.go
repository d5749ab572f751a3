// Package immutability decides which tags become immutable when they are made:
// those that a policy of their repository or namespace covers
// (data/model/immutability.py).
package immutability

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Store is what the rules need of the database.
type Store interface {
	ImmutabilityPolicies(ctx context.Context, repo domain.RepositoryID) ([]domain.ImmutabilityPolicy, error)
}

const (
	// MaxPattern is the longest pattern, in characters.
	MaxPattern = 256
	// matchTime bounds one match: patterns are the users' and may backtrack for ever.
	matchTime = time.Second
	// kept is how many compiled patterns are kept.
	kept = 256
)

// Policies answers for the policies of a database. It is safe for concurrent use.
type Policies struct {
	store    Store
	compiled *lru.Cache[string, *regexp2.Regexp]
}

// New makes the rules.
func New(s Store) *Policies {
	c, _ := lru.New[string, *regexp2.Regexp](kept) // the error is about a size below one
	return &Policies{s, c}
}

// Covers reports whether a new tag of a repository is to be immutable. A pattern
// that cannot be read here fails with errs.Unsupported: letting the tag through
// would take away what its owner believes to have.
func (p *Policies) Covers(ctx context.Context, repo domain.RepositoryID, tag string) (bool, error) {
	list, err := p.store.ImmutabilityPolicies(ctx, repo)
	if err != nil {
		return false, err
	}
	for _, policy := range list {
		matches, err := p.matches(policy.Pattern, tag)
		if err != nil {
			return false, errs.Wrap(errs.Unsupported, err, "the pattern of immutability policy %s cannot be evaluated", policy.UUID)
		}
		if matches == policy.Matching {
			return true, nil
		}
	}
	return false, nil
}

// matches reports whether a pattern matches a whole name. One that takes too long
// does not match, as in the product.
func (p *Policies) matches(pattern, tag string) (bool, error) {
	re, ok := p.compiled.Get(pattern)
	if !ok {
		var err error
		if re, err = compile(pattern); err != nil {
			return false, err
		}
		p.compiled.Add(pattern, re)
	}
	matches, err := re.MatchString(tag)
	return matches && err == nil, nil
}

// reference is Python's way to name a group again.
var reference = regexp.MustCompile(`\(\?P=([A-Za-z_][A-Za-z0-9_]*)\)`)

// compile reads a pattern in the syntax of the product, which is Perl's with
// Python's named groups.
func compile(pattern string) (*regexp2.Regexp, error) {
	pattern = reference.ReplaceAllString(pattern, `\k<$1>`)
	if _, err := regexp2.Compile(pattern, regexp2.RE2); err != nil {
		return nil, err // "a)(b" is not made well-formed by what is put around it
	}
	re, err := regexp2.Compile(`\A(?:`+pattern+`)\z`, regexp2.RE2)
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = matchTime
	return re, nil
}

// Validate refuses a pattern that no policy may have, in the product's words.
func Validate(pattern string) error {
	switch {
	case pattern == "":
		return errs.New(errs.Invalid, "tag_pattern is required and must be a non-empty string")
	case utf8.RuneCountInString(pattern) > MaxPattern:
		return errs.New(errs.Invalid, "tag_pattern must be 256 characters or less")
	}
	if _, err := compile(pattern); err != nil {
		return errs.New(errs.Invalid, "Invalid regex pattern: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return nil
}
