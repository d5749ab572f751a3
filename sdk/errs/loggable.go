package errs

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Loggable returns the text of err, with its causes, for a log: of each URL in it only
// the scheme and the host are left. The rest may be as good as a password, as in the
// address of a webhook or a signed URL, and errors of net/http have all of it. It is
// empty for a nil err.
func Loggable(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	// First what net/http names, since that may be no URL that can be recognised.
	for _, u := range urlErrors(err, nil) {
		text = strings.ReplaceAll(text, u.Error(), urlError(u))
	}
	return anyURL.ReplaceAllStringFunc(text, host)
}

// urlErrors appends the *url.Errors in the tree of err, the outer ones first.
func urlErrors(err error, found []*url.Error) []*url.Error {
	if u, ok := err.(*url.Error); ok { //nolint:errorlint // The tree is walked here.
		found = append(found, u)
	}
	switch wrapper := err.(type) { //nolint:errorlint // As above.
	case interface{ Unwrap() error }:
		if inner := wrapper.Unwrap(); inner != nil {
			found = urlErrors(inner, found)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range wrapper.Unwrap() {
			found = urlErrors(inner, found)
		}
	}
	return found
}

// urlError is the text of an error with no more of its URL than the host.
func urlError(u *url.Error) string {
	if u.Op == "parse" {
		return "parse: this is no URL" // What it is the inner error would tell.
	}
	return u.Op + " " + strconv.Quote(host(u.URL)) + ": " + Loggable(u.Err)
}

// anyURL finds absolute URLs in a text.
var anyURL = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>]+`)

// host is a URL of which only the scheme and the host are left.
func host(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "..."
	}
	return u.Scheme + "://" + u.Host + "/..."
}
