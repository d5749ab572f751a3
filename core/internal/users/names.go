package users

import (
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Reasons of refused values.
const (
	ReasonInvalidName     = "invalid_username"
	ReasonInvalidEmail    = "invalid_email"
	ReasonInvalidPassword = "invalid_password"
)

// Limits of what an account consists of (util/validation.py), in characters.
const (
	minName     = 2
	maxEmail    = 254
	minPassword = 8
)

const nameExpression = `^([a-z0-9]+(?:[._-][a-z0-9]+)*)$`

var namePattern = regexp.MustCompile(nameExpression)

// NameIssue says what is wrong with the name of an account, of a robot inside its
// namespace, or of a team; it is empty for a good name.
func NameIssue(name string) string {
	switch {
	case domain.ValidNamespace(name):
		return ""
	case namePattern.MatchString(name):
		return "Namespace must be between 2 and 255 characters in length"
	}
	return "Namespace must match expression " + nameExpression
}

// CheckName refuses a malformed name of an account with errs.Invalid.
func CheckName(name string) error {
	if issue := NameIssue(name); issue != "" {
		return &errs.Error{Kind: errs.Invalid, Reason: ReasonInvalidName, Message: "Invalid namespace " + name + ": " + issue}
	}
	return nil
}

// ValidEmail reports whether s looks like an address: one "@", and a domain of at least
// two labels. Only a mail that arrives tells more.
func ValidEmail(s string) bool {
	local, host, found := strings.Cut(s, "@")
	if !found || local == "" || strings.Contains(host, "@") || utf8.RuneCountInString(s) > maxEmail {
		return false
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" {
			return false
		}
	}
	return len(labels) >= 2
}

// CheckEmail refuses what is no address with errs.Invalid.
func CheckEmail(email string) error {
	if !ValidEmail(email) {
		return &errs.Error{Kind: errs.Invalid, Reason: ReasonInvalidEmail, Message: "Invalid email address: " + email}
	}
	return nil
}

// ErrPassword is the error about a password that is too short or has blanks.
var ErrPassword = &errs.Error{
	Kind: errs.Invalid, Reason: ReasonInvalidPassword,
	Message: "Invalid password, password must be at least 8 characters and contain no whitespace.",
}

// CheckPassword refuses a new password that is too short or has blanks.
func CheckPassword(password string) error {
	if utf8.RuneCountInString(password) < minPassword || strings.ContainsFunc(password, isSpace) {
		return ErrPassword
	}
	return nil
}

// isSpace is what Python's expressions call a blank: four separators of files and
// records among them.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

var (
	notInName = regexp.MustCompile(`[^a-z0-9_-]`)
	separated = regexp.MustCompile(`[_-]{2,}`)
)

// fillers are what is appended to a name that is taken or too short, in this order.
const fillers = "0123456789abcdefghijklmnopqrstuvwxyz"

// Suggest yields valid names for somebody whom another service calls by a name of any
// form: first the name in ASCII, then with ever more characters behind it
// (util/validation.py, generate_valid_usernames). The product also yields some that are
// no valid names, with separators side by side or at the end; these it cannot use.
func Suggest(name string) iter.Seq[string] {
	prefix := strings.ToLower(strings.TrimFunc(unidecode.Unidecode(name), isSpace))
	prefix = notInName.ReplaceAllString(prefix, "_")
	prefix = separated.ReplaceAllStringFunc(prefix[:min(len(prefix), domain.MaxNamespace)], func(run string) string { return run[:1] })
	prefix = strings.Trim(prefix, "_")
	prefix = strings.TrimLeft(prefix, "-")
	if len(prefix) == domain.MaxNamespace { // nothing can follow a separator at the end
		prefix = strings.TrimRight(prefix, "_-")
	}
	return func(yield func(string) bool) {
		for n := max(0, minName-len(prefix)); n+len(prefix) <= domain.MaxNamespace; n++ {
			if !fill(prefix, n, yield) {
				return
			}
		}
	}
}

// fill yields the valid names of a prefix and n more characters. It reports false when
// nobody wants more.
func fill(prefix string, n int, yield func(string) bool) bool {
	if n == 0 {
		return !domain.ValidNamespace(prefix) || yield(prefix)
	}
	for i := range fillers {
		if !fill(prefix+fillers[i:i+1], n-1, yield) {
			return false
		}
	}
	return true
}
