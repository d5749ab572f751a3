package replay

import (
	"cmp"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

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
	// port is where it has to listen; zero is anywhere.
	port int
}

// StageOptions say how to start a stage. The zero value has the configuration of the
// dataset.
type StageOptions struct {
	// RedisPort is where a Redis listens; zero is nowhere.
	RedisPort int
	// Config are keys laid over the configuration.
	Config map[string]any
	// Reachable makes the address that the server listens on its name, for clients that
	// go where it sends them. Recorded requests know it by the name in the dataset.
	Reachable bool
}

// NewStage starts a server with the dataset on an engine. The end of the test ends it. An
// error is one of the server: it does not start with this configuration.
func NewStage(t testing.TB, d *Dataset, e Engine, o StageOptions) (*Stage, error) {
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
	if s.config, err = s.readTemplate(o.RedisPort); err != nil {
		t.Fatal(err)
	}
	s.config["DB_URI"] = uri
	if o.Reachable {
		if s.port, err = server.FreePort(); err != nil {
			t.Fatal(err)
		}
		s.config["SERVER_HOSTNAME"] = net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
	}
	maps.Copy(s.config, o.Config)
	t.Cleanup(s.stop)
	if err := s.start(); err != nil {
		return nil, err
	}
	if s.database, err = e.Open(t.Context(), uri); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.database.Close() })
	return s, nil
}

// Server is the server, until it is restarted.
func (s *Stage) Server() *server.Server { return s.server }

// nobodysPort is a port on which nothing listens.
const nobodysPort = 1

// readTemplate is the configuration that every case was recorded with.
func (s *Stage) readTemplate(redisPort int) (map[string]any, error) {
	template, err := os.ReadFile(filepath.Join(s.dataset.folder, templateFile))
	if err != nil {
		return nil, err
	}
	filled := strings.NewReplacer("@DIR@", s.dir, "@REDIS_PORT@", strconv.Itoa(cmp.Or(redisPort, nobodysPort)),
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
		ConfigFile: file, DataDir: s.dir, Port: s.port, Arguments: []string{"--control-socket", filepath.Join(s.dir, "control.sock")},
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
