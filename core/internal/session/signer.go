// Package session keeps what the product keeps about a browser: a signed cookie that
// both programs read and write (Flask's SecureCookieSessionInterface over
// itsdangerous), the tokens against forged requests in it, and the signer that the
// grants of /v1 share with it.
package session

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/quay/quay/core/internal/pyjson"
	"github.com/quay/quay/core/internal/secret"
	"github.com/quay/quay/sdk/errs"
)

// Signer signs texts with a time in them, as itsdangerous' URLSafeTimedSerializer
// does for Flask with HMAC-SHA1. Texts look like PAYLOAD.TIME.SIGNATURE. It may be used by many
// goroutines and does not print its key.
type Signer struct {
	secret.Opaque
	key secret.Box[[]byte]
}

// NewSigner derives a key from SECRET_KEY, whose bytes are taken as they are.
func NewSigner(secretKey secret.Text) *Signer {
	h := hmac.New(sha1.New, []byte(secretKey.Reveal()))
	h.Write([]byte("cookie-session"))
	return &Signer{key: secret.Enclose(h.Sum(nil))}
}

const (
	// MaxText is the longest text that Open looks at, in bytes: what fits into the
	// header of a request by far.
	MaxText = 64 << 10
	// maxPlain is how much a text may be when it is decompressed. Only texts with a
	// good signature get that far; nobody has a use for larger ones.
	maxPlain = 1 << 20
	// maxTime is the number of bytes of a time that is not nonsense.
	maxTime = 8
)

// errUnsigned does not say what is wrong: that would help only who guesses.
var errUnsigned = errs.New(errs.Unauthenticated, "the signature is not valid")

var b64 = base64.RawURLEncoding.Strict()

// Seal signs a value of package pyjson at a time.
func (s *Signer) Seal(value any, now time.Time) string {
	plain := pyjson.Form{Compact: true}.Append(nil, value)
	var text []byte
	if packed := compress(plain); len(packed) < len(plain)-1 {
		text = b64.AppendEncode([]byte{'.'}, packed)
	} else {
		text = b64.AppendEncode(nil, plain)
	}
	text = append(text, '.')
	text = b64.AppendEncode(text, timeBytes(now.Unix()))
	mac := s.mac(text)
	return string(b64.AppendEncode(append(text, '.'), mac[:]))
}

// Open returns what was sealed with the same key, and when, unless that is longer ago
// than maxAge or lies ahead; both are compared in whole seconds. What is wrong with it
// is errs.Unauthenticated.
func (s *Signer) Open(text string, maxAge time.Duration, now time.Time) (any, time.Time, error) {
	if len(text) > MaxText {
		return nil, time.Time{}, errUnsigned
	}
	signed, signature, ok := cutLast(text)
	if !ok {
		return nil, time.Time{}, errUnsigned
	}
	given, err := b64.DecodeString(signature)
	if want := s.mac([]byte(signed)); err != nil || !hmac.Equal(given, want[:]) {
		return nil, time.Time{}, errUnsigned
	}
	// From here on it is the work of somebody who has the key.
	payload, stamp, ok := cutLast(signed)
	seconds, err := b64.DecodeString(stamp)
	if !ok || err != nil || len(seconds) > maxTime {
		return nil, time.Time{}, errUnsigned
	}
	at := unixTime(seconds)
	if age := now.Unix() - at; at < 0 || age < 0 || age > int64(maxAge/time.Second) {
		return nil, time.Time{}, errs.New(errs.Unauthenticated, "the signature is too old")
	}
	plain, err := open(payload)
	if err != nil {
		return nil, time.Time{}, errs.Wrap(errs.Unauthenticated, err, "the signed text is damaged")
	}
	value, err := pyjson.Parse(plain)
	if err != nil {
		return nil, time.Time{}, errs.Wrap(errs.Unauthenticated, err, "the signed text is damaged")
	}
	return value, time.Unix(at, 0), nil
}

func (s *Signer) mac(text []byte) [sha1.Size]byte {
	h := hmac.New(sha1.New, s.key.Reveal())
	h.Write(text)
	var sum [sha1.Size]byte
	h.Sum(sum[:0])
	return sum
}

// cutLast cuts at the last dot.
func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// open decodes a payload; one that begins with a dot is compressed.
func open(payload string) ([]byte, error) {
	payload, packed := strings.CutPrefix(payload, ".")
	b, err := b64.DecodeString(payload)
	if err != nil || !packed {
		return b, err
	}
	return decompress(b)
}

// unpacker is a decompressor with its input. Both kinds of machinery are kept: each has
// tables that are larger than any cookie.
type unpacker struct {
	input bytes.Reader
	zlib  io.ReadCloser
}

var (
	unpackers sync.Pool // of *unpacker
	packers   sync.Pool // of *zlib.Writer
)

func decompress(b []byte) ([]byte, error) {
	u, _ := unpackers.Get().(*unpacker)
	if u == nil {
		u = &unpacker{}
	}
	defer unpackers.Put(u)
	u.input.Reset(b)
	var err error
	if u.zlib == nil {
		u.zlib, err = zlib.NewReader(&u.input)
	} else {
		err = u.zlib.(zlib.Resetter).Reset(&u.input, nil)
	}
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(u.zlib, maxPlain+1))
	if err == nil && len(plain) > maxPlain {
		err = errs.New(errs.TooLarge, "it is too large when it is decompressed")
	}
	return plain, err
}

func compress(plain []byte) []byte {
	var b bytes.Buffer
	w, _ := packers.Get().(*zlib.Writer)
	if w == nil {
		w = zlib.NewWriter(&b)
	} else {
		w.Reset(&b)
	}
	defer packers.Put(w)
	_, _ = w.Write(plain) // A bytes.Buffer takes all.
	_ = w.Close()
	return b.Bytes()
}

// timeBytes is a number without leading zeros, big end first.
func timeBytes(n int64) []byte {
	var b []byte
	for shift := 56; shift >= 0; shift -= 8 {
		if c := byte(n >> shift); c != 0 || len(b) > 0 {
			b = append(b, c)
		}
	}
	return b
}

func unixTime(b []byte) int64 {
	var n int64
	for _, c := range b {
		n = n<<8 | int64(c)
	}
	return n
}
