package auth

import (
	"encoding/json"
	"net/url"

	"github.com/quay/quay/sdk/errs"
	"github.com/quay/quay/sdk/internal/bounds"
)

// Largest sizes, in bytes where nothing else is said. The host and the SDK refuse
// what exceeds them.
const (
	MaxUsernameBytes   = 1024 // of what a person types
	MaxPasswordBytes   = 4096
	MaxTokenBytes      = 64 << 10
	MaxQueryBytes      = 1024
	MaxNameBytes       = 255 // of a subject, a user name, an address, a name or a group
	MaxUserGroups      = 5000
	MaxSearch          = 100 // users
	MaxGroupBytes      = 16 << 10
	MaxStateBytes      = 1024
	MaxURLBytes        = 8 << 10
	MaxSessionBytes    = 4 << 10
	MaxParametersBytes = 64 << 10
	MaxServiceBytes    = 64
	MaxMetadataBytes   = 16 << 10
)

// CheckService returns errs.Invalid unless name can be the Service of an Info: lower
// case letters, digits and "_", beginning with a letter.
func CheckService(name string) error {
	if name == "" || len(name) > MaxServiceBytes {
		return errs.New(errs.Invalid, "the service's name has %d bytes, it must have 1 to %d", len(name), MaxServiceBytes)
	}
	for i := range len(name) {
		c := name[i]
		if !('a' <= c && c <= 'z' || i > 0 && ('0' <= c && c <= '9' || c == '_')) {
			return errs.New(errs.Invalid, "the service's name %q has other characters than lower case letters, digits and _", name)
		}
	}
	return nil
}

// CheckInfo returns errs.Invalid unless info is as its fields say.
func CheckInfo(info Info) error {
	size := 0
	for key, value := range info.Metadata {
		size += len(key) + len(value)
	}
	if size > MaxMetadataBytes {
		return errs.New(errs.Invalid, "the metadata have %d bytes, more than %d", size, MaxMetadataBytes)
	}
	if err := bounds.Line(bounds.Text{What: "the title", Value: info.Title, Limit: MaxNameBytes}); err != nil {
		return err
	}
	return CheckService(info.Service)
}

// CheckUser returns errs.Invalid unless u is as its fields say. The SDK checks every
// user that a driver returns, the host every user that a plugin sends.
func CheckUser(u User) error {
	if u.Subject == "" || u.Username == "" {
		return errs.New(errs.Invalid, "a user has no subject or no user name")
	}
	if len(u.Groups) > MaxUserGroups {
		return errs.New(errs.Invalid, "a user has %d groups, more than %d", len(u.Groups), MaxUserGroups)
	}
	texts := []bounds.Text{
		{What: "a user's subject", Value: u.Subject, Limit: MaxNameBytes},
		{What: "a user's name", Value: u.Username, Limit: MaxNameBytes},
		{What: "a user's e-mail address", Value: u.Email, Limit: MaxNameBytes},
		{What: "a user's full name", Value: u.FullName, Limit: MaxNameBytes},
		{What: "a user's given name", Value: u.GivenName, Limit: MaxNameBytes},
		{What: "a user's family name", Value: u.FamilyName, Limit: MaxNameBytes},
	}
	for _, group := range u.Groups {
		texts = append(texts, bounds.Text{What: "the name of a user's group", Value: group, Limit: MaxNameBytes})
	}
	return bounds.Line(texts...)
}

// CheckGroup returns errs.Invalid unless group is a JSON object of a good size.
func CheckGroup(group Group) error {
	return bounds.Object("the group", group, MaxGroupBytes)
}

// CheckRedirect returns errs.Invalid unless r is as its fields say.
func CheckRedirect(r Redirect) error {
	if err := bounds.Line(bounds.Text{What: "the address of the login", Value: r.URL, Limit: MaxURLBytes}); err != nil {
		return err
	}
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errs.New(errs.Invalid, "the address of the login is not an absolute http or https URL")
	}
	return CheckSession(r.Session)
}

// CheckSession returns errs.Invalid unless session is nil or a JSON object of a good
// size.
func CheckSession(session json.RawMessage) error {
	if len(session) == 0 {
		return nil
	}
	return bounds.Object("the session of the login", session, MaxSessionBytes)
}
