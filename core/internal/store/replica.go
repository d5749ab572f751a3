package store

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// quarantine is how long a replica that failed is not asked.
	quarantine = 10 * time.Second
	// replicaTimeout leaves the primary most of a read's time.
	replicaTimeout = 8 * time.Second
)

// source is where reads may be answered from.
type source int

const (
	anywhere source = iota + 1
	primaryOnly
)

// sourceKey is the context's key of a source.
type sourceKey struct{}

// WithReplica lets reads under the context be answered by a replica, and so be a
// little old (data/readreplica.py). Without it, and inside a change, they go to
// the primary.
func WithReplica(ctx context.Context) context.Context {
	if ctx.Value(sourceKey{}) == primaryOnly {
		return ctx
	}
	return context.WithValue(ctx, sourceKey{}, anywhere)
}

// WithPrimary sends all reads under the context to the primary, and WithReplica
// below it does nothing: for what follows a write and has to see it (the product's
// disallow_replica_use).
func WithPrimary(ctx context.Context) context.Context {
	return context.WithValue(ctx, sourceKey{}, primaryOnly)
}

// replica is a copy of the database that may lag behind.
type replica struct {
	pool *pgxpool.Pool
	// barred is until when it is not asked, in nanoseconds since 1970.
	barred atomic.Int64
}

type replicas []*replica

// pick returns one of the healthy replicas at random, and nil when the caller
// wants the primary or there is none.
func (rs replicas) pick(ctx context.Context) *replica {
	if len(rs) == 0 || ctx.Value(sourceKey{}) != anywhere {
		return nil
	}
	now := time.Now().UnixNano()
	// The first healthy one after a random start is not uniform when some are
	// barred: the neighbour of a barred one would get its share.
	healthy := make([]*replica, 0, 8)
	for _, r := range rs {
		if r.barred.Load() <= now {
			healthy = append(healthy, r)
		}
	}
	if len(healthy) == 0 {
		return nil
	}
	return healthy[rand.IntN(len(healthy))]
}

// ask runs a query on a replica, and reports whether what came of it is an answer. A
// row that is not there is one; so is the end of the caller's context. Where the
// replica failed or said nothing, the primary is to be asked, and this one is not for a
// while.
func (r *replica) ask(ctx context.Context, try func(context.Context, *pgxpool.Pool) error) (answered bool, err error) {
	attempt, cancel := context.WithTimeout(ctx, replicaTimeout)
	defer cancel()
	err = try(attempt, r.pool)
	silent := attempt.Err() != nil
	if err == nil || ctx.Err() != nil || !(silent || lost(err) || unconnected(err) || replicaConflict(err)) {
		return true, err
	}
	if silent || lost(err) {
		r.pool.Reset()
	}
	r.barred.Store(time.Now().Add(quarantine).UnixNano())
	return false, nil
}

func (rs replicas) close() {
	for _, r := range rs {
		r.pool.Close()
	}
}
