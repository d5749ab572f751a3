package arch

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// optional are packages of the sdk that a vendor imports by choice, each with a list
// of its own.
var optional = map[string]string{
	"sdk/auth/idtoken":               "sdk_jwt_modules.txt",
	"sdk/prometheus":                 "sdk_prometheus_modules.txt",
	"sdk/secscan/psk":                "sdk_jwt_modules.txt",
	"sdk/storage/distributiondriver": "sdk_distribution_modules.txt",
}

// TestSDKClosure proves that a vendor who imports the sdk compiles the modules of
// the committed list and nothing else, and with an optional package those of its
// list besides.
func TestSDKClosure(t *testing.T) {
	packages := sdkPackages(t)
	closure(t, packages, "sdk_modules.txt")
	for folder, file := range optional {
		closure(t, append(slices.Clip(packages), folder), "sdk_modules.txt", file)
	}
}

// sdkPackages are the packages of the sdk that are not optional.
func sdkPackages(t *testing.T) []string {
	var packages []string
	for _, p := range list(t, "sdk/...").below("sdk") {
		path := strings.TrimPrefix(p.ImportPath, module+"/")
		if _, ok := optional[path]; !ok {
			packages = append(packages, path)
		}
	}
	return packages
}

// closure fails the test unless the packages' modules are those that the files list.
func closure(t *testing.T, packages []string, files ...string) {
	t.Helper()
	var want []string
	for _, file := range files {
		want = append(want, modules(t, file)...)
	}
	g := list(t, packages...)
	users := map[string]string{} // module -> one package of it
	for path, p := range g {
		if !p.Standard && !p.ours() {
			users[p.Module.Path] = path
		}
	}
	for _, mod := range slices.Sorted(maps.Keys(users)) {
		if slices.Contains(want, mod) {
			continue
		}
		bad := func(p *pkg) bool { return p.Module != nil && p.Module.Path == mod }
		var way []string
		for _, from := range g.below(packages...) {
			if w := g.chain(from.ImportPath, bad, nil); w != nil && (way == nil || len(w) < len(way)) {
				way = w
			}
		}
		t.Errorf("sdk now depends on module %s (%s), which every vendor would compile; if that is meant, add it to %s\n  %s",
			mod, users[mod], files[len(files)-1], strings.Join(way, "\n  -> "))
	}
	for _, mod := range want {
		if _, ok := users[mod]; !ok {
			t.Errorf("sdk no longer depends on module %s: take it out of %s", mod, strings.Join(files, " or "))
		}
	}
}

// modules reads a list of modules.
func modules(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			found = append(found, line)
		}
	}
	return found
}

// TestSDKStandsAlone proves that the sdk imports nothing of ours outside itself.
func TestSDKStandsAlone(t *testing.T) {
	g := list(t, "sdk/...")
	g.refuse(t, g.below("sdk"), "sdk imports only sdk: a vendor's plugin must not pull in the host or other plugins",
		func(p *pkg) bool { return p.ours() && !within(p.ImportPath, module+"/sdk") }, nil)
}

// TestPluginsStandAlone proves that a plugin imports the sdk and itself, so that
// one plugin can be built, shipped and broken without another.
func TestPluginsStandAlone(t *testing.T) {
	g := list(t, "plugins/...")
	for _, p := range g.below("plugins") {
		home := pluginRoot(p.ImportPath)
		g.refuse(t, []*pkg{p}, "a plugin imports only sdk and its own folder: plugins are processes of their own",
			func(q *pkg) bool {
				return q.ours() && !within(q.ImportPath, module+"/sdk") && !within(q.ImportPath, home)
			}, nil)
	}
}

// pluginRoot returns .../plugins/KIND/NAME of a package in it.
func pluginRoot(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, module+"/"), "/")
	return module + "/" + strings.Join(parts[:min(3, len(parts))], "/")
}

// TestPluginProgramsWireOnePlugin proves that each program of cmd/plugins is the
// sdk and exactly one plugin.
func TestPluginProgramsWireOnePlugin(t *testing.T) {
	g := list(t, "cmd/plugins/...")
	for _, p := range g.below("cmd/plugins") {
		plugins := map[string]bool{}
		for _, path := range p.Imports {
			switch {
			case within(path, module+"/plugins"):
				plugins[pluginRoot(path)] = true
			case within(path, module) && !within(path, module+"/sdk"):
				t.Errorf("%s imports %s: a plugin's program imports only sdk and its plugin", p.ImportPath, path)
			}
		}
		if len(plugins) != 1 {
			t.Errorf("%s imports %d plugins, want exactly one", p.ImportPath, len(plugins))
		}
	}
}

// cloud are the modules that belong into plugins' programs only.
var cloud = []string{
	"github.com/aws", "github.com/Azure", "github.com/AzureAD", "cloud.google.com", "google.golang.org/api",
	"github.com/ncw/swift", "github.com/gophercloud", "github.com/go-ldap", "github.com/distribution/distribution",
	"github.com/minio",
}

// TestHostHasNoCloudSDK proves that the host is free of cloud SDKs and plugins.
func TestHostHasNoCloudSDK(t *testing.T) {
	g := list(t, "cmd/quay")
	g.refuse(t, g.below("cmd/quay"), "cmd/quay contains no cloud SDK: those live in the plugins' own programs",
		func(p *pkg) bool {
			return slices.ContainsFunc(cloud, func(c string) bool { return within(p.ImportPath, c) })
		}, nil)
	g.refuse(t, g.below("cmd/quay", "core"), "the host imports no plugin: it starts plugins as processes",
		func(p *pkg) bool { return within(p.ImportPath, module+"/plugins") }, nil)
}

// rules are the packages that hold what the product decides. HTTP handlers and
// workers both call them.
var rules = []string{
	"actionlog", "blobs", "buildtoken", "columns", "credential", "dbcheck", "gc", "grants", "immutability",
	"keys", "labels", "lastaccess", "layerid", "manifests", "oauth", "oauthapps", "orgs", "pagetoken",
	"password", "perms", "python", "quota", "repos", "robots", "schema1", "secret", "servicekeys", "session", "shastate",
	"signedgrant", "sshkey", "storageproxy", "tags", "teams", "tokens", "uploads", "users",
}

// TestRulesKnowNoTransport proves that rule packages reach no HTTP, SQL or gRPC
// through packages of the host. The sdk may: its error kinds map onto gRPC codes.
func TestRulesKnowNoTransport(t *testing.T) {
	forbidden := []string{"net/http", "database/sql", "google.golang.org/grpc", "modernc.org/sqlite", "github.com/jackc/pgx"}
	for _, name := range rules {
		folder := "core/internal/" + name
		if _, err := os.Stat(filepath.Join(root(t), folder)); os.IsNotExist(err) {
			continue
		}
		g := list(t, folder+"/...")
		g.refuse(t, g.below(folder), "rule packages import no net/http, SQL or gRPC: handlers and workers must share them",
			func(p *pkg) bool {
				return slices.ContainsFunc(forbidden, func(f string) bool { return within(p.ImportPath, f) })
			},
			func(p *pkg) bool { return !within(p.ImportPath, module+"/core") })
	}
}

// TestTestsStayOutside proves that the tests of whole programs use them as a user
// does, through their interfaces.
func TestTestsStayOutside(t *testing.T) {
	g := list(t, "test/...")
	g.refuse(t, g.below("test"), "test imports neither core nor plugins: it tests programs from outside",
		func(p *pkg) bool {
			return within(p.ImportPath, module+"/core") || within(p.ImportPath, module+"/plugins")
		}, nil)
}
