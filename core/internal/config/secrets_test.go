package config

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
)

// TestSecrets proves which values of a file are taken for secrets.
func TestSecrets(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	err := os.WriteFile(path, []byte(`
SECRET_KEY: one-secret
DB_URI: postgresql://quay:two%20secret@db/quay
DISTRIBUTED_STORAGE_CONFIG:
  s3:
    - S3Storage
    - {s3_access_key: three, s3_secret_key: four, s3_bucket: images}
USER_EVENTS_REDIS: {host: redis, password: five}
SERVER_HOSTNAME: quay.example.com
SSO: {CLIENT_SECRET: [six, seven]}
BOOTSTRAP_TOKEN_OWNER: alice
TESTING: true
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Secrets(path)
	want := map[string]string{
		"SECRET_KEY": "one-secret", "DB_URI": "two secret", "USER_EVENTS_REDIS.password": "five",
		"DISTRIBUTED_STORAGE_CONFIG.s3[1].s3_access_key": "three", "DISTRIBUTED_STORAGE_CONFIG.s3[1].s3_secret_key": "four",
		"SSO.CLIENT_SECRET[0]": "six", "SSO.CLIENT_SECRET[1]": "seven",
	}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := Secrets(path + ".missing"); err != nil || len(got) > 0 {
		t.Errorf("a file that is not there: %v, %v", got, err)
	}
}

// TestActionLog proves the defaults of the action log and that its keys are read.
func TestActionLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(path, []byte("DISABLED_FOR_AUDIT_LOGS: [silent]\nACTION_LOG_BATCH_PULLS: false\nACTION_LOG_QUEUE: -1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := Mirror(t.TempDir())
	if !c.ActionLog.Logins || c.ActionLog.Pulls || !c.ActionLog.BatchPulls || !Product().ActionLog.Pulls {
		t.Errorf("defaults: %+v", c.ActionLog)
	}
	if err := c.Load(path, false); err != nil {
		t.Fatal(err)
	}
	if a := c.ActionLog; len(a.DisabledFor) != 1 || a.BatchPulls || !a.Logins {
		t.Errorf("%+v", a)
	}
	if err := c.Validate(); err == nil {
		t.Error("a queue of -1 entries is accepted")
	}
}
