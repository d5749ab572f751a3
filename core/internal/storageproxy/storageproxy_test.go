package storageproxy

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/quay/quay/core/internal/keys"
	"github.com/quay/quay/core/internal/keys/keystest"
	"github.com/quay/quay/sdk/errs"
)

// productToken was signed by the product's own code (util/security/registry_jwt.py with
// PyJWT 2.13.0) at the instant at which package synctest begins, for the URL that is
// asked for in the test.
const productToken = "eyJhbGciOiJSUzI1NiIsImtpZCI6InRoZSBwcm9kdWN0IiwidHlwIjoiSldUIn0.eyJpc3MiOiJxdWF5IiwiYXVkIjoicmVnaXN0cnkuZXhhbXBsZS5jb20iLCJuYmYiOjk0NjY4NDgwMCwiaWF0Ijo5NDY2ODQ4MDAsImV4cCI6OTQ2Njg1NDAwLCJzdWIiOiJzdG9yYWdlcHJveHkiLCJhY2Nlc3MiOlt7InR5cGUiOiJzdG9yYWdlcHJveHkiLCJ1cmkiOiJidWNrZXQvYSUyRmI_WD0lNDEmWSIsImhvc3QiOiJzMy5leGFtcGxlLmNvbTo0NDMiLCJzY2hlbWUiOiJodHRwcyJ9XSwiY29udGV4dCI6e319.byU1ZjjKbff041Mgj5a3D08_jY_p8xvPFMzCEalQ2x3RNAGvozWqG3gP-7Sc1Z3UHhoWWud7q6ET4xSOQRoWKhRR9tt__8yknZ3y6AmHyM7yqPLwQxKYMS7VexUSCYsVyyVPC8pPiVMwIrXzmUwCcAu8c1S3tgO7V1vv0jERdPWiTVU0rHrk8m_OQXkr89DRYuMFP-q7yVITQM_axm522Y7pW3mYnlVpr4IECyFBKpBoDRNDiCHKUo43H8ATcIHIemyw8INgM7dR3RtdodLzAetuUAXd_mh4ELu6U7wWs7epOZxTrrjKOr5-RPnRZIntVX_R7W53z24IcutSbHQOyQ"

// userToken is one of a person, signed likewise.
const userToken = "eyJhbGciOiJSUzI1NiIsImtpZCI6InRoZSBwcm9kdWN0IiwidHlwIjoiSldUIn0.eyJpc3MiOiJxdWF5IiwiYXVkIjoicmVnaXN0cnkuZXhhbXBsZS5jb20iLCJuYmYiOjk0NjY4NDgwMCwiaWF0Ijo5NDY2ODQ4MDAsImV4cCI6OTQ2Njg4NDAwLCJzdWIiOiJkZXZ0YWJsZSIsImFjY2VzcyI6W3sidHlwZSI6InJlcG9zaXRvcnkiLCJuYW1lIjoiZGV2dGFibGUvc2ltcGxlIiwiYWN0aW9ucyI6WyJwdXNoIiwicHVsbCJdfV0sImNvbnRleHQiOnsidmVyc2lvbiI6MiwiZW50aXR5X2tpbmQiOiJ1c2VyIiwiZW50aXR5X3JlZmVyZW5jZSI6IjBhMWIyYzNkLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMSIsImtpbmQiOiJ1c2VyIiwidXNlciI6ImRldnRhYmxlIiwiY29tLmFwb3N0aWxsZS5yb290cyI6eyJkZXZ0YWJsZS9zaW1wbGUiOiIkZGlzYWJsZWQifSwiY29tLmFwb3N0aWxsZS5yb290IjoiJGRpc2FibGVkIn19.KRHqfwU8x2wXeINRhOQViMLZ9DDDlscSOX2Dan3-X1d0U9ZTtpjbwJEh2ci5in_HpckXTA6gH_LFR-Mcz2k6hs7Xgr4FhklYVTmBYsuyxH_Y1wub7sPmLrtjIg_H0zHoTzCbt-cs3rLjzNwm4zvuiYQ0Widg-2QUOL1ilavzsp95XGf4acb023YehCk5-8axHUJ3dyR_Y0r_pKtzE0-S_KqmVDKq6w5QwrUIUQ_p74FOXOUHcuFmSmdOVC-0DXu8-S19Zd-ujCek_3DRFqZs7Go_3BZ2INrQFXhZhFRoK4vjAFFkRkGYp7Xb6RwVafaHPB9EA2dNjfwM00R0ZfVZlw"

func proxy(t testing.TB) *Proxy {
	return &Proxy{Tokens: keystest.New(t), Scheme: "https", Host: keystest.Audience}
}

func encoded(token string) string { return base64.URLEncoding.EncodeToString([]byte(token)) }

// TestProductURL proves that a URL of the product is accepted, and no other with its
// token.
func TestProductURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := proxy(t)
		good := prefix + encoded(productToken) + "/https/s3.example.com:443/bucket/a%2Fb?X=%41&Y"
		if err := p.Check(t.Context(), good); err != nil {
			t.Error(err)
		}
		for _, change := range [][2]string{
			{"%2F", "/"},
			{"%2F", "%2f"},
			{"%41", "A"},
			{"&Y", ""},
			{"&Y", "&Y="},
			{"/a%", "//a%"},
			{"/a%", "/./a%"},
			{"bucket", "Bucket"},
			{"https/", "http/"},
			{"443", "444"},
			{":443", ""},
			{"?", "%3F"},
			{prefix, "/other/"},
		} {
			if err := p.Check(t.Context(), strings.Replace(good, change[0], change[1], 1)); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%s for %s: %v", change[1], change[0], err)
			}
		}
		if err := p.Check(t.Context(), strings.Replace(good, encoded(productToken), encoded(userToken), 1)); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("somebody's registry token: %v", err)
		}
		time.Sleep(Lifetime + 31*time.Second)
		if err := p.Check(t.Context(), good); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("too late: %v", err)
		}
	})
}

// TestURLIsNotTidied proves that every byte of a store's URL comes back, and is what
// was signed.
func TestURLIsNotTidied(t *testing.T) {
	p := proxy(t)
	for _, store := range []string{
		"https://s3.example.com/bucket/sha256/aa/aabb?X-Amz-Signature=abc%2Bdef&X-Amz-Expires=600",
		"http://127.0.0.1:9000/b/../a//b/./%2e%2e/%2F?a=b?c=/d&&=",
		"https://[::1]:9000/é /+%20?x",
		"https://user@host/",
	} {
		got, err := p.URL(t.Context(), store)
		if err != nil {
			t.Fatal(err)
		}
		path, ok := strings.CutPrefix(got, "https://"+keystest.Audience)
		if !ok || !strings.HasSuffix(path, "/"+strings.Replace(store, "://", "/", 1)) {
			t.Errorf("%s became %s", store, got)
		}
		if err := p.Check(t.Context(), path); err != nil {
			t.Errorf("%s: %v", store, err)
		}
		for i := range path {
			changed := path[:i] + "~" + path[i+1:]
			if i%7 == 0 && p.Check(t.Context(), changed) == nil {
				t.Errorf("accepted %s", changed)
			}
		}
	}
}

// TestRefuses proves what no URL is made of, and which questions are refused.
func TestRefuses(t *testing.T) {
	p := proxy(t)
	for _, store := range []string{"", "/a/b", "https://", "https://host", "https:///a", "https://host?a/b", "https://host/a#b", "host/a"} {
		if got, err := p.URL(t.Context(), store); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q became %q, %v", store, got, err)
		}
	}
	sign := func(token keys.Token) string {
		token.Lifetime = time.Minute
		s, err := p.Tokens.SignToken(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		return prefix + encoded(s) + "/s/h/u"
	}
	good := access{kind, "u", "h", "s"}
	if err := p.Check(t.Context(), sign(keys.Token{Subject: subject, Audience: p.Host, Access: []access{good}})); err != nil {
		t.Fatal(err)
	}
	for name, uri := range map[string]string{
		"nothing":          "",
		"a path":           prefix,
		"three parts":      prefix + "a/b/c",
		"no base64":        prefix + "*/s/h/u",
		"no token":         prefix + "aaaa/s/h/u",
		"no padding":       prefix + base64.RawURLEncoding.EncodeToString([]byte("ab")) + "/s/h/u",
		"a mebibyte":       prefix + strings.Repeat("a", 1<<20) + "/s/h/u",
		"another subject":  sign(keys.Token{Subject: "x", Audience: p.Host, Access: []access{good}}),
		"another audience": sign(keys.Token{Subject: subject, Audience: "x", Access: []access{good}}),
		"another type":     sign(keys.Token{Subject: subject, Audience: p.Host, Access: []access{{"repository", "u", "h", "s"}}}),
		"two":              sign(keys.Token{Subject: subject, Audience: p.Host, Access: []access{good, good}}),
		"none":             sign(keys.Token{Subject: subject, Audience: p.Host, Access: []access{}}),
		"an object":        sign(keys.Token{Subject: subject, Audience: p.Host, Access: good}),
		"null":             sign(keys.Token{Subject: subject, Audience: p.Host}),
	} {
		if err := p.Check(t.Context(), uri); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzCheck proves that no question makes the check panic or pass.
func FuzzCheck(f *testing.F) {
	p := proxy(f)
	f.Add(prefix + encoded(productToken) + "/https/s3.example.com:443/bucket/a%2Fb?X=%41&Y")
	f.Add(prefix + "YWJj/s/h/u")
	f.Fuzz(func(t *testing.T, uri string) {
		if err := p.Check(context.Background(), uri); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%q: %v", uri, err)
		}
	})
}
