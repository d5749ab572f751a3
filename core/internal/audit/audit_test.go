package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/actionlog"
	"github.com/quay/quay/core/internal/authn"
	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/events"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/queue"
	"github.com/quay/quay/core/internal/userevents"
	"github.com/quay/quay/sdk/errs"
)

var (
	noon   = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	web    = &domain.Repository{ID: 7, Name: domain.Name{Namespace: "acme", Repository: "deep/web"}, Namespace: 2}
	digest = domain.SHA256.Of([]byte("manifest"))

	alice = &domain.User{ID: 3, UUID: "u-alice", Name: "alice", Enabled: true}
	gone  = &domain.User{ID: 4, UUID: "u-gone", Name: "gone"} // disabled
	robot = &domain.User{ID: 5, UUID: "u-robot", Name: "acme+ci", Robot: true, Enabled: true}
	label = "deploy"

	callers = map[keys.Entity]authn.Caller{
		{Kind: keys.Person, Reference: "u-alice", Username: "alice"}:  authn.Person(alice),
		{Kind: keys.Person, Reference: "u-gone", Username: "gone"}:    authn.Person(gone),
		{Kind: keys.Robot, Reference: "acme+ci", Username: "acme+ci"}: authn.Person(robot),
		{Kind: keys.OAuthToken, Reference: "u-token", Username: "alice"}: {
			Kind: keys.OAuthToken, Account: alice, OAuth: &domain.OAuthToken{ID: 9},
			Application: &domain.Application{ClientID: "deadbeef", Name: "CI"},
		},
		{Kind: keys.AppToken, Reference: "u-app", Username: "alice"}: {
			Kind: keys.AppToken, Account: alice, App: &domain.AppToken{UUID: "u-app", Title: "laptop"},
		},
		{Kind: keys.AccessToken, Reference: "code"}: {Kind: keys.AccessToken, Access: &domain.AccessToken{Label: &label}},
	}
)

func entity(kind keys.Kind, reference, username string) keys.Entity {
	return keys.Entity{Kind: kind, Reference: reference, Username: username}
}

// world is all that a trail is put into.
type world struct {
	mu      sync.Mutex
	entries []domain.LogEntry
	told    []string
	pulls   []string
	asked   int   // for callers
	down    error // what asking for callers fails with
	repos   map[domain.Name]*domain.Repository
}

func (w *world) AppendLogs(_ context.Context, _ bool, entries ...domain.LogEntry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.entries = append(w.entries, entries...)
	return nil
}

func (w *world) Resolve(_ context.Context, e keys.Entity) (authn.Caller, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	return callers[e], w.down
}

func (w *world) Publish(username string, e userevents.Event) {
	w.told = append(w.told, username+" "+string(pyjson.Form{}.Append(nil, pyjson.Object(e))))
}

func (w *world) Count(repo domain.RepositoryID, tag string, d domain.Digest, at time.Time) {
	w.pulls = append(w.pulls, fmt.Sprintf("%d %q %s %d", repo, tag, d.Algorithm(), at.Unix()))
}

func (w *world) NamespaceExists(_ context.Context, name string) (bool, error) {
	return name == "acme", nil
}

func (w *world) Repository(_ context.Context, name domain.Name) (*domain.Repository, error) {
	if r := w.repos[name]; r != nil {
		return r, nil
	}
	return nil, errs.New(errs.NotFound, "no repository")
}

// trail makes a trail of a world; change alters its options.
func (w *world) trail(t testing.TB, opts actionlog.Options, change func(*Options)) *Trail {
	t.Helper()
	opts.Logger = slog.New(slog.DiscardHandler)
	log, err := actionlog.New(w, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close(context.Background()) })
	o := Options{
		Log: log, Callers: w, Repositories: w, Users: w, Pulls: w,
		Events: events.Events{
			Scheme: "https", Host: "quay.example",
			Queue: queue.New(nil, queue.Product(), queue.Options{}).Notifications,
		},
		PullFailures: true, PushFailures: true, DeletionFailures: true,
		Locate: func(string) *actionlog.Address { return &actionlog.Address{Provider: "internet", SyncToken: "7"} },
		Now:    func() time.Time { return noon },
	}
	if change != nil {
		change(&o)
	}
	return New(o)
}

// show is an entry as tests compare it: what it is, whose, by whom, where from.
func show(entries []domain.LogEntry) (list []string) {
	for _, e := range entries {
		if !e.At.Equal(noon) {
			list = append(list, "at another time")
		}
		list = append(list, fmt.Sprintf("%s of %d %q by %d in %d from %q: %s", e.Kind, e.Account, e.Namespace, e.Performer, e.Repository, e.IP, e.Metadata))
	}
	return list
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", what, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

const located = `, "resolved_ip": {"provider": "internet", "service": null, "sync_token": "7", "country_iso_code": null, "aws_region": null, "continent": null}}`

// TestPull proves what a pull leaves, by tag and by digest, for each kind of caller
// (util/audit.py, endpoints/v2/manifest.py).
func TestPull(t *testing.T) {
	const head = `{"repo": "deep/web", "namespace": "acme", "user-agent": "podman/5", `
	const tag = head + `"tag": "v1", "mediaType": "application/x"`
	for name, tc := range map[string]struct {
		caller keys.Entity
		pull   Pull
		entry  string
		told   []string
	}{
		"nobody": {keys.Entity{}, Pull{Tag: "v1"}, `by 0 in 7 from "192.0.2.1": ` + tag + located, nil},
		"by digest": {
			keys.Entity{Kind: keys.Anonymous},
			Pull{},
			`by 0 in 7 from "192.0.2.1": ` + head + `"manifest_digest": "` + string(digest) + `", "mediaType": "application/x"` + located, nil,
		},
		"person": {
			entity(keys.Person, "u-alice", "alice"),
			Pull{Tag: "v1"},
			`by 3 in 7 from "192.0.2.1": ` + tag + `, "username": "alice"` + located,
			[]string{"alice"},
		},
		"disabled": {
			entity(keys.Person, "u-gone", "gone"),
			Pull{Tag: "v1"},
			`by 0 in 7 from "192.0.2.1": ` + tag + `, "username": "gone"` + located,
			[]string{"gone"},
		},
		"deleted": {entity(keys.Person, "u-nobody", "nobody"), Pull{Tag: "v1"}, `by 0 in 7 from "192.0.2.1": ` + tag + located, []string{"nobody"}},
		"robot": {
			entity(keys.Robot, "acme+ci", "acme+ci"),
			Pull{Tag: "v1"},
			`by 5 in 7 from "192.0.2.1": ` + tag + `, "username": "acme+ci", "is_robot": true` + located, nil,
		},
		"OAuth token": {
			entity(keys.OAuthToken, "u-token", "alice"),
			Pull{Tag: "v1"},
			`by 3 in 7 from "192.0.2.1": ` + tag +
				`, "oauth_token_id": 9, "oauth_token_application_id": "deadbeef", "oauth_token_application": "CI", "username": "alice"` + located,
			[]string{"alice"},
		},
		"app token": {
			entity(keys.AppToken, "u-app", "alice"),
			Pull{Tag: "v1"},
			`by 3 in 7 from "192.0.2.1": ` + tag +
				`, "app_specific_token": "u-app", "app_specific_token_title": "laptop", "username": "alice"` + located,
			[]string{"alice"},
		},
		"access token": {
			entity(keys.AccessToken, "code", ""), Pull{Tag: "v1"}, `by 0 in 7 from "192.0.2.1": ` + tag + `, "token": "deploy"` + located, nil,
		},
	} {
		w := &world{}
		tc.pull.Repository, tc.pull.Digest, tc.pull.MediaType = web, digest, "application/x"
		q := Request{Caller: tc.caller, UserAgent: "podman/5", IP: "192.0.2.1"}
		if err := w.trail(t, actionlog.Options{}, nil).Pull(t.Context(), q, tc.pull); err != nil {
			t.Fatal(err)
		}
		equal(t, name, show(w.entries), []string{`pull_repo of 2 "acme" ` + tc.entry})
		var told []string
		for _, who := range tc.told {
			told = append(told, who+` {"action": "pull_repo", "repository": "deep/web", "namespace": "acme"}`)
		}
		equal(t, name+": browsers", w.told, told)
		equal(t, name+": counts", w.pulls, []string{fmt.Sprintf("7 %q sha256 %d", tc.pull.Tag, noon.Unix())})
	}
}

// TestPullAsksNothing proves that a pull asks for nobody while its request waits, that
// many pulls of one caller ask once, and that who cannot be looked up now is later.
func TestPullAsksNothing(t *testing.T) {
	w := &world{down: errs.New(errs.Unavailable, "down")}
	trail := w.trail(t, actionlog.Options{Batch: true}, func(o *Options) { o.Users, o.Pulls, o.Locate = nil, nil, nil })
	q := Request{Caller: entity(keys.Person, "u-alice", "alice")}
	for range 50 {
		if err := trail.Pull(t.Context(), q, Pull{Repository: web, Tag: "v1"}); err != nil {
			t.Fatal(err)
		}
	}
	w.mu.Lock()
	w.down, w.asked = nil, 0
	w.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := trail.opts.Log.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if len(w.entries) != 50 || w.asked != 1 || w.entries[49].Performer != 3 {
		t.Errorf("%d entries after asking %d times", len(w.entries), w.asked)
	}
}

// TestKnown proves that what is known of callers is forgotten after a while, and when it
// is too much.
func TestKnown(t *testing.T) {
	w, now := &world{}, noon
	k := &known{resolve: w.Resolve, now: func() time.Time { return now }}
	ask := func(e keys.Entity, want int) {
		t.Helper()
		if _, err := k.caller(t.Context(), e); err != nil || w.asked != want {
			t.Errorf("asked %d times, want %d; %v", w.asked, want, err)
		}
	}
	e := entity(keys.Person, "u-alice", "alice")
	ask(e, 1)
	now = now.Add(knownFor - 1)
	ask(e, 1)
	now = now.Add(1)
	ask(e, 2)
	for i := range knownMax - 1 {
		ask(entity(keys.Person, fmt.Sprint(i), ""), 3+i)
	}
	ask(e, 2+knownMax)
	if len(k.callers) != 1 {
		t.Errorf("%d callers are kept", len(k.callers))
	}
	w.down = errors.New("down")
	if _, err := k.caller(t.Context(), entity(keys.Person, "x", "")); err == nil || len(k.callers) != 1 {
		t.Errorf("a failure is kept: %v", err)
	}
}

// TestPush proves what a push leaves in its own transaction and what its browsers are
// told afterwards, however often the transaction is tried, and that a push by digest
// leaves nothing.
func TestPush(t *testing.T) {
	w := &world{}
	trail := w.trail(t, actionlog.Options{}, func(o *Options) { o.Locate = nil })
	q := Request{Caller: entity(keys.OAuthToken, "u-token", "alice"), UserAgent: "podman/5", IP: "192.0.2.1"}
	change, err := trail.Change(t.Context(), q, web)
	if err != nil {
		t.Fatal(err)
	}
	push := change.Push("application/x")
	for range 2 {
		trace := push([]domain.NewTag{{Name: "v1"}, {Name: "v2", Immutable: true, ByPolicy: true}})
		const by = `, "oauth_token_id": 9, "oauth_token_application_id": "deadbeef", "oauth_token_application": "CI", "username": "alice"}`
		equal(t, "entries", show(trace.Entries), []string{
			`push_repo of 2 "acme" by 3 in 7 from "192.0.2.1": {"repo": "deep/web", "namespace": "acme", "user-agent": "podman/5", "tag": "v1", "mediaType": "application/x"` + by,
			`tag_made_immutable_by_policy of 2 "acme" by 0 in 7 from "": {"tag": "v2", "repo": "deep/web", "namespace": "acme", "immutable": true}`,
			`push_repo of 2 "acme" by 3 in 7 from "192.0.2.1": {"repo": "deep/web", "namespace": "acme", "user-agent": "podman/5", "tag": "v2", "mediaType": "application/x"` + by,
		})
		if len(trace.Events) != 1 || trace.Events[0].Name != "repo_push" || trace.Events[0].Repository != 7 {
			t.Fatalf("%+v", trace.Events)
		}
		body := trace.Events[0].Item("some-uuid").Body
		for _, part := range []string{`"updated_tags": ["v1", "v2"]`, `"oauth_token_id": 9`, `"entity_name": "alice"`} {
			if !strings.Contains(body, part) {
				t.Errorf("%s is not in %s", part, body)
			}
		}
	}
	if len(w.entries)+len(w.told) != 0 {
		t.Errorf("before the change is committed: %v, %v", w.entries, w.told)
	}
	change.Done()
	told := `alice {"action": "push_repo", "repository": "deep/web", "namespace": "acme"}`
	equal(t, "browsers", w.told, []string{told, told})

	if change, err = trail.Change(t.Context(), Request{}, web); err != nil {
		t.Fatal(err)
	}
	if trace := change.Push("application/x")(nil); len(trace.Entries)+len(trace.Events) != 0 {
		t.Errorf("by digest: %+v", trace)
	}
}

// TestDelete proves what each tag of a deletion leaves, and that nothing is left where the
// log is disabled.
func TestDelete(t *testing.T) {
	for _, disabled := range []bool{false, true} {
		w, opts := &world{}, actionlog.Options{}
		if disabled {
			opts.Policy.DisabledFor = []string{"acme"}
		}
		trail := w.trail(t, opts, func(o *Options) { o.Locate = nil })
		change, err := trail.Change(t.Context(), Request{Caller: entity(keys.Person, "u-alice", "alice")}, web)
		if err != nil {
			t.Fatal(err)
		}
		var got []domain.LogEntry
		trace := change.Delete(string(digest))
		for _, tag := range []string{"v1", "v2"} {
			got = append(got, trace(tag).Entries...)
		}
		want := []string{}
		for _, tag := range []string{"v1", "v2"} {
			want = append(want, `delete_tag of 2 "acme" by 3 in 7 from "": {"repo": "deep/web", "namespace": "acme", "user-agent": "", "tag": "`+
				tag+`", "digest": "`+string(digest)+`", "username": "alice"}`)
		}
		if disabled {
			want = nil
		}
		equal(t, "entries", show(got), want)
		if change.Done(); len(w.told) != 2 {
			t.Errorf("browsers: %v", w.told)
		}
	}
}

// TestRefuse proves what refusals leave: of whom they are said, by what is there, and
// that the configuration decides for each kind.
func TestRefuse(t *testing.T) {
	const message = "access to the requested resource is not authorized"
	at := func(namespace, repo string) domain.Name { return domain.Name{Namespace: namespace, Repository: repo} }
	for name, tc := range map[string]struct {
		caller  keys.Entity
		refusal Refusal
		without func(*Options)
		want    []string
	}{
		"pull by digest": {
			refusal: Refusal{actionlog.KindPullRepoFailed, web.Name, string(digest), message},
			want: []string{`pull_repo_failed of 2 "acme" by 0 in 7 from "192.0.2.1": {"namespace": "acme", "repo": "deep/web", "manifest_digest": "` +
				string(digest) + `", "message": "` + message + `"}`},
		},
		"push of a blob": {
			caller:  entity(keys.Robot, "acme+ci", "acme+ci"),
			refusal: Refusal{actionlog.KindPushRepoFailed, web.Name, "", message},
			want:    []string{`push_repo_failed of 2 "acme" by 5 in 7 from "192.0.2.1": {"namespace": "acme", "repo": "deep/web", "message": "` + message + `"}`},
		},
		"no repository": {
			refusal: Refusal{actionlog.KindDeleteTagFailed, at("acme", "none"), "latest", message},
			want: []string{`delete_tag_failed of 0 "acme" by 0 in 0 from "192.0.2.1": {"namespace": "acme", "repo": "none", "tag": "latest", ` +
				`"message": "Repository does not exist"}`},
		},
		"no namespace": {
			caller:  entity(keys.OAuthToken, "u-token", "alice"),
			refusal: Refusal{actionlog.KindPullRepoFailed, at("none", "web"), "latest", message},
			want: []string{`pull_repo_failed of 99 "" by 3 in 0 from "192.0.2.1": {"namespace": "none", "repo": "web", "tag": "latest", ` +
				`"message": "Namespace does not exist", "oauth_token_id": 9, "oauth_token_application_id": "deadbeef", "oauth_token_application": "CI"}`},
		},
		"pulls are not wanted": {
			refusal: Refusal{actionlog.KindPullRepoFailed, web.Name, "", message}, without: func(o *Options) { o.PullFailures = false },
		},
		"pushes are not wanted": {
			refusal: Refusal{actionlog.KindPushRepoFailed, web.Name, "", message}, without: func(o *Options) { o.PushFailures = false },
		},
		"deletions are not wanted": {
			refusal: Refusal{actionlog.KindDeleteTagFailed, web.Name, "", message}, without: func(o *Options) { o.DeletionFailures = false },
		},
	} {
		w := &world{repos: map[domain.Name]*domain.Repository{web.Name: web}}
		trail := w.trail(t, actionlog.Options{Policy: actionlog.Policy{ServiceAccount: 99}}, tc.without)
		q := Request{Caller: tc.caller, IP: "192.0.2.1"}
		if err := trail.Refuse(t.Context(), q, tc.refusal); err != nil {
			t.Fatal(err)
		}
		equal(t, name, show(w.entries), tc.want)
	}
}

// BenchmarkPull is what a pull pays for its entry: no query, and little memory.
func BenchmarkPull(b *testing.B) {
	w := &world{}
	trail := w.trail(b, actionlog.Options{Batch: true}, func(o *Options) { o.Users, o.Pulls = nil, nil })
	q := Request{Caller: entity(keys.Person, "u-alice", "alice"), UserAgent: "podman/5", IP: "192.0.2.1"}
	p := Pull{Repository: web, Tag: "v1", Digest: digest, MediaType: "application/x"}
	b.ReportAllocs()
	for b.Loop() {
		if err := trail.Pull(b.Context(), q, p); err != nil {
			b.Fatal(err)
		}
	}
}

// TestPullAllocates proves that the request of a pull allocates its record and no more.
func TestPullAllocates(t *testing.T) {
	w := &world{}
	trail := w.trail(t, actionlog.Options{Batch: true, Queue: 2000}, func(o *Options) { o.Users, o.Pulls = nil, nil })
	release := w.hold()
	defer release()
	q := Request{Caller: entity(keys.Person, "u-alice", "alice"), UserAgent: "podman/5", IP: "192.0.2.1"}
	p := Pull{Repository: web, Tag: "v1", Digest: digest, MediaType: "application/x"}
	allocations := testing.AllocsPerRun(1000, func() {
		if err := trail.Pull(t.Context(), q, p); err != nil {
			t.Fatal(err)
		}
	})
	if allocations > 1 {
		t.Errorf("%v allocations", allocations)
	}
}

// hold keeps the writer from writing.
func (w *world) hold() (release func()) {
	w.mu.Lock()
	return w.mu.Unlock
}
