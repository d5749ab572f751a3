package replay

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/quay/quay/test/server"
)

// Stage is a server over its own copy of the dataset, with all that it writes to.
type Stage struct {
	t       testing.TB
	dataset *Dataset
	dir     string
	objects string
	config  map[string]any

	mail     *Mailbox
	database Database
	server   *server.Server
	// address is where the server listens.
	address string
}

// renewWithin is how long a server may take to renew its key.
const renewWithin = 10 * time.Second

// NewStage starts a server with the dataset on an engine, and keys laid over its
// configuration. The end of the test ends it. An error is one of the server: it does not
// start with this configuration.
func NewStage(t testing.TB, d *Dataset, e Engine, redisPort int, config map[string]any) (*Stage, error) {
	t.Helper()
	dir := t.TempDir()
	if err := d.copyTo(dir); err != nil {
		t.Fatal(err)
	}
	mail, err := OpenMailbox()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mail.Close() })
	uri := e.Copy(t, d, dir)
	s := &Stage{t: t, dataset: d, dir: dir, objects: filepath.Join(dir, objectFolder), mail: mail}
	if s.config, err = s.readTemplate(redisPort); err != nil {
		t.Fatal(err)
	}
	s.config["DB_URI"] = uri
	maps.Copy(s.config, config)
	t.Cleanup(s.stop)
	if err := s.start(); err != nil {
		return nil, err
	}
	if s.database, err = e.Open(t.Context(), uri); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.database.Close() })
	return s, s.awaitKey(t.Context())
}

// awaitKey waits until the server has renewed its service key, which it does while it
// already serves, for no request is to blame for that row.
func (s *Stage) awaitKey(ctx context.Context) error {
	if s.config["REGISTRY_STATE"] == "readonly" {
		return nil
	}
	kid, err := os.ReadFile(filepath.Join(s.dir, "quay.kid"))
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(renewWithin); time.Now().Before(deadline); time.Sleep(lookAgain) {
		rows, err := s.database.Rows(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows["servicekey"].rows {
			if row["kid"] == string(kid) && row["expiration_date"] != s.dataset.keyExpires {
				return nil
			}
		}
	}
	return errors.New("the server does not renew its service key")
}

// Server is the server, until it is restarted.
func (s *Stage) Server() *server.Server { return s.server }

// readTemplate is the configuration that every case was recorded with.
func (s *Stage) readTemplate(redisPort int) (map[string]any, error) {
	template, err := os.ReadFile(filepath.Join(s.dataset.folder, templateFile))
	if err != nil {
		return nil, err
	}
	filled := strings.NewReplacer("@DIR@", s.dir, "@REDIS_PORT@", strconv.Itoa(redisPort),
		"@SMTP_PORT@", strconv.Itoa(s.mail.Port())).Replace(string(template))
	var config map[string]any
	return config, yaml.Unmarshal([]byte(filled), &config)
}

func (s *Stage) start() error {
	data, err := yaml.Marshal(s.config)
	if err != nil {
		return err
	}
	file := filepath.Join(s.dir, "config.yaml")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return err
	}
	if s.server, err = server.Launch(server.Options{
		ConfigFile: file, DataDir: s.dir, Arguments: []string{"--control-socket", filepath.Join(s.dir, "control.sock")},
	}); err != nil {
		return err
	}
	s.address = s.server.Addr
	return nil
}

// restart starts the server again, with more keys laid over its configuration.
func (s *Stage) restart(config map[string]any) error {
	s.stop()
	maps.Copy(s.config, config)
	return s.start()
}

// stop ends the server, if one runs.
func (s *Stage) stop() {
	if s.server != nil {
		s.server.Close(s.t)
		s.server = nil
	}
}
