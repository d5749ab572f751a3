package v2_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/blobs"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/driver/storage"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/perms"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/core/internal/plugin"
	"github.com/quay/quay/core/internal/plugin/confine"
	"github.com/quay/quay/core/internal/plugin/plugintest"
	"github.com/quay/quay/core/internal/quota"
	v2 "github.com/quay/quay/core/internal/registry/v2"
	"github.com/quay/quay/core/internal/repos"
	"github.com/quay/quay/core/internal/route"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/core/internal/store/schema"
	"github.com/quay/quay/core/internal/uploads"
	"github.com/quay/quay/test/postgres"
)

// driver is the local driver, with one directory for all tests: none needs an object or
// an upload of another one.
var (
	driver    place.Backend
	driverDir string
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	plugins, err := plugintest.Build("quay-storage-local")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(plugins)
	dir, err := os.MkdirTemp("", "v2-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	driverDir = filepath.Join(dir, "storage")
	runDir := filepath.Join(dir, "run")
	config, _ := json.Marshal(map[string]string{"storage_path": driverDir})
	if err := errors.Join(os.Mkdir(driverDir, 0o700), os.Mkdir(runDir, 0o700)); err != nil {
		panic(err)
	}
	sup, err := plugin.Start(ctx, plugin.Options{
		Name: "local", Path: filepath.Join(plugins, "quay-storage-local"),
		Instances: []plugin.Instance{{Name: location, Config: config}},
		Confine:   confine.Policy{ReadWrite: []string{driverDir}},
		RunDir:    runDir, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		panic(err)
	}
	defer sup.Close(ctx)
	l := storage.NewLocation(sup, location, storage.Options{})
	defer l.Close()
	driver = backend{l}
	return m.Run()
}

// registry is /v2 over the local driver and a database, with one repository in which
// anybody may do anything.
type registry struct {
	t    *testing.T
	db   *store.Store
	url  string
	dir  string // of the driver
	repo *domain.Repository
}

const location = "default"

var name = domain.Name{Namespace: "devtable", Repository: "simple"}

// settings say how a registry differs from the product's own.
type settings struct {
	options v2.Options
	policy  uploads.Policy
	proxy   v2.StorageProxy
	// wrap changes what the location does; nil leaves it.
	wrap func(place.Backend) place.Backend
}

// each runs a test with a registry on each engine.
func each(t *testing.T, s settings, test func(t *testing.T, reg *registry)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, startSQLite(t, s))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, start(t, s, store.Options{URL: postgres.Shared(t).Copy(t, "store_"+schema.Head, makeSchema)}))
	})
}

func startSQLite(t *testing.T, s settings) *registry {
	t.Helper()
	return start(t, s, store.Options{Path: filepath.Join(t.TempDir(), "quay.db")})
}

func makeSchema(url string) error {
	db, err := schema.OpenPostgres(url)
	if err != nil {
		return err
	}
	_, err = schema.Up(context.Background(), db, schema.PostgreSQL, schema.Options{Steps: schema.Steps()})
	return errors.Join(err, db.Close())
}

func start(t *testing.T, s settings, opts store.Options) *registry {
	t.Helper()
	db, err := store.Open(t.Context(), opts)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	must(t, db.EnsureLocation(t.Context(), location))
	must(t, db.CreateRepository(t.Context(), domain.NewRepository{Name: name, MakeNamespace: true}))
	repo, err := db.Repository(t.Context(), name)
	must(t, err)

	at := driver
	if s.wrap != nil {
		at = s.wrap(driver)
	}
	places, err := place.New(map[string]place.Backend{location: at}, []string{location})
	must(t, err)
	s.policy.Linger = time.Hour
	s.options.Host, s.options.Scheme, s.options.Library = "quay.example.test", "http", "library"
	reg := &v2.Registry{
		Repos: repos.New(db, nil, repos.Policy{}), Blobs: blobs.New(db, places, nil, time.Hour),
		Uploads: uploads.New(db, places, nil, lock.NewProcess(), s.policy),
		Quota:   quota.New(db, quota.Policy{}, slog.New(slog.DiscardHandler)),
		Perms:   perms.New(db, perms.Policy{AnonymousWrite: true}), StorageProxy: s.proxy,
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)), Options: s.options,
	}
	table := route.New(reg.Rows())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		row, params, _, _ := table.Match(r.Method, r.URL.Path)
		if row == nil {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		row.Handler(w, r, params)
	}))
	t.Cleanup(server.Close)
	return &registry{t, db, server.URL, driverDir, repo}
}

// backend is a location as package place wants it.
type backend struct{ *storage.Location }

func (b backend) Open(ctx context.Context, path string) (place.Object, error) {
	o, err := b.Location.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	return o, nil
}

func (b backend) AppendUpload(ctx context.Context, id string, offset int64, state []byte) (place.UploadWriter, error) {
	w, err := b.Location.AppendUpload(ctx, id, offset, state)
	if err != nil {
		return nil, err
	}
	return w, nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is what a request got.
type answer struct {
	status int
	header http.Header
	body   string
}

// send sends a request for a path below the repository's blobs, or, where that begins
// with a slash, below the repository; header has names and values in turn.
func (reg *registry) send(method, path, body string, header ...string) answer {
	reg.t.Helper()
	if !strings.HasPrefix(path, "/") {
		path = "/blobs/" + path
	}
	r, err := http.NewRequestWithContext(reg.t.Context(), method, reg.url+"/v2/"+name.String()+path, strings.NewReader(body))
	must(reg.t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	must(reg.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(reg.t, err)
	return answer{resp.StatusCode, resp.Header, string(text)}
}

// begin begins an upload and returns its id.
func (reg *registry) begin() string {
	reg.t.Helper()
	a := reg.send(http.MethodPost, "uploads/", "")
	if a.status != http.StatusAccepted {
		reg.t.Fatalf("begin: %+v", a)
	}
	return a.header.Get("Docker-Upload-Uuid")
}

// want fails the test unless an answer has a status and, of the headers that are part of
// the contract, just these; their names and values are in turn.
func (a answer) want(t *testing.T, what string, status int, header ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: status %d, want %d: %s", what, a.status, status, a.body)
	}
	want := map[string]string{}
	for i := 0; i < len(header); i += 2 {
		want[header[i]] = header[i+1]
	}
	for _, name := range []string{
		"Location", "Range", "Docker-Upload-Uuid", "Docker-Content-Digest", "Content-Type", "Accept-Ranges", "Etag",
		"Cache-Control", "Content-Range",
	} {
		if got := a.header.Get(name); got != want[name] {
			t.Errorf("%s: %s %q, want %q", what, name, got, want[name])
		}
	}
}

// refused fails the test unless an answer is a refusal with a code, a text and a detail.
func (a answer) refused(t *testing.T, what string, status int, code, message, detail string) {
	t.Helper()
	var body struct {
		Errors []struct {
			Code, Message string
			Detail        json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(a.body), &body); err != nil || len(body.Errors) != 1 {
		t.Errorf("%s: %d with %q", what, a.status, a.body)
		return
	}
	e := body.Errors[0]
	if a.status != status || e.Code != code || e.Message != message || string(e.Detail) != detail {
		t.Errorf("%s: %d %s, want %d %s %q %s", what, a.status, a.body, status, code, message, detail)
	}
}

// file reads a file of the driver's; ok is false when there is none.
func (reg *registry) file(path string) (content string, ok bool) {
	reg.t.Helper()
	b, err := os.ReadFile(filepath.Join(reg.dir, path))
	if errors.Is(err, os.ErrNotExist) {
		return "", false
	}
	must(reg.t, err)
	return string(b), true
}

// holds fails the test unless the repository has a blob with a content.
func (reg *registry) holds(content string) {
	reg.t.Helper()
	a := reg.send(http.MethodGet, string(domain.SHA256.Of([]byte(content))), "")
	if a.status != http.StatusOK || a.body != content {
		reg.t.Errorf("the blob: %+v, want %q", a, content)
	}
}
