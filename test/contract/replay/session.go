package replay

import (
	"bytes"
	"compress/zlib"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"time"
)

// sessionCookieName is the product's name of its session cookie.
const sessionCookieName = "_csrf_token"

// sessionCookie signs a session as Flask does: URLSafeTimedSerializer of itsdangerous,
// with the salt "cookie-session".
func sessionCookie(secretKey string, session map[string]any, now time.Time) (string, error) {
	payload, err := json.Marshal(session)
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	body := encode(payload)
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(payload); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	if packed.Len() < len(payload)-1 {
		body = "." + encode(packed.Bytes())
	}
	stamp := bytes.TrimLeft(binary.BigEndian.AppendUint64(nil, uint64(now.Unix())), "\x00")
	signed := body + "." + encode(stamp)
	sum := func(key []byte, text string) []byte {
		h := hmac.New(sha1.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	key := sum([]byte(secretKey), "cookie-session")
	return signed + "." + encode(sum(key, signed)), nil
}
