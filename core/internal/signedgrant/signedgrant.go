// Package signedgrant makes and reads the signed grants of /v1: what a client may do in a
// repository, without asking the database again (auth/signedgrant.py).
package signedgrant

import (
	"strings"
	"time"

	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/session"
	"github.com/quay/quay/sdk/errs"
)

// Role is what a grant gives in its repository. Each includes those before it.
type Role string

// The roles of a repository.
const (
	Read  Role = "read"
	Write Role = "write"
	Admin Role = "admin"
)

// Grant is a role in a repository.
type Grant struct {
	Namespace, Repository string
	Role                  Role
}

// Content is what was signed.
type Content struct {
	Grants []Grant
	// User is the account's name, a robot's too; empty for nobody.
	User string
}

// DefaultLifetime is SIGNED_GRANT_EXPIRATION_SEC: a day for one push or pull.
const DefaultLifetime = 24 * time.Hour

const (
	prefix   = "sigv2="
	tupleTag = " t"
	kind     = "repository"
	// maxGrants is more than any client was ever given: it gets one.
	maxGrants = 1000
)

var (
	// ErrNone says that a header has no signed grant. It may have something else.
	ErrNone = &errs.Error{Kind: errs.NotFound, Reason: "no_grant", Message: "there is no signed grant"}
	// ErrInvalid has the product's message for clients.
	ErrInvalid = &errs.Error{Kind: errs.Unauthenticated, Reason: "bad_grant", Message: "Signed grant could not be validated"}
)

// Sign makes a grant. Clients get it in WWW-Authenticate and in X-Docker-Token.
func Sign(s *session.Signer, c Content, now time.Time) string {
	list := make([]any, 0, len(c.Grants))
	for _, g := range c.Grants {
		tuple := []any{kind, g.Namespace, g.Repository, string(g.Role)}
		list = append(list, pyjson.Object{{Name: tupleTag, Value: tuple}})
	}
	var user any
	if c.User != "" {
		user = c.User
	}
	return prefix + s.Seal(pyjson.Object{{Name: "grants", Value: list}, {Name: "user_context", Value: user}}, now)
}

// Verify reads a grant from an Authorization header: the word Token in any case, and the
// grant. It is ErrNone where there is no such thing, and ErrInvalid when it was not
// signed by us, is too old, or cannot be understood.
func Verify(s *session.Signer, header string, lifetime time.Duration, now time.Time) (*Content, error) {
	if len(header) > session.MaxText {
		return nil, ErrInvalid
	}
	words := nonEmpty(strings.Split(header, " "))
	if len(words) != 2 || !strings.EqualFold(words[0], "token") {
		return nil, ErrNone
	}
	text, ok := strings.CutPrefix(words[1], prefix)
	if !ok {
		return nil, ErrNone
	}
	value, _, err := s.Open(text, lifetime, now)
	if err != nil {
		return nil, &errs.Error{Kind: ErrInvalid.Kind, Reason: ErrInvalid.Reason, Message: ErrInvalid.Message, Err: err}
	}
	c, ok := content(value)
	if !ok {
		return nil, ErrInvalid
	}
	return c, nil
}

func nonEmpty(words []string) []string {
	found := words[:0]
	for _, w := range words {
		if w != "" {
			found = append(found, strings.TrimSpace(w))
		}
	}
	return found
}

func content(value any) (*Content, bool) {
	o, ok := value.(pyjson.Object)
	list, _ := o.Get("grants")
	grants, isList := list.([]any)
	if !ok || !isList || len(grants) > maxGrants {
		return nil, false
	}
	c := &Content{User: o.String("user_context")}
	for _, g := range grants {
		grant, ok := parse(g)
		if !ok {
			return nil, false
		}
		c.Grants = append(c.Grants, grant)
	}
	return c, true
}

func parse(value any) (Grant, bool) {
	o, _ := value.(pyjson.Object)
	v, _ := o.Get(tupleTag)
	tuple, _ := v.([]any)
	if len(tuple) != 4 {
		return Grant{}, false
	}
	var s [4]string
	for i, v := range tuple {
		text, ok := v.(string)
		if !ok {
			return Grant{}, false
		}
		s[i] = text
	}
	role := Role(s[3])
	if s[0] != kind || role != Read && role != Write && role != Admin {
		return Grant{}, false
	}
	return Grant{Namespace: s[1], Repository: s[2], Role: role}, true
}
