package psk

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/quay/quay/sdk/config"
	"github.com/quay/quay/sdk/errs"
)

const secret = "supersecretkey"

var then = time.Unix(1700000000, 0)

// fromClair was made by PyJWT 2.13.0, at then, to end after five minutes.
const fromClair = "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJjbGFpciIsIm5iZiI6MTcwMDAwMDAwMCwiaWF0IjoxNzAwMDAwMDAwLCJleHAiOjE3MDAwMDAzMDB9.8letIHnB73BlATrCtSJcxaaRH7Y4jbGSHRsbCQ5kHmM"

func key(t testing.TB) Key {
	t.Helper()
	k, err := ParseKey(config.NewSecret(base64.StdEncoding.EncodeToString([]byte(secret))))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestAuthorization is the worked example of what Clair gets.
func TestAuthorization(t *testing.T) {
	got, err := key(t).Authorization(then.Add(time.Millisecond))
	const want = "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJxdWF5IiwiZXhwIjoxNzAwMDAwMzAwfQ.WA1Xd0hcwt8GfbE39wkrUkiGetYXMXfWnWuhnapoR90"
	if err != nil || got != want {
		t.Errorf("got %s, %v", got, err)
	}
}

// TestWithoutKey proves that nothing is signed and nothing asked for without a key.
func TestWithoutKey(t *testing.T) {
	for _, text := range []string{"", " \n"} {
		k, err := ParseKey(config.NewSecret(text))
		if err != nil {
			t.Fatal(err)
		}
		if header, err := k.Authorization(then); header != "" || err != nil {
			t.Errorf("got %q, %v", header, err)
		}
		if err := k.Check("", then); err != nil {
			t.Error(err)
		}
	}
}

// TestParseKey proves which texts are keys.
func TestParseKey(t *testing.T) {
	for text, good := range map[string]bool{
		"c3VwZXI=": true, "c3Vw\nZXI=\n": true, "c3VwZXI": false, "c3VwZXI==": false, "not base64": false, "____": false, "=": false,
	} {
		if _, err := ParseKey(config.NewSecret(text)); good != (err == nil) || err != nil && !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestCheck proves which tokens of Clair are accepted, to the second.
func TestCheck(t *testing.T) {
	k := key(t)
	for after, good := range map[time.Duration]bool{0: true, -time.Second: false, 299 * time.Second: true, 300 * time.Second: false} {
		if err := k.Check(fromClair, then.Add(after)); good != (err == nil) {
			t.Errorf("%v later: %v", after, err)
		}
	}
	good := jwt.MapClaims{"iss": "clair", "nbf": then.Unix(), "iat": then.Unix(), "exp": then.Unix() + 300}
	sign := func(method jwt.SigningMethod, key any, name string, value any) string {
		claims := jwt.MapClaims{}
		for n, v := range good {
			claims[n] = v
		}
		if claims[name] = value; value == nil {
			delete(claims, name)
		}
		s, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return "Bearer " + s
	}
	hs256 := jwt.SigningMethodHS256
	if err := k.Check(sign(hs256, []byte(secret), "x", 1), then); err != nil {
		t.Error(err)
	}
	for name, header := range map[string]string{
		"none":             "",
		"no word":          strings.TrimPrefix(fromClair, "Bearer "),
		"another word":     strings.Replace(fromClair, "Bearer", "bearer", 1),
		"cut off":          fromClair[:len(fromClair)-1],
		"no beginning":     sign(hs256, []byte(secret), "nbf", nil),
		"no instant":       sign(hs256, []byte(secret), "iat", nil),
		"no end":           sign(hs256, []byte(secret), "exp", nil),
		"made tomorrow":    sign(hs256, []byte(secret), "iat", then.Unix()+1),
		"begins tomorrow":  sign(hs256, []byte(secret), "nbf", then.Unix()+1),
		"for an audience":  sign(hs256, []byte(secret), "aud", "quay"),
		"an end in words":  sign(hs256, []byte(secret), "exp", "tomorrow"),
		"another key":      sign(hs256, []byte("other"), "x", 1),
		"another hash":     sign(jwt.SigningMethodHS512, []byte(secret), "x", 1),
		"not signed":       sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, "x", 1) + "x",
		"a mebibyte":       "Bearer " + strings.Repeat("a.", 1<<19) + "a",
		"a text as key":    sign(hs256, []byte(base64.StdEncoding.EncodeToString([]byte(secret))), "x", 1),
		"without any name": "Bearer a.b.c",
	} {
		if err := k.Check(header, then); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKeyDoesNotPrint proves that no verb shows the key.
func TestKeyDoesNotPrint(t *testing.T) {
	k := key(t)
	for _, v := range []any{k, &k, []Key{k}, struct{ k Key }{k}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%b", "%o", "%c", "%e", "%U"} {
			text := fmt.Sprintf(verb, v)
			for _, hidden := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%d", []byte(secret)), fmt.Sprintf("%#v", []byte(secret))} {
				if strings.Contains(strings.ToLower(text), hidden) {
					t.Errorf("%s printed %s", verb, text)
				}
			}
		}
		if j, _ := json.Marshal(v); strings.Contains(string(j), secret) {
			t.Errorf("as JSON: %s", j)
		}
	}
}

// FuzzCheck proves that nothing passes but what was signed.
func FuzzCheck(f *testing.F) {
	k := key(f)
	f.Add(fromClair)
	f.Add("Bearer eyJhbGciOiJub25lIn0.e30.")
	f.Fuzz(func(t *testing.T, header string) {
		err := k.Check(header, then)
		if err == nil && !strings.HasPrefix(header, fromClair[:strings.LastIndexByte(fromClair, '.')]) {
			t.Errorf("accepted %q", header)
		}
		if err != nil && !errs.Is(err, errs.Unauthenticated) {
			t.Error(err)
		}
	})
}
