package perms

import "github.com/quay/quay/sdk/errs"

// Reason says why a decision is as it is. It is for logs and tests; clients see
// none of it.
type Reason string

// Why something is allowed.
const (
	ReasonOpenRegistry      Reason = "open_registry"
	ReasonOwner             Reason = "owner"
	ReasonRole              Reason = "role"
	ReasonOrganizationAdmin Reason = "organization_admin"
	ReasonTeamRole          Reason = "team_role"
	ReasonTeamMember        Reason = "team_member"
	ReasonGrant             Reason = "grant"
	ReasonPublic            Reason = "public"
	ReasonSuperuser         Reason = "superuser"
	ReasonReadOnlySuperuser Reason = "readonly_superuser"
)

// Why something is denied.
const (
	// ReasonNoRole: no row, no ownership and no grant is strong enough.
	ReasonNoRole Reason = "no_role"
	// ReasonScope: the account may, but not with this token.
	ReasonScope Reason = "scope"
	// ReasonNobody: the caller is not known, or his account is disabled.
	ReasonNobody Reason = "nobody"
	// ReasonRestricted: the account is one of FEATURE_RESTRICTED_USERS.
	ReasonRestricted Reason = "restricted_user"
	// ReasonSuperusersOnly: FEATURE_SUPERUSERS_ORG_CREATION_ONLY.
	ReasonSuperusersOnly Reason = "superusers_only"
	// ReasonApplication: the repository holds applications and no images.
	ReasonApplication Reason = "application_repository"
)

// Decision says whether a caller may do something, and why.
type Decision struct {
	Allowed bool
	Reason  Reason
	// known callers are told that they may not; others, to say who they are.
	known bool
	kind  string
}

// What refused callers are told (endpoints/exception.py, endpoints/v2/errors.py).
var (
	errNobody = &errs.Error{Kind: errs.Unauthenticated, Reason: "invalid_token", Message: "Requires authentication"}
	errDenied = &errs.Error{Kind: errs.Denied, Reason: "insufficient_scope", Message: "Unauthorized"}
)

// Err returns nil when it is allowed, and otherwise what the caller is told:
// errs.Unauthenticated without an account, errs.Denied with one, and
// errs.Unsupported where images are wanted of an application's repository.
func (d Decision) Err() error {
	switch {
	case d.Allowed:
		return nil
	case d.Reason == ReasonApplication:
		return errs.New(errs.Unsupported, "This repository is for managing %s and not container images.", d.kind)
	case d.known:
		return errDenied
	}
	return errNobody
}
