package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/gc"
	"github.com/quay/quay/core/internal/lock"
	"github.com/quay/quay/core/internal/place"
	"github.com/quay/quay/sdk/errs"
)

// storedObjects are those of every storage location, which only deletes.
type storedObjects struct{ there map[string]bool }

func (o *storedObjects) Backend(string) (place.Backend, error) { return deleter{objects: o}, nil }

type deleter struct {
	place.Backend
	objects *storedObjects
}

func (d deleter) Delete(_ context.Context, paths ...string) error {
	for _, p := range paths {
		delete(d.objects.there, p)
	}
	return nil
}

// abandon is uploads as the collector sees them: their rows.
type abandon struct{ f *fixture }

func (a abandon) Abandon(ctx context.Context, repo domain.RepositoryID, id string) error {
	u, err := a.f.Upload(ctx, repo, id)
	if err != nil {
		return err
	}
	return a.f.DeleteUpload(ctx, u.ID)
}

func (f *fixture) collector(o *storedObjects) *gc.Collector {
	return gc.New(f.Store, abandon{f}, o, lock.NewProcess(), gc.Policy{}, slog.New(slog.DiscardHandler))
}

// crashing is an engine that fails at one change, before or after it is committed.
type crashing struct {
	engine
	at    int
	after bool
	n     int
}

var errCrash = errors.New("crash")

func (c *crashing) change(ctx context.Context, durable bool, fn func(*Tx) error) error {
	c.n++
	if c.n == c.at && !c.after {
		return errCrash
	}
	err := c.engine.change(ctx, durable, fn)
	if c.n == c.at {
		return errCrash
	}
	return err
}

// estate is a namespace with a row in every table that can refer to it or to what
// it owns.
type estate struct {
	namespace domain.UserID
	repo      domain.RepositoryID
	robot     int64
	rows      map[string][]int64
}

// tableInfo describes a table, from SQLite's catalog: both engines have the same one.
type tableInfo struct {
	name    string
	columns []columnInfo
	refers  map[string]string // column to table
}

type columnInfo struct {
	name, kind string
	required   bool
}

// tableCatalog lists the tables in an order in which each refers to earlier ones, or to
// itself.
func tableCatalog(t *testing.T) []tableInfo {
	t.Helper()
	f := open(t)
	var tables []tableInfo
	f.must(f.rows(f.ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`, func(r scanner) error {
		var table tableInfo
		err := r.Scan(&table.name)
		table.refers = make(map[string]string)
		tables = append(tables, table)
		return err
	}))
	for i := range tables {
		table := &tables[i]
		f.must(f.rows(f.ctx, `SELECT name, type, "notnull" FROM pragma_table_info($1) WHERE pk = 0`, func(r scanner) error {
			var c columnInfo
			err := r.Scan(&c.name, &c.kind, &c.required)
			table.columns = append(table.columns, c)
			return err
		}, table.name))
		f.must(f.rows(f.ctx, `SELECT "from", "table" FROM pragma_foreign_key_list($1)`, func(r scanner) error {
			var from, to string
			err := r.Scan(&from, &to)
			table.refers[from] = to
			return err
		}, table.name))
	}
	var sorted []tableInfo
	done := make(map[string]bool)
	for len(sorted) < len(tables) {
		before := len(sorted)
		for _, table := range tables {
			ready := !done[table.name]
			for _, to := range table.refers {
				ready = ready && (done[to] || to == table.name)
			}
			if ready {
				done[table.name] = true
				sorted = append(sorted, table)
			}
		}
		if len(sorted) == before {
			t.Fatal("tables refer to each other in a circle")
		}
	}
	return sorted
}

// build makes a namespace and rows of everything that depends on it.
func build(f *fixture, tables []tableInfo, name string, organization bool) *estate {
	f.t.Helper()
	e := &estate{rows: make(map[string][]int64)}
	dependent := map[string]bool{"user": true, "repository": true}
	for _, table := range tables {
		refersToOurs := false
		for _, to := range table.refers {
			refersToOurs = refersToOurs || dependent[to]
		}
		switch {
		case table.name == "user":
			for _, row := range []struct {
				name                string
				organization, robot bool
			}{{name, organization, false}, {name + "+robot", false, true}} {
				id := f.add(`INSERT INTO "user" (uuid, username, email, verified, organization, robot, invoice_email,
					invalid_login_attempts, last_invalid_login, removed_tag_expiration_s, enabled)
					VALUES ($1, $1, $1, TRUE, $2, $3, FALSE, 0, $4, 1, TRUE) RETURNING id`, row.name, row.organization, row.robot, noon)
				e.rows["user"] = append(e.rows["user"], id)
			}
			e.namespace, e.robot = domain.UserID(e.rows["user"][0]), e.rows["user"][1]
		case refersToOurs || slices.Contains([]string{"imagestorage", "label", "notification"}, table.name):
			if table.name == "deletednamespace" || table.name == "deletedrepository" {
				continue // markers are made by what is tested
			}
			dependent[table.name] = true
			id := f.addRow(table, e, name)
			e.rows[table.name] = append(e.rows[table.name], id)
			if table.name == "repository" {
				e.repo = domain.RepositoryID(id)
			}
		}
	}
	return e
}

// add runs an INSERT … RETURNING id.
func (f *fixture) add(q statement, args ...any) (id int64) {
	f.t.Helper()
	f.must(f.change(f.ctx, false, func(tx *Tx) (err error) {
		id, err = tx.insert(q, args...)
		return err
	}))
	return id
}

// addRow makes a row whose references are rows of the estate, or of enumerations.
func (f *fixture) addRow(table tableInfo, e *estate, name string) int64 {
	f.t.Helper()
	var columns, places []string
	var args []any
	for _, c := range table.columns {
		var value any
		to, refers := table.refers[c.name]
		switch kind := strings.ToUpper(c.kind); {
		case refers && to == table.name:
			continue
		case refers && len(e.rows[to]) > 0:
			value = e.rows[to][0]
			if strings.Contains(c.name, "robot") {
				value = e.robot
			}
		case refers && !c.required && strings.HasPrefix(to, "appr"):
			continue // of a feature that is gone
		case refers:
			value = value1(f, to)
		case strings.Contains(kind, "BOOL"):
			value = false
		case strings.Contains(kind, "DATE"), strings.Contains(kind, "TIME"):
			value = noon
		case strings.Contains(kind, "INT"):
			value = 0
		case strings.Contains(c.name, "json"), c.name == "policy", c.name == "config":
			value = "{}"
		default:
			value = name + table.name[:min(6, len(table.name))]
		}
		if c.name == "content_checksum" {
			value = string(domain.SHA256.Of([]byte(name)))
		}
		if c.name == "cas_path" {
			value = true
		}
		args = append(args, value)
		columns = append(columns, `"`+c.name+`"`)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	return f.add(statement(fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES (%s) RETURNING id`, table.name,
		strings.Join(columns, ", "), strings.Join(places, ", "))), args...)
}

// value1 is some id of a table, which gets a row if it has none.
func value1(f *fixture, table string) int64 {
	var id *int64
	f.must(f.row(f.ctx, statement(`SELECT MIN(id) FROM "`+table+`"`)).Scan(&id))
	if id == nil {
		return f.add(statement(`INSERT INTO "` + table + `" (name) VALUES ('x') RETURNING id`))
	}
	return *id
}

// left lists what is there of an estate.
func (f *fixture) left(e *estate) []string {
	f.t.Helper()
	var left []string
	for _, table := range slices.Sorted(maps.Keys(e.rows)) {
		for _, id := range e.rows[table] {
			var n int
			f.must(f.row(f.ctx, statement(`SELECT COUNT(*) FROM "`+table+`" WHERE id = $1`), id).Scan(&n))
			if n > 0 {
				left = append(left, table)
			}
		}
	}
	return left
}

// TestPurgeNamespace proves that nothing is left of a person or an organisation that is
// purged, whatever refers to it, and nothing missing of another one; and that this is so
// when the purge was broken off at any point and done again.
func TestPurgeNamespace(t *testing.T) {
	tables := tableCatalog(t)
	each(t, func(t *testing.T, f *fixture) {
		// Each round takes seconds on a server; odd numbers crash before, even ones after
		// a change.
		stride := 4
		if _, server := f.engine.(*postgresEngine); server {
			stride = 18
		}
		for _, organization := range []bool{false, true} {
			for at := 0; ; at++ {
				done := purgeOnce(t, f, tables, organization, at)
				if at > 0 && done {
					break
				}
				at += stride
			}
		}
	})
}

// purgeOnce purges a new estate, with a crash at one change and then again. It returns
// whether there were fewer changes than that.
func purgeOnce(t *testing.T, f *fixture, tables []tableInfo, organization bool, at int) bool {
	t.Helper()
	name := fmt.Sprintf("victim_%t_%d", organization, at)
	e := build(f, tables, name, organization)
	other := build(f, tables, strings.ReplaceAll(name, "_", "x"), organization)
	digest := domain.SHA256.Of([]byte(name))
	o := &storedObjects{there: map[string]bool{digest.Path(): true}}
	plain := f.engine
	broken := &crashing{engine: plain, at: at, after: at%2 == 0}
	f.engine = broken
	err := purgeWhole(f, o, e)
	f.engine = plain
	finished := err == nil
	if err != nil && !errors.Is(err, errCrash) {
		t.Fatalf("change %d: %v", at, err)
	}
	f.must(purgeWhole(f, o, e))
	if left := f.left(e); len(left) > 0 {
		t.Fatalf("change %d: left are rows of %v", at, left)
	}
	if len(o.there) > 0 && finished {
		t.Errorf("change %d: left are the objects %v", at, o.there)
	}
	if kept := f.left(other); len(kept) != count(other.rows) {
		t.Fatalf("change %d: of the other one only %v are left", at, kept)
	}
	return finished
}

func count(rows map[string][]int64) (n int) {
	for _, ids := range rows {
		n += len(ids)
	}
	return n
}

// purgeWhole deletes and purges a namespace, as a caller does who does not know how
// far an earlier attempt came.
func purgeWhole(f *fixture, o *storedObjects, e *estate) error {
	c := f.collector(o)
	user, err := f.userByID(e.namespace)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	if err == nil {
		if _, err := c.DeleteNamespace(f.ctx, gc.NamespaceDeletion{Namespace: user, Force: true, Now: noon}); err != nil {
			return err
		}
	}
	return c.PurgeNamespace(f.ctx, e.namespace)
}

func (f *fixture) userByID(id domain.UserID) (*domain.User, error) {
	u := domain.User{ID: id}
	err := f.row(f.ctx, `SELECT username, organization, enabled FROM "user" WHERE id = $1`, id).Scan(&u.Name, &u.Organization, &u.Enabled)
	return &u, classify(err)
}

// TestPurgeRepository proves that nothing is left of a repository with tags, manifests
// in manifests, referrers and uploads, that a blob which another repository has stays,
// and that this is so after a crash at any point.
func TestPurgeRepository(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		keep := f.repository("public/keep")
		shared := f.blob(keep, "shared")
		f.must(f.PutManifest(f.ctx, withBlobs(manifest(keep, `{"keep": 1}`, noon, "latest"), shared.ID)))
		for at := 0; ; at++ {
			name := fmt.Sprint("public/gone", at)
			repo := f.repository(name)
			f.must(f.LinkBlob(f.ctx, repo, shared.ID, after(1)))
			own := f.blob(repo, name)
			child, _ := f.put(repo, `{"child": 1}`, noon, "child")
			index := withBlobs(manifest(repo, `{"index": 1}`, noon, "latest", "v1"), shared.ID, own.ID)
			index.Children = []domain.ManifestID{child}
			f.must(f.PutManifest(f.ctx, index))
			referrer := manifest(repo, `{"referrer": 1}`, noon)
			referrer.Subject = index.Digest
			f.must(f.PutManifest(f.ctx, referrer))
			f.upload(repo)

			o := &storedObjects{there: map[string]bool{own.Path: true, shared.Path: true}}
			plain := f.engine
			f.engine = &crashing{engine: plain, at: at, after: at%2 == 1}
			err := f.collector(o).PurgeRepository(f.ctx, repo)
			f.engine = plain
			if err != nil && !errors.Is(err, errCrash) {
				t.Fatal(err)
			}
			f.must(f.collector(o).PurgeRepository(f.ctx, repo))
			for _, q := range []statement{
				`SELECT COUNT(*) FROM repository WHERE id = $1`, `SELECT COUNT(*) FROM tag WHERE repository_id = $1`,
				`SELECT COUNT(*) FROM manifest WHERE repository_id = $1`, `SELECT COUNT(*) FROM manifestblob WHERE repository_id = $1`,
				`SELECT COUNT(*) FROM uploadedblob WHERE repository_id = $1`, `SELECT COUNT(*) FROM blobupload WHERE repository_id = $1`,
			} {
				if n := value[int](f, q, repo); n != 0 {
					t.Fatalf("change %d: %d rows are left: %s", at, n, q)
				}
			}
			if _, err := f.BlobAnywhere(f.ctx, own.Digest); !errs.Is(err, errs.NotFound) {
				t.Fatalf("change %d: its own blob: %v", at, err)
			}
			if !o.there[shared.Path] {
				t.Fatalf("change %d: the object of a blob that another repository has is gone", at)
			}
			if _, err := f.Blob(f.ctx, keep, shared.Digest); err != nil {
				t.Fatalf("change %d: the blob of another repository: %v", at, err)
			}
			if at > 0 && err == nil {
				if o.there[own.Path] {
					t.Error("the object of its own blob is left")
				}
				return
			}
		}
	})
}

func withBlobs(n domain.NewManifest, blobs ...domain.BlobID) domain.NewManifest {
	n.Blobs = blobs
	return n
}

// TestDeleteNamespace proves what is there right after a namespace was deleted: it is
// hidden, its name is free, the queue has the product's item, and items that were
// queued for it are gone, but not those of one whose name only looks alike.
func TestDeleteNamespace(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		id := f.person("a_b")
		f.person("axb")
		for _, queue := range []string{"notification/a_b/1/", "notification/axb/1/", "repositorygc/a_b/2/", "chunk_cleanup/a_b/"} {
			f.add(insertQueueItem, queue, "{}", noon, 5, queue)
		}
		user, err := f.userByID(id)
		f.must(err)
		c := f.collector(&storedObjects{})
		marker, err := c.DeleteNamespace(f.ctx, gc.NamespaceDeletion{Namespace: user, Delay: time.Hour, Now: noon})
		f.must(err)
		var queue, body, original string
		var available time.Time
		f.must(f.row(f.ctx, `SELECT q.queue_name, q.body, q.available_after, d.original_username
			FROM deletednamespace d JOIN queueitem q ON CAST(q.id AS text) = d.queue_id WHERE d.id = $1`, marker).
			Scan(&queue, &body, &available, &original))
		if want := fmt.Sprintf("namespacegc/%d/", id); queue != want || !available.Equal(noon.Add(time.Hour)) || original != "a_b" {
			t.Errorf("got %s, %s, %s", queue, available, original)
		}
		if want := fmt.Sprintf(`{"marker_id": %d, "original_username": "a_b"}`, marker); body != want {
			t.Errorf("got %s, want %s", body, want)
		}
		if n := value[int](f, `SELECT COUNT(*) FROM queueitem WHERE queue_name IN ('notification/axb/1/', 'chunk_cleanup/a_b/')`); n != 2 {
			t.Errorf("%d items of others are left, want 2", n)
		}
		if n := value[int](f, `SELECT COUNT(*) FROM queueitem`); n != 3 {
			t.Errorf("%d items are left, want 3", n)
		}
		_, err = f.CreateRobot(f.ctx, domain.NewRobot{Owner: id, Short: "bot", Now: noon})
		wantKind(t, "a robot of one that is on its way out", err, errs.NotFound)
		wantKind(t, "its new name", f.RenameAccount(f.ctx, id, "another"), errs.NotFound)
		f.person("a_b") // its name is free
		if user, err = f.userByID(id); err != nil || user.Enabled {
			t.Errorf("got %+v, %v", user, err)
		}
		if again, err := c.DeleteNamespace(f.ctx, gc.NamespaceDeletion{Namespace: user, Now: noon}); err != nil || again != 0 {
			t.Errorf("a second time: %d, %v", again, err)
		}
		f.must(c.PurgeMarkedNamespace(f.ctx, marker))
		f.must(c.PurgeMarkedNamespace(f.ctx, marker))
		if _, err := f.userByID(id); !errs.Is(err, errs.NotFound) {
			t.Errorf("got %v", err)
		}
	})
}

// TestSoleAdministrator proves that a person who alone administers organisations cannot
// be deleted, with the product's words, unless it is forced.
func TestSoleAdministrator(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		person, second := f.person("person"), f.person("second")
		for _, org := range []string{"zoo", "ark", "both"} {
			f.must(f.CreateRepository(f.ctx, domain.NewRepository{Name: parseName(org + "/web"), Creator: person, MakeNamespace: true}))
		}
		f.exec(`INSERT INTO teammember (user_id, team_id)
			SELECT $1, t.id FROM team t JOIN "user" o ON o.id = t.organization_id WHERE o.username = 'both'`, second)
		user, err := f.userByID(person)
		f.must(err)
		c := f.collector(&storedObjects{})
		_, err = c.DeleteNamespace(f.ctx, gc.NamespaceDeletion{Namespace: user, Now: noon})
		if want := "Cannot delete person as you are the only admin for organizations: ark, zoo"; errs.Public(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if marker, err := c.DeleteNamespace(f.ctx, gc.NamespaceDeletion{Namespace: user, Force: true, Now: noon}); err != nil || marker == 0 {
			t.Errorf("by force: %d, %v", marker, err)
		}
	})
}
