package auth_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/quay/quay/core/internal/driver/auth"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/sdk"
	sdkauth "github.com/quay/quay/sdk/auth"
)

// diaryKey names a file and makes the test binary a plugin that writes a byte to it
// for each call, and dies.
const diaryKey = "QUAY_TEST_DIARY"

// plugins is the directory of the binaries under test.
var plugins string

func TestMain(m *testing.M) {
	if diary := os.Getenv(diaryKey); diary != "" {
		sdk.Main(sdk.Plugin{Name: "mortal", Version: "1", Auth: mortal(diary)})
	}
	dir, err := plugintest.BuildTest("quay-auth-static")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	plugins = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// static runs the plugin whose users are in its configuration.
func static(t testing.TB, config string, secrets map[string]string, opts auth.Options) (*auth.Provider, *plugin.Supervisor) {
	t.Helper()
	sup := plugintest.Start(t, plugin.Options{
		Kind:      "auth",
		Name:      "static",
		Path:      filepath.Join(plugins, "quay-auth-static"),
		Instances: []plugin.Instance{{Name: "default", Config: []byte(config), Secrets: secrets}},
	})
	return auth.NewProvider(sup, "default", opts), sup
}

// mortal is a driver, provider and login that dies of every question, after it has
// written it down in the file of its name.
type mortal string

func (m mortal) Validate(sdkauth.Config) []sdkauth.Problem { return nil }

func (m mortal) Open(context.Context, sdkauth.Config) (sdkauth.Provider, error) { return m, nil }

func (m mortal) Info() sdkauth.Info { return sdkauth.Info{Service: "mortal"} }

func (m mortal) Probe(context.Context) error { return nil }

func (m mortal) die() {
	f, err := os.OpenFile(string(m), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err == nil {
		_, err = f.WriteString("x")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(7)
}

func (m mortal) Verify(context.Context, string, string) (sdkauth.User, error) {
	m.die()
	return sdkauth.User{}, nil
}

func (m mortal) BeginLogin(context.Context, sdkauth.BeginLogin) (sdkauth.Redirect, error) {
	m.die()
	return sdkauth.Redirect{}, nil
}

func (m mortal) CompleteLogin(context.Context, sdkauth.CompleteLogin) (sdkauth.SignedIn, error) {
	m.die()
	return sdkauth.SignedIn{}, nil
}
