package columns

// Column is a column whose texts are encrypted.
type Column struct {
	Table string
	Name  string
	// MaxLength is how many characters the column takes; 0 is no limit. The product
	// checks it before it writes (data/fields.py).
	MaxLength int
	// Default is how many random characters of A to Z and 0 to 9 the product writes
	// when nobody gives a value; 0 is none.
	Default int
}

// The columns (data/database.py).
var (
	RobotToken             = Column{"robotaccounttoken", "token", 255, 64}
	AccessTokenCode        = Column{"accesstoken", "token_code", 255, 32}
	TriggerAuthToken       = Column{"repositorybuildtrigger", "secure_auth_token", 255, 0}
	TriggerPrivateKey      = Column{"repositorybuildtrigger", "secure_private_key", 0, 0}
	ApplicationSecret      = Column{"oauthapplication", "secure_client_secret", 255, 40}
	AppTokenSecret         = Column{"appspecificauthtoken", "token_secret", 255, 60}
	RepositoryMirrorUser   = Column{"repomirrorconfig", "external_registry_username", 4096, 0}
	RepositoryMirrorSecret = Column{"repomirrorconfig", "external_registry_password", 9000, 0}
	OrgMirrorUser          = Column{"orgmirrorconfig", "external_registry_username", 4096, 0}
	OrgMirrorSecret        = Column{"orgmirrorconfig", "external_registry_password", 9000, 0}
	ProxyCacheUser         = Column{"proxycacheconfig", "upstream_registry_username", 4096, 0}
	ProxyCacheSecret       = Column{"proxycacheconfig", "upstream_registry_password", 4096, 0}
)

// All returns every encrypted column of the schema.
func All() []Column {
	return []Column{
		RobotToken, AccessTokenCode, TriggerAuthToken, TriggerPrivateKey, ApplicationSecret, AppTokenSecret,
		RepositoryMirrorUser, RepositoryMirrorSecret, OrgMirrorUser, OrgMirrorSecret, ProxyCacheUser, ProxyCacheSecret,
	}
}
