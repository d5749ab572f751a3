package serve

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/quay/quay/core/internal/config"
	"github.com/quay/quay/core/internal/lock"
)

// The product's Redis is no service that must be there: it is asked once, and what it
// would have done is done without where it does not answer (util/locking.py).
const (
	redisDial = 2 * time.Second
	redisWait = 5 * time.Second
)

// redisOptions are those of a client of a Redis.
func redisOptions(r config.Redis) *redis.Options {
	port := r.Port
	if port == 0 {
		port = 6379
	}
	o := &redis.Options{
		Addr: net.JoinHostPort(r.Host, strconv.Itoa(port)), DB: r.DB, Username: r.Username, Password: r.Password,
		DialTimeout: redisDial, ReadTimeout: redisWait, WriteTimeout: redisWait, MaxRetries: -1, DialerRetries: 1,
		ContextTimeoutEnabled: true,
	}
	if r.SSL {
		o.TLSConfig = &tls.Config{ServerName: r.Host, MinVersion: tls.VersionTLS12}
	}
	return o
}

// openLocks makes the locks that the host shares with others: in Redis where the
// configuration has one, as the Python product's are, and in this process otherwise.
func (h *host) openLocks() {
	r := h.cfg.UserEventsRedis
	if r.Host == "" {
		h.locks = lock.NewProcess()
		return
	}
	redis.SetLogger(redisLog{h.opts.Logger})
	h.redis = redis.NewClient(redisOptions(r))
	h.onClose(func(context.Context) error { return h.redis.Close() })
	h.locks = lock.NewRedis(h.redis)
}

// redisLog puts what the client of Redis has to say into the host's log; the client
// knows one for the whole process.
type redisLog struct{ logger *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, v ...any) {
	l.logger.WarnContext(ctx, fmt.Sprintf(format, v...))
}
