package serve

import "github.com/quay/quay/core/internal/perms"

// permissions is what the configuration decides about who may do what.
func (h *host) permissions(anonymousWrite bool) perms.Policy {
	p := perms.Policy{
		AnonymousRead: h.cfg.AnonymousAccess, AnonymousWrite: anonymousWrite,
		SuperUsersFullAccess: h.cfg.SuperUsersFullAccess, SuperUsersMakeOrganizations: h.cfg.SuperUsersMakeOrganizations,
		ReadOnlySuperUsers: set(h.cfg.ReadOnlySuperUsers),
		RestrictedUsers:    h.cfg.RestrictedUsers, Unrestricted: set(h.cfg.UnrestrictedUsers),
	}
	if h.cfg.HasSuperUsers {
		p.SuperUsers = set(h.cfg.SuperUsers)
	}
	return p
}

func set(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}
