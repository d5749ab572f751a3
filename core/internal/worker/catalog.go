package worker

import "time"

// Where says what does the work of one of the product's programs.
type Where string

// Places.
const (
	Here   Where = "worker" // quay worker NAME, and the host where it does so by itself
	Serve  Where = "serve"  // quay serve, as long as it runs
	Python Where = "python" // the Python product alone, as yet
	Nobody Where = "none"   // nobody: it is not needed any more
)

// Entry describes one of the product's programs.
type Entry struct {
	Name  string `json:"name"`
	Does  string `json:"does"`
	Where Where  `json:"where"`
	// Gate is what switches it on, all of it; empty is always on.
	Gate string `json:"gate,omitempty"`
	// Every are the intervals of its operations, in seconds, where the configuration has
	// no others.
	Every []int `json:"every_seconds,omitempty"`
	// Key is that of the first interval in the configuration.
	Key string `json:"every_key,omitempty"`
	// Queue is the one that it works off.
	Queue string `json:"queue,omitempty"`
	// Lock is the name of the lock that it takes, also in the product.
	Lock string `json:"lock,omitempty"`
}

// Catalog lists the product's programs, those that do background work and those that do
// not, in the product's order (conf/init/supervisord_conf_create.py). Intervals, gates and
// locks are those of workers/*.py.
func Catalog() []Entry {
	return []Entry{
		{Name: "blobuploadcleanupworker", Does: "ends uploads that nobody goes on with", Where: Serve, Every: []int{3600}, Key: "BLOBUPLOAD_CLEANUP_FREQUENCY", Lock: "BLOB_CLEANUP"},
		{Name: "buildlogsarchiver", Does: "moves the logs of builds from Redis to the object store", Where: Python, Every: []int{30}},
		{Name: "builder", Does: "runs builds", Where: Python, Gate: "FEATURE_BUILD_SUPPORT", Every: []int{10}, Queue: "dockerfilebuild"},
		{Name: "chunkcleanupworker", Does: "removes chunks of uploads to Swift", Where: Python, Gate: "a Swift location", Every: []int{10}, Queue: "chunk_cleanup"},
		{Name: "expiredappspecifictokenworker", Does: "removes app-specific tokens that have ended", Where: Python, Gate: "FEATURE_APP_SPECIFIC_TOKENS, EXPIRED_APP_SPECIFIC_TOKEN_GC", Every: []int{3600}},
		{Name: "exportactionlogsworker", Does: "exports the action log", Where: Python, Gate: "FEATURE_LOG_EXPORT", Every: []int{60}, Key: "EXPORT_ACTION_LOGS_WORKER_POLL_PERIOD", Queue: "exportactionlogs"},
		{Name: "gcworker", Does: "collects what no tag of a repository needs any more", Where: Python, Gate: "FEATURE_GARBAGE_COLLECTION", Every: []int{30}, Key: "GARBAGE_COLLECTION_FREQUENCY", Lock: "REPO_GARBAGE_COLLECTION_*"},
		{Name: "globalpromstats", Does: "counts rows for Prometheus", Where: Python, Gate: "PROMETHEUS_PUSHGATEWAY_URL", Every: []int{3600}, Key: "GLOBAL_PROMETHEUS_STATS_FREQUENCY", Lock: "GLOBAL_PROM_STATS"},
		{Name: "logrotateworker", Does: "archives the action log", Where: Python, Gate: "FEATURE_ACTION_LOG_ROTATION", Every: []int{43200}, Key: "ACTION_LOG_ROTATION_FREQUENCY", Lock: "ACTION_LOG_ROTATION"},
		{Name: "namespacegcworker", Does: "purges deleted namespaces", Where: Python, Gate: "FEATURE_NAMESPACE_GARBAGE_COLLECTION", Every: []int{60}, Queue: "namespacegc", Lock: "LARGE_GARBAGE_COLLECTION"},
		{Name: "repositorygcworker", Does: "purges deleted repositories", Where: Python, Gate: "FEATURE_REPOSITORY_GARBAGE_COLLECTION", Every: []int{60}, Queue: "repositorygc", Lock: "LARGE_GARBAGE_COLLECTION"},
		{Name: "notificationworker", Does: "sends notifications", Where: Python, Every: []int{10}, Queue: "notification"},
		{Name: "queuecleanupworker", Does: "removes dead items from the queues", Where: Python, Every: []int{86400}, Key: "QUEUE_CLEANUP_FREQUENCY"},
		{Name: "reconciliationworker", Does: "compares organisations with what they have bought", Where: Python, Gate: "FEATURE_ENTITLEMENT_RECONCILIATION", Every: []int{300}, Key: "RECONCILIATION_FREQUENCY", Lock: "RECONCILIATION_WORKER"},
		{Name: "repositoryactioncounter", Does: "counts what happens in repositories", Where: Python, Gate: "FEATURE_REPOSITORY_ACTION_COUNTER", Every: []int{14400}},
		{Name: "securityworker", Does: "has manifests looked at for vulnerabilities", Where: Python, Gate: "FEATURE_SECURITY_SCANNER", Every: []int{30, 30, 30}, Key: "SECURITY_SCANNER_INDEXING_INTERVAL", Lock: "SECURITY_SCANNER_V4_INDEXING"},
		{Name: "storagereplication", Does: "copies blobs between locations", Where: Python, Gate: "FEATURE_STORAGE_REPLICATION", Every: []int{10}, Queue: "imagestoragereplication"},
		{Name: "teamsyncworker", Does: "keeps teams as groups of a directory are", Where: Python, Gate: "FEATURE_TEAM_SYNCING", Every: []int{60}, Key: "TEAM_SYNC_WORKER_FREQUENCY"},
		{Name: "dnsmasq", Does: "answers DNS for nginx", Where: Nobody},
		{Name: "gunicorn-registry", Does: "serves /v1 and /v2", Where: Serve},
		{Name: "gunicorn-secscan", Does: "takes reports of the scanner", Where: Python},
		{Name: "gunicorn-web", Does: "serves the API and the web", Where: Python},
		{Name: "ip-resolver-update-worker", Does: "nothing: the product has only its name left", Where: Nobody},
		{Name: "memcache", Does: "keeps what others may find again", Where: Nobody},
		{Name: "nginx", Does: "stands in front of the product's servers", Where: Nobody},
		{Name: "pushgateway", Does: "keeps metrics of programs that nobody asks", Where: Nobody},
		{Name: "servicekey", Does: "keeps the registry's key alive", Where: Serve, Every: []int{3600}, Key: "INSTANCE_SERVICE_KEY_REFRESH"},
		{Name: "repomirrorworker", Does: "mirrors repositories and organisations", Where: Python, Gate: "FEATURE_REPO_MIRROR", Every: []int{30, 30, 30}, Key: "REPO_MIRROR_INTERVAL"},
		{Name: ManifestBackfill, Does: "fills in the sizes of older manifests", Where: Here, Gate: "FEATURE_MANIFEST_SIZE_BACKFILL", Every: []int{3600}, Key: "MANIFEST_BACKFILL_WORKER_FREQUENCY"},
		{Name: ManifestSubjectBackfill, Does: "fills in subjects and artifact types of older manifests", Where: Here, Gate: "FEATURE_MANIFEST_SUBJECT_BACKFILL", Every: []int{60, 60}, Key: "MANIFEST_SUBJECT_BACKFILL_WORKER_FREQUENCY"},
		{Name: "securityscanningnotificationworker", Does: "tells of new vulnerabilities", Where: Python, Gate: "FEATURE_SECURITY_SCANNER, FEATURE_SECURITY_NOTIFICATIONS", Every: []int{60}, Queue: "secscanv4"},
		{Name: "quotatotalworker", Does: "counts what namespaces use", Where: Python, Gate: "FEATURE_QUOTA_MANAGEMENT", Every: []int{15, 300}, Key: "QUOTA_BACKFILL_POLL_PERIOD"},
		{Name: "quotaregistrysizeworker", Does: "counts what the registry uses", Where: Python, Gate: "FEATURE_QUOTA_MANAGEMENT", Every: []int{60}, Key: "QUOTA_REGISTRY_SIZE_POLL_PERIOD"},
		{Name: "autopruneworker", Does: "ends tags by policies", Where: Python, Gate: "FEATURE_AUTO_PRUNE", Every: []int{30, 86400}, Key: "AUTO_PRUNING_POLL_PERIOD", Lock: "REGISTRY_WIDE_AUTOPRUNE"},
		{Name: "proxycacheblobworker", Does: "fetches the blobs of cached images", Where: Python, Gate: "FEATURE_PROXY_CACHE, FEATURE_PROXY_CACHE_BLOB_DOWNLOAD", Every: []int{10}, Queue: "proxycacheblob"},
		{Name: "pullstatsredisflushworker", Does: "takes counts of pulls from Redis", Where: Python, Gate: "FEATURE_IMAGE_PULL_STATS", Every: []int{300}, Key: "REDIS_FLUSH_INTERVAL_SECONDS"},
	}
}

// Names of the programs that are built in here.
const (
	ManifestBackfill        = "manifestbackfillworker"
	ManifestSubjectBackfill = "manifestsubjectbackfillworker"
)

// Seconds is a number of seconds as a duration.
func Seconds(n int) time.Duration { return time.Duration(n) * time.Second }
