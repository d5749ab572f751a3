package queue

// Names are those of the queues in the database.
type Names struct {
	Notifications     string // NOTIFICATION_QUEUE_NAME
	Builds            string // DOCKERFILE_BUILD_QUEUE_NAME
	Replication       string // REPLICATION_QUEUE_NAME
	ChunkCleanup      string // CHUNK_CLEANUP_QUEUE_NAME
	NamespaceGC       string // NAMESPACE_GC_QUEUE_NAME
	RepositoryGC      string // REPOSITORY_GC_QUEUE_NAME
	ExportLogs        string // EXPORT_ACTION_LOGS_QUEUE_NAME
	ScanNotifications string // SECSCAN_V4_NOTIFICATION_QUEUE_NAME
	ProxyBlobs        string // PROXY_CACHE_BLOB_QUEUE_NAME
}

// Product returns the names where the configuration has no others (config.py).
func Product() Names {
	return Names{
		Notifications: "notification", Builds: "dockerfilebuild", Replication: "imagestoragereplication",
		ChunkCleanup: "chunk_cleanup", NamespaceGC: "namespacegc", RepositoryGC: "repositorygc",
		ExportLogs: "exportactionlogs", ScanNotifications: "secscanv4", ProxyBlobs: "proxycacheblob",
	}
}

// Queues are the product's (app.py). What their items are about is in the comments: the
// path of each.
type Queues struct {
	Notifications     *Queue // namespace, repository, event, …; or namespace, event
	Builds            *Queue // namespace, repository
	Replication       *Queue // uuid of a blob
	ChunkCleanup      *Queue // "segment", location, id of an upload
	NamespaceGC       *Queue // id of an account
	RepositoryGC      *Queue // namespace, id of a repository
	ExportLogs        *Queue // namespace, or namespace, repository
	ScanNotifications *Queue // "with_id", id of a notification
	ProxyBlobs        *Queue // namespace, id of a repository, digest
}

// New makes the queues of a database.
func New(s Store, names Names, opts Options) *Queues {
	opts = opts.withDefaults()
	q := func(name string, namespaced bool) *Queue { return &Queue{name, namespaced, s, opts} }
	return &Queues{
		Notifications: q(names.Notifications, true), Builds: q(names.Builds, true), Replication: q(names.Replication, false),
		ChunkCleanup: q(names.ChunkCleanup, false), NamespaceGC: q(names.NamespaceGC, false),
		RepositoryGC: q(names.RepositoryGC, true), ExportLogs: q(names.ExportLogs, true),
		ScanNotifications: q(names.ScanNotifications, false), ProxyBlobs: q(names.ProxyBlobs, true),
	}
}
