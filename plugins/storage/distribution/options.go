package distribution

import (
	"time"

	"github.com/quay/quay/sdk/config"
)

// options configure a location. Exactly one of them is set.
type options struct {
	Filesystem *filesystemOptions `json:"filesystem" help:"Objects are files below a directory."`
	InMemory   *inMemoryOptions   `json:"inmemory" help:"Objects are lost with the process. For tests; it has no parameters."`
	S3         *s3Options         `json:"s3" help:"Objects are in a bucket of S3, or of a service like it."`
	GCS        *gcsOptions        `json:"gcs" help:"Objects are in a bucket of Google Cloud Storage."`
	Azure      *azureOptions      `json:"azure" help:"Objects are in a container of Azure Blob Storage."`
}

// chosen returns the names of the drivers that are set.
func (o options) chosen() []string {
	var names []string
	add := func(set bool, name string) {
		if set {
			names = append(names, name)
		}
	}
	add(o.Filesystem != nil, "filesystem")
	add(o.InMemory != nil, "inmemory")
	add(o.S3 != nil, "s3")
	add(o.GCS != nil, "gcs")
	add(o.Azure != nil, "azure")
	return names
}

// Validate implements config.Validator.
func (o options) Validate() []config.Problem {
	if len(o.chosen()) == 1 {
		return nil
	}
	return []config.Problem{{Message: "It must have exactly one driver: filesystem, inmemory, s3, gcs or azure."}}
}

type filesystemOptions struct {
	RootDirectory config.Path `json:"rootdirectory" required:"true" access:"write" example:"/var/lib/registry" help:"Absolute path of the directory that holds the objects. It is made when it does not exist."`
	MaxThreads    int         `json:"maxthreads" min:"25" help:"Most calls at once; distribution's default is 100."`
}

type inMemoryOptions struct{}

type s3Options struct {
	Bucket           string        `json:"bucket" required:"true" help:"Name of the bucket, which must exist."`
	Region           string        `json:"region" help:"Region of the bucket. Required unless \"regionendpoint\" is set."`
	RegionEndpoint   string        `json:"regionendpoint" help:"Address of a service like S3: a URL, or a host and a port."`
	RedirectEndpoint string        `json:"redirectendpoint" format:"uri" help:"Address that clients have for the service, in signed URLs. Without path and query."`
	ForcePathStyle   bool          `json:"forcepathstyle" help:"Whether the bucket's name is in the path of a URL and not in its host, as services like S3 want it."`
	AccessKey        string        `json:"accesskey" help:"Id of the access key. Without it and \"secretkey\" the role of the machine is used."`
	SecretKey        config.Secret `json:"secretkey" help:"Secret of the access key."`
	RootDirectory    string        `json:"rootdirectory" help:"Prefix of all keys."`
	Secure           bool          `json:"secure" default:"true" help:"Whether the service is reached by HTTPS."`
	SkipVerify       bool          `json:"skipverify" help:"Whether any certificate is trusted."`
	V4Auth           bool          `json:"v4auth" default:"true" help:"Whether requests are signed by version 4 of the algorithm."`
	Encrypt          bool          `json:"encrypt" help:"Whether the service encrypts the objects."`
	KeyID            string        `json:"keyid" help:"Id of the KMS key for it."`
	StorageClass     string        `json:"storageclass" help:"Storage class of the objects, \"NONE\" where the service has none; distribution's default is STANDARD."`
	ObjectACL        string        `json:"objectacl" help:"Canned ACL of the objects; distribution's default is \"private\"."`
	ChunkSize        int64         `json:"chunksize" min:"5242880" help:"Size of the parts of a large object, in bytes; distribution's default is 10485760. There are at most 10,000 parts."`
	UserAgent        string        `json:"useragent" help:"Added to the header User-Agent."`
	UseDualStack     bool          `json:"usedualstack" help:"Whether the endpoints for IPv4 and IPv6 are used."`
	Accelerate       bool          `json:"accelerate" help:"Whether S3 Transfer Acceleration is used."`
	UseFIPSEndpoint  bool          `json:"usefipsendpoint" help:"Whether the FIPS endpoints are used."`
}

// Validate implements config.Validator.
func (o s3Options) Validate() []config.Problem {
	var problems []config.Problem
	if o.Region == "" && o.RegionEndpoint == "" {
		problems = append(problems, config.Problem{Field: "region", Message: "It must be set, unless \"regionendpoint\" is."})
	}
	if (o.AccessKey == "") != (o.SecretKey.Reveal() == "") {
		problems = append(problems, config.Problem{Field: "secretkey", Message: "It and \"accesskey\" must both be set, or neither."})
	}
	return problems
}

type gcsOptions struct {
	Bucket         string        `json:"bucket" required:"true" help:"Name of the bucket, which must exist."`
	RootDirectory  string        `json:"rootdirectory" required:"true" help:"Prefix of all names. Required, as distribution's driver does not list the root of a bucket."`
	KeyFile        config.Path   `json:"keyfile" access:"read" help:"Absolute path of the JSON file with the key of the service account. Without it and \"credentials\" those of the machine are used."`
	Credentials    config.Secret `json:"credentials" help:"The text of such a file."`
	ChunkSize      int64         `json:"chunksize" min:"262144" help:"Size of the parts of a large object, in bytes, a multiple of 262144; distribution's default is 16777216."`
	MaxConcurrency int           `json:"maxconcurrency" min:"25" help:"Most calls at once; distribution's default is 50."`
	UserAgent      string        `json:"useragent" help:"The header User-Agent."`
}

// Validate implements config.Validator.
func (o gcsOptions) Validate() []config.Problem {
	var problems []config.Problem
	if o.KeyFile != "" && o.Credentials.Reveal() != "" {
		problems = append(problems, config.Problem{Field: "credentials", Message: "Only one of it and \"keyfile\" can be set."})
	}
	if o.ChunkSize%(256<<10) != 0 {
		problems = append(problems, config.Problem{Field: "chunksize", Message: "It must be a multiple of 262144."})
	}
	return problems
}

type azureOptions struct {
	AccountName   string           `json:"accountname" required:"true" help:"Name of the storage account."`
	AccountKey    config.Secret    `json:"accountkey" help:"Key of the account, for credentials of the type shared_key."`
	Container     string           `json:"container" required:"true" help:"Name of the container, which must exist."`
	Credentials   azureCredentials `json:"credentials" help:"How the plugin proves who it is."`
	RootDirectory string           `json:"rootdirectory" help:"Prefix of all names."`
	Realm         string           `json:"realm" help:"Domain of the service; distribution's default is core.windows.net."`
	ServiceURL    string           `json:"serviceurl" format:"uri" help:"Address of the service, in place of that of account and realm."`
	MaxRetries    int              `json:"max_retries" min:"1" help:"How often the end of a copy is asked for; distribution's default is 5."`
	RetryDelay    time.Duration    `json:"retry_delay" min:"1ms" help:"Wait before it is asked again, longer each time; distribution's default is 100ms."`
	SkipVerify    bool             `json:"skipverify" help:"Whether any certificate is trusted."`
}

// Validate implements config.Validator.
func (o azureOptions) Validate() []config.Problem {
	if o.Credentials.Type == "shared_key" && o.AccountKey.Reveal() == "" {
		return []config.Problem{{Field: "accountkey", Message: "It must be set for credentials of the type shared_key."}}
	}
	return nil
}

type azureCredentials struct {
	Type     string        `json:"type" required:"true" enum:"shared_key,client_secret,default_credentials" help:"What \"accountkey\", the secret of an application or the machine proves."`
	ClientID string        `json:"clientid" help:"Id of the application, for client_secret."`
	TenantID string        `json:"tenantid" help:"Id of the directory that it is in, for client_secret."`
	Secret   config.Secret `json:"secret" help:"Secret of the application, for client_secret."`
}

// Validate implements config.Validator.
func (o azureCredentials) Validate() []config.Problem {
	if o.Type == "client_secret" && (o.ClientID == "" || o.TenantID == "" || o.Secret.Reveal() == "") {
		return []config.Problem{{Message: "It must have \"clientid\", \"tenantid\" and \"secret\" for the type client_secret."}}
	}
	return nil
}
