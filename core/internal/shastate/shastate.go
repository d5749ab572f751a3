// Package shastate reads and writes the running SHA-256 of a blob upload in the
// form in which the product keeps it in the column blobupload.sha_state: the
// base64 of a pickle that has one constant shape around a C structure of 112
// bytes. An upload begun by one product is continued by the other, on processors of the
// same byte order: on s390x the product's structure is another one, whose number of bytes
// is not the upload's.
//
// FIPS: the hash is that of Go's FIPS module, which saves and loads its state, too.
package shastate

import (
	"crypto/sha256"
	"encoding"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
)

// The structure, in the byte order of the product's usual processors:
//
//	data[64]  pending bytes, stale beyond datalen
//	datalen   uint32
//	(pad)     4 bytes
//	bitlen    uint64, of the whole blocks that were processed
//	h[8]      uint32 each
const structSize = 64 + 4 + 4 + 8 + 8*4

var (
	// The pickle before and after the structure. Nothing else is accepted: what is
	// not exactly this is not a state.
	prefix = mustHex("80049595000000000000008c0f726573756d61626c65736861323536948c067368613235369493942981944370")
	suffix = mustHex("94622e")
)

// sha256's own marshalled form: magic, h[8], the pending block, the length.
const (
	magic       = "sha\x03"
	marshalSize = len(magic) + 8*4 + 64 + 8
)

func mustHex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// running is a SHA-256 that knows its last 64 bytes: the product's buffer has the end
// of the last whole block behind what is pending, and its rows are compared.
type running struct {
	hash.Hash
	last [64]byte
}

// Write implements io.Writer. It never fails.
func (r *running) Write(p []byte) (int, error) {
	if len(p) >= len(r.last) {
		copy(r.last[:], p[len(p)-len(r.last):])
	} else {
		copy(r.last[:], r.last[len(p):])
		copy(r.last[len(r.last)-len(p):], p)
	}
	return r.Hash.Write(p)
}

// Reset implements hash.Hash.
func (r *running) Reset() { *r = running{Hash: sha256.New()} }

// Save returns the state of h, which must come from New or Load.
func Save(h hash.Hash) (string, error) {
	var last [64]byte
	if r, ok := h.(*running); ok {
		h, last = r.Hash, r.last
	}
	m, ok := h.(encoding.BinaryMarshaler)
	if !ok {
		return "", fmt.Errorf("shastate: %T cannot be saved", h)
	}
	b, err := m.MarshalBinary()
	if err != nil {
		return "", fmt.Errorf("shastate: %w", err)
	}
	if len(b) != marshalSize || string(b[:len(magic)]) != magic {
		return "", fmt.Errorf("shastate: %T is not SHA-256", h)
	}
	sums, pending := b[len(magic):len(magic)+32], b[len(magic)+32:len(magic)+96]
	total := binary.BigEndian.Uint64(b[marshalSize-8:])
	datalen := total % 64
	copy(pending[datalen:], last[:])

	out := make([]byte, 0, len(prefix)+structSize+len(suffix))
	out = append(out, prefix...)
	out = append(out, pending...)
	out = binary.LittleEndian.AppendUint32(out, uint32(datalen))
	out = append(out, 0, 0, 0, 0)
	out = binary.LittleEndian.AppendUint64(out, (total-datalen)*8)
	for i := range 8 {
		out = binary.LittleEndian.AppendUint32(out, binary.BigEndian.Uint32(sums[4*i:]))
	}
	out = append(out, suffix...)
	return base64.StdEncoding.EncodeToString(out), nil
}

// New returns the running hash of nothing.
func New() hash.Hash { return &running{Hash: sha256.New()} }

// Load returns the running hash that a state describes and the number of bytes
// that it has seen. An empty state is that of New.
func Load(state string) (hash.Hash, int64, error) {
	h := &running{Hash: sha256.New()}
	if state == "" {
		return h, 0, nil
	}
	b, err := base64.StdEncoding.DecodeString(state)
	if err != nil || len(b) != len(prefix)+structSize+len(suffix) ||
		string(b[:len(prefix)]) != string(prefix) || string(b[len(b)-len(suffix):]) != string(suffix) {
		return nil, 0, fmt.Errorf("shastate: not a saved SHA-256")
	}
	c := b[len(prefix) : len(prefix)+structSize]
	// The bytes of data beyond datalen, and the padding, may be anything.
	datalen := binary.LittleEndian.Uint32(c[64:])
	bitlen := binary.LittleEndian.Uint64(c[72:])
	if datalen >= 64 || bitlen%512 != 0 {
		return nil, 0, fmt.Errorf("shastate: impossible lengths")
	}
	total := bitlen/8 + uint64(datalen)

	m := make([]byte, 0, marshalSize)
	m = append(m, magic...)
	for i := range 8 {
		m = binary.BigEndian.AppendUint32(m, binary.LittleEndian.Uint32(c[80+4*i:]))
	}
	m = append(m, c[:datalen]...)
	m = append(m, make([]byte, 64-datalen)...)
	m = binary.BigEndian.AppendUint64(m, total)
	copy(h.last[:], c[datalen:64])
	copy(h.last[64-datalen:], c[:datalen])
	if err := h.Hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(m); err != nil {
		return nil, 0, fmt.Errorf("shastate: %w", err)
	}
	return h, int64(total), nil
}
