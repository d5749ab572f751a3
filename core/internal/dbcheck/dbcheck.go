// Package dbcheck verifies a registry that is in use: the rows of its database, the
// objects of its locations, and both against each other. It changes nothing and
// keeps nobody waiting: it reads page by page, and looks again at what seems wrong,
// since what changed in between was not wrong.
package dbcheck

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// Invariant is one of the rules that a registry must keep whatever happens to it.
type Invariant string

// The invariants.
const (
	// I1: every tag leads to its manifest, and that to its children and blobs; what
	// they have is what their digests say.
	I1 Invariant = "I1"
	// I2: no blob has a row and no bytes.
	I2 Invariant = "I2"
	// I3: no bytes, older than a grace, are without a row.
	I3 Invariant = "I3"
	// I4: the quota ledger has the sums that the blobs have.
	I4 Invariant = "I4"
	// I5: no upload session is without its repository.
	I5 Invariant = "I5"
	// I6: each change of a tag has its entry in the action log, and one.
	I6 Invariant = "I6"
	// I7: no log has a secret.
	I7 Invariant = "I7"
	// I8: every referrer is listed, and nothing else is.
	I8 Invariant = "I8"
)

// All are the invariants in their order.
func All() []Invariant { return []Invariant{I1, I2, I3, I4, I5, I6, I7, I8} }

// Parse reads names of invariants, such as "I1,i4"; without any it means all.
func Parse(names string) ([]Invariant, error) {
	if strings.TrimSpace(names) == "" {
		return All(), nil
	}
	var list []Invariant
	for name := range strings.SplitSeq(names, ",") {
		i := Invariant(strings.ToUpper(strings.TrimSpace(name)))
		if !slices.Contains(All(), i) {
			return nil, errs.New(errs.Invalid, "there is no invariant %q: they are I1 to I8", strings.TrimSpace(name))
		}
		list = append(list, i)
	}
	return list, nil
}

// Store is what the check reads of the database. Lists are in the order of ids,
// above an id; an empty one is the end.
type Store interface {
	CheckTags(ctx context.Context, after int64, limit int) ([]domain.StoredTag, error)
	CheckManifests(ctx context.Context, after int64, at time.Time, limit int) ([]domain.StoredManifest, error)
	ManifestBlobs(ctx context.Context, id domain.ManifestID) ([]domain.StoredBlobRef, error)
	ManifestChildren(ctx context.Context, id domain.ManifestID) ([]domain.StoredBlobRef, error)
	HasManifest(ctx context.Context, repo domain.RepositoryID, digest string) (bool, error)
	ManifestHasLabel(ctx context.Context, id domain.ManifestID, key string) (bool, error)
	CheckBlobs(ctx context.Context, after int64, limit int) ([]domain.StoredBlob, error)
	BlobIsProxied(ctx context.Context, id domain.BlobID) (bool, error)
	DigestIsPlaced(ctx context.Context, digest, location string) (bool, error)
	ImageIsPlaced(ctx context.Context, uuid, location string) (bool, error)
	UploadExists(ctx context.Context, uuid string) (bool, error)
	CheckRepositorySizes(ctx context.Context, after int64, limit int) ([]domain.StoredLedger, error)
	CheckNamespaceSizes(ctx context.Context, after int64, limit int) ([]domain.StoredLedger, error)
	CheckUploads(ctx context.Context, after int64, limit int) ([]domain.StoredUpload, error)
	CheckLogs(ctx context.Context, after int64, limit int) ([]domain.StoredLog, error)
	OldestLog(ctx context.Context) (time.Time, error)
	RepositoryLogs(ctx context.Context, repo domain.RepositoryID, from, to time.Time, kinds []string, limit int) ([]domain.StoredLog, error)
	TagStarts(ctx context.Context, repo domain.RepositoryID, name string, from, to time.Time, limit int) ([]time.Time, error)
	RepositoryOwner(ctx context.Context, repo domain.RepositoryID) (domain.StoredOwner, error)
}

// Location is a storage location.
type Location interface {
	// Stat returns an object's size; errs.NotFound when it is not there.
	Stat(ctx context.Context, path string) (int64, error)
	// Open reads an object; errs.NotFound when it is not there.
	Open(ctx context.Context, path string) (io.ReadCloser, error)
	// List calls fn for each object; errs.Unsupported where the store cannot list.
	List(ctx context.Context, prefix string, fn func(path string, size int64) error) error
}

// Bytes says which blobs are read and compared with their digests.
type Bytes string

// Values of Bytes.
const (
	// ReadSample reads one blob in sixteen, others each time.
	ReadSample Bytes = "sample"
	ReadAll    Bytes = "all"
	ReadNone   Bytes = "none"
)

// Secret is a secret that no log may have. Its value is never printed.
type Secret struct{ Name, Value string }

// LogFile is a log to be searched for secrets.
type LogFile struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Options of Run. The zero value of a field has the meaning that is said.
type Options struct {
	// Invariants to be checked; none means all.
	Invariants []Invariant
	// Bytes says which blobs are read; "" means ReadSample.
	Bytes Bytes
	// Locations by name.
	Locations map[string]Location
	// Sparse says that an index may name manifests that are not there.
	Sparse bool
	// Grace is how long bytes must have been seen without a row; zero means ten
	// seconds. The check waits for it if it must.
	Grace time.Duration
	// Settle is how long the check waits before it looks again at what seemed wrong;
	// zero means two seconds.
	Settle time.Duration
	// Skew is how far apart a change and its log entry may be in time; zero means a
	// minute.
	Skew time.Duration
	// LogsDisabledFor are namespaces without entries in the action log.
	LogsDisabledFor []string
	// LogFiles and Secrets are for I7.
	LogFiles []LogFile
	Secrets  []Secret
	// Findings is how many findings of each invariant are listed;
	// zero means 100. More are only counted.
	Findings int
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() Options {
	if len(o.Invariants) == 0 {
		o.Invariants = All()
	}
	if o.Bytes == "" {
		o.Bytes = ReadSample
	}
	if o.Grace == 0 {
		o.Grace = 10 * time.Second
	}
	if o.Settle == 0 {
		o.Settle = 2 * time.Second
	}
	if o.Skew == 0 {
		o.Skew = time.Minute
	}
	if o.Findings == 0 {
		o.Findings = 100
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Status of an invariant.
type Status string

// The statuses. An invariant of which a part could not be checked is StatusPartly,
// never StatusKept; its notes say what.
const (
	StatusKept       Status = "kept"
	StatusPartly     Status = "partly checked"
	StatusNotChecked Status = "not checked"
	StatusBroken     Status = "broken"
)

// Finding is one thing that is wrong.
type Finding struct {
	Invariant Invariant `json:"invariant"`
	// Object is what it is about, for instance "manifest 12 (sha256:…)".
	Object string `json:"object"`
	// Problem is what is wrong with it, without any secret.
	Problem string `json:"problem"`
}

// Result is what became of one invariant.
type Result struct {
	Invariant Invariant `json:"invariant"`
	Status    Status    `json:"status"`
	// Checked is how many things were looked at.
	Checked int64 `json:"checked"`
	// Broken is how many findings there are; of those beyond the first ten thousand that
	// seemed wrong it is not known whether they would last.
	Broken   int64     `json:"broken"`
	Findings []Finding `json:"findings,omitempty"`
	// Notes say what was not checked, and why.
	Notes []string `json:"notes,omitempty"`
}

// Report is what a check found.
type Report struct {
	Results []Result `json:"results"`
}

// Broken reports whether an invariant is broken.
func (r *Report) Broken() bool {
	return slices.ContainsFunc(r.Results, func(r Result) bool { return r.Status == StatusBroken })
}

// check is a run.
type check struct {
	Options
	store   Store
	results map[Invariant]*result
	owners  map[domain.RepositoryID]domain.StoredOwner
}

// result is a Result in the making.
type result struct {
	Result
	suspects []suspect
	incomplete,
	idle bool // something, or everything, could not be checked
}

// maxSuspects bounds what of an invariant is looked at again. It is far above what is
// listed: on a busy registry, many changes are under way while a long check reads.
const maxSuspects = 10000

// suspect is a finding that has yet to last.
type suspect struct {
	Finding
	// lasts looks again.
	lasts func(context.Context) (bool, error)
}

// Run checks a registry. It fails when the database cannot be read, not for what it
// finds.
func Run(ctx context.Context, store Store, opts Options) (*Report, error) {
	c := &check{
		Options: opts.withDefaults(), store: store, results: make(map[Invariant]*result),
		owners: make(map[domain.RepositoryID]domain.StoredOwner),
	}
	for _, i := range c.Invariants {
		c.results[i] = &result{Result: Result{Invariant: i}}
	}
	for _, pass := range []struct {
		of  []Invariant
		run func(context.Context) error
	}{
		{[]Invariant{I1}, c.tags},
		{[]Invariant{I1, I8}, c.manifests},
		{[]Invariant{I1, I2}, c.blobs},
		{[]Invariant{I3}, c.objects},
		{[]Invariant{I4}, c.ledger},
		{[]Invariant{I5}, c.uploads},
		{[]Invariant{I6}, c.history},
		{[]Invariant{I7}, c.secrets},
	} {
		if !slices.ContainsFunc(pass.of, func(i Invariant) bool { return c.results[i] != nil }) {
			continue
		}
		if err := pass.run(ctx); err != nil {
			return nil, err
		}
	}
	if err := c.lookAgain(ctx); err != nil {
		return nil, err
	}
	report := &Report{}
	for _, i := range All() {
		if r := c.results[i]; r != nil {
			report.Results = append(report.Results, r.finish())
		}
	}
	return report, nil
}

// finish gives a result its status.
func (r *result) finish() Result {
	switch {
	case r.Broken > 0:
		r.Status = StatusBroken
	case r.idle:
		r.Status = StatusNotChecked
	case r.incomplete:
		r.Status = StatusPartly
	default:
		r.Status = StatusKept
	}
	return r.Result
}

// checked counts something that was looked at.
func (c *check) checked(i Invariant) {
	if r := c.results[i]; r != nil {
		r.Checked++
	}
}

// note says once that a part of an invariant was not checked.
func (c *check) note(i Invariant, format string, args ...any) {
	r := c.results[i]
	text := fmt.Sprintf(format, args...)
	if r == nil || slices.Contains(r.Notes, text) {
		return
	}
	r.incomplete = true
	if len(r.Notes) < c.Findings {
		r.Notes = append(r.Notes, text)
	}
}

// skip says that an invariant was not checked at all.
func (c *check) skip(i Invariant, format string, args ...any) {
	c.note(i, format, args...)
	if r := c.results[i]; r != nil {
		r.idle = true
	}
}

// suspect takes note of what seems wrong; lasts is asked once more before it is a
// finding.
func (c *check) suspect(i Invariant, object, problem string, lasts func(context.Context) (bool, error)) {
	r := c.results[i]
	switch {
	case r == nil:
	case len(r.suspects) < maxSuspects:
		r.suspects = append(r.suspects, suspect{Finding{i, object, problem}, lasts})
	default:
		r.Broken++
	}
}

// suspects takes note of what seems wrong with one thing. again finds out anew what
// is wrong with it.
func (c *check) suspectAll(found []Finding, again func(context.Context) ([]Finding, error)) {
	for _, f := range found {
		c.suspect(f.Invariant, f.Object, f.Problem, func(ctx context.Context) (bool, error) {
			now, err := again(ctx)
			return slices.Contains(now, f), err
		})
	}
}

// lookAgain turns suspects into findings, unless they were changes under way.
func (c *check) lookAgain(ctx context.Context) error {
	waited := false
	for _, i := range All() {
		r := c.results[i]
		if r == nil || len(r.suspects) == 0 {
			continue
		}
		if !waited {
			if err := sleep(ctx, c.Settle); err != nil {
				return err
			}
			waited = true
		}
		for _, s := range r.suspects {
			lasts, err := s.lasts(ctx)
			if err != nil {
				return err
			}
			if lasts {
				r.Broken++
				if len(r.Findings) < c.Findings {
					r.Findings = append(r.Findings, s.Finding)
				}
			}
		}
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pages calls fn for all rows of a list.
func pages[T any](ctx context.Context, limit int, id func(T) int64, list func(ctx context.Context, after int64, limit int) ([]T, error), fn func(T) error) error {
	for after := int64(0); ; {
		page, err := list(ctx, after, limit)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, row := range page {
			if err := fn(row); err != nil {
				return err
			}
		}
		after = id(page[len(page)-1])
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// one returns the row of an id, if it is there.
func one[T any](ctx context.Context, want int64, id func(T) int64, list func(ctx context.Context, after int64, limit int) ([]T, error)) (row T, found bool, err error) {
	page, err := list(ctx, want-1, 1)
	if err != nil || len(page) == 0 || id(page[0]) != want {
		return row, false, err
	}
	return page[0], true, nil
}
