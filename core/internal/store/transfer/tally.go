package transfer

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"iter"
	"math"
	"time"

	"github.com/quay/quay/core/internal/store/record"
)

// tally counts rows and makes a checksum of them.
type tally struct {
	name   string
	values func(record.Row) []any
	rows   int64
	sum    hash.Hash
	buf    []byte
}

func newTally(t *record.Table, values func(record.Row) []any) *tally {
	return &tally{name: t.Name, values: values, sum: sha256.New()}
}

// through yields what rows yields and counts it.
func (y *tally) through(rows iter.Seq2[record.Row, error]) iter.Seq2[record.Row, error] {
	return func(yield func(record.Row, error) bool) {
		for r, err := range rows {
			if err == nil {
				y.rows++
				y.buf = encode(y.buf[:0], y.values(r))
				y.sum.Write(y.buf)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

func (y *tally) table() Table {
	return Table{Name: y.name, Rows: y.rows, Checksum: hex.EncodeToString(y.sum.Sum(nil))}
}

// encode appends values so that different values never look the same: each begins
// with its type, and what has no fixed length with its length.
func encode(b []byte, values []any) []byte {
	for _, value := range values {
		switch v := value.(type) {
		case nil:
			b = append(b, 'n')
		case bool:
			b = append(b, 'b', '0')
			if v {
				b[len(b)-1] = '1'
			}
		case int64:
			b = binary.BigEndian.AppendUint64(append(b, 'i'), uint64(v))
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
		case string:
			b = append(binary.BigEndian.AppendUint64(append(b, 's'), uint64(len(v))), v...)
		case []byte:
			b = append(binary.BigEndian.AppendUint64(append(b, 'x'), uint64(len(v))), v...)
		case time.Time:
			b = binary.BigEndian.AppendUint64(append(b, 't'), uint64(v.UnixMicro()))
		default:
			panic(fmt.Sprintf("a value of type %T", value))
		}
	}
	return b
}
