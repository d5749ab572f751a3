// Package server starts real `quay serve` processes for tests, and stops, kills
// and restarts them.
package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/quay/quay/test/oci"
)

// readyWithin bounds the wait for a server to answer; it is generous because the
// machine may be busy, the start-up budget is measured by the benchmark.
const readyWithin = 20 * time.Second

// Options say how to start a server. The zero value is plain HTTP on a loopback
// address with an empty data directory.
type Options struct {
	// Host is the address to listen on; 127.0.0.1 when empty.
	Host string
	// Port is where to listen; zero is one that is free.
	Port int
	// TLS leaves out --insecure-http.
	TLS bool
	// Config is the text of a config.yaml, given through --config-dir.
	Config string
	// ConfigFile is a config.yaml that exists, given through --config. It decides
	// on everything but the address.
	ConfigFile string
	// Database is the database, as DB_URI names it. Empty means one of the server's own
	// on the engine that $QUAY_ENGINE names: "postgresql" is a copy of one at head, on
	// the server of test/postgres, and anything else the SQLite file of a mirror.
	Database string
	// DataDir is used instead of a new directory that goes when the test ends.
	DataDir string
	// PluginDir is where the plugins are, instead of beside quay.
	PluginDir string
	// Arguments are added to the command line.
	Arguments []string
}

// Server is one `quay serve`, over as many processes as it was restarted.
type Server struct {
	// Addr is host:port to connect to, and URL the same with the scheme.
	Addr, URL string
	// DataDir holds everything that the server stores.
	DataDir string
	// Database is what DB_URI says; empty is the SQLite file in the data directory.
	Database string
	// Client speaks the protocol to it, trusting its certificate.
	Client *oci.Client

	program string
	// configDir is where its config.yaml is, if it has one, and pluginDir its plugins.
	configDir, pluginDir string

	drop   func() error // drops the database
	args   []string
	logs   *logBuffer
	cmd    *exec.Cmd
	exited chan struct{}
	// told and killed are whether the present process was told to end, or killed.
	told, killed atomic.Bool
}

// Start starts a server and waits until it answers. The test's end stops it.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	if o.DataDir == "" {
		o.DataDir = scratchDir(t)
	}
	s, err := Launch(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(t) })
	return s
}

// Shared starts the one server of a package in TestMain, runs the tests and stops
// the server. It returns the exit code.
func Shared(m *testing.M, s **Server) int {
	defer removeBinaries()
	dir, err := os.MkdirTemp("", "quay-data-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if *s, err = Launch(Options{DataDir: dir}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := (*s).stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// Launch starts a server and waits until it answers. The caller stops it and
// names the data directory.
func Launch(o Options) (*Server, error) {
	bin, err := Binaries()
	if err != nil {
		return nil, err
	}
	port := o.Port
	if port == 0 {
		if port, err = FreePort(); err != nil {
			return nil, err
		}
	}
	s := &Server{
		Addr: fmt.Sprintf("127.0.0.1:%d", port), DataDir: o.DataDir, Database: o.Database,
		program: filepath.Join(bin, "quay"), args: o.arguments(port), drop: func() error { return nil }, logs: &logBuffer{},
	}
	s.URL = "http://" + s.Addr
	if o.TLS {
		s.URL = "https://" + s.Addr
	}
	s.pluginDir = cmp.Or(o.PluginDir, bin)
	s.Client = oci.New(s.URL)
	if s.Database == "" && o.ConfigFile == "" && os.Getenv(engineVariable) == "postgresql" {
		if s.Database, s.drop, err = ownDatabase(); err != nil {
			return nil, err
		}
	}
	if s.Database != "" {
		o.Config += "\nDB_URI: " + s.Database + "\n"
	}
	if o.Config != "" {
		dir := filepath.Join(o.DataDir, "config")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(o.Config), 0o600); err != nil {
			return nil, err
		}
		s.args, s.configDir = append(s.args, "--config-dir", dir), dir
	}
	if err := s.start(); err != nil {
		return nil, fmt.Errorf("%w\n%s", errors.Join(err, s.stop()), s.Logs())
	}
	return s, nil
}

func (o Options) arguments(port int) []string {
	host := o.Host
	if host == "" {
		host = "127.0.0.1"
	}
	args := append([]string{"serve", "--listen", fmt.Sprintf("%s:%d", host, port), "--log-level", "info"}, o.Arguments...)
	if o.PluginDir != "" {
		args = append(args, "--plugin-dir", o.PluginDir)
	}
	if o.ConfigFile != "" {
		return append(args, "--config", o.ConfigFile)
	}
	args = append(args, "--mode=mirror", "--data-dir", o.DataDir)
	if !o.TLS {
		args = append(args, "--insecure-http")
	}
	return args
}

// scratchDir is a directory for data that may be large: it is removed when the
// test ends, and that it cannot be is no failure of the test.
func scratchDir(t testing.TB) string {
	dir, err := os.MkdirTemp("", "quay-data-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Log(err)
		}
	})
	return dir
}

func (s *Server) start() error {
	s.cmd = exec.Command(s.program, s.args...)
	s.told.Store(false)
	s.killed.Store(false)
	s.cmd.Stdout, s.cmd.Stderr = s.logs, s.logs
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := s.cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	s.exited = exited
	cmd := s.cmd
	go func() {
		_ = cmd.Wait() // the state is read from cmd.ProcessState
		close(exited)
	}()
	return s.awaitReady()
}

func (s *Server) awaitReady() error {
	deadline := time.Now().Add(readyWithin)
	for time.Now().Before(deadline) {
		select {
		case <-s.exited:
			return fmt.Errorf("quay ended before it was ready: %s", s.cmd.ProcessState)
		case <-time.After(5 * time.Millisecond):
		}
		if strings.HasPrefix(s.URL, "https:") {
			if err := s.trustCertificate(); err != nil {
				continue
			}
		}
		if s.Healthy() {
			return nil
		}
	}
	return fmt.Errorf("quay was not ready within %s", readyWithin)
}

// Healthy tells whether the instance says it is.
func (s *Server) Healthy() bool {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	r, err := s.Client.Get(ctx, "/health/instance")
	return err == nil && r.Status == http.StatusOK
}

func (s *Server) trustCertificate() error {
	file, err := s.CertFile()
	if err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(data)
	s.Client.HTTP.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, MaxIdleConnsPerHost: 64}
	return nil
}

// CertFile finds the certificate that a client has to trust: the first CA, or
// else the first certificate, below the data directory.
func (s *Server) CertFile() (string, error) {
	var found string
	err := filepath.WalkDir(s.DataDir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || (filepath.Ext(path) != ".pem" && filepath.Ext(path) != ".crt") {
			return nil //nolint:nilerr // what cannot be read is not the certificate
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		block, _ := pem.Decode(data)
		if block == nil || block.Type != "CERTIFICATE" {
			return nil
		}
		if found == "" || strings.HasPrefix(filepath.Base(path), "ca") {
			found = path
		}
		return nil
	})
	if err == nil && found == "" {
		err = errors.New("no certificate below " + s.DataDir)
	}
	return found, err
}

// Credentials returns the user and password that the first start printed.
func (s *Server) Credentials(t testing.TB) (user, password string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if m := loginLine.FindStringSubmatch(s.Logs()); m != nil { // it may answer before it has printed
			return m[1], m[2]
		}
	}
	t.Fatalf("the first start printed no user and password:\n%s", s.Logs())
	return "", ""
}

var loginLine = regexp.MustCompile(`log in as (\S+) with the password (\S+)`)

// FreePort asks the kernel for a port that nobody uses now.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
