package config

import "github.com/quay/quay/sdk/errs"

// Workers is what a configuration says of background work. Names and defaults are the
// product's.
type Workers struct {
	// SetupComplete lets background work begin.
	SetupComplete bool `yaml:"SETUP_COMPLETE"`
	// AccountRecovery keeps it from beginning.
	AccountRecovery bool `yaml:"ACCOUNT_RECOVERY_MODE"`
	// Stagger spreads the first runs of workers over their intervals.
	Stagger bool `yaml:"STAGGER_WORKERS"`
	// QueueMetricsSeconds is how often a worker counts the items of its queue.
	QueueMetricsSeconds int `yaml:"QUEUE_WORKER_METRICS_REFRESH_SECONDS"`

	ManifestSizes           bool `yaml:"FEATURE_MANIFEST_SIZE_BACKFILL"`
	ManifestSizesSeconds    int  `yaml:"MANIFEST_BACKFILL_WORKER_FREQUENCY"`
	ManifestSubjects        bool `yaml:"FEATURE_MANIFEST_SUBJECT_BACKFILL"`
	ManifestSubjectsSeconds int  `yaml:"MANIFEST_SUBJECT_BACKFILL_WORKER_FREQUENCY"`
}

func productWorkers() Workers {
	return Workers{
		Stagger: true, QueueMetricsSeconds: 300,
		ManifestSizes: true, ManifestSizesSeconds: 3600, ManifestSubjects: true, ManifestSubjectsSeconds: 60,
	}
}

func (w Workers) validate() error {
	for name, n := range map[string]int{
		"QUEUE_WORKER_METRICS_REFRESH_SECONDS": w.QueueMetricsSeconds, "MANIFEST_BACKFILL_WORKER_FREQUENCY": w.ManifestSizesSeconds,
		"MANIFEST_SUBJECT_BACKFILL_WORKER_FREQUENCY": w.ManifestSubjectsSeconds,
	} {
		if n < 1 || n > 1e9 {
			return errs.New(errs.Invalid, "%s is a number of seconds, at least one, not %d", name, n)
		}
	}
	return nil
}

// Queues are the names of the queues of work.
type Queues struct {
	Notifications     string `yaml:"NOTIFICATION_QUEUE_NAME"`
	Builds            string `yaml:"DOCKERFILE_BUILD_QUEUE_NAME"`
	Replication       string `yaml:"REPLICATION_QUEUE_NAME"`
	ChunkCleanup      string `yaml:"CHUNK_CLEANUP_QUEUE_NAME"`
	NamespaceGC       string `yaml:"NAMESPACE_GC_QUEUE_NAME"`
	RepositoryGC      string `yaml:"REPOSITORY_GC_QUEUE_NAME"`
	ExportLogs        string `yaml:"EXPORT_ACTION_LOGS_QUEUE_NAME"`
	ScanNotifications string `yaml:"SECSCAN_V4_NOTIFICATION_QUEUE_NAME"`
	ProxyBlobs        string `yaml:"PROXY_CACHE_BLOB_QUEUE_NAME"`
}
