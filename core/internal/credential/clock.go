package credential

import "time"

// LastAccessedEvery is how old a last_accessed must be before it is written again, if
// the configuration does not say (LAST_ACCESSED_UPDATE_THRESHOLD_S,
// OAUTH_TOKEN_LAST_ACCESSED_UPDATE_THRESHOLD_S).
const LastAccessedEvery = time.Minute

// OAuthTokenLifetime is how long a new OAuth token is good: ten years.
const OAuthTokenLifetime = 315_576_000 * time.Second

// Local returns what the product's datetime.now writes into a column without a zone, in
// a process whose zone is the given one (nil is UTC): the time on the wall there. Most
// columns have UTC; those with local times are emailconfirmation.created,
// appspecificauthtoken.expiration and oauthaccesstoken.last_accessed. On a server in
// UTC, as in the product's own image, they are the same.
func Local(now time.Time, zone *time.Location) time.Time {
	if zone == nil {
		return now.UTC()
	}
	l := now.In(zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
}

// AppTokenAlive reports whether an app-specific token may be used:
// appspecificauthtoken.expiration, nil for never, is after the local time.
func AppTokenAlive(expiration *time.Time, now time.Time, zone *time.Location) bool {
	return expiration == nil || expiration.After(Local(now, zone))
}

// OAuthTokenAlive reports whether an OAuth token may be used: oauthaccesstoken.expires_at
// is after the time in UTC.
func OAuthTokenAlive(expires, now time.Time) bool { return expires.After(now) }

// EmailCodeAlive reports whether a code to recover an account may be used:
// emailconfirmation.created and USER_RECOVERY_TOKEN_LIFETIME. Codes that confirm an
// address do not end.
func EmailCodeAlive(created time.Time, lifetime time.Duration, now time.Time, zone *time.Location) bool {
	return !created.Add(lifetime).Before(Local(now, zone))
}

// AccessDue reports whether last_accessed, nil for never, is to be written again: each
// use would be a write to the database. OAuth tokens have it in local time (Local),
// everything else in UTC; now is in the same.
func AccessDue(last *time.Time, now time.Time, every time.Duration) bool {
	return last == nil || now.Sub(*last) >= every
}
