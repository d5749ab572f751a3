package store

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestServiceKey proves that a key is published as approved, that publishing it
// again only moves its end on, and that it is found for its own service alone.
func TestServiceKey(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		k := domain.ServiceKey{KID: "kid", Service: "quay", Name: "web 1", JWK: []byte(`{"kty":"RSA"}`), Expires: noon}
		f.must(f.PublishServiceKey(f.ctx, k, domain.StaleServiceKeys{}))
		k.Expires, k.JWK = after(1500), []byte(`{"kty":"another"}`)
		f.must(f.PublishServiceKey(f.ctx, k, domain.StaleServiceKeys{}))

		got, err := f.ServiceKey(f.ctx, "kid", "quay")
		f.must(err)
		if got.KID != "kid" || got.Service != "quay" || string(got.JWK) != `{"kty":"RSA"}` || !got.Approved || !got.Expires.Equal(after(1500)) {
			t.Errorf("got %+v", got)
		}
		k.Expires = noon
		f.must(f.PublishServiceKey(f.ctx, k, domain.StaleServiceKeys{}))
		if got, err = f.ServiceKey(f.ctx, "kid", "quay"); err != nil || !got.Expires.Equal(after(1500)) {
			t.Errorf("moved back: %+v, %v", got, err)
		}
		for _, q := range []statement{`SELECT COUNT(*) FROM servicekey`, `SELECT COUNT(*) FROM servicekeyapproval
		WHERE approval_type = 'ServiceKeyApprovalType.AUTOMATIC' AND approver_id IS NULL`} {
			if rows := value[int](f, q); rows != 1 {
				t.Errorf("%d rows, want 1: %s", rows, q)
			}
		}
		_, err = f.ServiceKey(f.ctx, "kid", "another")
		wantKind(t, "of another service", err, errs.NotFound)
		_, err = f.ServiceKey(f.ctx, "../kid", "quay")
		wantKind(t, "no such key", err, errs.NotFound)
		f.exec(`UPDATE servicekey SET approval_id = NULL, expiration_date = NULL`)
		got, err = f.ServiceKey(f.ctx, "kid", "quay")
		f.must(err)
		if got.Approved || !got.Expires.IsZero() {
			t.Errorf("without approval and end: %+v", got)
		}
		f.must(f.PublishServiceKey(f.ctx, k, domain.StaleServiceKeys{}))
		if got, err = f.ServiceKey(f.ctx, "kid", "quay"); err != nil || !got.Expires.IsZero() {
			t.Errorf("a key for ever has got an end: %+v, %v", got, err)
		}
	})
}

// newServiceKey is a key of the service "web", made at noon.
func newServiceKey(kid string) domain.NewServiceKey {
	return domain.NewServiceKey{
		ServiceKeyRow: domain.ServiceKeyRow{
			ServiceKey: domain.ServiceKey{KID: kid, Service: "web", Name: "name of " + kid, JWK: json.RawMessage(`{"kty": "RSA"}`)},
			Metadata:   json.RawMessage(`{"ip": "192.0.2.1"}`), Created: noon, Rotation: 12 * time.Hour,
		},
		Notice: json.RawMessage(`{"kid": "` + kid + `"}`),
	}
}

func (f *fixture) serviceKey(kid string) *domain.ServiceKeyRow {
	f.t.Helper()
	k, err := f.ServiceKeyRow(f.ctx, kid)
	f.must(err)
	return k
}

// TestServiceKeyLife proves what becomes of a key and of what people are told of it,
// from its submission to its end.
func TestServiceKeyLife(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		root := f.person("root")
		notices := func(want int, when string) {
			t.Helper()
			if n := value[int](f, `SELECT COUNT(*) FROM notification WHERE NOT dismissed`); n != want {
				t.Errorf("%d notices %s, want %d", n, when, want)
			}
		}
		first, other := newServiceKey("kid"), newServiceKey("kid2")
		first.Notify, other.Notify = []string{"root", "nobody"}, []string{"root"}
		f.must(f.CreateServiceKey(f.ctx, first))
		f.must(f.CreateServiceKey(f.ctx, other))
		wantKind(t, "the id again", f.CreateServiceKey(f.ctx, first), errs.Exists)
		notices(2, "of two keys")
		if n := value[int](f, `SELECT COUNT(*) FROM notification n JOIN notificationkind k ON k.id = n.kind_id
			WHERE k.name = 'service_key_submitted' AND n.lookup_path = '/service_key_approval/kid/' || n.target_id AND n.metadata_json = '{"kid": "kid"}'`); n != 1 {
			t.Errorf("%d notices have the product's form", n)
		}
		if k := f.serviceKey("kid"); k.Approved || k.Approval != nil || !k.Expires.IsZero() || k.Rotation != 12*time.Hour ||
			!k.Created.Equal(noon) || string(k.Metadata) != `{"ip": "192.0.2.1"}` || string(k.JWK) != `{"kty": "RSA"}` || k.Name != "name of kid" {
			t.Errorf("made %+v", k)
		}

		approval := domain.ServiceKeyApproval{Approver: root, Kind: domain.ApprovedBySuperuser, At: after(5), Notes: "fine"}
		f.must(f.ApproveServiceKey(f.ctx, "kid", approval))
		notices(1, "after the first was approved")
		k := f.serviceKey("kid")
		if !k.Approved || k.Approval == nil || !k.Approval.At.Equal(after(5)) {
			t.Fatalf("approved %+v", k)
		}
		if k.Approval.At = approval.At; *k.Approval != approval {
			t.Errorf("approved by %+v", k.Approval)
		}
		wantKind(t, "approved again", f.ApproveServiceKey(f.ctx, "kid", approval), errs.Conflict)
		wantKind(t, "approved without being there", f.ApproveServiceKey(f.ctx, "none", approval), errs.NotFound)

		f.must(f.UpdateServiceKey(f.ctx, "kid", func(k *domain.ServiceKeyRow) error {
			k.Name, k.Metadata, k.Expires = "new name", json.RawMessage(`{}`), after(60)
			return nil
		}))
		if k := f.serviceKey("kid"); k.Name != "new name" || string(k.Metadata) != `{}` || !k.Expires.Equal(after(60)) || !k.Approved {
			t.Errorf("changed to %+v", k)
		}
		wantKind(t, "none to change", f.UpdateServiceKey(f.ctx, "none", func(*domain.ServiceKeyRow) error { return nil }), errs.NotFound)

		replace := func(k domain.ServiceKeyRow) (domain.ServiceKeyRow, error) {
			k.KID, k.Created = "kid3", after(30)
			return k, nil
		}
		f.must(f.ReplaceServiceKey(f.ctx, "kid", domain.StaleServiceKeys{}, replace))
		if k := f.serviceKey("kid3"); !k.Approved || k.Approval.Notes != "fine" || k.Name != "new name" || k.Rotation != 12*time.Hour || !k.Created.Equal(after(30)) {
			t.Errorf("replaced by %+v", k)
		}
		_, err := f.ServiceKeyRow(f.ctx, "kid")
		wantKind(t, "the replaced one", err, errs.NotFound)
		wantKind(t, "replaced again", f.ReplaceServiceKey(f.ctx, "kid", domain.StaleServiceKeys{}, replace), errs.NotFound)
		wantKind(t, "replaced by one that is there", f.ReplaceServiceKey(f.ctx, "kid2", domain.StaleServiceKeys{}, replace), errs.Exists)
		f.serviceKey("kid2")
		wantKind(t, "refused", f.ReplaceServiceKey(f.ctx, "kid2", domain.StaleServiceKeys{}, func(domain.ServiceKeyRow) (domain.ServiceKeyRow, error) {
			return domain.ServiceKeyRow{}, errs.New(errs.Denied, "no")
		}), errs.Denied)

		f.must(f.DeleteServiceKey(f.ctx, "kid2", domain.StaleServiceKeys{}))
		notices(0, "after both have gone")
		wantKind(t, "deleted again", f.DeleteServiceKey(f.ctx, "kid2", domain.StaleServiceKeys{}), errs.NotFound)
	})
}

// TestServiceKeyNoticesOfOthers proves that the notices of a key go and no others,
// whatever its id: a client chooses it.
func TestServiceKeyNoticesOfOthers(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.person("root")
		for _, kid := range []string{"%", "_id", "kid", "KID", "kid2"} {
			n := newServiceKey(kid)
			n.Notify = []string{"root"}
			f.must(f.CreateServiceKey(f.ctx, n))
		}
		for i, kid := range []string{"%", "_id", "KID", "kid"} {
			f.must(f.DeleteServiceKey(f.ctx, kid, domain.StaleServiceKeys{}))
			if n := value[int](f, `SELECT COUNT(*) FROM notification`); n != 4-i {
				t.Errorf("%d notices are left after %s", n, kid)
			}
		}
	})
}

// TestStaleServiceKeys proves which keys of a service go when another one changes.
func TestStaleServiceKeys(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		add := func(kid, service string, created, expires time.Time, approved bool) {
			n := newServiceKey(kid)
			n.Service, n.Created, n.Expires = service, created, expires
			if approved {
				n.Approval = &domain.ServiceKeyApproval{Kind: domain.ApprovedByItself, At: created}
			}
			f.must(f.CreateServiceKey(f.ctx, n))
		}
		add("expired", "web", noon, noon, true)
		add("expires later", "web", noon, after(1), true)
		add("never expires", "web", noon, time.Time{}, true)
		add("not approved", "web", noon, after(1), false)
		add("not approved yet", "web", after(1), time.Time{}, false)
		add("expired elsewhere", "other", noon, noon, true)
		add("not approved elsewhere", "other", noon, time.Time{}, false)
		n := newServiceKey("new")
		n.Created, n.Drop = after(2), domain.StaleServiceKeys{Expired: noon, Unapproved: noon}
		f.must(f.CreateServiceKey(f.ctx, n))
		var left []string
		after := int64(0)
		for {
			page, err := f.ServiceKeyRows(f.ctx, "", after, 2)
			f.must(err)
			if len(page) == 0 {
				break
			}
			for _, k := range page {
				left, after = append(left, k.KID), k.ID
			}
		}
		want := []string{"expires later", "never expires", "not approved yet", "expired elsewhere", "not approved elsewhere", "new"}
		if !slices.Equal(left, want) {
			t.Errorf("left are %q, want %q", left, want)
		}
		page, err := f.ServiceKeyRows(f.ctx, "other", 0, 10)
		f.must(err)
		if len(page) != 2 || page[0].KID != "expired elsewhere" {
			t.Errorf("of the other service: %+v", page)
		}
	})
}
