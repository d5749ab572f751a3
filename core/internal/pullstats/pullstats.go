// Package pullstats counts pulls in Redis, from where a worker brings the numbers into
// the database (util/pullmetrics.py, PULL_METRICS_REDIS; FEATURE_IMAGE_PULL_STATS).
package pullstats

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/quay/quay/core/internal/domain"
	"github.com/quay/quay/core/internal/outbox"
)

// count adds to the hash of a tag's or manifest's pulls; the first one says whose they
// are. Its worker renames the hash before it reads it, so all of it is done at once.
var count = redis.NewScript(`
if redis.call("HINCRBY", KEYS[1], "pull_count", ARGV[1]) == tonumber(ARGV[1]) then
	redis.call("HSET", KEYS[1], "repository_id", ARGV[3], "tag_name", ARGV[4], "manifest_digest", ARGV[5], "pull_method", ARGV[6])
end
redis.call("HSET", KEYS[1], "last_pull_timestamp", ARGV[2])
return 0`)

// Counter counts pulls. Close it.
type Counter struct{ out *outbox.Outbox[pull] }

// pull is one pull. Its pulled is comparable: pulls of one thing are counted together.
type pull struct {
	pulled
	at time.Time
}

type pulled struct {
	repo   domain.RepositoryID
	tag    string // empty for a pull by digest
	digest domain.Digest
}

// New returns a counter in a Redis, whose client the caller closes after it.
func New(client redis.UniversalClient, logger *slog.Logger) *Counter {
	return &Counter{outbox.Start(outbox.Options[pull]{
		What: "counts of pulls", Logger: logger,
		Send: func(ctx context.Context, batch []pull) error { return send(ctx, client, batch) },
	})}
}

// Count counts a pull of a tag or, where it is empty, of a manifest by its digest. digest
// is that of what the client got. It does not wait. A nil Counter counts nothing.
func (c *Counter) Count(repo domain.RepositoryID, tag string, digest domain.Digest, at time.Time) {
	if c != nil {
		c.out.Add(pull{pulled{repo, tag, digest}, at})
	}
}

// Close counts what waits until ctx ends.
func (c *Counter) Close(ctx context.Context) error { return c.out.Close(ctx) }

// Counts returns what became of the pulls.
func (c *Counter) Counts() outbox.Counts { return c.out.Counts() }

// key is the name of the hash and method how the product calls such a pull.
func (p pulled) key() (key, method string) {
	repo := "pull_events:repo:" + strconv.FormatInt(int64(p.repo), 10)
	if p.tag == "" {
		return repo + ":digest:" + string(p.digest), "digest"
	}
	return repo + ":tag:" + p.tag + ":" + string(p.digest), "tag"
}

func send(ctx context.Context, client redis.UniversalClient, batch []pull) error {
	type sum struct {
		n    int
		last time.Time
	}
	sums := make(map[pulled]sum, len(batch))
	for _, p := range batch {
		s := sums[p.pulled]
		s.n++
		if p.at.After(s.last) {
			s.last = p.at
		}
		sums[p.pulled] = s
	}
	// A script that the server does not know fails for all of the pipeline's keys, and
	// nothing was counted then.
	_, err := client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for p, s := range sums {
			key, method := p.key()
			count.Eval(ctx, pipe, []string{key}, s.n, s.last.Unix(), int64(p.repo), p.tag, string(p.digest), method)
		}
		return nil
	})
	var refused redis.Error
	if errors.As(err, &refused) {
		// The server took the pipeline and refused some of it. Sending it again would
		// count the others twice.
		return errors.Join(outbox.ErrGivenUp, err)
	}
	return err
}
