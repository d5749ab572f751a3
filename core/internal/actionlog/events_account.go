package actionlog

import (
	"slices"
	"time"
)

// Events of people's accounts, of logins and of service keys.

// PasswordChanged and the ones below are those of endpoints/api/user.py.
func PasswordChanged() Event { return Event{KindAccountChangePassword, nil} }

// AccountConverted is a user that became an organisation.
func AccountConverted() Event { return Event{KindAccountConvert, nil} }

// ClientKeyGenerated is a password in its encrypted form.
func ClientKeyGenerated() Event { return Event{KindUserGenerateClientKey, nil} }

// LoggedOut is the end of a session.
func LoggedOut() Event { return Event{KindLogoutSuccess, nil} }

// UserCreated is an account that its owner made; a superuser's has its name, too
// (endpoints/api/superuser.py).
func UserCreated(username, email, superuser string) Event {
	return Event{KindUserCreate, withSuperuser(Metadata{{"email", orNull(email)}, {"username", username}}, superuser)}
}

// UserDeleted has the name of the account, or of the user who deleted it.
func UserDeleted(username string) Event {
	return Event{KindUserDelete, Metadata{{"username", username}}}
}

// UserChangedBySuperuser is KindUserChangePassword, KindUserEnable or KindUserDisable
// (endpoints/api/superuser.py).
func UserChangedBySuperuser(kind Kind, username, superuser string) Event {
	return Event{kind, withSuperuser(Metadata{{"username", username}}, superuser)}
}

// EmailChanged is a change that the owner confirmed.
func EmailChanged(email, old string) Event {
	return Event{KindUserChangeEmail, Metadata{{"email", email}, {"old_email", old}}}
}

// EmailChangedBySuperuser has its members in another order.
func EmailChangedBySuperuser(email, old, superuser string) Event {
	return Event{KindUserChangeEmail, Metadata{{"old_email", old}, {"email", email}, {"superuser", superuser}}}
}

// UserRenamed has the name before.
func UserRenamed(old string) Event { return Event{KindUserChangeName, Metadata{{"old_username", old}}} }

// UserTagExpirationChanged has seconds.
func UserTagExpirationChanged(seconds int64) Event {
	return Event{KindUserChangeTagExpiration, Metadata{{"tag_expiration", seconds}}}
}

// UserInvoicesChanged says whether invoices are sent.
func UserInvoicesChanged(send bool) Event {
	return Event{KindUserChangeInvoicing, Metadata{{"invoice_email", send}}}
}

// UserInvoiceAddressChanged has the address, nil for none.
func UserInvoiceAddressChanged(address *string) Event {
	return Event{KindUserChangeInvoicing, Metadata{{"invoice_email_address", pointed(address)}}}
}

// UserMetadataChanged has those of given_name, family_name, company and location
// that were sent, in this order.
func UserMetadataChanged(m Metadata) Event { return Event{KindUserChangeMetadata, m} }

// PlanChanged is that of endpoints/api/subscribe.py.
func PlanChanged(plan string) Event { return Event{KindAccountChangePlan, Metadata{{"plan", plan}}} }

// AppTokenChanged is KindCreateAppSpecificToken or KindRevokeAppSpecificToken, with the
// token's uuid (endpoints/api/appspecifictokens.py).
func AppTokenChanged(kind Kind, uuid, title string) Event {
	return Event{kind, Metadata{{"app_specific_token_title", title}, {"app_specific_token", uuid}}}
}

// OAuthTokenAssigned is that of endpoints/web.py.
func OAuthTokenAssigned(by, to, application, clientID string) Event {
	return Event{KindOAuthTokenAssigned, Metadata{
		{"assigning_user", by}, {"assigned_user", to}, {"application", application}, {"client_id", clientID},
	}}
}

// SignedIn is a login by password or through /v1 (endpoints/api/user.py,
// endpoints/v1/index.py).
func SignedIn(userAgent string) Event {
	return Event{KindLoginSuccess, Metadata{{"type", "quayauth"}, {"useragent", headerText(userAgent)}}}
}

// TokenGranted is a request for a registry token that is a login and nothing else
// (endpoints/v2/v2auth.py); credential is one of Login's.
func TokenGranted(credential Login, userAgent string) Event {
	m := append(slices.Clip(credential.success), Member{"type", "v2auth"}, Member{"useragent", headerText(userAgent)})
	return Event{KindLoginSuccess, m}
}

// Login is what was presented in a login.
type Login struct {
	success Metadata // what the product says of it when it is good
	failure Metadata // and when it is not
}

// PasswordLogin is a user's password.
func PasswordLogin(username string) Login {
	return Login{Metadata{{"kind", "user"}}, Metadata{{"kind", "user"}, {"username", username}}}
}

// OAuthLogin is an OAuth token: see Event.With.
func OAuthLogin() Login { return Login{} }

// RobotLogin is a robot's token; robot is the whole name.
func RobotLogin(robot, owner string) Login {
	return Login{
		Metadata{{"kind", "robot"}, {"robot", robot}},
		Metadata{{"kind", "robot"}, {"robot", robot}, {"username", owner}},
	}
}

// AppTokenLogin is an app-specific token; a token that is not known has neither
// title nor user.
func AppTokenLogin(title, username string) Login {
	l := Login{Metadata{{"kind", "app_specific_token"}, {"app_specific_token_title", title}}, Metadata{{"kind", "app_specific_token"}}}
	if username != "" {
		l.failure = append(l.failure, Member{"app_specific_token_title", title}, Member{"username", username})
	}
	return l
}

// LoginRefused is a failed login with Basic credentials (auth/credentials.py).
func LoginRefused(l Login, userAgent, message string) Event {
	m := append(Metadata{{"type", "v2auth"}}, l.failure...)
	return Event{KindLoginFailure, append(m, Member{"useragent", headerText(userAgent)}, Member{"message", message})}
}

// SignInRefused is a failed login by password (endpoints/api/user.py).
func SignInRefused(nameOrEmail, userAgent, message string) Event {
	return Event{KindLoginFailure, Metadata{
		{"type", "quayauth"}, {"kind", "user"}, {"useragent", headerText(userAgent)}, {"username", nameOrEmail}, {"message", message},
	}}
}

// BearerRefused is an OAuth token that is not known (auth/oauth.py).
func BearerRefused(userAgent, message string) Event {
	return Event{KindLoginFailure, Metadata{
		{"type", "quayauth"}, {"kind", "oauth"}, {"useragent", headerText(userAgent)}, {"message", message},
	}}
}

// OAuthTokenRefused is an OAuth token that has ended, or whose user is disabled; name is
// its first half, by which it is found (auth/oauth.py).
func OAuthTokenRefused(name string, t OAuthToken, expired bool, username, userAgent, message string) Event {
	m := Metadata{{"type", "quayauth"}, {"kind", "oauth"}, {"token", name}, {"application_name", t.Application}}
	if expired {
		m = append(m, t.metadata()...)
	}
	return Event{KindLoginFailure, append(m,
		Member{"username", username}, Member{"useragent", headerText(userAgent)}, Member{"message", message})}
}

// ServiceKey is a key that signs for a service.
type ServiceKey struct {
	KID, Service, Name string
	// Created and Expires may be zero.
	Created, Expires time.Time
}

// ServiceKeyMade is KindServiceKeyCreate or KindServiceKeyApprove, by a superuser who
// makes the key (endpoints/api/superuser.py).
func ServiceKeyMade(kind Kind, k ServiceKey) Event {
	return Event{kind, Metadata{
		{"kid", k.KID},
		{"preshared", true},
		{"service", k.Service},
		{"name", k.Name},
		{"expiration_date", seconds(k.Expires)},
		{"auto_approved", true},
	}}
}

// ServiceKeyDeleted is that of endpoints/api/superuser.py.
func ServiceKeyDeleted(k ServiceKey) Event {
	return Event{KindServiceKeyDelete, Metadata{
		{"kid", k.KID},
		{"service", k.Service},
		{"name", k.Name},
		{"created_date", seconds(k.Created)},
		{"expiration_date", seconds(k.Expires)},
	}}
}

// Export is an export of logs (endpoints/api/logs.py). Repository is empty for a
// whole namespace, URL and Email where they were not sent.
type Export struct {
	At                     time.Time
	Repository, URL, Email string
}

func (e Export) event(kind Kind, outcome ...Member) Event {
	m := append(Metadata{{"date/time", e.At.Unix()}}, outcome...)
	m = append(m, Member{"url", orNull(e.URL)}, Member{"email", orNull(e.Email)})
	if e.Repository != "" {
		m = append(m, Member{"repo", e.Repository})
	}
	return Event{kind, m}
}

// Queued is an export that was accepted.
func (e Export) Queued(id string) Event {
	return e.event(KindExportLogsSuccess, Member{"export_id", id}, Member{"message", "queued for export"})
}

// Refused is an export that was not.
func (e Export) Refused(reason string) Event {
	return e.event(KindExportLogsFailure, Member{"error", reason})
}

func withSuperuser(m Metadata, superuser string) Metadata {
	if superuser != "" {
		m = append(m, Member{"superuser", superuser})
	}
	return m
}
