package store

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/dbcheck"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// objects is a storage location in memory.
type objects struct {
	mu    sync.Mutex
	bytes map[string][]byte
	// late are objects that are there from the second look on.
	late map[string]bool
	// unlisted locations cannot be listed.
	unlisted bool
}

func (o *objects) Stat(_ context.Context, path string) (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	b, ok := o.bytes[path]
	if !ok || o.late[path] {
		delete(o.late, path)
		return 0, errs.New(errs.NotFound, "no object")
	}
	return int64(len(b)), nil
}

func (o *objects) Open(_ context.Context, path string) (io.ReadCloser, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	b, ok := o.bytes[path]
	if !ok {
		return nil, errs.New(errs.NotFound, "no object")
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (o *objects) List(_ context.Context, _ string, fn func(string, int64) error) error {
	if o.unlisted {
		return errs.New(errs.Unsupported, "no list")
	}
	for _, path := range slices.Sorted(maps.Keys(o.bytes)) {
		if err := fn(path, int64(len(o.bytes[path]))); err != nil {
			return err
		}
	}
	return nil
}

// sound is a registry in which everything is as it has to be.
type sound struct {
	*fixture
	objects *objects
	repo    domain.RepositoryID
	image   domain.Digest
	pushed  time.Time
}

// makeSound fills a database: an image with two blobs and the tags v1 and v2, an
// index with the image and the tag multi, a signature of the image, a tag that was
// deleted, one that was moved, totals of the quota, an upload, and the log of it all.
func makeSound(f *fixture) *sound {
	f.t.Helper()
	s := &sound{fixture: f, objects: &objects{bytes: make(map[string][]byte), late: make(map[string]bool)}}
	s.repo = f.repository("acme/web")
	s.pushed = time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	f.must(f.AppendLogs(f.ctx, false, domain.LogEntry{Kind: "org_create", Namespace: "acme", Metadata: `{}`, At: s.pushed.Add(-time.Hour)}))

	config, layer := s.content("{}"), s.content("layer")
	image := fmt.Sprintf(`{"schemaVersion":2,"config":{"digest":%q,"size":2},"layers":[{"digest":%q,"size":5},{"digest":%q,"size":5},{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"sha256:00","size":1}]}`, config.Digest, layer.Digest, layer.Digest)
	n := manifest(s.repo, image, s.pushed, "v1", "v2")
	n.Blobs = []domain.BlobID{config.ID, layer.ID}
	s.push(n)
	s.image = n.Digest
	id, err := f.ManifestID(f.ctx, s.repo, n.Digest)
	f.must(err)

	n = manifest(s.repo, fmt.Sprintf(`{"schemaVersion":2,"manifests":[{"digest":%q,"size":%d}]}`, s.image, len(image)), s.pushed, "multi")
	n.MediaType, n.Children = domain.MediaTypeOCIIndex, []domain.ManifestID{id}
	s.push(n)

	n = manifest(s.repo, fmt.Sprintf(`{"schemaVersion":2,"artifactType":"application/x.sig","config":{"digest":%q,"size":2},"layers":[],"subject":{"digest":%q,"size":%d}}`, config.Digest, s.image, len(image)), s.pushed)
	n.Blobs, n.Subject, n.ArtifactType = []domain.BlobID{config.ID}, s.image, "application/x.sig"
	s.push(n) // by digest, without a log entry

	for i := range 3 { // moved twice, then deleted
		n = manifest(s.repo, fmt.Sprintf(`{"schemaVersion":2,"config":{"digest":%q,"size":2},"layers":[],"n":%d}`, config.Digest, i), s.pushed.Add(time.Duration(i)*10*time.Second), "moving")
		n.Blobs = []domain.BlobID{config.ID}
		s.push(n)
	}
	gone := s.pushed.Add(20 * time.Minute)
	f.must(f.DeleteTag(f.ctx, domain.TagDeletion{Repository: s.repo, Name: "moving", Now: gone}))
	s.log("delete_tag", "moving", gone)

	f.exec(`INSERT INTO quotarepositorysize (repository_id, size_bytes, backfill_start_ms, backfill_complete) VALUES ($1, 7, 0, TRUE)`, s.repo)
	f.exec(`INSERT INTO quotanamespacesize (namespace_user_id, size_bytes, backfill_start_ms, backfill_complete)
		SELECT id, 7, 0, TRUE FROM "user" WHERE username = 'acme'`)
	s.objects.bytes["uploads/"+f.upload(s.repo).UUID] = []byte("half")
	s.objects.bytes["exportedactionlogs/x"] = []byte("[]")
	return s
}

func (s *sound) content(text string) *domain.Blob {
	b := s.blob(s.repo, text)
	s.objects.bytes[b.Path] = []byte(text)
	return b
}

func (s *sound) manifestID(d domain.Digest) domain.ManifestID {
	s.t.Helper()
	id, err := s.ManifestID(s.ctx, s.repo, d)
	s.must(err)
	return id
}

func (s *sound) push(n domain.NewManifest) {
	s.t.Helper()
	s.must(s.PutManifest(s.ctx, n))
	for _, tag := range n.Tags {
		s.log("push_repo", tag.Name, n.Now.Add(30*time.Millisecond))
	}
}

func (s *sound) log(kind, tag string, at time.Time) {
	s.t.Helper()
	s.must(s.AppendLogs(s.ctx, false, domain.LogEntry{Kind: kind, Namespace: "acme", Repository: s.repo, Metadata: fmt.Sprintf(`{"repo": "web", "tag": %q}`, tag), At: at}))
}

// orphanUploads gives uploads a repository that is not there. The product does not
// have SQLite enforce foreign keys.
func (s *sound) orphanUploads() {
	s.t.Helper()
	const orphan = "UPDATE blobupload SET repository_id = 4711 WHERE 1 = 1"
	e, ok := s.engine.(*sqlite)
	if !ok {
		s.must(s.change(s.ctx, false, func(tx *Tx) error {
			_, err := tx.exec("SET LOCAL session_replication_role = replica")
			if err == nil {
				_, err = tx.exec(orphan)
			}
			return err
		}))
		return
	}
	for _, q := range []string{"PRAGMA foreign_keys = off", orphan, "PRAGMA foreign_keys = on"} {
		if _, err := e.writer.conn.ExecContext(s.ctx, q); err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *sound) options() dbcheck.Options {
	return dbcheck.Options{
		Bytes: dbcheck.ReadAll, Locations: map[string]dbcheck.Location{location: s.objects},
		Grace: 30 * time.Millisecond, Settle: 10 * time.Millisecond, Secrets: []dbcheck.Secret{{Name: "SECRET_KEY", Value: "correct horse battery"}},
		LogFiles: []dbcheck.LogFile{{Name: "quay.log", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("a line\n")), nil }}},
	}
}

func (s *sound) check(opts dbcheck.Options) *dbcheck.Report {
	s.t.Helper()
	r, err := dbcheck.Run(s.ctx, s.Store, opts)
	s.must(err)
	return r
}

// broken returns the invariants that are broken, and all that was found.
func broken(r *dbcheck.Report) (list []dbcheck.Invariant, found string) {
	var text strings.Builder
	for _, result := range r.Results {
		if result.Status == dbcheck.StatusBroken {
			list = append(list, result.Invariant)
		}
		fmt.Fprintf(&text, "%s %s (%d): %+v %q\n", result.Invariant, result.Status, result.Checked, result.Findings, result.Notes)
	}
	return list, text.String()
}

// TestCheckSound proves that nothing is wrong with a registry in which nothing is,
// that every invariant looked at something, and what is said of those that cannot
// be checked in full.
func TestCheckSound(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		s := makeSound(f)
		r := s.check(s.options())
		list, found := broken(r)
		if len(list) > 0 || r.Broken() {
			t.Errorf("broken: %v\n%s", list, found)
		}
		for _, result := range r.Results {
			want := dbcheck.StatusKept
			if result.Invariant == dbcheck.I6 {
				want = dbcheck.StatusPartly
			}
			if result.Checked == 0 || result.Status != want {
				t.Errorf("%s: %s after %d, %q", result.Invariant, result.Status, result.Checked, result.Notes)
			}
		}

		s.objects.unlisted = true
		f.exec(`DELETE FROM logentry3`)
		f.exec(`DELETE FROM quotarepositorysize`)
		f.exec(`UPDATE quotanamespacesize SET backfill_complete = FALSE, size_bytes = 0`)
		opts := s.options()
		opts.Bytes = dbcheck.ReadNone
		for _, result := range s.check(opts).Results {
			want := map[dbcheck.Invariant]dbcheck.Status{
				dbcheck.I1: dbcheck.StatusPartly, dbcheck.I3: dbcheck.StatusNotChecked,
				dbcheck.I4: dbcheck.StatusNotChecked, dbcheck.I6: dbcheck.StatusNotChecked,
			}[result.Invariant]
			if want == "" {
				want = dbcheck.StatusKept
			}
			if result.Status != want {
				t.Errorf("%s: %s, want %s; %q", result.Invariant, result.Status, want, result.Notes)
			}
		}
		opts.Locations = nil
		if list, found := broken(s.check(opts)); len(list) > 0 {
			t.Errorf("without locations: %s", found)
		}
	})
}

// TestCheckBroken proves of every rule that it sees what breaks it, that nothing
// else is said to be broken then, and that what was right again at the second look
// is not reported.
func TestCheckBroken(t *testing.T) {
	const other = `INSERT INTO tag (name, repository_id, manifest_id, lifetime_start_ms, hidden, reversion, tag_kind_id, immutable)
		SELECT 'strange', repository_id + 1, id, 1, FALSE, FALSE, 1, FALSE FROM manifest WHERE digest = $1`
	token := strings.Repeat("AB12", 16)
	seen := make(map[string]bool)
	entry := func(metadata string) func(*sound) {
		return func(s *sound) {
			s.must(s.AppendLogs(s.ctx, false, domain.LogEntry{Kind: "login_failure", Metadata: metadata, At: s.pushed}))
		}
	}
	for _, tc := range []struct {
		name string
		do   func(s *sound)
		want []dbcheck.Invariant
		says string
	}{
		{"a tag without a manifest", func(s *sound) { s.exec(`UPDATE tag SET manifest_id = NULL WHERE name = 'v1'`) }, []dbcheck.Invariant{dbcheck.I1}, "its manifest is not there"},
		{"a tag of another repository's manifest", func(s *sound) {
			s.repository("acme/other")
			s.exec(other, string(s.image))
		}, []dbcheck.Invariant{dbcheck.I1}, "belongs to repository"},
		{"changed bytes of a manifest", func(s *sound) {
			s.exec(`UPDATE manifest SET manifest_bytes = manifest_bytes || ' ' WHERE digest = $1`, string(s.image))
		}, []dbcheck.Invariant{dbcheck.I1}, "its bytes have the digest"},
		{"no bytes of a manifest", func(s *sound) {
			s.exec(`UPDATE manifest SET manifest_bytes = '' WHERE digest = $1`, string(s.image))
		}, []dbcheck.Invariant{dbcheck.I1}, "its bytes have the digest"},
		{"no row of a blob", func(s *sound) {
			s.exec(`DELETE FROM manifestblob WHERE blob_id IN (SELECT id FROM imagestorage WHERE image_size = 5)`)
			s.exec(`UPDATE quotarepositorysize SET size_bytes = 2`)
			s.exec(`UPDATE quotanamespacesize SET size_bytes = 2`)
		}, []dbcheck.Invariant{dbcheck.I1}, "it has no blob"},
		{"another size of a blob", func(s *sound) {
			s.exec(`UPDATE imagestorage SET image_size = 6 WHERE image_size = 5`)
			s.exec(`UPDATE quotarepositorysize SET size_bytes = 8`)
			s.exec(`UPDATE quotanamespacesize SET size_bytes = 8`)
		}, []dbcheck.Invariant{dbcheck.I1}, "has 6 bytes, not 5"},
		{"no row of a child", func(s *sound) { s.exec(`DELETE FROM manifestchild WHERE 1 = 1`) }, []dbcheck.Invariant{dbcheck.I1}, "but not as its child"},
		{"rotten bytes", func(s *sound) { s.objects.bytes[domain.SHA256.Of([]byte("layer")).Path()] = []byte("Layer") }, []dbcheck.Invariant{dbcheck.I1}, "its bytes have the digest"},
		{"short bytes", func(s *sound) { s.objects.bytes[domain.SHA256.Of([]byte("layer")).Path()] = []byte("laye") }, []dbcheck.Invariant{dbcheck.I1}, "it has 4 bytes"},
		{"no bytes", func(s *sound) { delete(s.objects.bytes, domain.SHA256.Of([]byte("layer")).Path()) }, []dbcheck.Invariant{dbcheck.I2}, "none of its locations"},
		{"no placement", func(s *sound) { s.exec(`DELETE FROM imagestorageplacement WHERE 1 = 1`) }, []dbcheck.Invariant{dbcheck.I2, dbcheck.I3}, "in no location"},
		{"bytes without a row", func(s *sound) { s.objects.bytes[domain.SHA256.Of([]byte("x")).Path()] = []byte("x") }, []dbcheck.Invariant{dbcheck.I3}, "it has no row"},
		{"an upload without a session", func(s *sound) { s.objects.bytes["uploads/left"] = []byte("x") }, []dbcheck.Invariant{dbcheck.I3}, "uploads/left"},
		{"a wrong total of a repository", func(s *sound) { s.exec(`UPDATE quotarepositorysize SET size_bytes = 12`) }, []dbcheck.Invariant{dbcheck.I4}, "has 12 bytes, its blobs have 7"},
		{"a wrong total of a namespace", func(s *sound) { s.exec(`UPDATE quotanamespacesize SET size_bytes = 0`) }, []dbcheck.Invariant{dbcheck.I4}, "namespace"},
		{"an upload without a repository", (*sound).orphanUploads, []dbcheck.Invariant{dbcheck.I5}, "4711"},
		{"a push without an entry", func(s *sound) { s.exec(`DELETE FROM logentry3 WHERE metadata_json LIKE '%"v1"%'`) }, []dbcheck.Invariant{dbcheck.I6}, "no entry says that it was pushed"},
		{"one of many pushes without an entry", func(s *sound) {
			s.exec(`DELETE FROM logentry3 WHERE id = (SELECT MIN(id) FROM logentry3 WHERE metadata_json LIKE '%"moving"%')`)
		}, []dbcheck.Invariant{dbcheck.I6}, "moving"},
		{"a push with two entries", func(s *sound) { s.log("push_repo", "v1", s.pushed.Add(time.Second)) }, []dbcheck.Invariant{dbcheck.I6}, "more than one entry"},
		{"a deletion without an entry", func(s *sound) {
			s.must(s.DeleteTag(s.ctx, domain.TagDeletion{Repository: s.repo, Name: "v1", Now: s.pushed.Add(30 * time.Minute)}))
		}, []dbcheck.Invariant{dbcheck.I6}, "no entry says that it was deleted"},
		{"a JSON Web Token", entry(`{"message": "bad token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlc2lnbmF0dXJl"}`), []dbcheck.Invariant{dbcheck.I7}, "a JSON Web Token"},
		{"a robot's token", entry(`{"message": "` + token + `"}`), []dbcheck.Invariant{dbcheck.I7}, "a token"},
		{"a password", entry(`{"url": "https://user:hunter22@example.com/", "password": "hunter22"}`), []dbcheck.Invariant{dbcheck.I7}, "a password in a URL"},
		{"a secret that is known", entry(`{"message": "it is correct horse battery"}`), []dbcheck.Invariant{dbcheck.I7}, "the value of SECRET_KEY"},
		{"a referrer that is not listed", func(s *sound) { s.exec(`UPDATE manifest SET subject = NULL WHERE subject IS NOT NULL`) }, []dbcheck.Invariant{dbcheck.I8}, "is not listed there"},
		{"a referrer of something else", func(s *sound) { s.exec(`UPDATE manifest SET subject = 'sha256:0' WHERE subject IS NOT NULL`) }, []dbcheck.Invariant{dbcheck.I8}, "listed as a referrer of sha256:0"},
		{"a referrer that is none", func(s *sound) {
			s.exec(`UPDATE manifest SET subject = $1 WHERE digest = $1`, string(s.image))
		}, []dbcheck.Invariant{dbcheck.I8}, "refers to nothing"},
		{"a referrer of another type", func(s *sound) { s.exec(`UPDATE manifest SET artifact_type = 'x' WHERE artifact_type IS NOT NULL`) }, []dbcheck.Invariant{dbcheck.I8}, `is listed as "x"`},

		// What only looks wrong.
		{"bytes that come late", func(s *sound) { s.objects.late[domain.SHA256.Of([]byte("layer")).Path()] = true }, nil, ""},
		{"a tag that expired", func(s *sound) {
			s.exec(`UPDATE tag SET lifetime_end_ms = $1 WHERE name = 'v1'`, millis(s.pushed.Add(40*time.Minute)))
			s.log("change_tag_expiration", "v1", s.pushed.Add(time.Minute))
		}, nil, ""},
		{"a signature that ended with its image", func(s *sound) {
			config := s.content("{}")
			n := manifest(s.repo, fmt.Sprintf(`{"schemaVersion":2,"config":{"digest":%q,"size":2},"layers":[],"signs":1}`, config.Digest),
				s.pushed, strings.Replace(string(s.image), ":", "-", 1)+".sig")
			n.Blobs = []domain.BlobID{config.ID}
			s.push(n)
			for _, tag := range []string{"v1", "v2"} { // the last one takes the signature with it
				gone := s.pushed.Add(30 * time.Minute)
				s.must(s.DeleteTag(s.ctx, domain.TagDeletion{Repository: s.repo, Name: tag, Now: gone}))
				s.log("delete_tag", tag, gone)
			}
		}, nil, ""},
		{"an index that expired by its images' label", func(s *sound) {
			s.must(s.AddLabel(s.ctx, domain.NewLabel{
				Manifest: s.manifestID(s.image), Now: s.pushed.Add(-time.Hour),
				Label: domain.Label{UUID: "u", Key: "quay.expires-after", Value: "10m", MediaType: domain.LabelText, Source: domain.LabelFromManifest},
			}))
			s.exec(`UPDATE tag SET lifetime_end_ms = $1 WHERE name = 'multi'`, millis(s.pushed.Add(10*time.Minute)))
		}, nil, ""},
		{"two pushes in one millisecond", func(s *sound) {
			at := s.pushed.Add(5 * time.Minute)
			for i := range 3 {
				config := s.content("{}")
				n := manifest(s.repo, fmt.Sprintf(`{"schemaVersion":2,"config":{"digest":%q,"size":2},"layers":[],"same":%d}`, config.Digest, i), at, "busy")
				n.Blobs = []domain.BlobID{config.ID}
				s.push(n)
			}
		}, nil, ""},
		{"an image that a cache of another registry has not fetched", func(s *sound) {
			s.exec(`UPDATE manifest SET manifest_bytes = '' WHERE digest = $1`, string(s.image))
			s.exec(`INSERT INTO proxycacheconfig (organization_id, creation_date, upstream_registry, expiration_s, insecure)
				SELECT id, $1, 'docker.io', 86400, FALSE FROM "user" WHERE username = 'acme'`, s.pushed)
		}, nil, ""},
		{"names and digests in the log", entry(`{"client_id": "Q9ZK2V7T4M1XWB8NACDE", "kid": "` + strings.Repeat("ab12", 16) + `", "token": "deploytoken", "message": "wrong password", "to": "********"}`), nil, ""},
	} {
		test := func(t *testing.T, f *fixture) {
			s := makeSound(f)
			tc.do(s)
			list, found := broken(s.check(s.options()))
			if !slices.Equal(list, tc.want) || !strings.Contains(found, tc.says) {
				t.Errorf("broken: %v, want %v that says %q\n%s", list, tc.want, tc.says, found)
			}
			if strings.Contains(found, "hunter22") || strings.Contains(found, "correct horse") || strings.Contains(found, token) {
				t.Errorf("the report has the secret: %s", found)
			}
		}
		t.Run(tc.name, func(t *testing.T) {
			// The rules are the same on both engines, and a database on PostgreSQL takes
			// a second or two: one case of each invariant is enough there.
			if key := fmt.Sprint(tc.want); !seen[key] {
				seen[key] = true
				each(t, test)
				return
			}
			test(t, open(t))
		})
	}
}

// TestCheckLive proves that a change under way is no finding, that a search for some
// invariants looks at no others, and that findings are bounded and counted.
func TestCheckLive(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		s := makeSound(f)
		s.exec(`UPDATE quotarepositorysize SET size_bytes = 12`)
		opts := s.options()
		opts.Invariants = []dbcheck.Invariant{dbcheck.I4}
		opts.Settle = 300 * time.Millisecond
		repaired := make(chan struct{})
		go func() {
			defer close(repaired)
			time.Sleep(100 * time.Millisecond)
			s.exec(`UPDATE quotarepositorysize SET size_bytes = 7`)
		}()
		r := s.check(opts)
		<-repaired
		if list, found := broken(r); len(list) > 0 || len(r.Results) != 1 {
			t.Errorf("%s", found)
		}

		for i := range 10 {
			s.must(s.AppendLogs(s.ctx, false, domain.LogEntry{Kind: "login_failure", Metadata: fmt.Sprintf(`{"password": "secret%d"}`, i), At: s.pushed}))
		}
		// However few are listed, all that seemed wrong is looked at again.
		s.objects.late[domain.SHA256.Of([]byte("layer")).Path()] = true
		s.objects.late[domain.SHA256.Of([]byte("{}")).Path()] = true
		opts = s.options()
		opts.Findings = 1
		opts.Invariants = []dbcheck.Invariant{dbcheck.I2}
		if list, found := broken(s.check(opts)); len(list) > 0 {
			t.Errorf("late bytes: %s", found)
		}

		opts = s.options()
		opts.Findings = 3
		opts.Invariants = []dbcheck.Invariant{dbcheck.I7}
		if got := s.check(opts).Results[0]; len(got.Findings) != 3 || got.Broken != 10 {
			t.Errorf("%d findings of %d", len(got.Findings), got.Broken)
		}
	})
}
