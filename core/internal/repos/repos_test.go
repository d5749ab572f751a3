package repos_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/rcache"
	"github.com/quay/quay/core/internal/repos"
	"github.com/quay/quay/core/internal/store"
	"github.com/quay/quay/sdk/errs"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open makes a database with the organisation acme and the user alice.
func open(t *testing.T) (*store.Store, domain.UserID) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{Path: filepath.Join(t.TempDir(), "quay.db")})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	must(t, s.CreateUser(t.Context(), "alice", "alice@example.com", "hash"))
	must(t, s.CreateRepository(t.Context(), domain.NewRepository{Name: name("acme/first"), MakeNamespace: true}))
	alice, err := s.User(t.Context(), "alice")
	must(t, err)
	return s, alice.ID
}

func name(s string) domain.Name {
	n, err := domain.ParseName(s, "")
	if err != nil {
		return domain.Name{Namespace: "acme", Repository: s}
	}
	return n
}

// mirrored is a store of which some namespace is mirrored as a whole.
type mirrored struct {
	*store.Store
	namespace string
}

func (m mirrored) OrganizationMirrored(_ context.Context, namespace string) (bool, error) {
	return namespace == m.namespace, nil
}

// TestCreate proves which repositories can be made.
func TestCreate(t *testing.T) {
	s, alice := open(t)
	text := "# Title"
	r := repos.New(mirrored{Store: s, namespace: "alice"}, nil, repos.Policy{OrganizationMirrors: true})
	made, err := r.Create(t.Context(), repos.Creation{Name: name("acme/web"), Public: true, Description: &text, Creator: alice})
	must(t, err)
	if made.Name != name("acme/web") || !made.Public || *made.Description != text || made.State != domain.StateNormal || made.Kind != domain.KindImage {
		t.Errorf("made %+v", made)
	}
	for what, tc := range map[string]struct {
		name domain.Name
		want error
	}{
		"again": {name("acme/web"), repos.ErrExists}, "without a namespace": {name("none/web"), repos.ErrNamespace},
		"malformed": {domain.Name{Namespace: "acme", Repository: "Web"}, repos.ErrName}, "in a mirror": {name("alice/web"), repos.ErrMirrored},
	} {
		if _, err := r.Create(t.Context(), repos.Creation{Name: tc.name}); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", what, err, tc.want)
		}
	}
	flat := repos.New(s, nil, repos.Policy{FlatNames: true})
	if _, err := flat.Create(t.Context(), repos.Creation{Name: name("acme/a/b")}); !errors.Is(err, repos.ErrName) {
		t.Errorf("a name with a slash: %v", err)
	}
	if _, err := r.Create(t.Context(), repos.Creation{Name: name("acme/a/b")}); err != nil {
		t.Errorf("a name with a slash: %v", err)
	}
}

// TestPushIntoMirroredOrganization proves that pushes make no repository in an
// organisation that is mirrored as a whole, and still reach what is there.
func TestPushIntoMirroredOrganization(t *testing.T) {
	s, alice := open(t)
	yes := func(bool) (bool, error) { return true, nil }
	for mirrors, want := range map[bool]bool{true: false, false: true} {
		r := repos.New(mirrored{Store: s, namespace: "acme"}, nil, repos.Policy{OrganizationMirrors: mirrors})
		got, err := r.GetOrCreateAllowed(t.Context(), name(fmt.Sprint("acme/new", mirrors)), alice, yes)
		if err != nil || (got != nil) != want {
			t.Errorf("mirrors %v: made %+v, %v", mirrors, got, err)
		}
		if got, err := r.GetOrCreate(t.Context(), name("acme/first"), alice); err != nil || got == nil {
			t.Errorf("mirrors %v: what is there: %+v, %v", mirrors, got, err)
		}
	}
}

// TestChanges proves that what was changed is seen at once, through the cache too.
func TestChanges(t *testing.T) {
	s, _ := open(t)
	r := repos.New(s, rcache.New(1<<20), repos.Policy{Mirrors: true})
	repo, err := r.Get(t.Context(), name("acme/first"))
	must(t, err)
	must(t, r.SetVisibility(t.Context(), repo.ID, true))
	must(t, r.SetDescription(t.Context(), repo.ID, "text"))
	must(t, r.SetTrust(t.Context(), repo.ID, true))
	must(t, r.SetState(t.Context(), repo, "READ_ONLY"))
	if got, err := r.Get(t.Context(), repo.Name); err != nil || !got.Public || got.State != domain.StateReadOnly {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := r.Find(t.Context(), repo.Name); err != nil || *got.Description != "text" || !got.Trust {
		t.Errorf("got %+v, %v", got, err)
	}
	if public, err := r.IsPublic(t.Context(), repo.Name); err != nil || !public {
		t.Errorf("public: %v, %v", public, err)
	}
	must(t, r.PutState(t.Context(), repo.ID, domain.StateOrgMirror))
	if err := r.PutState(t.Context(), repo.ID, domain.StateMarkedForDeletion); !errs.Is(err, errs.Invalid) {
		t.Errorf("a deletion by the way: %v", err)
	}
	must(t, r.MarkForDeletion(t.Context(), repo, time.Now()))
	for what, err := range map[string]error{
		"get": second(r.Get(t.Context(), repo.Name)), "find": second(r.Find(t.Context(), repo.Name)),
		"a change": r.SetVisibility(t.Context(), repo.ID, false), "a second time": r.MarkForDeletion(t.Context(), repo, time.Now()),
	} {
		if !errors.Is(err, repos.ErrUnknown) {
			t.Errorf("after it was deleted: %s: %v", what, err)
		}
	}
	if public, err := r.IsPublic(t.Context(), repo.Name); err != nil || public {
		t.Errorf("a deleted one is public: %v, %v", public, err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestSetState proves which states people may choose.
func TestSetState(t *testing.T) {
	s, _ := open(t)
	repo, err := s.Repository(t.Context(), name("acme/first"))
	must(t, err)
	for _, tc := range []struct {
		state     string
		policy    repos.Policy
		namespace string // that is mirrored
		want      string
	}{
		{"NORMAL", repos.Policy{}, "", ""},
		{"READ_ONLY", repos.Policy{}, "", ""},
		{"MIRROR", repos.Policy{Mirrors: true}, "", ""},
		{"MIRROR", repos.Policy{}, "", "Unknown Repository State: MIRROR"},
		{"ORG_MIRROR", repos.Policy{Mirrors: true}, "", "ORG_MIRROR state is managed by organization-level mirroring"},
		{"MARKED_FOR_DELETION", repos.Policy{Mirrors: true}, "", "MARKED_FOR_DELETION is not a valid Repository state."},
		{"normal", repos.Policy{}, "", "normal is not a valid Repository state."},
		{"READ_ONLY", repos.Policy{OrganizationMirrors: true}, "acme", repos.ErrStateMirrored.Message},
		{"READ_ONLY", repos.Policy{}, "acme", ""},
	} {
		err := repos.New(mirrored{Store: s, namespace: tc.namespace}, nil, tc.policy).SetState(t.Context(), repo, tc.state)
		if (err == nil) != (tc.want == "") || err != nil && errs.Public(err) != tc.want {
			t.Errorf("%s: %v, want %q", tc.state, err, tc.want)
		}
	}
}

// TestEditable proves in which states people may change tags and labels.
func TestEditable(t *testing.T) {
	for state, edit := range map[domain.RepositoryState]bool{
		domain.StateNormal: true, domain.StateReadOnly: false, domain.StateMirror: false, domain.StateOrgMirror: false,
		domain.StateMarkedForDeletion: false,
	} {
		err := repos.Editable(&domain.Repository{State: state})
		if (err == nil) != edit || err != nil && errs.Public(err) != fmt.Sprintf("Repository is in read only or mirror mode: %d", state) {
			t.Errorf("state %d: %v", state, err)
		}
	}
}

// TestPushesMakeNamespace proves that of many pushes which make one namespace at
// once, each gets its own repository.
func TestPushesMakeNamespace(t *testing.T) {
	s, _ := open(t)
	r := repos.New(s, nil, repos.Policy{NamespaceOnPush: true})
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			n := domain.Name{Namespace: "fresh", Repository: fmt.Sprint("r", i%8)}
			if got, err := r.GetOrCreate(t.Context(), n, 0); err != nil || got.Name != n {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	wg.Wait()
}
