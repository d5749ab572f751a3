package domain

import "time"

type (
	// TeamID is the id of a row of team.
	TeamID int64
	// InviteID is the id of a row of teammemberinvite.
	InviteID int64
	// TeamSyncID is the id of a row of teamsync.
	TeamSyncID int64
)

// The product's names of roles (tables role and teamrole), by their values here.
var (
	permissionNames = [...]string{PermissionNone: "", PermissionRead: "read", PermissionWrite: "write", PermissionAdmin: "admin"}
	teamRoleNames   = [...]string{TeamNone: "", TeamMember: "member", TeamCreator: "creator", TeamAdmin: "admin"}
)

// String returns the product's name of the role, empty for none.
func (p Permission) String() string { return permissionNames[p] }

// ParsePermission returns the role of a name; PermissionNone for an unknown one.
func ParsePermission(name string) Permission {
	return Permission(indexOf(permissionNames[:], name))
}

// String returns the product's name of the role, empty for none.
func (r TeamRole) String() string { return teamRoleNames[r] }

// ParseTeamRole returns the role of a name; TeamNone for an unknown one.
func ParseTeamRole(name string) TeamRole { return TeamRole(indexOf(teamRoleNames[:], name)) }

func indexOf(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return 0
}

// Access is what the rows say about one account and one repository, which need not
// be there. Ownership, configuration and scopes are not in it.
type Access struct {
	// Repository is zero when there is none of this name.
	Repository RepositoryID
	// Public, Kind and State are the repository's.
	Public bool
	Kind   string
	State  RepositoryState
	// Role is the strongest one that the account was given in the repository,
	// directly or through teams.
	Role Permission
	// TeamRole is the account's strongest one in the namespace, an organisation.
	TeamRole TeamRole
}

// OrganizationAccess is what the rows say about one account and one organisation.
type OrganizationAccess struct {
	// TeamRole is the account's strongest one.
	TeamRole TeamRole
	// Teams are the names of the teams that the account is in.
	Teams map[string]bool
}

// Add records that the account is in a team of a role.
func (a *OrganizationAccess) Add(team string, role TeamRole) {
	if a.Teams == nil {
		a.Teams = make(map[string]bool)
	}
	a.Teams[team] = true
	a.TeamRole = max(a.TeamRole, role)
}

// Team is a team of an organisation.
type Team struct {
	ID           TeamID
	Name         string
	Organization UserID
	// OrganizationName is the organisation's.
	OrganizationName string
	Role             TeamRole
	// Description is Markdown.
	Description string
}

// TeamSummary is a team in its organisation's list.
type TeamSummary struct {
	Team
	// Repositories counts those that the team has a role in; Members counts accounts
	// of people and robots.
	Repositories, Members int
	// Synced teams follow a group of the identity provider.
	Synced bool
}

// Member is an account that is named beside teams and roles.
type Member struct {
	ID    UserID
	Name  string
	Email string
	Robot bool
}

// Membership is an account in a team of an organisation.
type Membership struct {
	Member
	// Team is its name.
	Team string
}

// OrganizationMember is an account of an organisation.
type OrganizationMember struct {
	Member
	// Teams are the names of its teams, and Repositories of those that it has a role
	// in by itself.
	Teams, Repositories []string
}

// Invite is an invitation to a team, of an account or of an e-mail address.
type Invite struct {
	ID InviteID
	// Code is "urn:teaminvite:" and a uuid.
	Code string
	Team Team
	// User is nil when an address was invited.
	User *Member
	// Email is empty when an account was invited.
	Email string
	// Inviter is the name of the account that invited.
	Inviter string
}

// TeamSync says which group of the identity provider a team follows.
type TeamSync struct {
	ID   TeamSyncID
	Team Team
	// Service is the name of the login service, "ldap" for instance.
	Service string
	// Config is a JSON object that the service understands.
	Config []byte
	// Transaction changes with each synchronisation: of two that began with the same
	// value, one claims the row.
	Transaction string
	// Updated is zero before the first synchronisation.
	Updated time.Time
}

// RepositoryRole is a role that an account or a team was given in a repository.
type RepositoryRole struct {
	Repository RepositoryID
	Name       Name
	Public     bool
	Role       Permission
	// User is nil when it is a team's.
	User *Member
	// Team is empty when it is an account's.
	Team string
	// OrganizationMember is true for a person in a team of the repository's
	// namespace, and for a robot when the namespace is an organisation.
	OrganizationMember bool
}

// Prototype is a default permission: the role that an account or a team gets in
// each new repository of an organisation.
type Prototype struct {
	UUID string
	Role Permission
	// Activator is who must make the repository; nil is anybody.
	Activator *PrototypeUser
	// User or Team gets the role; the other is nil or empty. Both are when the
	// team is gone.
	User *PrototypeUser
	Team string
}

// PrototypeUser is an account of a prototype.
type PrototypeUser struct {
	Member
	// OrganizationMember is true for a person in a team of the organisation, and for
	// every robot.
	OrganizationMember bool
}

// RepositoryFilter says which repositories to list.
type RepositoryFilter struct {
	// Viewer sees what he owns, administers or was given a role in; zero is nobody.
	Viewer UserID
	// Public adds what everybody sees, and All what there is: for superusers who may
	// pass by permissions, and read-only ones.
	Public, All bool
	// Namespace is empty for all of them.
	Namespace string
	// Kind is "image" or "application".
	Kind string
	// From is the first id to list. Limit is how many at most.
	From  RepositoryID
	Limit int
}
