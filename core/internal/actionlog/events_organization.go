package actionlog

import "github.com/quay/quay/core/internal/pyjson"

// Events of organisations, their teams, robots, applications and policies.

// OrganizationCreated and the ones below are those of endpoints/api/organization.py.
func OrganizationCreated(name, email string) Event {
	return Event{KindOrgCreate, Metadata{{"email", orNull(email)}, {"namespace", name}}}
}

// OrganizationDeleted is written before the organisation is gone.
func OrganizationDeleted(name string) Event {
	return Event{KindOrgDelete, Metadata{{"namespace", name}}}
}

// OrganizationEmailChanged has the address before.
func OrganizationEmailChanged(name, email, old string) Event {
	return Event{KindOrgChangeEmail, Metadata{{"email", email}, {"namespace", name}, {"old_email", old}}}
}

// OrganizationTagExpirationChanged has seconds.
func OrganizationTagExpirationChanged(name string, seconds int64) Event {
	return Event{KindOrgChangeTagExpiration, Metadata{{"tag_expiration", seconds}, {"namespace", name}}}
}

// OrganizationInvoicesChanged says whether invoices are sent.
func OrganizationInvoicesChanged(name string, send bool) Event {
	return Event{KindOrgChangeInvoicing, Metadata{{"invoice_email", send}, {"namespace", name}}}
}

// OrganizationInvoiceAddressChanged has the address, nil for none.
func OrganizationInvoiceAddressChanged(name string, address *string) Event {
	return Event{KindOrgChangeInvoicing, Metadata{{"invoice_email_address", pointed(address)}, {"namespace", name}}}
}

// OrganizationRenamed is that of endpoints/api/superuser.py.
func OrganizationRenamed(old string, name *string, superuser string) Event {
	return Event{KindOrgChangeName, Metadata{{"old_name", old}, {"new_name", pointed(name)}, {"superuser", superuser}}}
}

// OwnershipTaken is that of endpoints/api/superuser.py.
func OwnershipTaken(entity int64, namespace string, wasUser bool, superuser string) Event {
	return Event{KindTakeOwnership, Metadata{
		{"entity_id", entity}, {"namespace", namespace}, {"was_user", wasUser}, {"superuser", superuser},
	}}
}

// ApplicationSaved is KindCreateApplication or KindUpdateApplication: what the request said,
// and what became of it.
func ApplicationSaved(kind Kind, request Value, name, clientID string) Event {
	var m Metadata
	if object, ok := request.v.(pyjson.Object); ok {
		for _, member := range object {
			m = append(m, Member(member))
		}
	}
	m.merge([]Member{{"application_name", name}, {"client_id", clientID}})
	return Event{kind, m}
}

// ApplicationChanged is KindDeleteApplication or KindResetApplicationClientSecret.
func ApplicationChanged(kind Kind, name, clientID string) Event {
	return Event{kind, Metadata{{"application_name", name}, {"client_id", clientID}}}
}

// ProxyCacheCreated has the upstream registry, empty for none.
func ProxyCacheCreated(upstream string) Event {
	return Event{KindCreateProxyCacheConfig, Metadata{{"upstream_registry", orNull(upstream)}}}
}

// ProxyCacheDeleted is the opposite of ProxyCacheCreated.
func ProxyCacheDeleted() Event { return Event{KindDeleteProxyCacheConfig, nil} }

// APITokenCreated and the one below are those of
// endpoints/api/organization_application_tokens.py.
func APITokenCreated(uuid, scope, name, application, clientID string) Event {
	return Event{KindCreateOAuthAPIToken, Metadata{
		{"oauth_token_uuid", uuid},
		{"scope", scope},
		{"token_display_name", name},
		{"application_name", application},
		{"auth_method", "OAuth"},
		{"client_id", clientID},
	}}
}

// APITokenRevoked is the opposite of APITokenCreated.
func APITokenRevoked(uuid, application, clientID string) Event {
	return Event{KindRevokeOAuthAPIToken, Metadata{
		{"oauth_token_uuid", uuid}, {"application_name", application}, {"client_id", clientID},
	}}
}

// TeamChanged is KindOrgCreateTeam, KindOrgDeleteTeam, KindEnableTeamSync or KindDisableTeamSync
// (endpoints/api/team.py).
func TeamChanged(kind Kind, team string) Event { return Event{kind, Metadata{{"team", team}}} }

// TeamDescribed has the new description.
func TeamDescribed(team, description string) Event {
	return Event{KindOrgSetTeamDescription, Metadata{{"team", team}, {"description", description}}}
}

// TeamRoleSet has member, creator or admin.
func TeamRoleSet(team, role string) Event {
	return Event{KindOrgSetTeamRole, Metadata{{"team", team}, {"role", role}}}
}

// MemberChanged is KindOrgAddTeamMember or KindOrgRemoveTeamMember.
func MemberChanged(kind Kind, team, member string) Event {
	return Event{kind, Metadata{{"member", member}, {"team", team}}}
}

// UserInvited is the invitation of a user to a team.
func UserInvited(team, username string) Event {
	return Event{KindOrgInviteTeamMember, Metadata{{"user", username}, {"member", username}, {"team", team}}}
}

// UserInviteDeleted is the opposite of UserInvited.
func UserInviteDeleted(team, username string) Event {
	return Event{KindOrgDeleteTeamMemberInvite, Metadata{{"user", username}, {"team", team}, {"member", username}}}
}

// EmailInvite is KindOrgInviteTeamMember or KindOrgDeleteTeamMemberInvite, by e-mail.
func EmailInvite(kind Kind, team, email string) Event {
	return Event{kind, Metadata{{"email", email}, {"team", team}, {"member", email}}}
}

// InviteAnswered is KindOrgTeamMemberInviteAccepted or KindOrgTeamMemberInviteDeclined.
func InviteAnswered(kind Kind, team, member, inviter string) Event {
	return Event{kind, Metadata{{"member", member}, {"team", team}, {"inviter", inviter}}}
}

// Prototype is a default permission of an organisation.
type Prototype struct {
	UUID, Role string
	// ActivatingUser is empty for all of them.
	ActivatingUser string
	// One of the two has it.
	DelegateUser, DelegateTeam string
}

// PrototypeChanged is KindCreatePrototypePermission, KindModifyPrototypePermission, with the
// role before, or KindDeletePrototypePermission (endpoints/api/prototype.py).
func PrototypeChanged(kind Kind, username string, p Prototype, oldRole string) Event {
	m := Metadata{
		{"prototypeid", p.UUID}, {"username", username}, {"activating_username", orNull(p.ActivatingUser)}, {"role", p.Role},
	}
	if kind == KindModifyPrototypePermission {
		m = append(m, Member{"original_role", oldRole})
	}
	if p.DelegateUser != "" {
		return Event{kind, append(m, Member{"delegate_user", p.DelegateUser})}
	}
	return Event{kind, append(m, Member{"delegate_team", p.DelegateTeam})}
}

// RobotCreated and the ones below are those of endpoints/api/robot.py. The robot's
// name is the part behind the plus; description and metadata are what the request
// had, nil and the zero Value for nothing.
func RobotCreated(robot string, description *string, metadata Value) Event {
	return Event{KindCreateRobot, Metadata{{"robot", robot}, {"description", pointed(description)}, {"unstructured_metadata", metadata.v}}}
}

// RobotChanged is KindDeleteRobot, KindRegenerateRobotToken or KindDeleteRobotFederation.
func RobotChanged(kind Kind, robot string) Event { return Event{kind, Metadata{{"robot", robot}}} }

// RobotFederated has the configuration as it was sent.
func RobotFederated(robot string, config Value) Event {
	return Event{KindCreateRobotFederation, Metadata{{"config", config.v}, {"robot", robot}}}
}

// RobotTokenExchanged is that of util/security/federated_robot_auth.py.
func RobotTokenExchanged(robot, issuer, subject string) Event {
	return Event{KindFederatedRobotTokenExchange, Metadata{
		{"subject", orNull(subject)}, {"issuer", orNull(issuer)}, {"robot", robot},
	}}
}

// NamespaceNotificationChanged is KindCreateNamespaceNotification,
// DeleteNamespaceNotification or KindResetNamespaceNotification
// (endpoints/api/namespacenotification.py).
func NamespaceNotificationChanged(kind Kind, namespace string, n Notification) Event {
	return Event{kind, append(Metadata{{"namespace", namespace}}, n.members()...)}
}

// MirrorEnabled and the two below are those of endpoints/api/org_mirror.py.
func MirrorEnabled(registryType, registryURL, namespace string, interval int64, robot string) Event {
	return Event{KindOrgMirrorEnabled, Metadata{
		{"external_registry_type", registryType},
		{"external_registry_url", registryURL},
		{"external_namespace", namespace},
		{"sync_interval", interval},
		{"robot_username", orNull(robot)},
	}}
}

// MirrorConfigChanged has the names of the changed settings.
func MirrorConfigChanged(fields []string, oldReference, reference string) Event {
	list := make([]any, len(fields))
	for i, field := range fields {
		list[i] = field
	}
	return Event{KindOrgMirrorConfigChanged, Metadata{
		{"updated_fields", list}, {"old_external_reference", oldReference}, {"external_reference", reference},
	}}
}

// MirrorChanged is KindOrgMirrorDisabled, KindOrgMirrorSyncNowRequested or
// OrgMirrorSyncCancelled.
func MirrorChanged(kind Kind, reference string) Event {
	return Event{kind, Metadata{{"external_reference", reference}}}
}
