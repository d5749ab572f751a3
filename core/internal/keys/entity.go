package keys

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Kind says what somebody signed in with (auth/context_entity.py).
type Kind string

// The kinds of the product.
const (
	Anonymous   Kind = "anonymous"
	Person      Kind = "user"
	Robot       Kind = "robot"
	AccessToken Kind = "token"
	OAuthToken  Kind = "oauthtoken"
	AppToken    Kind = "appspecifictoken"
	// SignedGrant is somebody with a grant of /v1, who gets no token.
	SignedGrant Kind = "signed_data"
)

var kinds = []Kind{Anonymous, Person, Robot, AccessToken, OAuthToken, AppToken, SignedGrant}

// Entity is whom a token was made for. The zero value is nobody.
type Entity struct {
	Kind Kind
	// Reference finds the entity in the database: the uuid of a person, an OAuth token
	// or an application's token; the name of a robot; the whole code of an access
	// token, which is a secret.
	Reference string
	// Username is the account's name, a robot's too. Empty for an access token.
	Username string
}

// PersonEntity is the entity of an account, or nobody's of nil.
func PersonEntity(u *domain.User) Entity {
	switch {
	case u == nil:
		return Entity{}
	case u.Robot:
		return Entity{Robot, u.Name, u.Name}
	}
	return Entity{Person, u.UUID, u.Name}
}

// Format implements fmt.Formatter: a reference may be a secret and is not shown.
func (e Entity) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "%s %q", string(e.Kind), e.Username)
}

// subject is the claim of that name.
func (e Entity) subject() string {
	if e.Username == "" {
		return anonymous
	}
	return e.Username
}

const (
	// anonymous is the subject of a token that belongs to no account.
	anonymous = "(anonymous)"
	// noTrust is the root of a repository without signed metadata.
	noTrust = "$disabled"
)

// tokenContext is the context of a registry token, version 2: for us the first three
// members, for older programs those behind them, and for Apostille the last two.
type tokenContext struct {
	Version         int     `json:"version,omitempty"`
	EntityKind      Kind    `json:"entity_kind,omitempty"`
	EntityReference *string `json:"entity_reference,omitempty"`

	Kind  string `json:"kind,omitempty"`
	Token string `json:"token,omitempty"`
	OAuth string `json:"oauth,omitempty"`
	User  string `json:"user,omitempty"`

	Roots map[string]string `json:"com.apostille.roots"`
	Root  string            `json:"com.apostille.root"`
}

// newContext is the context of an entity's token (auth/auth_context_type.py,
// to_signed_dict, and util/security/registry_jwt.py, build_context_and_subject).
func newContext(e Entity, access []Access) (*tokenContext, error) {
	c := &tokenContext{Version: 2, EntityKind: e.Kind, Root: noTrust, Roots: make(map[string]string, len(access))}
	if e.Kind != Anonymous && e.Kind != "" {
		c.EntityReference = &e.Reference
	}
	switch e.Kind {
	case Anonymous, "":
		c.EntityKind, c.Kind = Anonymous, string(Anonymous)
	case Person, Robot, AppToken:
		c.Kind, c.User = "user", e.Username
	case AccessToken:
		c.Kind, c.Token = "token", e.Reference
	case OAuthToken:
		c.Kind, c.OAuth, c.User = "oauth", e.Reference, e.Username
	default:
		return nil, errs.New(errs.Invalid, "there is no token for a %s", string(e.Kind))
	}
	for _, a := range access {
		root := a.Root
		if root == "" {
			root = noTrust
		}
		c.Roots[a.Name] = root
	}
	if len(c.Roots) == 1 {
		c.Root = c.Roots[access[0].Name]
	}
	return c, nil
}

// entity reads whom a token was made for from its context. A token without context,
// or of an older form, is nobody's, as in the product.
func entity(subject string, context json.RawMessage) (Entity, error) {
	var c tokenContext
	if context != nil {
		if err := json.Unmarshal(context, &c); err != nil {
			return Entity{}, err
		}
	}
	if c.EntityKind == "" || c.EntityKind == Anonymous {
		return Entity{Kind: Anonymous}, nil
	}
	if !slices.Contains(kinds, c.EntityKind) || c.EntityReference == nil {
		return Entity{}, errs.New(errs.Unauthenticated, "the token is of somebody unknown")
	}
	e := Entity{Kind: c.EntityKind, Reference: *c.EntityReference}
	if subject != anonymous {
		e.Username = subject
	}
	return e, nil
}
