package config

import "github.com/quay/quay/sdk/errs"

// ActionLog is what a configuration says of the action log. Names and defaults are
// the product's, but for the last three.
type ActionLog struct {
	Model            string   `yaml:"LOGS_MODEL"`
	DisabledFor      []string `yaml:"DISABLED_FOR_AUDIT_LOGS"`
	PullsDisabledFor []string `yaml:"DISABLED_FOR_PULL_LOGS"`
	NoPullsOfFree    bool     `yaml:"FEATURE_DISABLE_PULL_LOGS_FOR_FREE_NAMESPACES"`
	Lenient          bool     `yaml:"ALLOW_WITHOUT_STRICT_LOGGING"`
	LenientPulls     bool     `yaml:"ALLOW_PULLS_WITHOUT_STRICT_LOGGING"`
	ServiceAccount   int64    `yaml:"SERVICE_LOG_ACCOUNT_ID"`
	Logins           bool     `yaml:"ACTION_LOG_AUDIT_LOGINS"`
	LoginFailures    bool     `yaml:"ACTION_LOG_AUDIT_LOGIN_FAILURES"`
	PullFailures     bool     `yaml:"ACTION_LOG_AUDIT_PULL_FAILURES"`
	PushFailures     bool     `yaml:"ACTION_LOG_AUDIT_PUSH_FAILURES"`
	DeletionFailures bool     `yaml:"ACTION_LOG_AUDIT_DELETE_FAILURES"`

	// Pulls logs pulls.
	Pulls bool `yaml:"ACTION_LOG_PULLS"`
	// BatchPulls lets a pull be answered before its entry is written.
	BatchPulls bool `yaml:"ACTION_LOG_BATCH_PULLS"`
	// Queue is how many such entries may wait, and so how many are lost when the
	// process is killed; zero is the log's default.
	Queue int `yaml:"ACTION_LOG_QUEUE"`
}

func (a ActionLog) validate() error {
	if a.Queue < 0 {
		return errs.New(errs.Invalid, "ACTION_LOG_QUEUE is a number of entries, not %d", a.Queue)
	}
	return nil
}
