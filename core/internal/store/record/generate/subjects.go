package main

// entity names the row type of a table.
type entity struct {
	table string
	name  string
	// says completes the sentence "a NAME is a row of TABLE: …".
	says string
}

// subject is the tables that one generated file describes.
type subject struct {
	file     string
	entities []entity
}

// subjects are all tables of the schema. The names of types are the product's
// (data/database.py) in the singular.
var subjects = []subject{
	{"revision", []entity{
		{"alembic_version", "Revision", "the mark of the product's migrations"},
	}},
	{"accounts", []entity{
		{"user", "User", "an account, which is a person, an organization or a robot"},
		{"loginservice", "LoginService", "an external source of identity"},
		{"federatedlogin", "FederatedLogin", "the identity of an account at such a source"},
		{"emailconfirmation", "EmailConfirmation", "a code sent by mail: sign-up, new address, password reset"},
		{"userpromptkind", "UserPromptKind", "a question that an account can be asked after its login"},
		{"userprompt", "UserPrompt", "a question still open for an account"},
		{"userregion", "UserRegion", "a storage location that an account prefers"},
		{"deletednamespace", "DeletedNamespace", "a namespace that a worker is to delete"},
		{"organizationcontactemail", "OrganizationContactEmail", "the contact address of an organization"},
		{"redhatsubscriptions", "RedHatSubscription", "the Red Hat account number of an account"},
		{"organizationrhskus", "OrganizationRHSKU", "a Red Hat subscription bound to an organization"},
		{"robotaccountmetadata", "RobotAccountMetadata", "what a robot is for"},
		{"robotaccounttoken", "RobotAccountToken", "the password of a robot"},
		{"teamrole", "TeamRole", "what members of a team may do in their organization"},
		{"team", "Team", "a team of an organization"},
		{"teammember", "TeamMember", "an account in a team"},
		{"teammemberinvite", "TeamMemberInvite", "an invitation, to an account or to an address"},
		{"teamsync", "TeamSync", "where the members of a team come from, if from a directory"},
	}},
	{"access", []entity{
		{"role", "Role", "what a permission allows on a repository"},
		{"repositorypermission", "RepositoryPermission", "the role of an account or of a team on one repository"},
		{"permissionprototype", "PermissionPrototype", "a permission that new repositories of an organization receive"},
		{"accesstokenkind", "AccessTokenKind", "what an access token is for"},
		{"accesstoken", "AccessToken", "a token for one repository, such as that of a build"},
		{"appspecificauthtoken", "AppSpecificAuthToken", "a password that a user made for one application"},
		{"oauthapplication", "OAuthApplication", "an OAuth application of an organization"},
		{"oauthauthorizationcode", "OAuthAuthorizationCode", "a code that an application turns into a token"},
		{"oauthaccesstoken", "OAuthAccessToken", "a token of an application for a user"},
		{"oauthassignedtoken", "OAuthAssignedToken", "a token that an application holds ready for a user who has yet to agree"},
		{"servicekeyapproval", "ServiceKeyApproval", "who approved a service key, and when"},
		{"servicekey", "ServiceKey", "the public key of a service that may sign tokens"},
	}},
	{"repositories", []entity{
		{"repositorykind", "RepositoryKind", "what a repository holds"},
		{"visibility", "Visibility", "who sees a repository"},
		{"repository", "Repository", "a repository of a namespace"},
		{"deletedrepository", "DeletedRepository", "a repository that a worker is to delete"},
		{"star", "Star", "a repository that a user marked"},
		{"repositoryactioncount", "RepositoryActionCount", "the number of actions on a repository in one day"},
		{"repositorysearchscore", "RepositorySearchScore", "the rank of a repository in search results"},
		{"repositoryauthorizedemail", "RepositoryAuthorizedEmail", "an address that is asked whether it wants notifications of a repository"},
		{"namespaceautoprunepolicy", "NamespaceAutoPrunePolicy", "a rule that removes old tags of a namespace"},
		{"repositoryautoprunepolicy", "RepositoryAutoPrunePolicy", "a rule that removes old tags of a repository"},
		{"autoprunetaskstatus", "AutoPruneTaskStatus", "when the rules of a namespace last ran"},
		{"namespaceimmutabilitypolicy", "NamespaceImmutabilityPolicy", "a rule that makes tags of a namespace immutable"},
		{"repositoryimmutabilitypolicy", "RepositoryImmutabilityPolicy", "a rule that makes tags of a repository immutable"},
	}},
	{"mirrors", []entity{
		{"repomirrorrule", "RepoMirrorRule", "which tags a mirror copies; rules can form a tree"},
		{"repomirrorconfig", "RepoMirrorConfig", "how a repository mirrors another one"},
		{"orgmirrorconfig", "OrgMirrorConfig", "how an organization mirrors a namespace of another registry"},
		{"orgmirrorrepository", "OrgMirrorRepository", "a repository found in such a namespace"},
		{"proxycacheconfig", "ProxyCacheConfig", "what an organization is a pull-through cache of"},
	}},
	{"content", []entity{
		{"mediatype", "MediaType", "the media type of a manifest, a label or a message"},
		{"imagestoragelocation", "ImageStorageLocation", "the name of a storage location"},
		{"imagestorage", "ImageStorage", "a blob"},
		{"imagestorageplacement", "ImageStoragePlacement", "a location that has a copy of a blob"},
		{"imagestoragesignaturekind", "ImageStorageSignatureKind", "a kind of detached signatures"},
		{"imagestoragesignature", "ImageStorageSignature", "a detached signature of a blob"},
		{"imagestoragetransformation", "ImageStorageTransformation", "a kind of derived images; only the enum rows are left of them"},
		{"blobupload", "BlobUpload", "an upload in progress"},
		{"uploadedblob", "UploadedBlob", "a blob just uploaded, kept until a manifest has had time to refer to it"},
		{"manifest", "Manifest", "a manifest in a repository"},
		{"manifestblob", "ManifestBlob", "a blob that a manifest refers to"},
		{"manifestchild", "ManifestChild", "a manifest that an index refers to"},
		{"manifestsecuritystatus", "ManifestSecurityStatus", "what the security scanner knows of a manifest"},
		{"manifestpullstatistics", "ManifestPullStatistics", "how often a manifest was pulled"},
		{"tagkind", "TagKind", "a kind of tags"},
		{"tag", "Tag", "a tag during one part of its life; the latest row is the tag of today"},
		{"tagpullstatistics", "TagPullStatistics", "how often a tag was pulled"},
		{"labelsourcetype", "LabelSourceType", "where a label came from"},
		{"label", "Label", "a key with a value"},
		{"manifestlabel", "ManifestLabel", "a label of a manifest"},
	}},
	{"applications", []entity{
		{"apprtagkind", "ApprTagKind", "a kind of tags of the retired application registry, as are the tables below"},
		{"apprtag", "ApprTag", "a tag of an application"},
		{"apprmanifestlist", "ApprManifestList", "a list of manifests"},
		{"apprmanifestlistmanifest", "ApprManifestListManifest", "a manifest in a list"},
		{"apprmanifest", "ApprManifest", "a manifest of an application"},
		{"apprmanifestblob", "ApprManifestBlob", "a blob that a manifest refers to"},
		{"apprblob", "ApprBlob", "a blob of an application"},
		{"apprblobplacementlocation", "ApprBlobPlacementLocation", "the name of a storage location"},
		{"apprblobplacement", "ApprBlobPlacement", "a location that has a copy of a blob"},
	}},
	{"builds", []entity{
		{"buildtriggerservice", "BuildTriggerService", "a kind of triggers"},
		{"disablereason", "DisableReason", "why a trigger is off"},
		{"repositorybuildtrigger", "RepositoryBuildTrigger", "what starts a build"},
		{"repositorybuild", "RepositoryBuild", "a build"},
	}},
	{"events", []entity{
		{"notificationkind", "NotificationKind", "a kind of notifications to accounts"},
		{"notification", "Notification", "a notification shown to an account"},
		{"externalnotificationevent", "ExternalNotificationEvent", "an event that others can be told of"},
		{"externalnotificationmethod", "ExternalNotificationMethod", "a way to tell others"},
		{"repositorynotification", "RepositoryNotification", "who is told of an event in a repository, and how"},
		{"namespacenotification", "NamespaceNotification", "who is told of an event in a namespace, and how"},
		{"tagnotificationsuccess", "TagNotificationSuccess", "a tag whose expiry was announced"},
		{"messages", "Message", "a message that everybody sees"},
		{"logentrykind", "LogEntryKind", "a kind of entries of the audit log"},
		{"logentry", "LogEntry", "an entry of the first audit log, which gets no new ones"},
		{"logentry2", "LogEntry2", "an entry of the second audit log, which gets no new ones"},
		{"logentry3", "LogEntry3", "an entry of the audit log that is written today"},
	}},
	{"quota", []entity{
		{"quotatype", "QuotaType", "what happens when a limit is reached"},
		{"userorganizationquota", "UserOrganizationQuota", "how much a namespace may hold"},
		{"quotalimits", "QuotaLimit", "a share of a quota at which something happens"},
		{"quotanotificationstate", "QuotaNotificationState", "when a namespace was last warned"},
		{"quotaregistrysize", "QuotaRegistrySize", "the size of the registry"},
		{"quotanamespacesize", "QuotaNamespaceSize", "the size of a namespace"},
		{"quotarepositorysize", "QuotaRepositorySize", "the size of a repository"},
	}},
	{"operations", []entity{
		{"queueitem", "QueueItem", "a piece of work in a queue; a worker claims it by changing its state_id"},
		{"quayservice", "QuayService", "a service of the product"},
		{"quayregion", "QuayRegion", "a region in which services run"},
		{"quayrelease", "QuayRelease", "a version that ran, by service and region"},
	}},
}

// json are the columns whose text is JSON.
var json = map[string]bool{
	"apprmanifest.manifest_json":                true,
	"apprmanifestlist.manifest_list_json":       true,
	"apprmanifestlistmanifest.platform_json":    true,
	"blobupload.storage_metadata":               true,
	"federatedlogin.metadata_json":              true,
	"logentry.metadata_json":                    true,
	"logentry2.metadata_json":                   true,
	"logentry3.metadata_json":                   true,
	"manifestsecuritystatus.error_json":         true,
	"manifestsecuritystatus.metadata_json":      true,
	"namespaceautoprunepolicy.policy":           true,
	"namespaceimmutabilitypolicy.policy":        true,
	"namespacenotification.config_json":         true,
	"namespacenotification.event_config_json":   true,
	"notification.metadata_json":                true,
	"oauthaccesstoken.data":                     true,
	"oauthauthorizationcode.data":               true,
	"orgmirrorconfig.architecture_filter":       true,
	"orgmirrorconfig.external_registry_config":  true,
	"orgmirrorconfig.repository_filters":        true,
	"queueitem.body":                            true,
	"repomirrorconfig.architecture_filter":      true,
	"repomirrorconfig.external_registry_config": true,
	"repomirrorrule.rule_value":                 true,
	"repositoryautoprunepolicy.policy":          true,
	"repositorybuild.job_config":                true,
	"repositorybuildtrigger.config":             true,
	"repositoryimmutabilitypolicy.policy":       true,
	"repositorynotification.config_json":        true,
	"repositorynotification.event_config_json":  true,
	"robotaccountmetadata.unstructured_json":    true,
	"servicekey.jwk":                            true,
	"servicekey.metadata":                       true,
	"teamsync.config":                           true,
}

// secret are the columns that nobody may see: encrypted ones, hashes of
// credentials, and codes that whoever has them may use.
var secret = map[string]bool{
	"accesstoken.token_code":                      true,
	"appspecificauthtoken.token_secret":           true,
	"emailconfirmation.code":                      true,
	"emailconfirmation.verification_code":         true,
	"oauthaccesstoken.token_code":                 true,
	"oauthapplication.secure_client_secret":       true,
	"oauthauthorizationcode.code_credential":      true,
	"orgmirrorconfig.external_registry_password":  true,
	"orgmirrorconfig.external_registry_username":  true,
	"proxycacheconfig.upstream_registry_password": true,
	"proxycacheconfig.upstream_registry_username": true,
	"repomirrorconfig.external_registry_password": true,
	"repomirrorconfig.external_registry_username": true,
	"repositoryauthorizedemail.code":              true,
	"repositorybuildtrigger.secure_auth_token":    true,
	"repositorybuildtrigger.secure_private_key":   true,
	"robotaccounttoken.token":                     true,
	"teammemberinvite.invite_token":               true,
	"user.password_hash":                          true,
}

// wide are the columns that are INTEGER on SQLite, which has only one, and bigint
// on PostgreSQL.
var wide = map[string]bool{
	"logentry3.id":    true,
	"manifestblob.id": true,
	"uploadedblob.id": true,
}

// initialisms are parts of the names of columns that Go writes in capitals.
var initialisms = map[string]string{
	"cas": "CAS", "id": "ID", "ip": "IP", "json": "JSON", "jwk": "JWK", "kid": "KID",
	"ms": "MS", "sha": "SHA", "uri": "URI", "url": "URL", "uuid": "UUID",
}
