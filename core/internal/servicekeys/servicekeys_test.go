package servicekeys

import (
	"strings"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/sdk/errs"
)

// TestGenerate proves that a key pair is made whose public half is stored, and that
// superusers are told of it in the product's words.
func TestGenerate(t *testing.T) {
	k, s := fixture()
	pair, kid, err := k.Generate(t.Context(), NewKey{
		Name: "name", Service: "web", Metadata: pyjson.Object{{Name: "created_by", Value: "Quay SuperUser Panel"}},
		Expires: now.Add(time.Hour), Rotation: time.Hour,
	}, now)
	if err != nil {
		t.Fatal(err)
	}
	row := s.rows[kid]
	public, err := keys.ParseJWK(row.JWK)
	if err != nil || !public.Equal(&pair.PublicKey) || kid != keys.Thumbprint(public) || row.Approved || row.Rotation != time.Hour {
		t.Errorf("stored %+v, %v", row, err)
	}
	if string(row.Metadata) != `{"created_by": "Quay SuperUser Panel"}` {
		t.Errorf("metadata %s", row.Metadata)
	}
	jwk, err := pyjson.Parse(row.JWK)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"name": "name", "kid": "` + kid + `", "service": "web", "jwk": ` + string(pyjson.Form{}.Append(nil, jwk)) +
		`, "metadata": {"created_by": "Quay SuperUser Panel"}, "created_date": 1785585600, "expiration_date": 1785589200}`
	if got := s.created[0]; string(got.Notice) != want || len(got.Notify) != 1 || got.Notify[0] != "root" {
		t.Errorf("%v are told\n%s\nwant\n%s", got.Notify, got.Notice, want)
	}
	if s.stale.Expired != now.Add(-7*24*time.Hour) || s.stale.Unapproved != now.Add(-24*time.Hour) {
		t.Errorf("stale are %+v", s.stale)
	}
	for _, service := range []string{"", "Web", "a-b", "a b", "a\n", "é", strings.Repeat("a", 256)} {
		if _, _, err := k.Generate(t.Context(), NewKey{Service: service}, now); !errs.Is(err, errs.Invalid) {
			t.Errorf("service %.10q: %v", service, err)
		}
	}
	if _, _, err := k.Generate(t.Context(), NewKey{Service: "web", KID: kid}, now); !errs.Is(err, errs.Exists) {
		t.Errorf("the id again: %v", err)
	}
}

// TestUpdate proves that what is not given stays, and that metadata is added.
func TestUpdate(t *testing.T) {
	k, s := fixture(approved("kid"))
	name, never, soon := "new", time.Time{}, now.Add(time.Hour)
	for _, step := range []struct {
		change   Change
		name     string
		metadata string
		expires  time.Time
	}{
		{Change{}, "n", `{"ip": "old", "x": 1}`, never},
		{Change{Name: &name}, "new", `{"ip": "old", "x": 1}`, never},
		{Change{Expires: &soon, Metadata: pyjson.Object{{Name: "ip", Value: "i"}, {Name: "y", Value: nil}}}, "new", `{"ip": "i", "x": 1, "y": null}`, soon},
		{Change{Expires: &never}, "new", `{"ip": "i", "x": 1, "y": null}`, never},
	} {
		if err := k.Update(t.Context(), "kid", step.change); err != nil {
			t.Fatal(err)
		}
		if row := s.rows["kid"]; row.Name != step.name || string(row.Metadata) != step.metadata || !row.Expires.Equal(step.expires) {
			t.Errorf("%+v made %+v", step.change, row)
		}
	}
	for _, bad := range []string{strings.Repeat("a", 256), "<script>", "a.b", "n\u00e9", "a\x00"} {
		if err := k.Update(t.Context(), "kid", Change{Name: &bad}); !errs.Is(err, errs.Invalid) {
			t.Errorf("renamed to %.10q: %v", bad, err)
		}
		if _, _, err := k.Generate(t.Context(), NewKey{Name: bad, Service: "web"}, now); !errs.Is(err, errs.Invalid) {
			t.Errorf("made with the name %.10q: %v", bad, err)
		}
	}
	for _, good := range []string{"", "http://localhost:8080", "My Key_1 - a"} {
		if err := k.Update(t.Context(), "kid", Change{Name: &good}); err != nil || s.rows["kid"].Name != good {
			t.Errorf("renamed to %q: %v", good, err)
		}
	}
	if err := k.Update(t.Context(), "none", Change{}); !errs.Is(err, errs.NotFound) {
		t.Error(err)
	}
}

// ending is an approved key that ends some time from now.
func ending(kid string, in time.Duration) domain.ServiceKeyRow {
	row := approved(kid)
	row.Expires = now.Add(in)
	return row
}

// TestPublic proves who gets which public key, and for how long it may be kept.
func TestPublic(t *testing.T) {
	week := 7 * 24 * time.Hour
	k, _ := fixture(approved("good"), unapproved("unapproved"), ending("soon", time.Minute), ending("later", week),
		ending("now", 0), ending("of late", -week+time.Second), ending("long ago", -week))
	for kid, want := range map[string]struct {
		keep time.Duration
		kind errs.Kind
	}{
		"good": {24 * time.Hour, 0}, "later": {24 * time.Hour, 0}, "soon": {time.Minute, 0},
		"unapproved": {0, errs.Conflict}, "now": {0, errs.Denied}, "of late": {0, errs.Denied},
		"long ago": {0, errs.NotFound}, "none": {0, errs.NotFound}, "": {0, errs.NotFound},
	} {
		jwk, keep, err := k.Public(t.Context(), kid, now)
		if keep != want.keep || (jwk != nil) != (want.kind == 0) || want.kind != 0 && !errs.Is(err, want.kind) || want.kind == 0 && err != nil {
			t.Errorf("%s: %s for %v, %v", kid, jwk, keep, err)
		}
	}
	trusted, err := k.Trusted(t.Context(), "web", now)
	if err != nil || len(trusted) != 3 || !strings.Contains(string(trusted[0]), `"kid": "good"`) {
		t.Errorf("trusted are %s, %v", trusted, err)
	}
	if trusted, err := k.Trusted(t.Context(), "other", now); err != nil || trusted == nil || len(trusted) != 0 {
		t.Errorf("trusted for another service are %s, %v", trusted, err)
	}
	all, err := k.All(t.Context(), now)
	if err != nil || len(all) != 6 {
		t.Errorf("all are %v, %v", all, err)
	}
}

// TestManyKeys proves that more keys than fit on one page are listed.
func TestManyKeys(t *testing.T) {
	var rows []domain.ServiceKeyRow
	for i := range page + 1 {
		rows = append(rows, approved(strings.Repeat("a", i+1)))
	}
	k, _ := fixture(rows...)
	if all, err := k.All(t.Context(), now); err != nil || len(all) != len(rows) {
		t.Errorf("%d of %d, %v", len(all), len(rows), err)
	}
}

// TestApproveAndDelete proves that both are done, with what else goes.
func TestApproveAndDelete(t *testing.T) {
	k, s := fixture(unapproved("kid"))
	err := k.Approve(t.Context(), "kid", domain.ServiceKeyApproval{Kind: domain.ApprovedBySuperuser, At: now, Notes: "n"})
	if row := s.rows["kid"]; err != nil || !row.Approved || row.Approval.Notes != "n" {
		t.Errorf("approved %+v, %v", row, err)
	}
	if err := k.Delete(t.Context(), "kid", now); err != nil || len(s.rows) != 0 || s.stale.Expired.IsZero() {
		t.Errorf("left %v, %v", s.rows, err)
	}
}

// TestCheckJWK proves which submitted keys have a good form.
func TestCheckJWK(t *testing.T) {
	for text, good := range map[string]bool{
		`{"kty":"RSA","e":"AQAB","n":"x"}`:           true,
		`{"kty":"RSA","e":"AQAB","n":"x","use":"a"}`: true,
		`{"kty":"EC","x":"a","y":"b","crv":"P-256"}`: true,
		`{"e":"AQAB","n":"x"}`:                       false,
		`{"kty":"RSA","n":"x"}`:                      false,
		`{"kty":"RSA","e":"AQAB"}`:                   false,
		`{"kty":"RSA","e":"AQAB","n":1}`:             false,
		`{"kty":"EC","x":"a"}`:                       false,
		`{"kty":"oct","k":"a"}`:                      false,
		`{"kty":"RSA","e":"AQAB","n":"x","d":"y"}`:   false,
		`{"kty":"RSA","e":"AQAB","n":"x","qi":"y"}`:  false,
		`[]`: false, `null`: false, ``: false, `x`: false,
	} {
		if _, err := checkJWK([]byte(text)); good != (err == nil) || err != nil && !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
