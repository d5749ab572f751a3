package store

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// TestQuotaOfRepository proves what is read of a namespace's quota, with limits in the
// order of their making, and without any.
func TestQuotaOfRepository(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		repo := f.repository("acme/web")
		q, err := f.QuotaOfRepository(f.ctx, repo)
		f.must(err)
		if q.Name != "acme" || !q.Organization || q.Limit != 0 || q.Limits != nil {
			t.Errorf("without a quota: %+v", q)
		}
		id := f.add(`INSERT INTO userorganizationquota (namespace_id, limit_bytes) VALUES ($1, 3000) RETURNING id`, q.Namespace)
		if q, err = f.QuotaOfRepository(f.ctx, repo); err != nil || q.Limit != 3000 || q.Limits != nil {
			t.Errorf("without limits: %+v, %v", q, err)
		}
		for _, l := range []struct {
			kind    string
			percent int
		}{{"Reject", 90}, {"Warning", 50}} {
			f.exec(`INSERT INTO quotalimits (quota_id, quota_type_id, percent_of_limit)
				SELECT $1, MIN(id), CAST($2 AS integer) FROM quotatype WHERE name = $3`, id, l.percent, l.kind)
		}
		q, err = f.QuotaOfRepository(f.ctx, repo)
		f.must(err)
		if fmt.Sprint(q.Limits) != "[{90 true} {50 false}]" {
			t.Errorf("with limits: %+v", q)
		}
		_, err = f.QuotaOfRepository(f.ctx, 4711)
		wantKind(t, "without the repository", err, errs.NotFound)

		u := f.upload(repo)
		f.upload(f.repository("acme/other"))
		u.Offset = 7
		f.must(f.AdvanceUpload(f.ctx, u, 0))
		if n, err := f.UploadingSize(f.ctx, repo); err != nil || n != 7 {
			t.Errorf("%d bytes are being uploaded, %v", n, err)
		}
		if n, err := f.NamespaceSize(f.ctx, repo); err != nil || n != 0 {
			t.Errorf("the namespace holds %d bytes, %v", n, err)
		}
	})
}

// TestNotify proves that a notice reaches the administrators of an organisation, or an
// account itself, once, however many leave it at the same time.
func TestNotify(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice, bob, carol := f.person("alice"), f.person("bob"), f.person("carol")
		acme := f.orgOf("acme", alice)
		f.teamOf(acme, "chiefs", domain.TeamAdmin, alice, bob)
		f.teamOf(acme, "readers", domain.TeamMember, carol)
		notice := func(namespace domain.UserID, organization bool, metadata string) domain.Notice {
			return domain.Notice{
				Namespace: namespace, Organization: organization, Kind: "quota_error", Metadata: metadata, Now: noon,
				Known: func(m string) bool { return strings.Contains(m, metadata) },
			}
		}
		told := func() (all string) {
			f.must(f.rows(f.ctx, `SELECT u.username, n.metadata_json, k.name FROM notification n JOIN "user" u ON u.id = n.target_id
				JOIN notificationkind k ON k.id = n.kind_id WHERE NOT n.dismissed AND n.lookup_path IS NULL ORDER BY u.username, n.id`, func(r scanner) error {
				var name, metadata, kind string
				err := r.Scan(&name, &metadata, &kind)
				all += name + " " + kind + " " + metadata + "; "
				return err
			}))
			return all
		}
		mustAll(t, atOnce(func(int) error { return f.Notify(f.ctx, notice(acme, true, "one")) }))
		if got := told(); got != "alice quota_error one; bob quota_error one; " {
			t.Errorf("after the first: %s", got)
		}
		f.exec(`DELETE FROM notification WHERE target_id = $1`, alice)
		f.must(f.Notify(f.ctx, notice(acme, true, "one")))
		f.must(f.Notify(f.ctx, notice(carol, false, "two")))
		f.must(f.Notify(f.ctx, notice(carol, false, "two")))
		if got := told(); got != "alice quota_error one; bob quota_error one; carol quota_error two; " {
			t.Errorf("at last: %s", got)
		}
	})
}

// TestQuotaEvents proves that of many one claims an event, and that it can be claimed
// again after the cutoff, when the namespace has held less, or when it was given back.
func TestQuotaEvents(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		alice := f.person("alice")
		claim := func(cutoff, now time.Time) bool {
			t.Helper()
			claimed, err := f.ClaimQuotaEvent(f.ctx, alice, 50, cutoff, now)
			f.must(err)
			return claimed
		}
		var claims atomic.Int32
		mustAll(t, atOnce(func(int) error {
			claimed, err := f.ClaimQuotaEvent(f.ctx, alice, 50, noon.Add(-time.Hour), noon)
			if claimed {
				claims.Add(1)
			}
			return err
		}))
		if claims.Load() != 1 {
			t.Errorf("%d claims", claims.Load())
		}
		if claim(noon.Add(-time.Second), noon.Add(time.Minute)) || !claim(noon, noon.Add(time.Hour)) || claim(noon, noon.Add(time.Hour)) {
			t.Error("the cutoff does not count")
		}
		f.exec(`UPDATE quotanotificationstate SET cleared = TRUE`)
		if !claim(noon, noon.Add(time.Hour)) || claim(noon, noon.Add(time.Hour)) {
			t.Error("a state that was cleared cannot be claimed once")
		}
		f.must(f.ReleaseQuotaEvent(f.ctx, alice, 50))
		if !claim(noon, noon) {
			t.Error("what was given back cannot be claimed")
		}
		listens := func(event string) bool {
			t.Helper()
			yes, err := f.HasNamespaceNotification(f.ctx, alice, event)
			f.must(err)
			return yes
		}
		if listens("quota_error") {
			t.Error("nobody listens yet")
		}
		f.exec(`INSERT INTO namespacenotification (uuid, namespace_id, event_id, method_id, config_json, event_config_json, number_of_failures)
			SELECT 'n', $1, (SELECT id FROM externalnotificationevent WHERE name = 'quota_error'), (SELECT MIN(id) FROM externalnotificationmethod), '{}', '{}', 0`, alice)
		if !listens("quota_error") || listens("quota_warning") {
			t.Error("the wrong event is listened to")
		}
	})
}
