package lastaccess

import (
	"errors"
	"testing"
	"time"
)

var noon = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// TestNote proves when a use is written down and what time holds afterwards.
func TestNote(t *testing.T) {
	away := errors.New("the database is away")
	for what, tc := range map[string]struct {
		policy  Policy
		last    time.Time
		fail    error
		written bool
		want    time.Time
		err     error
	}{
		"first use":           {written: true, want: noon},
		"a minute ago":        {last: noon.Add(-time.Minute), written: true, want: noon},
		"less ago":            {last: noon.Add(-59 * time.Second), want: noon.Add(-59 * time.Second)},
		"a second, of two":    {policy: Policy{Every: 2 * time.Second}, last: noon.Add(-time.Second), want: noon.Add(-time.Second)},
		"two seconds, of two": {policy: Policy{Every: 2 * time.Second}, last: noon.Add(-2 * time.Second), written: true, want: noon},
		"in the future":       {last: noon.Add(time.Hour), want: noon.Add(time.Hour)},
		"off":                 {policy: Policy{Off: true}},
		"failed":              {fail: away, written: true, err: away},
		"failed, lenient":     {policy: Policy{Lenient: true}, fail: away, written: true},
	} {
		written := false
		got, err := tc.policy.Note(tc.last, noon, func(now, since time.Time) error {
			written = true
			if every := max(tc.policy.Every, 0); !now.Equal(noon) || every != 0 && !since.Equal(noon.Add(-every)) || every == 0 && !since.Equal(noon.Add(-time.Minute)) {
				t.Errorf("%s: written at %v, unless after %v", what, now, since)
			}
			return tc.fail
		})
		if written != tc.written || !got.Equal(tc.want) || !errors.Is(err, tc.err) {
			t.Errorf("%s: written %v, %v, %v", what, written, got, err)
		}
	}
}
