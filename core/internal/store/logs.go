package store

import (
	"context"
	"strings"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/sdk/errs"
)

// The action log is the table logentry3. Its rows refer to accounts and
// repositories without foreign keys: they outlive both.

const (
	insertLog statement = `
INSERT INTO logentry3 (kind_id, account_id, performer_id, repository_id, datetime, ip, metadata_json)
VALUES ((SELECT id FROM logentrykind WHERE name = $1), $2, $3, $4, $5, $6, $7)`

	oldestAccount statement = `SELECT COALESCE(MIN(id), 0) FROM "user"`

	// In each of the following $1 and $2 bound the time, the entry of $2 and $3 is
	// the first that is not wanted, and $4 has the kinds that are left out, between
	// commas. The rows come in the order of an index.

	allLogs statement = `
SELECT l.id, l.datetime, k.name, COALESCE(l.repository_id, 0), COALESCE(l.ip, ''), l.metadata_json,
       l.account_id, COALESCE(a.username, ''), COALESCE(a.email, ''), COALESCE(a.organization, FALSE), COALESCE(a.robot, FALSE),
       COALESCE(l.performer_id, 0), COALESCE(p.username, ''), COALESCE(p.email, ''), COALESCE(p.organization, FALSE), COALESCE(p.robot, FALSE)
FROM logentry3 l JOIN logentrykind k ON k.id = l.kind_id
LEFT JOIN "user" a ON a.id = l.account_id LEFT JOIN "user" p ON p.id = l.performer_id
WHERE l.datetime >= $1 AND l.datetime <= $2 AND (l.datetime < $2 OR l.id < $3)
  AND CAST($4 AS text) NOT LIKE '%,' || k.name || ',%'
ORDER BY l.datetime DESC, l.id DESC LIMIT $5`

	accountLogs statement = `
SELECT l.id, l.datetime, k.name, COALESCE(l.repository_id, 0), COALESCE(l.ip, ''), l.metadata_json,
       l.account_id, COALESCE(a.username, ''), COALESCE(a.email, ''), COALESCE(a.organization, FALSE), COALESCE(a.robot, FALSE),
       COALESCE(l.performer_id, 0), COALESCE(p.username, ''), COALESCE(p.email, ''), COALESCE(p.organization, FALSE), COALESCE(p.robot, FALSE)
FROM logentry3 l JOIN logentrykind k ON k.id = l.kind_id
LEFT JOIN "user" a ON a.id = l.account_id LEFT JOIN "user" p ON p.id = l.performer_id
WHERE l.account_id = $6 AND l.datetime >= $1 AND l.datetime <= $2 AND (l.datetime < $2 OR l.id < $3)
  AND CAST($4 AS text) NOT LIKE '%,' || k.name || ',%'
ORDER BY l.datetime DESC, l.id DESC LIMIT $5`

	performerLogs statement = `
SELECT l.id, l.datetime, k.name, COALESCE(l.repository_id, 0), COALESCE(l.ip, ''), l.metadata_json,
       l.account_id, COALESCE(a.username, ''), COALESCE(a.email, ''), COALESCE(a.organization, FALSE), COALESCE(a.robot, FALSE),
       COALESCE(l.performer_id, 0), COALESCE(p.username, ''), COALESCE(p.email, ''), COALESCE(p.organization, FALSE), COALESCE(p.robot, FALSE)
FROM logentry3 l JOIN logentrykind k ON k.id = l.kind_id
LEFT JOIN "user" a ON a.id = l.account_id LEFT JOIN "user" p ON p.id = l.performer_id
WHERE l.performer_id = $6 AND l.datetime >= $1 AND l.datetime <= $2 AND (l.datetime < $2 OR l.id < $3)
  AND CAST($4 AS text) NOT LIKE '%,' || k.name || ',%'
ORDER BY l.datetime DESC, l.id DESC LIMIT $5`

	repositoryLogs statement = `
SELECT l.id, l.datetime, k.name, COALESCE(l.repository_id, 0), COALESCE(l.ip, ''), l.metadata_json,
       l.account_id, COALESCE(a.username, ''), COALESCE(a.email, ''), COALESCE(a.organization, FALSE), COALESCE(a.robot, FALSE),
       COALESCE(l.performer_id, 0), COALESCE(p.username, ''), COALESCE(p.email, ''), COALESCE(p.organization, FALSE), COALESCE(p.robot, FALSE)
FROM logentry3 l JOIN logentrykind k ON k.id = l.kind_id
LEFT JOIN "user" a ON a.id = l.account_id LEFT JOIN "user" p ON p.id = l.performer_id
WHERE l.repository_id = $6 AND l.datetime >= $1 AND l.datetime <= $2 AND (l.datetime < $2 OR l.id < $3)
  AND CAST($4 AS text) NOT LIKE '%,' || k.name || ',%'
ORDER BY l.datetime DESC, l.id DESC LIMIT $5`

	// The first ten characters of a time are its day on both engines.

	countAllLogs statement = `
SELECT k.name, days.day, days.n FROM (
  SELECT kind_id, SUBSTR(CAST(datetime AS text), 1, 10) AS day, COUNT(*) AS n FROM logentry3
  WHERE datetime >= $1 AND datetime < $2 GROUP BY 1, 2) AS days JOIN logentrykind k ON k.id = days.kind_id
WHERE CAST($3 AS text) NOT LIKE '%,' || k.name || ',%' ORDER BY days.day, k.name`

	countAccountLogs statement = `
SELECT k.name, days.day, days.n FROM (
  SELECT kind_id, SUBSTR(CAST(datetime AS text), 1, 10) AS day, COUNT(*) AS n FROM logentry3
  WHERE account_id = $4 AND datetime >= $1 AND datetime < $2 GROUP BY 1, 2) AS days JOIN logentrykind k ON k.id = days.kind_id
WHERE CAST($3 AS text) NOT LIKE '%,' || k.name || ',%' ORDER BY days.day, k.name`

	countPerformerLogs statement = `
SELECT k.name, days.day, days.n FROM (
  SELECT kind_id, SUBSTR(CAST(datetime AS text), 1, 10) AS day, COUNT(*) AS n FROM logentry3
  WHERE performer_id = $4 AND datetime >= $1 AND datetime < $2 GROUP BY 1, 2) AS days JOIN logentrykind k ON k.id = days.kind_id
WHERE CAST($3 AS text) NOT LIKE '%,' || k.name || ',%' ORDER BY days.day, k.name`

	countRepositoryLogs statement = `
SELECT k.name, days.day, days.n FROM (
  SELECT kind_id, SUBSTR(CAST(datetime AS text), 1, 10) AS day, COUNT(*) AS n FROM logentry3
  WHERE repository_id = $4 AND datetime >= $1 AND datetime < $2 GROUP BY 1, 2) AS days JOIN logentrykind k ON k.id = days.kind_id
WHERE CAST($3 AS text) NOT LIKE '%,' || k.name || ',%' ORDER BY days.day, k.name`
)

// AppendLogs writes entries, all or none (data/model/log.py, log_action).
// errs.NotFound when an account does not exist.
func (s *Store) AppendLogs(ctx context.Context, durable bool, entries ...domain.LogEntry) error {
	if len(entries) == 0 {
		return nil
	}
	return s.change(ctx, durable, func(tx *Tx) error { return tx.log(entries...) })
}

// log writes entries in the transaction of what they are about: both are committed,
// or neither is.
func (t *Tx) log(entries ...domain.LogEntry) error {
	for i := range entries {
		e := &entries[i]
		account, err := t.logAccount(e)
		if err != nil {
			return err
		}
		_, err = t.exec(insertLog, e.Kind, account, idOrNull(e.Performer), idOrNull(e.Repository), e.At, textOrNull(e.IP), e.Metadata)
		if err != nil {
			return err
		}
	}
	return nil
}

// logAccount returns the owner of an entry.
func (t *Tx) logAccount(e *domain.LogEntry) (id domain.UserID, err error) {
	switch {
	case e.Account != 0:
		return e.Account, nil
	case e.Namespace != "":
		err = t.row(namespaceByName, e.Namespace).Scan(&id)
	default:
		err = t.row(oldestAccount).Scan(&id)
		if err == nil && id == 0 {
			err = errNoRow
		}
	}
	if err = classify(err); errs.Is(err, errs.NotFound) {
		err = errs.New(errs.NotFound, "the entry of the action log has no account %q", e.Namespace)
	}
	return id, err
}

// between is a list of names with a comma before and after each.
func between(names []string) string { return "," + strings.Join(names, ",") + "," }

// Logs lists entries, the newest first.
func (s *Store) Logs(ctx context.Context, q domain.LogQuery) ([]domain.LoggedEntry, error) {
	// What ends the time, and the listing, is the last instant that may be, and the
	// first entry of it that may not.
	end, before := q.To, int64(0)
	if !q.Before.At.IsZero() {
		end, before = q.Before.At, q.Before.ID
	}
	args := []any{q.From, end, before, between(q.Ignore), q.Limit}
	text := allLogs
	switch {
	case q.Account != 0:
		text, args = accountLogs, append(args, q.Account)
	case q.Performer != 0:
		text, args = performerLogs, append(args, q.Performer)
	case q.Repository != 0:
		text, args = repositoryLogs, append(args, q.Repository)
	}
	list := make([]domain.LoggedEntry, 0, min(q.Limit, 1024))
	err := s.rows(ctx, text, func(r scanner) error {
		var e domain.LoggedEntry
		err := r.Scan(&e.ID, &e.At, &e.Kind, &e.Repository, &e.IP, &e.Metadata,
			&e.Account.ID, &e.Account.Name, &e.Account.Email, &e.Account.Organization, &e.Account.Robot,
			&e.Performer.ID, &e.Performer.Name, &e.Performer.Email, &e.Performer.Organization, &e.Performer.Robot)
		list = append(list, e)
		return err
	}, args...)
	return list, err
}

// CountLogs counts the entries of a query by kind and day, in the order of days and
// names; Before and Limit mean nothing.
func (s *Store) CountLogs(ctx context.Context, q domain.LogQuery) ([]domain.LogCount, error) {
	args := []any{q.From, q.To, between(q.Ignore)}
	text := countAllLogs
	switch {
	case q.Account != 0:
		text, args = countAccountLogs, append(args, q.Account)
	case q.Performer != 0:
		text, args = countPerformerLogs, append(args, q.Performer)
	case q.Repository != 0:
		text, args = countRepositoryLogs, append(args, q.Repository)
	}
	var counts []domain.LogCount
	err := s.rows(ctx, text, func(r scanner) error {
		var c domain.LogCount
		err := r.Scan(&c.Kind, &c.Day, &c.Count)
		counts = append(counts, c)
		return err
	}, args...)
	return counts, err
}
