package quota

import (
	"math/big"

	"github.com/quay/quay/core/internal/domain"
)

// severity is what happens at a limit.
type severity int

const (
	nothing severity = iota
	warning
	reject
)

// verdict is what a number of bytes means for a namespace.
type verdict struct {
	severity severity
	// percent of the quota that is reached.
	percent int64
	// usage and limit are in bytes.
	usage, limit int64
}

// judge returns what it means that a namespace holds a number of bytes. Of several limits
// that are reached the one with the most bytes decides: a warning at 90 % is what happens
// above a rejection at 80 % (data/model/namespacequota.py, check_limits).
func (r *Rules) judge(q *domain.Quota, size int64) verdict {
	if q.Limit == 0 {
		v := verdict{usage: size, limit: r.policy.Default}
		if v.limit > 0 && size >= v.limit {
			v.severity, v.percent = reject, 100
		}
		return v
	}
	v := verdict{usage: size, limit: q.Limit}
	var reached int64
	for _, l := range q.Limits {
		allowed := share(q.Limit, l.Percent)
		if size < allowed || allowed <= reached {
			continue
		}
		reached, v.percent, v.severity = allowed, l.Percent, warning
		if l.Reject {
			v.severity = reject
		}
	}
	return v
}

// share is a percentage of a number of bytes, as Python divides: to the nearest float,
// then cut.
func share(bytes, percent int64) int64 { return quotient(bytes, percent, 100) }

func quotient(a, b, by int64) int64 {
	product := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	f, _ := new(big.Rat).SetFrac(product, big.NewInt(by)).Float64()
	cut, _ := big.NewFloat(f).Int64()
	return cut
}
