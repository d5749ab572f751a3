package actionlog

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
)

const (
	someUUID   = "0d9fc9ea-4d2a-4a3e-9d5c-6b2f0a8d1c11"
	someClient = "Q9ZK2V7T4M1XWB8NACDE"
	someDigest = domain.Digest("sha256:ff8808997f85daae17ecc14e85384c3e35efdd6935f7fe44fcc3284d55e09cdf")
	schema1    = "application/vnd.docker.distribution.manifest.v1+prettyjws"
	refusal    = "access to the requested resource is not authorized"
)

func in(namespace, repository string) domain.Name {
	return domain.Name{Namespace: namespace, Repository: repository}
}

func to[T any](v T) *T { return &v }

func client(t *testing.T, text string) Value {
	t.Helper()
	v, err := ParseValue([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// recorded are the events of testdata/recorded.txt, in its order.
func recorded(t *testing.T) []Event {
	at := time.Unix(1790000000, 0)
	internet := &Address{Provider: "internet", SyncToken: "1645662201"}
	user := Request{Caller: User("devtable"), Address: internet}
	signed := Request{Caller: Signed(client(t, `{"grants":[["repository","devtable","newrepo","write"]],"user_context":"devtable"}`)), Address: internet}
	digest := "sha256:b5d54c39e66671c9731b9f471e585d8262cd4f54963f0c93082d8dcf334d4c78"
	simple, newrepo := in("devtable", "simple"), in("devtable", "newrepo")
	orgrepo, other := in("buynlarge", "orgrepo"), in("buynlarge", "anotherorgrepo")
	webhook := Notification{someUUID, "repo_push", "webhook"}
	pruned := in("testorgforautoprune", "autoprunerepo")
	date := func(pattern *string, matches bool) PrunePolicy {
		return PrunePolicy{"creation_date", "2w", pattern, &matches}
	}
	number := PrunePolicy{"number_of_tags", 10, nil, to(true)}
	match := to("match.*")
	foo := client(t, `{"foo":"bar"}`)
	return []Event{
		NotificationChanged(KindAddRepoNotification, simple, webhook),
		UserPermissionChanged(simple, "public", "read"),
		TeamPermissionChanged(orgrepo, "owners", "read"),
		StateChanged(orgrepo, "MIRROR"),
		VisibilityChanged(in("public", "publicrepo"), "public"),
		TagExpirationChanged(simple, "devtable", "latest", at, time.Time{}),
		TagImmutabilityChanged(simple, "devtable", "latest", true, false),
		AppTokenChanged(KindCreateAppSpecificToken, someUUID, "Testing 123"),
		ApplicationSaved(KindCreateApplication, client(t, `{"name": "custom-bootstrap-api"}`), "custom-bootstrap-api", someClient),
		ImmutabilityPolicySaved(KindCreateImmutabilityPolicy, in("buynlarge", ""), ImmutabilityPolicy{"^v[0-9]+.*$", true}),
		ImmutabilityPolicySaved(KindCreateImmutabilityPolicy, simple, ImmutabilityPolicy{"^release-.*$", true}),
		OrganizationPrunePolicySaved(KindCreateNamespaceAutoprunePolicy, "sellnsmall", date(nil, true)),
		OrganizationPrunePolicySaved(KindCreateNamespaceAutoprunePolicy, "sellnsmall", date(match, true)),
		UserPrunePolicySaved(KindCreateNamespaceAutoprunePolicy, "freshuser", date(nil, true)),
		UserPrunePolicySaved(KindCreateNamespaceAutoprunePolicy, "freshuser", date(match, false)),
		OrganizationPrunePolicySaved(KindCreateNamespaceAutoprunePolicy, "sellnsmall", number),
		UserPrunePolicySaved(KindCreateNamespaceAutoprunePolicy, "freshuser", number),
		NamespaceNotificationChanged(KindCreateNamespaceNotification, "buynlarge", Notification{someUUID, "quota_warning", "email"}),
		RepositoryCreated(in("reader", "test-blocked-repo")),
		RepositoryPrunePolicySaved(KindCreateRepositoryAutoprunePolicy, pruned, date(nil, true)),
		RepositoryPrunePolicySaved(KindCreateRepositoryAutoprunePolicy, pruned, date(match, true)),
		RepositoryPrunePolicySaved(KindCreateRepositoryAutoprunePolicy, pruned, number),
		RobotCreated("somebot", nil, Value{}),
		RobotCreated("somebot", to("this is a description"), Value{}),
		RobotCreated("somebot", nil, foo),
		RobotCreated("somebot", to("this is a description"), foo),
		RobotFederated("coolrobot", client(t, `[{"issuer":"https://issuer1","subject":"subject1"}]`)),
		TagPointed(simple, "devtable", "generatemanifestfail", someDigest, ""),
		ApplicationChanged(KindDeleteApplication, "Some Test App", "deadbeef"),
		ImmutabilityPolicyDeleted(simple, someUUID),
		NamespacePrunePolicyDeleted("buynlarge", "fb7806ad-12ec-452e-b95a-01bc825d67c4"),
		ProxyCacheDeleted(),
		RepositoryDeleted(simple),
		TeamPermissionDeleted(orgrepo, "readers"),
		RepositoryPrunePolicyDeleted(simple, "fc47a6ef-bd9a-44cf-b716-338d75e8f62b"),
		RobotChanged(KindDeleteRobotFederation, "coolrobot"),
		TagDeleted(simple, "devtable", "latest"),
		Refused(KindDeleteTagFailed, other, digest, refusal),
		Refused(KindDeleteTagFailed, other, "unknown_tag", refusal),
		Export{At: at, URL: "http://some/url", Email: "a@b.com"}.Refused("invalid request"),
		Export{At: at, Email: "test@example.com", Repository: "simple"}.Queued(someUUID),
		Export{At: at, Email: "test@example.com"}.Queued(someUUID),
		BearerRefused("", "OAuth access token could not be validated"),
		SignInRefused("\u00e5\u008c\u0097\u00e4\u00ba\u00ac\u00e5\u00b8\u0082", "", "Invalid Username or Password"),
		LoginRefused(PasswordLogin("devtable"), "", "Invalid Username or Password"),
		LoginRefused(RobotLogin("devtable+orgmirrorbot", "devtable"), "", "Could not find robot with specified username"),
		SignedIn(""),
		TokenGranted(PasswordLogin("freshuser"), ""),
		LoggedOut(),
		TagPointed(simple, "devtable", "latest", someDigest, someDigest),
		MemberChanged(KindOrgAddTeamMember, "readers", "devtable"),
		OrganizationEmailChanged("buynlarge", "shared@example.com", "quay@devtable.com"),
		OrganizationRenamed("buynlarge", nil, "devtable"),
		OrganizationTagExpirationChanged("buynlarge", 0),
		OrganizationCreated("contactemailorg", "contact@example.com"),
		OrganizationCreated("noemailorg", ""),
		QuotaCreated("library", int64(200000)),
		QuotaCreated("titi", 200000000.0),
		QuotaLimitCreated("buynlarge", QuotaLimit{"warning", 60}),
		TeamChanged(KindOrgCreateTeam, "testteam"),
		OrganizationDeleted("buynlarge"),
		QuotaDeleted("buynlarge", 1, 3000),
		QuotaLimitDeleted("buynlarge", 1, QuotaLimit{"Warning", 50}),
		TeamChanged(KindOrgDeleteTeam, "readers"),
		user.PullImages(newrepo),
		user.PullTag(newrepo, "latest", schema1),
		user.PullDigest(newrepo, "sha256:ca77975729932d717c540ade3d3ff0b2d57375e61fecee85a794ca39de4ee2f9", schema1),
		Refused(KindPullRepoFailed, other, digest, refusal),
		Refused(KindPullRepoFailed, other, "unknown_tag", refusal),
		signed.PushImages(newrepo),
		user.Push(newrepo, "latest", schema1),
		Refused(KindPushRepoFailed, other, "", refusal),
		Refused(KindPushRepoFailed, other, digest, refusal),
		Refused(KindPushRepoFailed, orgrepo, "unknown_tag", refusal),
		TagReverted(simple, "devtable", "latest", someDigest),
		AppTokenChanged(KindRevokeAppSpecificToken, someUUID, "Testing 123"),
		RepositoryDescribed(simple, "casino bonus https://spam.example"),
		TagsFrozen(in("buynlarge", ""), ImmutabilityPolicy{"^v[0-9]+.*$", true}, 1),
		TagsFrozen(simple, ImmutabilityPolicy{"^v2.*$", false}, 2),
		ImmutabilityPolicySaved(KindUpdateImmutabilityPolicy, simple, ImmutabilityPolicy{"^v2.*$", false}),
		OrganizationPrunePolicySaved(KindUpdateNamespaceAutoprunePolicy, "buynlarge", date(match, false)),
		UserPrunePolicySaved(KindUpdateNamespaceAutoprunePolicy, "devtable", date(nil, true)),
		UserPrunePolicySaved(KindUpdateNamespaceAutoprunePolicy, "devtable", date(match, true)),
		RepositoryPrunePolicySaved(KindUpdateRepositoryAutoprunePolicy, simple, date(match, false)),
		EmailChangedBySuperuser("new_email123@test.com", "no4@thanks.com", "devtable"),
		UserCreated("bobby", "bobby@tables.com", ""),
		UserDeleted("freshuser"),
	}
}

// TestRecorded proves that events are written, byte by byte, as the product was
// recorded writing them: one of each kind and shape.
func TestRecorded(t *testing.T) {
	b, err := os.ReadFile("testdata/recorded.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	events := recorded(t)
	if len(events) != len(lines) {
		t.Fatalf("%d events, %d recorded", len(events), len(lines))
	}
	for i, e := range events {
		if got := string(e.Kind) + " " + e.Metadata.text(); got != lines[i] {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, got, lines[i])
		}
	}
}

// TestOfTheSource proves the shapes that were not recorded: they are those of the
// product's source.
func TestOfTheSource(t *testing.T) {
	app := in("acme", "app")
	at := time.Unix(1790000000, 0)
	token, deploy := OAuthToken{ID: 7, ClientID: "deadbeef", Application: "CI"}, "deploy"
	trigger := Trigger{UUID: someUUID, Service: "github", Config: client(t, `{"context":"/","depth":1.0}`)}
	key := ServiceKey{KID: "kid7", Service: "sample", Name: "one", Expires: at}
	for _, tc := range []struct {
		got  Event
		kind Kind
		want string
	}{
		{
			Request{UserAgent: "caf\xe9/1", Caller: Robot("acme+ci")}.DeleteManifestTag(app, "v1", string(someDigest)),
			KindDeleteTag,
			`{"repo": "app", "namespace": "acme", "user-agent": "caf\u00e9/1", "tag": "v1", "digest": "` + string(someDigest) + `", "username": "acme+ci", "is_robot": true}`,
		},
		{
			Request{Caller: OAuth(token, "alice")}.DeleteImagesTag(app, "v1"),
			KindDeleteTag,
			`{"repo": "app", "namespace": "acme", "user-agent": "", "tag": "v1", "oauth_token_id": 7, "oauth_token_application_id": "deadbeef", "oauth_token_application": "CI", "username": "alice"}`,
		},
		{
			Request{Caller: AppToken(someUUID, "laptop", "alice")}.PushImages(app),
			KindPushRepo,
			`{"repo": "app", "namespace": "acme", "user-agent": "", "app_specific_token": "` + someUUID + `", "app_specific_token_title": "laptop", "username": "alice"}`,
		},
		{
			Request{Caller: AccessToken(&deploy)}.ChangeMirror(app, "is_enabled", true),
			KindRepoMirrorConfigChanged,
			`{"repo": "app", "namespace": "acme", "user-agent": "", "changed": "is_enabled", "to": true, "token": "deploy"}`,
		},
		{Request{}.PullImages(app), KindPullRepo, `{"repo": "app", "namespace": "acme", "user-agent": ""}`},
		{
			TeamChanged(KindEnableTeamSync, "dev").With(&token), KindEnableTeamSync,
			`{"team": "dev", "oauth_token_id": 7, "oauth_token_application_id": "deadbeef", "oauth_token_application": "CI"}`,
		},
		{TeamChanged(KindEnableTeamSync, "dev").With(nil), KindEnableTeamSync, `{"team": "dev"}`},
		{TrustChanged(app, true), KindChangeRepoTrust, `{"repo": "app", "namespace": "acme", "trust_enabled": true}`},
		{UserPermissionDeleted(app, "bob"), KindDeleteRepoPermission, `{"username": "bob", "repo": "app", "namespace": "acme"}`},
		{
			LabelAdded(app, someDigest, Label{someUUID, "k", "v", "text/plain"}), KindManifestLabelAdd,
			`{"id": "` + someUUID + `", "key": "k", "value": "v", "manifest_digest": "` + string(someDigest) + `", "media_type": "text/plain", "namespace": "acme", "repo": "app"}`,
		},
		{
			LabelDeleted(app, someDigest, Label{someUUID, "k", "v", ""}), KindManifestLabelDelete,
			`{"id": "` + someUUID + `", "key": "k", "value": "v", "manifest_digest": "` + string(someDigest) + `", "namespace": "acme", "repo": "app"}`,
		},
		{
			TagPermanentlyDeleted(app, "bob", "v1", someDigest), KindPermanentlyDeleteTag,
			`{"username": "bob", "repo": "app", "namespace": "acme", "tag": "v1", "manifest_digest": "` + string(someDigest) + `"}`,
		},
		{TagPruned(app, "v1"), KindAutopruneTagDelete, `{"performer": "autoprune worker", "namespace": "acme", "repo": "app", "tag": "v1"}`},
		{TagFrozen(app, "v1"), KindTagMadeImmutableByPolicy, `{"tag": "v1", "repo": "app", "namespace": "acme", "immutable": true}`},
		{BuildCancelled(someUUID), KindCancelBuild, `{"build_uuid": "` + someUUID + `"}`},
		{
			TriggerSetUp(app, trigger), KindSetupRepoTrigger,
			`{"repo": "app", "namespace": "acme", "trigger_id": "` + someUUID + `", "service": "github", "pull_robot": null, "config": {"context": "/", "depth": 1.0}}`,
		},
		{TriggerToggled(app, trigger, false), KindToggleRepoTrigger, `{"repo": "app", "trigger_id": "` + someUUID + `", "service": "github", "enabled": false}`},
		{TriggerDeleted(app, trigger), KindDeleteRepoTrigger, `{"repo": "app", "trigger_id": "` + someUUID + `", "service": "github"}`},
		{OrganizationInvoicesChanged("acme", true), KindOrgChangeInvoicing, `{"invoice_email": true, "namespace": "acme"}`},
		{OrganizationInvoiceAddressChanged("acme", nil), KindOrgChangeInvoicing, `{"invoice_email_address": null, "namespace": "acme"}`},
		{OwnershipTaken(4, "acme", false, "root"), KindTakeOwnership, `{"entity_id": 4, "namespace": "acme", "was_user": false, "superuser": "root"}`},
		{ProxyCacheCreated("docker.io"), KindCreateProxyCacheConfig, `{"upstream_registry": "docker.io"}`},
		{
			APITokenCreated(someUUID, "repo:read", "ci", "CI", "deadbeef"), KindCreateOAuthAPIToken,
			`{"oauth_token_uuid": "` + someUUID + `", "scope": "repo:read", "token_display_name": "ci", "application_name": "CI", "auth_method": "OAuth", "client_id": "deadbeef"}`,
		},
		{
			APITokenRevoked(someUUID, "CI", "deadbeef"), KindRevokeOAuthAPIToken,
			`{"oauth_token_uuid": "` + someUUID + `", "application_name": "CI", "client_id": "deadbeef"}`,
		},
		{TeamDescribed("dev", "all\nof us"), KindOrgSetTeamDescription, `{"team": "dev", "description": "all\nof us"}`},
		{TeamRoleSet("dev", "admin"), KindOrgSetTeamRole, `{"team": "dev", "role": "admin"}`},
		{UserInvited("dev", "bob"), KindOrgInviteTeamMember, `{"user": "bob", "member": "bob", "team": "dev"}`},
		{UserInviteDeleted("dev", "bob"), KindOrgDeleteTeamMemberInvite, `{"user": "bob", "team": "dev", "member": "bob"}`},
		{EmailInvite(KindOrgInviteTeamMember, "dev", "b@c.d"), KindOrgInviteTeamMember, `{"email": "b@c.d", "team": "dev", "member": "b@c.d"}`},
		{
			InviteAnswered(KindOrgTeamMemberInviteDeclined, "dev", "bob", "alice"), KindOrgTeamMemberInviteDeclined,
			`{"member": "bob", "team": "dev", "inviter": "alice"}`,
		},
		{
			PrototypeChanged(KindModifyPrototypePermission, "alice", Prototype{UUID: someUUID, Role: "read", DelegateTeam: "dev"}, "admin"),
			KindModifyPrototypePermission,
			`{"prototypeid": "` + someUUID + `", "username": "alice", "activating_username": null, "role": "read", "original_role": "admin", "delegate_team": "dev"}`,
		},
		{
			PrototypeChanged(KindCreatePrototypePermission, "alice", Prototype{UUID: someUUID, Role: "read", ActivatingUser: "eve", DelegateUser: "bob"}, ""),
			KindCreatePrototypePermission,
			`{"prototypeid": "` + someUUID + `", "username": "alice", "activating_username": "eve", "role": "read", "delegate_user": "bob"}`,
		},
		{RobotTokenExchanged("acme+ci", "https://issuer", ""), KindFederatedRobotTokenExchange, `{"subject": null, "issuer": "https://issuer", "robot": "acme+ci"}`},
		{
			MirrorEnabled("harbor", "https://h", "lib", 3600, "acme+ci"), KindOrgMirrorEnabled,
			`{"external_registry_type": "harbor", "external_registry_url": "https://h", "external_namespace": "lib", "sync_interval": 3600, "robot_username": "acme+ci"}`,
		},
		{
			MirrorConfigChanged([]string{"is_enabled", "sync_interval"}, "h/a", "h/b"), KindOrgMirrorConfigChanged,
			`{"updated_fields": ["is_enabled", "sync_interval"], "old_external_reference": "h/a", "external_reference": "h/b"}`,
		},
		{MirrorChanged(KindOrgMirrorDisabled, "h/b"), KindOrgMirrorDisabled, `{"external_reference": "h/b"}`},
		{
			QuotaChanged("acme", int64(1<<30), 500), KindOrgChangeQuota,
			`{"namespace": "acme", "limit_bytes": 1073741824, "limit": "1.0 GiB", "previous_limit_bytes": 500, "previous_limit": "500.0 Byte"}`,
		},
		{
			QuotaLimitChanged("acme", QuotaLimit{"Reject", 90}, QuotaLimit{"Warning", 80}), KindOrgChangeQuotaLimit,
			`{"namespace": "acme", "type": "Reject", "threshold_percent": 90, "previous_type": "Warning", "previous_threshold_percent": 80}`,
		},
		{PasswordChanged(), KindAccountChangePassword, `{}`},
		{AccountConverted(), KindAccountConvert, `{}`},
		{ClientKeyGenerated(), KindUserGenerateClientKey, `{}`},
		{UserCreated("bob", "b@c.d", "root"), KindUserCreate, `{"email": "b@c.d", "username": "bob", "superuser": "root"}`},
		{UserChangedBySuperuser(KindUserDisable, "bob", "root"), KindUserDisable, `{"username": "bob", "superuser": "root"}`},
		{EmailChanged("b@c.d", "a@c.d"), KindUserChangeEmail, `{"email": "b@c.d", "old_email": "a@c.d"}`},
		{UserRenamed("bob"), KindUserChangeName, `{"old_username": "bob"}`},
		{UserTagExpirationChanged(3600), KindUserChangeTagExpiration, `{"tag_expiration": 3600}`},
		{UserInvoicesChanged(false), KindUserChangeInvoicing, `{"invoice_email": false}`},
		{UserInvoiceAddressChanged(to("b@c.d")), KindUserChangeInvoicing, `{"invoice_email_address": "b@c.d"}`},
		{UserMetadataChanged(Metadata{{"company", "Acme"}}), KindUserChangeMetadata, `{"company": "Acme"}`},
		{PlanChanged("bus-2018"), KindAccountChangePlan, `{"plan": "bus-2018"}`},
		{
			OAuthTokenAssigned("alice", "bob", "CI", "deadbeef"), KindOAuthTokenAssigned,
			`{"assigning_user": "alice", "assigned_user": "bob", "application": "CI", "client_id": "deadbeef"}`,
		},
		{TokenGranted(AppTokenLogin("laptop", "bob"), "podman"), KindLoginSuccess, `{"kind": "app_specific_token", "app_specific_token_title": "laptop", "type": "v2auth", "useragent": "podman"}`},
		{TokenGranted(RobotLogin("acme+ci", "acme"), ""), KindLoginSuccess, `{"kind": "robot", "robot": "acme+ci", "type": "v2auth", "useragent": ""}`},
		{LoginRefused(AppTokenLogin("", ""), "x", "no"), KindLoginFailure, `{"type": "v2auth", "kind": "app_specific_token", "useragent": "x", "message": "no"}`},
		{
			LoginRefused(AppTokenLogin("laptop", "bob"), "x", "no"), KindLoginFailure,
			`{"type": "v2auth", "kind": "app_specific_token", "app_specific_token_title": "laptop", "username": "bob", "useragent": "x", "message": "no"}`,
		},
		{
			ServiceKeyMade(KindServiceKeyApprove, key), KindServiceKeyApprove,
			`{"kid": "kid7", "preshared": true, "service": "sample", "name": "one", "expiration_date": 1790000000, "auto_approved": true}`,
		},
		{ServiceKeyDeleted(key), KindServiceKeyDelete, `{"kid": "kid7", "service": "sample", "name": "one", "created_date": null, "expiration_date": 1790000000}`},
	} {
		if got := tc.got.Metadata.text(); got != tc.want || tc.got.Kind != tc.kind {
			t.Errorf("got %s %s\nwant %s %s", tc.got.Kind, got, tc.kind, tc.want)
		}
	}
}
