package domain

import "time"

// LogEntry is an entry of the action log to be written (the table logentry3).
type LogEntry struct {
	// Kind is a name of the table logentrykind.
	Kind string
	// Account owns the entry: a user or an organisation. Zero is the account called
	// Namespace or, where that is empty, the oldest account.
	Account   UserID
	Namespace string
	// Performer is who did it; zero is nobody that is known.
	Performer UserID
	// Repository is what it was done to; zero is none.
	Repository RepositoryID
	// IP is the client's address; empty is none.
	IP string
	// Metadata is a JSON object in the form that the product writes.
	Metadata string
	At       time.Time
}

// LogQuery selects entries. Of Account, Performer and Repository at most one is
// set; without any, all entries are meant.
type LogQuery struct {
	Account    UserID
	Performer  UserID
	Repository RepositoryID
	// From and To bound the time, To excluded.
	From, To time.Time
	// Ignore are kinds that are left out.
	Ignore []string
	// Before continues a listing behind the entry that was its last; zero is the
	// newest entry.
	Before LogPosition
	// Limit is the number of entries, at least one.
	Limit int
}

// LogPosition is where an entry is in the order of time.
type LogPosition struct {
	At time.Time
	ID int64
}

// LoggedEntry is an entry that was read.
type LoggedEntry struct {
	LogPosition
	Kind string
	// Account and Performer are empty where the account is gone.
	Account, Performer LogParty
	Repository         RepositoryID
	IP                 string
	Metadata           string
}

// LogParty is an account as the list of entries shows it. The zero value is none.
type LogParty struct {
	ID           UserID
	Name, Email  string
	Organization bool
	Robot        bool
}

// LogCount is the number of entries of a kind on a day, in UTC.
type LogCount struct {
	Kind string
	// Day is written as in 2026-08-31.
	Day   string
	Count int64
}
