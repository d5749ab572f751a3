package quota

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// fake is a database with one namespace.
type fake struct {
	quota           domain.Quota
	size, uploading int64
	// listens says that the namespace has notifications, claimed that somebody told
	// already.
	listens, claimed bool
	fail             error

	asked    int
	notices  []string
	released int
}

func (f *fake) QuotaOfRepository(context.Context, domain.RepositoryID) (*domain.Quota, error) {
	f.asked++
	return &f.quota, f.fail
}

func (f *fake) NamespaceSize(context.Context, domain.RepositoryID) (int64, error) {
	return f.size, nil
}

func (f *fake) UploadingSize(context.Context, domain.RepositoryID) (int64, error) {
	return f.uploading, nil
}

func (f *fake) Notify(_ context.Context, n domain.Notice) error {
	f.notices = append(f.notices, n.Kind+" "+n.Metadata)
	return errs.New(errs.Unavailable, "the database is gone")
}

func (f *fake) HasNamespaceNotification(_ context.Context, _ domain.UserID, event string) (bool, error) {
	return f.listens, nil
}

func (f *fake) ClaimQuotaEvent(_ context.Context, _ domain.UserID, _ int64, cutoff, now time.Time) (bool, error) {
	if !now.Equal(noon) || !cutoff.Equal(noon.Add(-time.Hour)) {
		return false, fmt.Errorf("claimed at %v after %v", now, cutoff)
	}
	return !f.claimed, nil
}

func (f *fake) ReleaseQuotaEvent(context.Context, domain.UserID, int64) error {
	f.released++
	return nil
}

// announced are the events that were announced, to a number of notifications each.
type announced struct {
	events []Event
	to     int
	fail   error
}

func (a *announced) AnnounceQuota(_ context.Context, e Event) (int, error) {
	a.events = append(a.events, e)
	return a.to, a.fail
}

func rules(f *fake, p Policy) *Rules {
	p.Clock = func() time.Time { return noon }
	p.Cooldown = time.Hour
	return New(f, p, slog.New(slog.DiscardHandler))
}

var enforced = Policy{Count: true, Verify: true}

// TestJudge proves what a number of bytes means: the limit with the most bytes that is
// reached decides, and a namespace without a quota has the default.
func TestJudge(t *testing.T) {
	warn, refuse := func(percent int64) domain.QuotaLimit { return domain.QuotaLimit{Percent: percent} },
		func(percent int64) domain.QuotaLimit { return domain.QuotaLimit{Percent: percent, Reject: true} }
	for _, tc := range []struct {
		name   string
		limit  int64
		limits []domain.QuotaLimit
		preset int64
		size   int64
		want   severity
		at     int64
	}{
		{"no quota", 0, nil, 0, math.MaxInt64, nothing, 0},
		{"below the default", 0, nil, 100, 99, nothing, 0},
		{"at the default", 0, nil, 100, 100, reject, 100},
		{"a quota without limits", 100, nil, 10, 1000, nothing, 0},
		{"below a warning", 1000, []domain.QuotaLimit{warn(50)}, 0, 499, nothing, 0},
		{"at a warning", 1000, []domain.QuotaLimit{warn(50)}, 0, 500, warning, 50},
		{"between both", 1000, []domain.QuotaLimit{refuse(90), warn(50)}, 0, 899, warning, 50},
		{"above both", 1000, []domain.QuotaLimit{warn(50), refuse(90)}, 0, 900, reject, 90},
		{"a warning above a rejection", 1000, []domain.QuotaLimit{refuse(50), warn(90)}, 0, 950, warning, 90},
		{"two of one percentage: the first", 1000, []domain.QuotaLimit{warn(50), refuse(50)}, 0, 950, warning, 50},
		{"a share below one byte", 1, []domain.QuotaLimit{refuse(50)}, 0, 0, nothing, 0},
		{"cut, not rounded", 199, []domain.QuotaLimit{refuse(50)}, 0, 99, reject, 50},
		{"the largest", math.MaxInt64, []domain.QuotaLimit{refuse(100)}, 0, math.MaxInt64, reject, 100},
		// Python divides as floats: 2^53 + 1 is no float.
		{"beyond floats", 1<<53 + 1, []domain.QuotaLimit{refuse(100)}, 0, 1 << 53, reject, 100},
		{"negative", 100, []domain.QuotaLimit{refuse(1)}, 0, -5, nothing, 0},
	} {
		r := New(nil, Policy{Default: tc.preset}, nil)
		if got := r.judge(&domain.Quota{Limit: tc.limit, Limits: tc.limits}, tc.size); got.severity != tc.want || got.percent != tc.at || got.usage != tc.size {
			t.Errorf("%s: got %+v", tc.name, got)
		}
	}
}

// TestUploads proves which uploads are refused: new ones by what the namespace holds,
// those under way by what is being uploaded as well; and who is told in which words.
func TestUploads(t *testing.T) {
	for _, tc := range []struct {
		name            string
		policy          Policy
		size, uploading int64
		begin, goOn     bool // refused
		notices         []string
	}{
		{"room", enforced, 10, 89, false, false, nil},
		{"full with what is uploaded", enforced, 10, 90, false, true, []string{`quota_error {"severity": "Reject", "namespace": "acme"}`}},
		{"full", enforced, 100, 0, true, true, []string{
			`quota_error {"severity": "Reject", "namespace": "acme"}`, `quota_error {"severity": "Reject", "namespace": "acme"}`,
		}},
		{"not verified", Policy{Count: true}, 1000, 0, false, false, nil},
		{"not counted", Policy{Verify: true}, 1000, 0, false, false, nil},
	} {
		f := &fake{quota: domain.Quota{Name: "acme", Limit: 100, Limits: []domain.QuotaLimit{{Percent: 100, Reject: true}}}, size: tc.size, uploading: tc.uploading}
		r := rules(f, tc.policy)
		begin, goOn := r.Begin(t.Context(), 1, nil), r.Continue(t.Context(), 1, nil)
		if errors.Is(begin, ErrExceeded) != tc.begin || errors.Is(goOn, ErrExceeded) != tc.goOn || !slices.Equal(f.notices, tc.notices) {
			t.Errorf("%s: %v, %v, %q", tc.name, begin, goOn, f.notices)
		}
		if !r.Enforced() && f.asked != 0 {
			t.Errorf("%s: the database was asked", tc.name)
		}
	}
	f := &fake{fail: errs.New(errs.Unavailable, "gone")}
	if err := rules(f, enforced).Begin(t.Context(), 1, nil); !errs.Is(err, errs.Unavailable) {
		t.Errorf("without the database: %v", err)
	}
}

// TestManifests proves what becomes of tags, and who is told.
func TestManifests(t *testing.T) {
	limits := []domain.QuotaLimit{{Percent: 50}, {Percent: 90, Reject: true}}
	for _, tc := range []struct {
		size    int64
		full    bool
		notices []string
	}{
		{49, false, nil},
		{50, false, []string{`quota_warning {"namespace": "acme"}`}},
		{90, true, []string{`quota_error {"namespace": "acme"}`}},
	} {
		f := &fake{quota: domain.Quota{Name: "acme", Limit: 100, Limits: limits}}
		a, err := rules(f, enforced).Of(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		full := a.Full(tc.size)
		if err := a.Stored(t.Context(), tc.size); full != tc.full || errors.Is(err, ErrExceeded) != tc.full || !slices.Equal(f.notices, tc.notices) {
			t.Errorf("%d bytes: full %v, %v, %q", tc.size, full, err, f.notices)
		}
	}
	for name, r := range map[string]*Rules{
		"no quota": rules(&fake{}, enforced), "not verified": rules(&fake{quota: domain.Quota{Limit: 1}}, Policy{Count: true}),
	} {
		if a, err := r.Of(t.Context(), 1); a != nil || err != nil {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

// TestSays proves when an earlier notice says the same: it has all that the new one has.
func TestSays(t *testing.T) {
	f := &fake{quota: domain.Quota{Name: "acme", Limit: 1}}
	var known func(string) bool
	r := rules(f, enforced)
	r.store = noticed{f, &known}
	r.tell(t.Context(), &f.quota, errorKind, true)
	for metadata, want := range map[string]bool{
		`{"severity": "Reject", "namespace": "acme"}`: true, `{"namespace":"acme","severity":"Reject","x":1}`: true,
		`{"namespace": "acme"}`: false, `{"severity": "Reject", "namespace": "other"}`: false, `[]`: false, ``: false, `{`: false,
		`{"severity": {}, "namespace": "acme"}`: false,
	} {
		if known(metadata) != want {
			t.Errorf("%s: %v", metadata, !want)
		}
	}
}

type noticed struct {
	*fake
	known *func(string) bool
}

func (n noticed) Notify(_ context.Context, notice domain.Notice) error {
	*n.known = notice.Known
	return nil
}

// TestEvents proves that a limit is announced once to those who listen, and that a claim
// which comes to nothing is given back.
func TestEvents(t *testing.T) {
	by := &domain.User{Name: "alice"}
	for _, tc := range []struct {
		name     string
		limits   []domain.QuotaLimit
		size     int64
		to       int
		fail     error
		change   func(*fake)
		want     int
		released int
	}{
		{"a warning", []domain.QuotaLimit{{Percent: 50}}, 1536, 1, nil, nil, 1, 0},
		{"a rejection", []domain.QuotaLimit{{Percent: 50, Reject: true}}, 1536, 1, nil, nil, 1, 0},
		{"nothing reached", []domain.QuotaLimit{{Percent: 100}}, 1536, 1, nil, nil, 0, 0},
		{"nobody listens", []domain.QuotaLimit{{Percent: 50}}, 1536, 1, nil, func(f *fake) { f.listens = false }, 0, 0},
		{"told already", []domain.QuotaLimit{{Percent: 50}}, 1536, 1, nil, func(f *fake) { f.claimed = true }, 0, 0},
		{"nobody is left", []domain.QuotaLimit{{Percent: 50}}, 1536, 0, nil, nil, 1, 1},
		{"the queue fails", []domain.QuotaLimit{{Percent: 50}}, 1536, 0, errs.New(errs.Unavailable, "gone"), nil, 1, 1},
	} {
		f := &fake{quota: domain.Quota{Name: "acme", Limit: 2048, Limits: tc.limits}, size: tc.size, listens: true}
		if tc.change != nil {
			tc.change(f)
		}
		a := &announced{to: tc.to, fail: tc.fail}
		p := enforced
		p.Events = a
		err := rules(f, p).Begin(t.Context(), 1, by)
		if err != nil && !errors.Is(err, ErrExceeded) || len(a.events) != tc.want || f.released != tc.released {
			t.Errorf("%s: %v, %+v, %d released", tc.name, err, a.events, f.released)
		}
		if tc.want == 0 {
			continue
		}
		want := Event{
			Name: "quota_warning", Namespace: "acme", Threshold: 50, Used: 75, Usage: 1536, Limit: 2048,
			UsageText: "1.50 KB", LimitText: "2.00 KB", By: by,
		}
		if tc.limits[0].Reject {
			want.Name = "quota_error"
		}
		if a.events[0] != want {
			t.Errorf("%s: got %+v", tc.name, a.events[0])
		}
	}
}

// TestBytesText proves how people are shown a number of bytes.
func TestBytesText(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 bytes", 1023: "1023 bytes", 1024: "1.00 KB", 1536: "1.50 KB", 1 << 20: "1.00 MB", 5 << 29: "2.50 GB",
		1 << 40: "1.00 TB", 1 << 50: "1024.00 TB",
	} {
		if got := bytesText(bytes); got != want {
			t.Errorf("%d: %s, want %s", bytes, got, want)
		}
	}
}

// TestLedger proves what becomes of totals by the configuration.
func TestLedger(t *testing.T) {
	for p, want := range map[[2]bool]domain.Ledger{
		{true, false}: domain.LedgerCount, {true, true}: domain.LedgerCount,
		{false, false}: domain.LedgerForget, {false, true}: domain.LedgerKeep,
	} {
		if got := (Policy{Count: p[0], Keep: p[1]}).Ledger(); got != want {
			t.Errorf("count %v, keep %v: %v", p[0], p[1], got)
		}
	}
}
