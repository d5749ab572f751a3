// Package lastaccess decides when it is written down that an account or a token was
// used (data/model/_basequery.py, update_last_accessed).
package lastaccess

import (
	"time"

	"github.com/quay/quay/core/internal/credential"
)

// Policy says how use is written down. The zero value does so at most once a minute.
type Policy struct {
	// Off writes nothing (FEATURE_USER_LAST_ACCESSED: false).
	Off bool
	// Every is how old the last time has to be before the next is written; zero is a
	// minute (LAST_ACCESSED_UPDATE_THRESHOLD_S).
	Every time.Duration
	// Lenient lets a use go on that could not be written down
	// (ALLOW_WITHOUT_STRICT_LOGGING, ALLOW_PULLS_WITHOUT_STRICT_LOGGING).
	Lenient bool
}

// Note calls write unless last, zero for never, is too recent, and returns the time
// that holds afterwards. Write changes a row whose time is not after since, so that of
// requests at once one writes.
func (p Policy) Note(last, now time.Time, write func(now, since time.Time) error) (time.Time, error) {
	every := p.Every
	if every == 0 {
		every = credential.LastAccessedEvery
	}
	if p.Off || !last.IsZero() && !credential.AccessDue(&last, now, every) {
		return last, nil
	}
	err := write(now, now.Add(-every))
	if err == nil {
		return now, nil
	}
	if p.Lenient {
		err = nil
	}
	return last, err
}
